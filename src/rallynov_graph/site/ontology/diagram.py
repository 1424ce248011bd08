"""The ontology as a drawing: a box for each class, a line for each property.

The layout is reproducible. A box lists the properties that begin at its class. The line of a
property goes to the right, to the vertical line that leads into the box of its target class. On the
left, in the same way, a class leads to its superclass.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rallynov_graph.site.model.ordering import sortable

_LINE: Final = 20
"""The height of a line of text."""
_GAP: Final = 22
_CHARACTER: Final = 7.6
"""The width that the layout allows for a character."""
_PADDING: Final = 12
_TRACK: Final = 14
_MARGIN: Final = 10


class Diagram:
    """The positions of classes and properties in one drawing, classes in the order of names."""

    def __init__(
        self,
        names: Mapping[str, str],
        links: Sequence[Sequence[str]],
        above: Sequence[Sequence[str]],
    ) -> None:
        """Lay out links (a property, the class that it leads from, and to) and superclasses."""
        self._names, self._above = names, above
        ends = {iri for _, *pair in links for iri in pair} | {iri for pair in above for iri in pair}
        self.classes = sorted(ends, key=lambda iri: (sortable(names[iri]), iri))
        self._starting = {it: _properties_from(it, links, names) for it in self.classes}
        self._into = _tracks(self.classes, (target for _, target, _ in self._class_pairs()))
        self._upper = _tracks(self.classes, (it for _, it in above))
        self._x = _MARGIN + _TRACK * (len(self._upper) + 1)
        longest = max((len(names[it]) for it in self.classes), default=0)
        lines = (self._line(*it) for properties in self._starting.values() for it in properties)
        widest = max(longest, max(map(len, lines), default=0))
        self.box_width = int(widest * _CHARACTER) + 2 * _PADDING
        self._right = self._x + self.box_width
        self._tops: dict[str, int] = {}
        y = _MARGIN
        for iri in self.classes:
            self._tops[iri] = y
            y += self._height(iri) + _GAP
        self.height = y - _GAP + _MARGIN
        self.width = self._right + _TRACK * (len(self._into) + 1) + _MARGIN

    def boxes(self) -> Iterator[tuple[int, int, int]]:
        """Yield the left, the top and the height of the box of each class."""
        return ((self._x, self._tops[iri], self._height(iri)) for iri in self.classes)

    def labels(self) -> Iterator[tuple[str, int, int, str]]:
        """Yield each text with its position; its kind is class, or name for a property."""
        x = self._x + _PADDING
        for iri in self.classes:
            yield "class", x, self._tops[iri] + _LINE, self._names[iri]
            for number, line in enumerate(self._starting[iri], 1):
                yield "name", x, self._tops[iri] + _LINE * (number + 1), self._line(*line)

    def dots(self) -> Iterator[tuple[int, int]]:
        """Yield where the line of a property joins the vertical line of a class."""
        for iri, target, number in self._class_pairs():
            yield self._track(target), self._row(iri, number)

    def strokes(self) -> Iterator[tuple[str, str]]:
        """Yield the lines as paths of SVG, each with its kind.

        The kinds are property, and above for a superclass; with -end the head of the arrow.
        """
        rows: dict[str, list[int]] = {}
        ends: dict[tuple[str, int], int] = {}
        for iri, target, number in self._class_pairs():
            rows.setdefault(target, []).append(self._row(iri, number))
            ends[iri, number] = max(ends.get((iri, number), 0), self._track(target))
        for (iri, number), x in ends.items():
            yield "property", f"M{self._right} {self._row(iri, number)}H{x}"
        for target, lines in rows.items():
            x, y, right = self._track(target), self._row(target, 0), self._right
            yield "property", f"M{x} {min(*lines, y)}V{max(*lines, y)}M{x} {y}H{right}"
            yield "property-end", f"M{right} {y}l7 -4v8z"
        below: dict[str, list[str]] = {}
        for iri, above in self._above:
            below.setdefault(above, []).append(iri)
        for above, classes in below.items():
            x, y, left = self._x - _TRACK * (self._upper[above] + 1), self._row(above, 0), self._x
            lines = [self._row(iri, 0) - _LINE // 2 for iri in classes]
            into = "".join(f"M{left} {line}H{x}" for line in lines)
            yield "above", f"{into}M{x} {min(*lines, y)}V{max(*lines, y)}M{x} {y}H{left}"
            yield "above-end", f"M{left} {y}l-7 -4v8z"

    def _class_pairs(self) -> Iterator[tuple[str, str, int]]:
        """Yield each class, a class to which one of its properties leads, and the line of that."""
        for iri in self.classes:
            for number, (_, targets) in enumerate(self._starting[iri], 1):
                for target in targets:
                    yield iri, target, number

    def _height(self, iri: str) -> int:
        return _LINE * (len(self._starting[iri]) + 1) + _PADDING

    def _line(self, prop: str, targets: Iterable[str]) -> str:
        return f"{self._names[prop]} → {', '.join(self._names[target] for target in targets)}"

    def _row(self, iri: str, number: int) -> int:
        """Return the y of a line in the box of a class: 0 is its name, then come its properties."""
        return self._tops[iri] + _LINE * (number + 1) - _LINE // 4

    def _track(self, target: str) -> int:
        return self._right + _TRACK * (self._into[target] + 1)


def _properties_from(
    iri: str, links: Iterable[Sequence[str]], names: Mapping[str, str]
) -> list[tuple[str, list[str]]]:
    """Return the properties of a class, with their target classes."""
    found: dict[str, list[str]] = {}
    for prop, source, target in links:
        if source == iri:
            found.setdefault(prop, []).append(target)
    return sorted(found.items(), key=lambda it: (sortable(names[it[0]]), it[0]))


def _tracks(classes: Iterable[str], ends: Iterable[str]) -> dict[str, int]:
    """Return the number of the vertical line of each class where lines end, from the inside."""
    end_classes = {*ends}
    return {iri: number for number, iri in enumerate(c for c in classes if c in end_classes)}
