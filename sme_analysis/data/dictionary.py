"""The data dictionary, `data/README.md`, written from the registry."""

from __future__ import annotations

from typing import Any

_HEAD = """\
# The data

<!-- Written by `make data` from datapackage.json: edit the registry, not this page. -->

{description}

Version {version}. Every table is a UTF-8 CSV file, one observation a row; a blank is unknown, \
never zero. Nothing is interpolated, carried forward or filled in. `datapackage.json` \
(Frictionless Data Package 2) describes every column once and drives loading, checking and citing:

```python
import sme_analysis as sme
sme.load("outward_fdi_annual")       # a DataFrame with the right types
sme.describe("outward_fdi_annual")   # what its columns mean
sme.cite("outward_fdi_annual")       # every source behind it
sme.verify()                         # [] when hashes, keys, ranges and sums are right
```

**Terms.** {licence}. Each row leads to its source through `source_id`; `sources` gives \
publisher, edition, address and terms, and how it was read: at the publisher, in the press, \
through a mirror. Reports mark figures that were not read at the publisher.

## Tables

| table | rows | what |
| --- | ---: | --- |
{index}
"""

_TABLE = """
## {name}

**{title}.** {description}

Key: {key}. Terms: {licence}.

| column | type | meaning |
| --- | --- | --- |
{columns}
"""

_LIVE = """
# Tables that a refresh brings

These are described here and not shipped: `sme-analysis data refresh TABLE` fetches them from the \
publisher's own service into your data folder, and `sme.load` reads them from there.
"""


def render(registry: dict[str, Any]) -> str:
    """Write the dictionary as Markdown.

    Parameters
    ----------
    registry : dict
        The parsed `datapackage.json`, with the `rows` of every table.
    """
    resources = registry["resources"]
    index = [
        f"| [{name}](#{name}) | {entry.get('rows', 0):,} | {_cell(entry['title'])} |"
        for entry in resources
        for name in [entry["name"]]
    ]
    page = _HEAD.format(
        description=registry["description"],
        version=registry["version"],
        licence=registry["licenses"][0]["title"],
        index="\n".join(index),
    )
    page += "".join(_table(entry) for entry in resources)
    live = registry.get("liveResources", [])
    return page + (_LIVE + "".join(_table(entry) for entry in live) if live else "")


def _table(entry: dict[str, Any]) -> str:
    key = entry["schema"]["primaryKey"]
    key = [key] if isinstance(key, str) else key
    columns = []
    for field in entry["schema"]["fields"]:
        meaning = field["description"]
        allowed = field.get("categories", [])
        if allowed:
            meaning += (
                " " + "; ".join(f"`{item['value']}`: {item['label']}" for item in allowed) + "."
            )
        kind = field["type"]
        if field.get("constraints", {}).get("required"):
            kind += ", required"
        columns.append(f"| `{field['name']}` | {kind} | {_cell(meaning)} |")
    return _TABLE.format(
        name=entry["name"],
        title=entry["title"],
        description=entry["description"],
        key=", ".join(f"`{column}`" for column in key),
        licence=entry["licenses"][0]["title"],
        columns="\n".join(columns),
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
