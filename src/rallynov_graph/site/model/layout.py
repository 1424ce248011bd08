"""The groups and the order of facts on a page, from sh:group and sh:order of the shapes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES, RN, SHAPES
from rallynov_graph.base.programme import in_neutral_words
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import LABEL, TYPE, Text

SH: Final = PREFIXES["sh"]
OTHER: Final = SHAPES + "other"
"""The group of properties that no shape has."""
EVIDENCE: Final = SHAPES + "evidence"
ELSEWHERE: Final = SHAPES + "elsewhere"
IDENTITY: Final = SHAPES + "identity"
PASSAGE: Final = RN + "passage"
VOICE: Final = RN + "voice"
REASON: Final = RN + "reason"
CERTAINTY: Final = RN + "certainty"
AUTHOR: Final = PREFIXES["prov"] + "wasAttributedTo"
MADE_AT: Final = PREFIXES["prov"] + "generatedAtTime"
"""The properties by which evidence is written: pages show it otherwise than as facts."""
_RALLY: Final = SHAPES + "rally"
_THEMES: Final = SHAPES + "themes"
_LAST: Final = 99.0

_BACKWARDS: Final = {
    **dict.fromkeys(
        (
            VOICE,
            PASSAGE,
            RN + "quotedSegment",
            RN + "takenIn",
            RN + "alternativeIn",
            RN + "standingOf",
            RN + "replacedBy",
            RN + "decidedBy",
            RN + "ofSet",
            RN + "onSubject",
            RN + "inFavourOf",
            PREFIXES["dcterms"] + "isFormatOf",
            PREFIXES["oa"] + "hasSource",
            PREFIXES["oa"] + "hasSelector",
            AUTHOR,
            PREFIXES["dcterms"] + "source",
        ),
        EVIDENCE,
    ),
    **dict.fromkeys(
        (
            PREFIXES["dcterms"] + "subject",
            PREFIXES["skos"] + "broader",
            PREFIXES["skos"] + "related",
            PREFIXES["skos"] + "inScheme",
            PREFIXES["skos"] + "topConceptOf",
            PREFIXES["skos"] + "hasTopConcept",
            PREFIXES["skos"] + "narrower",
            PREFIXES["skos"] + "broaderTransitive",
            PREFIXES["skos"] + "member",
            RN + "under",
            RN + "indicates",
            RN + "linkedToTheme",
            RN + "linkedToLargerTheme",
        ),
        _THEMES,
    ),
}
"""The groups of properties that are read backwards; all others are under the rally."""


@dataclass(frozen=True)
class FactPlace:
    """The place of a property on a page: its group, and its position in it."""

    group: str
    order: float = _LAST


@dataclass(frozen=True)
class Layout:
    """The groups of facts, and the place of each property on a thing of a class."""

    places: dict[tuple[str, str], FactPlace] = field(default_factory=dict)
    """By class and property."""
    groups: dict[str, tuple[float, tuple[Text, ...]]] = field(default_factory=dict)
    """Order and names by group."""
    backwards: dict[str, tuple[Text, ...]] = field(default_factory=dict)
    """The labels of properties that are read from their value."""

    def place(self, classes: Iterable[str], path: str) -> FactPlace:
        """Return the place of a property on a thing of these classes, the nearest class first."""
        for of_class in classes:
            if (of_class, path) in self.places:
                return self.places[of_class, path]
        return FactPlace(OTHER)

    def backward(self, path: str) -> FactPlace:
        """Return the place of a property that is read from its value."""
        if not self.places:
            return FactPlace(OTHER)
        return FactPlace(_BACKWARDS.get(path, _RALLY))

    def order(self, group: str) -> float:
        return self.groups.get(group, (_LAST, ()))[0]


def read(shapes: bytes, backwards: dict[str, tuple[Text, ...]]) -> Layout:
    """Return the layout that a shapes graph in Turtle declares."""
    said: defaultdict[Term, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse(shapes, format=RdfFormat.TURTLE):
        said[quad.subject][quad.predicate.value].append(quad.object)
    places: dict[tuple[str, str], FactPlace] = {}
    groups: dict[str, tuple[float, tuple[Text, ...]]] = {}
    for subject, of in [*said.items()]:
        for of_class, shape in product(of[SH + "targetClass"], of[SH + "property"]):
            path, group = (next(iter(said[shape][SH + it]), None) for it in ("path", "group"))
            if isinstance(path, NamedNode) and group is not None:
                place = FactPlace(_text(group), _order(said[shape]))
                places.setdefault((_text(of_class), path.value), place)
        if NamedNode(SH + "PropertyGroup") in of[TYPE]:
            labels = (it for it in of[LABEL] if isinstance(it, Literal))
            names = (Text(in_neutral_words(it.value), it.language or "") for it in labels)
            groups[_text(subject)] = _order(of), tuple(names)
    return Layout(places, groups, backwards)


def _order(said: Mapping[str, list[Term]]) -> float:
    return next((float(_text(it)) for it in said.get(SH + "order", ())), _LAST)


def _text(term: Term) -> str:
    return getattr(term, "value", "")
