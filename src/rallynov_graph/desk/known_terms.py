"""The properties and classes that facts are made of, by the names that people give them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.desk.short_terms import TYPE, XSD
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded

LANG_STRING: Final = f"{PREFIXES['rdf']}langString"
STRING: Final = f"{XSD}string"
_SH: Final = PREFIXES["sh"]
_RDF: Final = PREFIXES["rdf"]
_SUBCLASS: Final = f"{PREFIXES['rdfs']}subClassOf"
_OPEN: Final = ("node", "nodeKind", "in", "hasValue", "not")
"""What a shape says of values beside their class: then any class may do."""
_LABEL: Final = f"{PREFIXES['rdfs']}label"
_KINDS: Final = {
    "Organization": "organisation",
    "UnnamedParty": "organisation",
    "PublicationIssue": "document",
    "Periodical": "series",
    "ReportedFigure": "figure",
    "ThemeOccurrence": "occurrence",
    "TermList": "list",
    "OpeningHoursSpecification": "hours",
    "OpenQuestion": "question",
    "StandingDecision": "decision",
    "DocumentPart": "part",
    "ClosingEvent": "event",
    "ConceptScheme": "scheme",
}
"""How addresses begin of things of a class, where that is not the class's own name."""
_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")
_PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "gYearMonth": re.compile(r"\d{4}-(?:0[1-9]|1[0-2])"),
    "gYear": re.compile(r"\d{4}"),
    "time": re.compile(r"\d\d:\d\d:\d\d"),
    "dateTime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?"),
    "integer": re.compile(r"-?\d+"),
    "nonNegativeInteger": re.compile(r"\d+"),
    "decimal": re.compile(r"-?\d+(?:\.\d+)?"),
    "boolean": re.compile(r"true|false"),
}
_ORDER: Final = (*_PATTERNS,)
"""Of several types that a value may have, the first one that fits it is taken."""
_CALENDAR: Final[Mapping[str, Callable[[str], object]]] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "dateTime": datetime.fromisoformat,
}


@dataclass(frozen=True)
class PropertyTerm:
    """A property: whether its values are things, and which types its other values may have."""

    iri: str
    takes_things: bool
    datatypes: frozenset[str]
    classes: frozenset[str] = frozenset()
    """Of what classes its values are, those below them included; any where there is none."""
    named_classes: frozenset[str] = frozenset()
    """Those that the shapes name."""

    def datatype_of(self, text: str) -> str:
        """Return the type of a value; the empty string where it has none that is allowed."""
        wanted = {it.removeprefix(XSD) for it in self.datatypes}
        for name in _ORDER:
            if name in wanted and fits(XSD + name, text):
                return XSD + name
        others = [it for it in self.datatypes if it.removeprefix(XSD) not in _ORDER]
        if not self.datatypes or STRING in others:
            return STRING
        return next((it for it in sorted(others) if it != LANG_STRING), "")

    @property
    def expected(self) -> str:
        """What its values are, in a few words that both languages have."""
        return ", ".join(sorted(map(in_prefixes, self.datatypes or self.named_classes)))


def fits(datatype: str, text: str) -> bool:
    """Return whether a text is a value of a type; of a type that is not known, any is."""
    name = datatype.removeprefix(XSD)
    if name not in _PATTERNS:
        return True
    if not _PATTERNS[name].fullmatch(text):
        return False
    try:
        if name in _CALENDAR:
            _CALENDAR[name](text)
    except ValueError:
        return False
    return True


