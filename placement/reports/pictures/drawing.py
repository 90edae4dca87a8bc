"""Drawings as SVG: places across are shares of the width, so that text keeps its size anywhere.

Colours are classes of the one stylesheet; a drawing that stands alone brings its own in print's
greys. Everything that comes from outside is text or an attribute, never markup.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from placement.reports.pictures.palette import STANDALONE

_SPACE = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True)
class Mark:
    """One element of a drawing, its attributes as SVG names them, and its words."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    title: str = ""
    """What a pointer over it tells; the table behind says the same to everybody."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with what a screen reader says of it; `height` in pixels, as wide as its place."""

    title: str
    desc: str
    height: int
    marks: tuple[Mark, ...]

    def inline(self, name: str) -> str:
        """The drawing as a part of a page, where `name` is its own."""
        root = ET.Element(
            "svg",
            {
                "class": "picture",
                "role": "img",
                "aria-labelledby": f"{name}-title {name}-desc",
                "width": "100%",
                "height": str(self.height),
            },
        )
        self._fill(root, f"{name}-title", f"{name}-desc")
        return ET.tostring(root, encoding="unicode", short_empty_elements=False)

    def standalone(self, width: int) -> bytes:
        """The drawing as a file of its own, `width` pixels wide, in colours for print."""
        root = ET.Element(
            "svg",
            {
                "xmlns": _SPACE,
                "class": "picture",
                "width": str(width),
                "height": str(self.height),
                "viewBox": f"0 0 {width} {self.height}",
            },
        )
        ET.SubElement(root, "style").text = STANDALONE
        self._fill(root, "title", "desc")
        written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return written

    def _fill(self, root: ET.Element, title: str, desc: str) -> None:
        ET.SubElement(root, "title", {"id": title}).text = self.title
        ET.SubElement(root, "desc", {"id": desc}).text = self.desc
        for mark in self.marks:
            element = ET.SubElement(root, mark.tag, mark.attributes)
            if mark.title:
                ET.SubElement(element, "title").text = mark.title
            elif mark.text:
                element.text = mark.text


def across(share: float) -> str:
    """A place across as a share of the width, 0 at the left and 1 at the right."""
    return f"{100 * share:.2f}%"


def line(kind: str, start: tuple[float, float], end: tuple[float, float]) -> Mark:
    """A line between two points: shares across, pixels down."""
    return Mark(
        "line",
        {
            "class": kind,
            "x1": across(start[0]),
            "y1": f"{start[1]:.1f}",
            "x2": across(end[0]),
            "y2": f"{end[1]:.1f}",
        },
    )


def dot(kind: str, at: tuple[float, float], radius: float, title: str = "") -> Mark:
    """A filled circle about a point."""
    attributes = {"class": kind, "cx": across(at[0]), "cy": f"{at[1]:.1f}", "r": f"{radius:g}"}
    return Mark("circle", attributes, title=title)


def box(kind: str, left: float, right: float, top: float, height: float) -> Mark:
    """A filled bar between two shares across."""
    return Mark(
        "rect",
        {
            "class": kind,
            "x": across(left),
            "y": f"{top:g}",
            "width": across(max(0.0, right - left)),
            "height": f"{height:g}",
            "rx": "2",
        },
    )


def words(text: str, at: tuple[float, float], kind: str = "", anchor: str = "start") -> Mark:
    """A line of words that begins, ends or is centred (`start`, `end`, `middle`) at a point."""
    attributes = {"x": across(at[0]), "y": f"{at[1]:g}", "text-anchor": anchor}
    if kind:
        attributes["class"] = kind
    return Mark("text", attributes, text=text)


def star(centre_down: float) -> Mark:
    """The sign of a key county at the left edge: its place is fixed, so that words may follow."""
    points = "0,-6 1.8,-2 6,-1.8 2.8,1 3.8,5.2 0,2.9 -3.8,5.2 -2.8,1 -6,-1.8 -1.8,-2"
    return Mark(
        "polygon",
        {"class": "star", "points": points, "transform": f"translate(6 {centre_down:g})"},
    )


def joined(*groups: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks of several groups in the order in which they lie on each other."""
    return tuple(mark for group in groups for mark in group)
