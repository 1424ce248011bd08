"""The groups and the order of facts on a page, from sh:group and sh:order of the shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES, RN, SHAPES
from rallynov_graph.base.programme import in_neutral_words
from rallynov_graph.questions.labels import LABEL, Text

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
"""The groups of properties that are read backwards; all others stand under the rally."""


@dataclass(frozen=True)
class FactPlace:
    """Where a page shows a property: in which group, and at which place in it."""

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
        """Return where a group stands on a page."""
        return self.groups.get(group, (_LAST, ()))[0]


def read(shapes: bytes, backwards: dict[str, tuple[Text, ...]]) -> Layout:
    """Return the layout that a shapes graph in Turtle declares."""
    descriptions: dict[str, dict[str, list[str]]] = {}
    texts: dict[str, list[Text]] = {}
    for quad in parse(shapes, format=RdfFormat.TURTLE):
        subject, value = str(quad.subject), quad.object
        if isinstance(value, Literal) and quad.predicate.value == LABEL:
            words = in_neutral_words(value.value)
            texts.setdefault(subject, []).append(Text(words, value.language or ""))
        plain = value.value if hasattr(value, "value") else str(value)
        key = quad.predicate.value
        descriptions.setdefault(subject, {}).setdefault(key, []).append(
            plain if isinstance(value, Literal) else str(value)
        )
    places: dict[tuple[str, str], FactPlace] = {}
    for description in descriptions.values():
        for of_class in description.get(SH + "targetClass", ()):
            for shape in description.get(SH + "property", ()):
                _put(places, of_class.strip("<>"), descriptions.get(shape, {}))
    groups = {
        subject.strip("<>"): (float(description[SH + "order"][0]), tuple(texts.get(subject, ())))
        for subject, description in descriptions.items()
        if f"<{SH}PropertyGroup>" in description.get(PREFIXES["rdf"] + "type", ())
    }
    return Layout(places, groups, backwards)


def _put(
    places: dict[tuple[str, str], FactPlace], of_class: str, shape: dict[str, list[str]]
) -> None:
    paths, groups = shape.get(SH + "path", []), shape.get(SH + "group", [])
    if not (paths and groups and paths[0].startswith("<")):
        return
    orders = shape.get(SH + "order", [])
    place = FactPlace(groups[0].strip("<>"), float(orders[0]) if orders else _LAST)
    places.setdefault((of_class, paths[0].strip("<>")), place)
