"""The ontology as a drawing: a box for each class, a line for each property.

The layout is the same each time. A box lists the properties that begin at its class. The line of
a property leads to the right, to the vertical line of the class where it ends, which leads into
the box of that class. On the left, the same way, a class leads to its superclass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rallynov_graph.site.model.ordering import sortable

LINE: Final = 20
"""The height of a line of text."""
_GAP: Final = 22
_CHARACTER: Final = 7.6
"""The width that the layout allows for a character."""
_PADDING: Final = 12
_TRACK: Final = 14
_MARGIN: Final = 10


@dataclass(frozen=True)
class DiagramArrow:
    """A property that leads from things of a class to things of another."""

    property: str
    source: str
    target: str


@dataclass(frozen=True)
class Label:
    """A text and its position."""

    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Box:
    """A class."""

    x: int
    y: int
    width: int
    height: int
    label: Label


@dataclass(frozen=True)
class Stroke:
    """A line of the drawing, as the path of an SVG."""

    path: str
    kind: str
    """property or above, for a superclass; with -end the head of the arrow."""


@dataclass(frozen=True)
class DiagramDot:
    """The place where the line of a property joins the vertical line of a class."""

    x: int
    y: int


@dataclass(frozen=True)
class Diagram:
    """The whole drawing."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    strokes: tuple[Stroke, ...]
    dots: tuple[DiagramDot, ...]


def diagram(
    names: Mapping[str, str], links: Iterable[DiagramArrow], above: Iterable[tuple[str, str]]
) -> Diagram:
    """Return the drawing of classes and properties by their names, classes in the names' order."""
    return _Drawing(names, tuple(links), tuple(above)).diagram()


class _Drawing:
    """Computes the positions in one drawing."""

    def __init__(
        self,
        names: Mapping[str, str],
        links: tuple[DiagramArrow, ...],
        above: tuple[tuple[str, str], ...],
    ) -> None:
        self.names, self.above = names, above
        ends = {iri for link in links for iri in (link.source, link.target)}
        classes = ends | {iri for pair in above for iri in pair}
        self.classes = sorted(classes, key=lambda iri: (sortable(names[iri]), iri))
        self.starting = {c: _properties_from(c, links, names) for c in self.classes}
        self.into = _tracks(self.classes, (target for _, target, _ in self._class_pairs()))
        self.upper = _tracks(self.classes, (a for _, a in above))
        self.x = _MARGIN + _TRACK * (len(self.upper) + 1)
        longest = max((len(names[c]) for c in self.classes), default=0)
        line_lengths = (
            len(self._line(*line)) for properties in self.starting.values() for line in properties
        )
        self.width = int(max(longest, max(line_lengths, default=0)) * _CHARACTER) + 2 * _PADDING
        self.right = self.x + self.width
        self.tops: dict[str, int] = {}
        y = _MARGIN
        for iri in self.classes:
            self.tops[iri] = y
            y += self._height(iri) + _GAP
        self.height = y - _GAP + _MARGIN

    def diagram(self) -> Diagram:
        width = self.right + _TRACK * (len(self.into) + 1) + _MARGIN
        return Diagram(
            width,
            self.height,
            tuple(self._box(iri) for iri in self.classes),
            tuple(self._labels()),
            (*self._properties(), *self._classes()),
            tuple(self._dots()),
        )

    def _class_pairs(self) -> Iterable[tuple[str, str, int]]:
        """Yield each class, a class to which one of its properties leads, and the line of that."""
        for iri in self.classes:
            for number, (_, targets) in enumerate(self.starting[iri], 1):
                for target in targets:
                    yield iri, target, number

    def _height(self, iri: str) -> int:
        return LINE * (len(self.starting[iri]) + 1) + _PADDING

    def _box(self, iri: str) -> Box:
        top = self.tops[iri]
        label = Label(self.x + _PADDING, top + LINE, self.names[iri])
        return Box(self.x, top, self.width, self._height(iri), label)

    def _labels(self) -> Iterable[Label]:
        for iri in self.classes:
            for number, line in enumerate(self.starting[iri], 1):
                y = self.tops[iri] + LINE * (number + 1)
                yield Label(self.x + _PADDING, y, self._line(*line))

    def _line(self, prop: str, targets: tuple[str, ...]) -> str:
        return f"{self.names[prop]} → {', '.join(self.names[target] for target in targets)}"

    def _row(self, iri: str, number: int) -> int:
        """Return the y of a line in the box of a class: 0 is its name, then come its properties."""
        return self.tops[iri] + LINE * (number + 1) - LINE // 4

    def _track(self, target: str) -> int:
        return self.right + _TRACK * (self.into[target] + 1)

    def _properties(self) -> Iterable[Stroke]:
        rows: dict[str, list[int]] = {}
        ends: dict[tuple[str, int], int] = {}
        for iri, target, number in self._class_pairs():
            rows.setdefault(target, []).append(self._row(iri, number))
            ends[iri, number] = max(ends.get((iri, number), 0), self._track(target))
        for (iri, number), x in ends.items():
            yield Stroke(f"M{self.right} {self._row(iri, number)}H{x}", "property")
        for target, line_rows in rows.items():
            x, y = self._track(target), self._row(target, 0)
            yield Stroke(
                f"M{x} {min(*line_rows, y)}V{max(*line_rows, y)}M{x} {y}H{self.right}", "property"
            )
            yield Stroke(f"M{self.right} {y}l7 -4v8z", "property-end")

    def _dots(self) -> Iterable[DiagramDot]:
        for iri, target, number in self._class_pairs():
            yield DiagramDot(self._track(target), self._row(iri, number))

    def _classes(self) -> Iterable[Stroke]:
        below: dict[str, list[str]] = {}
        for iri, above in self.above:
            below.setdefault(above, []).append(iri)
        for above, classes in below.items():
            x, y = self.x - _TRACK * (self.upper[above] + 1), self._row(above, 0)
            line_rows = [self._row(iri, 0) - LINE // 2 for iri in classes]
            lines = "".join(f"M{self.x} {row}H{x}" for row in line_rows)
            yield Stroke(
                f"{lines}M{x} {min(*line_rows, y)}V{max(*line_rows, y)}M{x} {y}H{self.x}", "above"
            )
            yield Stroke(f"M{self.x} {y}l-7 -4v8z", "above-end")


def _properties_from(
    iri: str, links: Iterable[DiagramArrow], names: Mapping[str, str]
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the properties that begin at a class, with the classes where they end."""
    found: dict[str, list[str]] = {}
    for link in links:
        if link.source == iri:
            found.setdefault(link.property, []).append(link.target)
    ordered = sorted(found, key=lambda prop: (sortable(names[prop]), prop))
    return [(prop, tuple(found[prop])) for prop in ordered]


def _tracks(classes: list[str], ends: Iterable[str]) -> dict[str, int]:
    """Return the number of the vertical line of each class where lines end, from the inside."""
    end_classes = {*ends}
    return {iri: number for number, iri in enumerate(c for c in classes if c in end_classes)}
