"""What a newcomer needs to see in a notebook: which reports there are, and which data."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

import pandas as pd

from .data import catalogue as data
from .data.tables import catalog
from .display import LEFT, emit, rows_of
from .locations import folder
from .reports import notebook as nb
from .reports.catalogue import reports

START = "00_start_here.ipynb"
# Runs only where the notebook is trusted, as after a run by oneself; elsewhere the table stands
# without the field. The words of the field come from the page.
_SEARCH = """
(function () {
  var box = document.currentScript && document.currentScript.closest(".sme-catalog");
  if (!box || box.querySelector("input")) { return; }
  function folded(text) {
    return text.normalize("NFKD").replace(/[\\u0300-\\u036f]/g, "").toLowerCase();
  }
  var rows = Array.from(box.querySelectorAll("tbody tr"), function (row) {
    return { row: row, text: folded(row.textContent) };
  });
  var label = document.createElement("label");
  var field = document.createElement("input");
  var count = document.createElement("span");
  label.textContent = box.dataset.label + " ";
  field.type = "search";
  count.setAttribute("role", "status");
  label.appendChild(field);
  box.prepend(label, count);
  label.style.marginRight = "1em";
  field.addEventListener("keydown", function (event) { event.stopPropagation(); });
  field.addEventListener("input", function () {
    var wanted = folded(field.value).split(/\\s+/).filter(Boolean), shown = 0;
    rows.forEach(function (entry) {
      entry.row.hidden = !wanted.every(function (word) { return entry.text.includes(word); });
      entry.row.style.display = entry.row.hidden ? "none" : "";
      shown += entry.row.hidden ? 0 : 1;
    });
    count.textContent = wanted.length ? shown + " / " + rows.length : "";
  });
}());
"""


_HEAD = '<th scope="col"{}>{}</th>'


def show_reports() -> None:
    """Display the notebooks beside this one: link, what each answers, its parameters."""
    listed = list(_notebooks())
    head = "".join(_HEAD.format(LEFT, name) for name in ("Notebook", "What it is", "Command"))
    body = "".join(
        f'<tr><th scope="row"{LEFT}><a href="{escape(path.name)}">{escape(title)}</a></th>'
        f"<td{LEFT}>{escape(summary)}</td><td{LEFT}>{_code(command)}</td></tr>"
        for path, title, summary, command in listed
    )
    emit(
        '<div class="sme-table-wrap"><table class="sme-table"><thead><tr>'
        f"{head}</tr></thead><tbody>{body}</tbody></table></div>",
        "\n".join(f"{path.name}: {title}" for path, title, _, _ in listed),
    )


def _notebooks() -> Iterator[tuple[Path, str, str, str]]:
    """Yield path, title, first sentence and command of every notebook but the start."""
    names = {report.notebook: report.name for report in reports()}
    for path in sorted(folder("notebooks").glob("*.ipynb")):
        if path.name != START:
            title, summary, _ = nb.opening(nb.read(path))
            first = summary.replace("`", "").partition(". ")[0].rstrip(".")
            command = f"sme-analysis report {names[path.name]}" if path.name in names else ""
            yield path, title or path.stem, f"{first}.", command


def show_catalog(words: str = "") -> None:
    """Display the tables of data, those that hold every one of some words.

    Where JupyterLab trusts the notebook, as after a run, the list has a search field as well.

    Parameters
    ----------
    words : str
        Sought in a table's name, title and columns, whatever the case; all tables by default.
    """
    found = tables(words)
    if found.empty:
        said = f"No table has {words!r} in its name, title or columns."
        emit(f'<p class="sme-note">{escape(said)}</p>', said)
        return
    head = "".join(
        _HEAD.format(' class="num"' if name == "Rows" else LEFT, escape(str(name)))
        for name in found.columns
    )
    body = "".join(
        f"<tr><td{LEFT}>{_code(name)}</td><td{LEFT}>{escape(title)}</td><td{LEFT}>{years}</td>"
        f'<td class="num">{rows:,}</td><td{LEFT}>{escape(columns)}</td></tr>'
        for name, title, years, rows, columns in found.itertuples(index=False)
    )
    table = f'<table class="sme-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    emit(
        f'<div class="sme-catalog" data-label="Search the tables">'
        f'<div class="sme-table-wrap">{table}</div><script>{_SEARCH}</script></div>',
        found[["Table", "What it holds"]].to_string(index=False),
        rows_of(found),
    )


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>" if text else ""


def tables(words: str = "") -> pd.DataFrame:
    """List the tables of data that hold every one of some words.

    Returns
    -------
    pandas.DataFrame
        Name, title, columns, rows and years of each table, as texts and one number.

    Examples
    --------
    >>> tables("belt road members")["Table"].tolist()
    ['belt_and_road_members']
    """
    listed = catalog()
    columns = {
        name: ", ".join(field["name"] for field in data.resource(name)["schema"]["fields"])
        for name in listed.index
    }
    spans = zip(listed["first_year"], listed["last_year"], strict=True)
    frame = pd.DataFrame(
        {
            "Table": listed.index,
            "What it holds": listed["title"].to_numpy(),
            "Years": [_years(*span) for span in spans],
            "Rows": listed["rows"].to_numpy(),
            "Columns": [columns[name] for name in listed.index],
        }
    )
    text = frame["Table"] + " " + frame["What it holds"] + " " + frame["Columns"]
    wanted = words.casefold().split()
    kept = [all(word in line for word in wanted) for line in text.str.casefold()]
    return frame[kept].reset_index(drop=True)


def _years(first: object, last: object) -> str:
    if pd.isna(first) or pd.isna(last):  # type: ignore[call-overload]
        return ""
    return str(first) if first == last else f"{first}–{last}"
