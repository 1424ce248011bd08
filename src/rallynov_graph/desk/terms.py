"""The properties, classes and lists that facts are made of, as ontology and shapes have them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, in_prefixes
from rallynov_graph.base.programme import in_neutral_words
from rallynov_graph.base.resources import checks_dir, ontology_dir, query_text
from rallynov_graph.desk.short_terms import LABEL, PREFERRED, TYPE, XSD
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded
from rallynov_graph.rdf import sources
from rallynov_graph.release import building, release
from rallynov_graph.rules import rulebook

LANG_STRING: Final = f"{PREFIXES['rdf']}langString"
STRING: Final = f"{XSD}string"
TOP: Final = f"{PREFIXES['skos']}topConceptOf"
IN_SCHEME: Final = f"{PREFIXES['skos']}inScheme"
ISSUE: Final = f"{PREFIXES['schema']}PublicationIssue"
"""The class of a document."""
UNNAMED: Final = f"{RN}UnnamedParty"
"""A party without a name, which has no proper one."""
PASSAGES: Final = frozenset({f"{RN}quotedSegment", f"{RN}passage"})
"""Properties whose values are words of the text."""
DESCRIBED: Final = frozenset(
    {
        *(f"{PREFIXES['skos']}{it}" for it in ("Concept", "ConceptScheme", "Collection")),
        f"{PREFIXES['prov']}Agent",
        f"{PREFIXES['schema']}Place",
    }
)
"""Classes of things whose kind curators say, without words of the text."""
_NAMING_PROPERTIES: Final = "toBeFixed statedUnknown leavesOpen unsettles onProperty soughtProperty"
OF_PROPERTIES: Final = {f"{PREFIXES['owl']}assertionProperty"} | {
    RN + it for it in _NAMING_PROPERTIES.split()
}
"""Properties whose values are properties."""
STATED_UNKNOWN: Final = f"{RN}statedUnknown"
"""A property whose values are properties, or measures."""
MEASURE: Final = f"{RN}measure"
SOUGHT_KIND: Final = f"{RN}soughtKind"
"""A property whose values are classes."""
READ_IN: Final = f"{RN}readIn"
NAMED_OTHERWISE: Final = frozenset(
    {
        *(LABEL, PREFERRED, f"{PREFIXES['schema']}sameAs"),
        *(f"{PREFIXES['skos']}{it}" for it in ("exactMatch", "editorialNote")),
    }
)
"""Properties that have acts or places of their own, so that no fact states them."""
_PROPER: Final = frozenset(
    {
        *(f"{PREFIXES['foaf']}Person", f"{PREFIXES['org']}Organization", f"{RN}Rally"),
        *(f"{PREFIXES['schema']}{it}" for it in ("Place", "Periodical")),
    }
)
"""Classes of things with proper names, which have no language."""
_OURS: Final = (
    "Extraction Passage OpenQuestion Reading ReadingScope AssertionSet CurationGraph Inference "
    "IdentityDecision Identity Assignment OutsideGraph StandingGraph StandingDecision Rule "
    "Certainty Standing"
)
_BOOKKEEPING: Final = {
    f"{PREFIXES['oa']}TextPositionSelector",
    f"{PREFIXES['prov']}Agent",
    f"{PREFIXES['schema']}Dataset",
    *(f"{PREFIXES['skos']}{it}" for it in ("Collection", "ConceptScheme")),
    *(RN + it for it in _OURS.split()),
}
"""Classes of things that no reader states facts about."""
_PART: Final = f"{RN}DocumentPart"
_OF_PARTS: Final = f"{RN}noFactReason"
"""All that a reader says of a part of a document, beside its name and place."""
_SH: Final = PREFIXES["sh"]
_SUBCLASS: Final = f"{PREFIXES['rdfs']}subClassOf"
_DEFINITION: Final = f"{PREFIXES['skos']}definition"
_LISTED: Final = re.compile(r"\(([\w-]+):([\w-]+) scheme:([\w-]+)\)")
"""A property with the list of its values, as the check of values has them."""
_OPEN: Final = ("node", "nodeKind", "in", "hasValue", "not")
"""The constraints besides a class with which any class is allowed."""
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
    "NegativePropertyAssertion": "denial",
    "ConceptScheme": "scheme",
}
"""The kind in the addresses of a class's things, if it is not the class's own name."""
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
"""The order of types: the first possible one that fits a value is used."""
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
    """The classes of its values, with subclasses; any class if there are none."""
    named_classes: frozenset[str] = frozenset()
    """Those that the shapes name."""

    def datatype_of(self, text: str) -> str:
        """Return the type of a value; the empty string if it is not allowed."""
        wanted = {it.removeprefix(XSD) for it in self.datatypes}
        for name in _ORDER:
            if name in wanted and fits(XSD + name, text):
                return XSD + name
        others = [it for it in self.datatypes if it.removeprefix(XSD) not in _ORDER]
        if not self.datatypes or STRING in others:
            return STRING
        return next((it for it in sorted(others) if it != LANG_STRING), "")

    def literal(self, text: str, language: str = "", datatype: str = "") -> Literal | None:
        """Return a text as a value of the default type here; None if none fits.

        Raises ValueError for a type that is not an address.
        """
        wanted = LANG_STRING if language else datatype or self.datatype_of(text)
        if not wanted or not fits(wanted, text):
            return None
        if self.datatypes and wanted not in self.datatypes:
            return None
        if language or wanted == STRING:
            return Literal(text, language=language or None)
        return Literal(text, datatype=NamedNode(wanted))

    @property
    def expected(self) -> str:
        """A description of its values in a few words that both languages share."""
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


@dataclass(frozen=True)
class PropertyUse:
    """The constraints that the shapes of a class put on a property."""

    iri: str
    classes: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    is_demanded: bool = False
    is_wanted: bool = False
    """Whether its absence is a warning, not a failure."""
    is_one: bool = False

    def with_(self, other: PropertyUse) -> PropertyUse:
        """Return the combined constraints of two shapes."""
        return PropertyUse(
            self.iri,
            tuple(dict.fromkeys((*self.classes, *other.classes))),
            tuple(dict.fromkeys((*self.datatypes, *other.datatypes))),
            self.is_demanded or other.is_demanded,
            self.is_wanted or other.is_wanted,
            self.is_one or other.is_one,
        )


Named = Mapping[str, Mapping[str, str]]
"""Names by address and language; the empty language for none."""


def texts_in(quads: Iterable[Quad], *names: str) -> dict[str, dict[str, str]]:
    """Return the texts that things have by some properties, by address and language."""
    found: dict[str, dict[str, str]] = {}
    for quad in quads:
        is_named = quad.predicate.value in names and isinstance(quad.subject, NamedNode)
        if is_named and isinstance(quad.object, Literal):
            texts = found.setdefault(quad.subject.value, {})  # type: ignore[union-attr]
            texts.setdefault(quad.object.language or "", quad.object.value)
    return found


def best(named: Mapping[str, str], language: str) -> str:
    """Return a text in a language, else in another one; the empty string without any."""
    for code in (language, DEFAULT_LANGUAGE, "", *LANGUAGES):
        if code in named:
            return named[code]
    return next(iter(named.values()), "")


class Terms:
    """The terms of an ontology with its shapes, by prefixed name, address or label."""

    def __init__(
        self, ontology: Sequence[Quad], shapes: Iterable[Quad], context: Mapping[str, Any]
    ) -> None:
        self._ontology = ontology
        self._labels: dict[str, list[str]] = defaultdict(list)
        self._narrower: dict[str, set[str]] = defaultdict(set)
        self._wider: dict[str, set[str]] = defaultdict(set)
        for quad in ontology:
            subject = str(quad.subject)[1:-1]
            if quad.predicate.value == _SUBCLASS and isinstance(quad.object, NamedNode):
                self._narrower[quad.object.value].add(subject)
                self._wider[subject].add(quad.object.value)
            if quad.predicate.value == LABEL and isinstance(quad.subject, NamedNode):
                self._labels[subject].append(quad.object.value)  # type: ignore[union-attr]
        self._shapes: dict[object, dict[str, list[Any]]] = {}
        for quad in shapes:
            said = self._shapes.setdefault(quad.subject, {})
            said.setdefault(quad.predicate.value, []).append(quad.object)
        self._context = {
            expanded(it["@id"]): (name, it.get("@type", ""))
            for name, it in context.items()
            if isinstance(it, dict) and "@id" in it
        }

    @classmethod
    def load(cls) -> Terms:
        """Return the terms of the ontology, with those of the programme."""
        folder = ontology_dir()
        context = json.loads((folder / release.CONTEXT).read_text("utf-8"))["@context"]
        shapes = sources.quads(building.shapes_of(folder))
        return cls([*building.ontology_of(folder)], shapes, context)

    def property(self, name: str) -> PropertyTerm | None:
        """Return the property that a person names, or None."""
        if name in ("a", "type", "rdf:type"):
            return PropertyTerm(TYPE, True, frozenset())
        iri = self.properties.get(name) or self.properties.get(folded(name))
        if iri is None:
            return None
        said = self._of_values[iri]
        datatypes = frozenset(said["datatype"])
        _, type_of_context = self._context.get(iri, ("", ""))
        if not datatypes and type_of_context not in ("", "@id"):
            datatypes = frozenset({expanded(type_of_context)})
        takes_things = type_of_context == "@id" or bool(said["class"])
        named = frozenset(() if any(said[name] for name in _OPEN) else said["class"])
        classes = frozenset(_closed(named, self._narrower))
        return PropertyTerm(iri, takes_things and not datatypes, datatypes, classes, named)

    def things_of(self, name: str) -> PropertyTerm | None:
        """Return what a field takes that is for a thing of a class, or None."""
        if (iri := self.class_named(name)) is None:
            return None
        named = frozenset({iri})
        return PropertyTerm(
            iri, True, frozenset(), frozenset(_closed(named, self._narrower)), named
        )

    def class_named(self, name: str) -> str | None:
        """Return the address of the class that a person names, or None."""
        return self.classes.get(name) or self.classes.get(folded(name))

    def label(self, iri: str, language: str) -> str:
        return best(self.labels.get(iri, {}), language) or in_prefixes(iri)

    @cached_property
    def labels(self) -> Named:
        """The names of terms; in neutral words if the programme is not our rally."""
        return _neutral(texts_in(self._ontology, LABEL, PREFERRED))

    @cached_property
    def definitions(self) -> Named:
        return _neutral(texts_in(self._ontology, _DEFINITION))

    @cached_property
    def lists(self) -> Mapping[str, str]:
        """The list that the values of a property are of."""
        check = query_text(checks_dir() / "value_is_from_its_list.rq")
        found = {
            PREFIXES[prefix] + name: f"{ID}scheme/{scheme}"
            for prefix, name, scheme in _LISTED.findall(check)
        }
        return found | {f"{PREFIXES['org']}role": found.get(f"{RN}role", "")}

    def has_proper_names(self, *classes: str) -> bool:
        """Return whether things of such classes have one name, without language."""
        wider = _closed(classes, self._wider)
        return bool(wider & _PROPER) and UNNAMED not in wider

    def uses(self, classes: Iterable[str]) -> dict[str, PropertyUse]:
        """Return each property's constraints in the shapes of classes and their superclasses."""
        found: dict[str, PropertyUse] = {}
        for name in sorted(_closed(classes, self._wider)):
            for it in self.by_class.get(name, ()):
                found[it.iri] = found.get(it.iri, it).with_(it)
        return found

    @cached_property
    def by_class(self) -> Mapping[str, Sequence[PropertyUse]]:
        """The properties of the things of each class for a reader, in the order of the shapes."""
        heads = (rule.head.predicate for rule in rulebook.shipped())
        concluded = {it.value for it in heads if isinstance(it, NamedNode)}
        found: dict[str, list[PropertyUse]] = defaultdict(list)
        for _, shape in sorted(self._shapes.items(), key=lambda it: str(it[0]).strip("<>")):
            for target in shape.get(f"{_SH}targetClass", ()):
                if target.value in _BOOKKEEPING:
                    continue
                hidden = NAMED_OTHERWISE | concluded
                uses = [it for it in self._uses_in(shape) if it.iri not in hidden]
                is_part = target.value == _PART
                found[target.value] += [it for it in uses if not is_part or it.iri == _OF_PARTS]
        return found

    def _uses_in(self, shape: Mapping[str, Sequence[Any]]) -> Iterator[PropertyUse]:
        def place(node: object) -> tuple[float, str]:
            order = self._shapes.get(node, {}).get(f"{_SH}order", ())
            return float(order[0].value) if order else 0.0, str(node)

        for node in sorted(shape.get(f"{_SH}property", ()), key=place):
            rule = self._shapes.get(node, {})
            is_given = [it.value for it in rule.get(f"{_SH}minCount", ())] not in ([], ["0"])
            is_one = [it.value for it in rule.get(f"{_SH}maxCount", ())] == ["1"]
            is_strict = {it.value for it in rule.get(f"{_SH}severity", ())} <= {f"{_SH}Violation"}
            for path in rule.get(f"{_SH}path", ()):
                if isinstance(path, NamedNode):
                    yield PropertyUse(
                        path.value,
                        tuple(self._said(rule, "class", "or", "xone")),
                        tuple(self._said(rule, "datatype", "or", "xone")),
                        is_given and is_strict,
                        is_given and not is_strict,
                        is_one,
                    )

    def near(self, name: str, known: Mapping[str, str]) -> list[str]:
        """Return the properties or classes whose names are near."""
        found = near(name.rpartition(":")[2], known, 3)
        return [*dict.fromkeys(in_prefixes(known[it]) for it in found)]

    @cached_property
    def properties(self) -> dict[str, str]:
        return dict(self._names(lambda local: local[:1].islower()))

    @cached_property
    def classes(self) -> dict[str, str]:
        named = dict(self._names(lambda local: local[:1].isupper()))
        kinds: dict[str, set[str]] = defaultdict(set)
        for iri in named.values():
            kinds[kind_of_class(iri)].add(iri)
        return {kind: next(iter(it)) for kind, it in kinds.items() if len(it) == 1} | named

    def _names(self, is_such: Any) -> Iterator[tuple[str, str]]:
        """Yield the names of terms; a label never means two of them."""
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
    def _of_values(self) -> Mapping[str, Mapping[str, set[str]]]:
        """The constraints of all shapes on the values of a property, by constraint."""
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for shape in self._shapes.values():
            for path in shape.get(f"{_SH}path", ()):
                for name in ("datatype", "class", *_OPEN) if isinstance(path, NamedNode) else ():
                    found[path.value][name] |= {*self._said(shape, name, "or")}
        return found

    def _said(self, shape: Mapping[str, Sequence[Any]], name: str, *choices: str) -> Iterator[str]:
        """Yield the values of a shape's parameter, of its own or in one of its alternatives."""
        for value in shape.get(_SH + name, ()):
            yield getattr(value, "value", "") or str(value)
        for choice in (it for name in choices for it in shape.get(_SH + name, ())):
            node = choice
            while isinstance(node, BlankNode):
                cell = self._shapes.get(node, {})
                for member in cell.get(f"{PREFIXES['rdf']}first", ()):
                    yield from self._said(self._shapes.get(member, {}), name, *choices)
                node = next(iter(cell.get(f"{PREFIXES['rdf']}rest", ())), None)


def _closed(terms: Iterable[str], beside: Mapping[str, set[str]]) -> set[str]:
    """Return terms with all that can be reached from them."""
    found: set[str] = set()
    left = [*terms]
    while left:
        if (iri := left.pop()) not in found:
            found.add(iri)
            left += beside.get(iri, ())
    return found


def _neutral(named: Named) -> Named:
    return {
        address: {code: in_neutral_words(text) for code, text in texts.items()}
        for address, texts in named.items()
    }


def kind_of_class(iri: str) -> str:
    """Return how the addresses of things of a class begin."""
    name = _local(iri)
    return _KINDS.get(name) or _CAPITAL.sub("-", name).lower()


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def expanded(name: str) -> str:
    """Return the address of a prefixed name, and any other name as it is."""
    prefix, _, local = name.partition(":")
    return f"{PREFIXES[prefix]}{local}" if prefix in PREFIXES else name


def type_named(name: str) -> str:
    """Return the datatype that a person names; the empty string if it is unknown."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in ("xsd", "edtf"):
        return PREFIXES[prefix] + local
    if name in ("text", "texte", "string"):
        return STRING
    return f"{XSD}{name}" if name in _PATTERNS else ""
