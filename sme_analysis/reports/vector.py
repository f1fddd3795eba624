"""SVG figures made safe and distinct, to stand inside one HTML page.

A figure is rebuilt from an allow-list of elements and attributes; whatever else it holds (scripts,
event handlers, styles that would reach the rest of the page, links to other places, metadata) is
left behind.
"""

from __future__ import annotations

import re
from html import escape
from typing import NamedTuple
from xml.etree import ElementTree

_ELEMENTS = frozenset(
    """
    svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath
    clipPath mask pattern marker linearGradient radialGradient stop image title desc
    """.split()  # noqa: SIM905 - a list of 150 quoted words is harder to read
)
_ATTRIBUTES = frozenset(
    """
    id class d x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy rotate points transform width height
    viewBox preserveAspectRatio offset href style fill fill-opacity fill-rule stroke stroke-width
    stroke-opacity stroke-linecap stroke-linejoin stroke-dasharray stroke-dashoffset
    stroke-miterlimit opacity color stop-color stop-opacity font-family font-size font-weight
    font-style font-stretch font-variant text-anchor text-decoration dominant-baseline
    alignment-baseline baseline-shift letter-spacing textLength lengthAdjust startOffset
    clip-path clip-rule clipPathUnits mask maskUnits maskContentUnits patternUnits
    patternTransform patternContentUnits gradientUnits gradientTransform spreadMethod
    marker-start marker-mid marker-end markerWidth markerHeight markerUnits refX refY orient
    visibility display overflow vector-effect shape-rendering text-rendering paint-order
    """.split()  # noqa: SIM905
)
_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]*)['\"]?\s*\)")
_IMAGE = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]+")
_UNSAFE_STYLE = re.compile(r"url\s*\(|expression|@import|javascript:|\\", re.IGNORECASE)


def inline(svg: str, label: str, prefix: str, part: Part | None = None) -> str:
    """Return a figure as an `<svg>` element for a page, or an empty string if it is not SVG.

    Parameters
    ----------
    svg : str
        The file as the plotting library wrote it.
    label : str
        The alternative text.
    prefix : str
        Begins every id of the figure; differs from figure to figure of a page.
    part : Part, optional
        Show a part of the figure's height, and leave out some of its elements.
    """
    if "<!ENTITY" in svg:
        return ""  # entities can blow a small file up to a huge one; no plotting library needs them
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - without entities it is safe
    except (ElementTree.ParseError, ValueError):
        return ""
    if _local(root.tag) != "svg":
        return ""
    names = _Names(prefix)
    # The size in points would hold the figure at one width; the page scales it.
    width, height = _points(root.get("width", "")), _points(root.get("height", ""))
    if "viewBox" not in root.attrib and width and height:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    if part is not None:
        height = _cut(root, width, height, part)
    for key in ("width", "height", "style"):
        root.attrib.pop(key, None)
    # matplotlib's style sheet holds these two, for every element: on the root they are inherited.
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    attributes = f' role="img" aria-label="{escape(label)}"{_attributes(root, names)}'
    size = f' width="{width * 4 / 3:.0f}" height="{height * 4 / 3:.0f}"' if width and height else ""
    return f"<svg{size}{attributes}>{_content(root, names)}</svg>"


class Part(NamedTuple):
    """A part of a figure: from `top` to `bottom`, in its own units, without some elements."""

    top: float
    bottom: float
    without: frozenset[str]


def _cut(root: ElementTree.Element, width: float, height: float, part: Part) -> float:
    """Reduce a figure to a part of it; return the height that is left."""
    if not 0 <= part.top < part.bottom <= height:
        return height
    for parent in root.iter():
        for child in [node for node in parent if node.get("id") in part.without]:
            parent.remove(child)
    root.set("viewBox", f"0 {part.top:g} {width:g} {part.bottom - part.top:g}")
    return part.bottom - part.top


class _Names:
    """New ids in order of appearance: the library's own may be random."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._known: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self._known.setdefault(name, f"{self._prefix}-{len(self._known) + 1}")


def _points(length: str) -> float:
    """Return a length in points; bare numbers and px are CSS pixels of 3/4 point."""
    match = re.fullmatch(r"\s*([0-9.]+)\s*(pt|px|in|)\s*", length)
    if not match or match[1].count(".") > 1 or match[1] == ".":
        return 0.0
    return float(match[1]) * {"pt": 1.0, "in": 72.0}.get(match[2], 0.75)


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _element(node: ElementTree.Element, names: _Names) -> str:
    tag = _local(node.tag)
    if tag not in _ELEMENTS or tag == "svg":
        return ""
    return f"<{tag}{_attributes(node, names)}>{_content(node, names)}</{tag}>"


def _content(node: ElementTree.Element, names: _Names) -> str:
    # White space between elements says nothing; inside a text it does.
    keep = _local(node.tag) in ("text", "tspan", "textPath", "title", "desc")
    parts = [escape(node.text or "", quote=False) if keep else ""]
    for child in node:
        parts.append(_element(child, names))
        parts.append(escape(child.tail or "", quote=False) if keep else "")
    return "".join(parts)


def _attributes(node: ElementTree.Element, names: _Names) -> str:
    parts = []
    for key, value in node.attrib.items():
        name = _local(key)
        safe = _value(_local(node.tag), name, value, names) if name in _ATTRIBUTES else None
        if safe is not None:
            parts.append(f' {name}="{escape(safe)}"')
    return "".join(parts)


def _value(tag: str, name: str, value: str, names: _Names) -> str | None:
    """Return an attribute's safe value with its ids renamed, or None to leave it out."""
    if name == "id":
        return names[value]
    if name == "href":
        if value.startswith("#"):
            return f"#{names[value[1:]]}"
        return value if tag == "image" and _IMAGE.fullmatch(value) else None
    if _UNSAFE_STYLE.search(_URL.sub("", value)):
        return None
    return _URL.sub(lambda match: f"url(#{names[match[1]]})", value)
