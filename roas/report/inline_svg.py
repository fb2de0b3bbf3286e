"""A chart's SVG → one that may stand inside a page: no clashing names, the page's colours."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from roas.charts import theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Colour of the palette → variable of the page's style sheet.
VARIABLES: Final = {
    theme.HUES[0]: "--blue", theme.HUES[1]: "--orange", theme.HUES[2]: "--green", theme.HUES[3]: "--pink",
    "#c05500": "--orange-text", "#008561": "--green-text", "#a16084": "--pink-text",
    theme.INK: "--ink", theme.MUTED: "--muted", theme.GRID: "--line",
    theme.OTHER: "--grey", theme.PAPER: "--paper",
}  # fmt: skip

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_DROPPED = (f"{_SVG}metadata", f"{_SVG}style")


def inline_svg(figure: Figure, *, name: str, says: str, kind: str) -> str:
    """Return a figure as an ``<svg>`` element of a page.

    Parameters
    ----------
    name : str
        Put before every id, so that two charts of a page do not meet.
    says : str
        What the picture shows, for those who cannot see it.
    kind : str
        Class of the element.
    """
    written = io.BytesIO()
    with theme.style(live_text=True):
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    root = ET.fromstring(written.getvalue())
    _clean(root, name, _pointed_at(root))
    for unused in ("width", "height", "version"):
        root.attrib.pop(unused, None)
    root.attrib.update({"class": kind, "role": "img", "aria-label": says, "focusable": "false"})
    return ET.tostring(root, encoding="unicode")


def _pointed_at(root: ET.Element) -> frozenset[str]:
    """Return the ids that something in the picture refers to."""
    values = [value for element in root.iter() for value in element.attrib.values()]
    links = [element.attrib[_LINK].removeprefix("#") for element in root.iter() if _LINK in element.attrib]
    return frozenset([*links, *(found for value in values for found in re.findall(r"url\(#([^)]+)\)", value))])


def _clean(element: ET.Element, name: str, kept: frozenset[str]) -> None:
    """Drop what only a file needs, and put `name` before the ids in use."""
    for child in list(element):
        if child.tag in _DROPPED:
            element.remove(child)
        else:
            _clean(child, name, kept)
    element.tag = element.tag.removeprefix(_SVG)
    if element.tag != "text":
        element.text = None
    element.tail = None
    attributes = dict(element.attrib)
    element.attrib.clear()
    for key, value in attributes.items():
        if key == "id" and value not in kept:
            continue
        if key == "id":
            value = f"{name}-{value}"
        elif key == _LINK:
            key, value = "href", f"#{name}-{value.removeprefix('#')}"
        elif key in ("style", "fill", "stroke"):
            value = _own_colours(value)
        elif key == "d":
            value = " ".join(value.split())
        element.set(key, value.replace("url(#", f"url(#{name}-"))


def _own_colours(value: str) -> str:
    value = re.sub(r"#[0-9a-f]{6}\b", lambda m: f"var({VARIABLES[m[0]]})" if m[0] in VARIABLES else m[0], value)
    return value.replace(f"'{theme.FONT}'", "var(--sans)")