class KnownTerms:
    """The terms of an ontology with its shapes, by prefixed name, address or label."""

    def __init__(
        self, ontology: Iterable[Quad], shapes: Iterable[Quad], context: Mapping[str, Any]
    ) -> None:
        self._labels: dict[str, list[str]] = defaultdict(list)
        self._narrower: dict[str, set[str]] = defaultdict(set)
        for quad in ontology:
            if quad.predicate.value == _SUBCLASS and isinstance(quad.object, NamedNode):
                self._narrower[quad.object.value].add(quad.subject.value)  # type: ignore[union-attr]
            if quad.predicate.value == _LABEL and isinstance(quad.subject, NamedNode):
                self._labels[quad.subject.value].append(quad.object.value)  # type: ignore[union-attr]
        self._shapes = [*shapes]
        self._context = {
            _expanded(it["@id"]): (name, it.get("@type", ""))
            for name, it in context.items()
            if isinstance(it, dict) and "@id" in it
        }

    def property(self, name: str) -> PropertyTerm | None:
        """Return the property that a person names; None where there is none."""
        if name in ("a", "type", "rdf:type"):
            return PropertyTerm(TYPE, True, frozenset())
        iri = self._properties.get(name) or self._properties.get(folded(name))
        if iri is None:
            return None
        datatypes = frozenset(self._datatypes.get(iri, ()))
        _, type_of_context = self._context.get(iri, ("", ""))
        if not datatypes and type_of_context not in ("", "@id"):
            datatypes = frozenset({_expanded(type_of_context)})
        takes_things = type_of_context == "@id" or iri in self._of_things
        named = frozenset(self._classes_of_values.get(iri, ()))
        classes = frozenset(self._with_narrower(named))
        return PropertyTerm(iri, takes_things and not datatypes, datatypes, classes, named)

    def every_property(self) -> frozenset[str]:
        """The addresses of the properties that there are."""
        return frozenset(self._properties.values())

    def class_named(self, name: str) -> str | None:
        """Return the address of the class that a person names; None where there is none."""
        return self._classes.get(name) or self._classes.get(folded(name))

    def near_properties(self, name: str) -> list[str]:
        """Return the properties whose names are near."""
        return self._near(name, self._properties)

    def near_classes(self, name: str) -> list[str]:
        """Return the classes whose names are near."""
        return self._near(name, self._classes)

    def _near(self, name: str, known: Mapping[str, str]) -> list[str]:
        found = near(name.rpartition(":")[2], known, 3)
        return [*dict.fromkeys(in_prefixes(known[it]) for it in found)]

    @cached_property
    def _properties(self) -> dict[str, str]:
        return dict(self._names(lambda local: local[:1].islower()))

    @cached_property
    def _classes(self) -> dict[str, str]:
        named = dict(self._names(lambda local: local[:1].isupper()))
        kinds: dict[str, set[str]] = defaultdict(set)
        for iri in named.values():
            kinds[kind_of_class(iri)].add(iri)
        return {kind: next(iter(it)) for kind, it in kinds.items() if len(it) == 1} | named

    def _names(self, is_such: Any) -> Iterator[tuple[str, str]]:
        """Yield the names of terms; a label never stands for two of them."""
        every = sorted({*self._labels, *self._context})
        terms = [it for it in every if is_such(_local(it))]
        labels: dict[str, set[str]] = defaultdict(set)
        for iri in terms:
            for label in self._labels.get(iri, ()):
                labels[folded(label)].add(iri)
        yield from ((label, next(iter(iris))) for label, iris in labels.items() if len(iris) == 1)
        locals_of: dict[str, set[str]] = defaultdict(set)
        for iri in terms:
            for name in (_local(iri), folded(_local(iri))):
                locals_of[name].add(iri)
        yield from ((name, next(iter(iris))) for name, iris in locals_of.items() if len(iris) == 1)
        for iri in terms:
            if iri in self._context:
                yield self._context[iri][0], iri
            yield iri, iri
            yield in_prefixes(iri), iri

    @cached_property
    def _datatypes(self) -> dict[str, set[str]]:
        """The types that shapes allow for the values of each property."""
        return self._in_shapes("datatype")

    @cached_property
    def _classes_of_values(self) -> dict[str, set[str]]:
        """The classes that shapes allow for the values of each property, where all name some."""
        is_open = {iri for name in _OPEN for iri, values in self._in_shapes(name).items() if values}
        return {
            iri: classes for iri, classes in self._in_shapes("class").items() if iri not in is_open
        }

    def _with_narrower(self, classes: Iterable[str]) -> set[str]:
        found: set[str] = set()
        left = [*classes]
        while left:
            if (iri := left.pop()) not in found:
                found.add(iri)
                left += self._narrower.get(iri, ())
        return found

    @cached_property
    def _of_things(self) -> set[str]:
        """The properties of which shapes say of what class the values are."""
        return {iri for iri, classes in self._in_shapes("class").items() if classes}

    def _in_shapes(self, name: str) -> dict[str, set[str]]:
        said: dict[object, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        for quad in self._shapes:
            said[quad.subject][quad.predicate.value].append(quad.object)
        found: dict[str, set[str]] = defaultdict(set)
        for shape in list(said.values()):
            for path in shape.get(f"{_SH}path", ()):
                if isinstance(path, NamedNode):
                    found[path.value] |= {*_said_in(said, shape, _SH + name)}
        return found


def _said_in(
    said: Mapping[object, Mapping[str, list[object]]],
    shape: Mapping[str, list[object]],
    name: str,
) -> Iterator[str]:
    """Yield what a shape says by a property, itself or in one of its choices."""
    for value in shape.get(name, ()):
        yield getattr(value, "value", "") or str(value)
    for choice in shape.get(f"{_SH}or", ()):
        node: object = choice
        while isinstance(node, BlankNode):
            cell = said[node]
            for member in cell.get(f"{_RDF}first", ()):
                yield from _said_in(said, said[member], name)
            node = next(iter(cell.get(f"{_RDF}rest", ())), None)


def kind_of_class(iri: str) -> str:
    """Return how the addresses of things of a class begin."""
    name = _local(iri)
    return _KINDS.get(name) or _CAPITAL.sub("-", name).lower()


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{PREFIXES[prefix]}{local}" if prefix in PREFIXES else name


def literal(text: str, datatype: str) -> Literal:
    """Return a value of a type."""
    return Literal(text) if datatype == STRING else Literal(text, datatype=NamedNode(datatype))


def type_named(name: str) -> str:
    """Return the type of values that a person names; the empty string where it is none."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in ("xsd", "edtf"):
        return PREFIXES[prefix] + local
    return f"{XSD}{name}" if name in _PATTERNS else ""
