"""What may be said of a thing: the properties that the shapes have for its class, and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN, in_prefixes
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.desk.session.vocabulary import NAMED_OTHERWISE, Vocabulary, best
from rallynov_graph.desk.words import message
from rallynov_graph.release import building
from rallynov_graph.site.model.shapes import Constraint, Shape, ShapeRule, read
from rallynov_graph.validation.report import VIOLATION

Json = dict[str, Any]
_BOOKKEEPING: Final = frozenset(
    f"{RN}{it}"
    for it in (
        *("Extraction", "Passage", "OpenQuestion", "Reading", "AssertionSet"),
        *("CurationGraph", "IdentityDecision", "Identity", "Assignment", "OutsideGraph"),
        *("Inference", "StandingGraph", "StandingDecision", "Rule", "Certainty", "Standing"),
    )
) | {
    f"{PREFIXES['oa']}TextPositionSelector",
    f"{PREFIXES['prov']}Agent",
    f"{PREFIXES['schema']}Dataset",
    *(f"{PREFIXES['skos']}{it}" for it in ("Collection", "ConceptScheme")),
}
"""Classes of things that no reader states facts about."""
_PART: Final = f"{RN}DocumentPart"
_OF_PARTS: Final = f"{RN}noFactReason"
"""All that a reader says of a part of a document, beside its name and place."""
_MOST_NAMED: Final = 3


@dataclass(frozen=True)
class PropertyUse:
    """What the shapes of a class say of a property."""

    iri: str
    classes: tuple[str, ...]
    datatypes: tuple[str, ...]
    is_demanded: bool
    is_wanted: bool
    """Whether it is missed where it is not given, though nothing fails."""
    is_one: bool


@dataclass(frozen=True)
class SubjectOfFacts:
    """What facts are about: its classes, and the properties that have a value already."""

    classes: frozenset[str]
    given: frozenset[str] = frozenset()


class OfferedProperties:
    """The properties of things by class, read from the shapes once."""

    def __init__(self, vocabulary: Vocabulary, used: Counter[str]) -> None:
        self._vocabulary, self._used = vocabulary, used

    def offered(self, subject: SubjectOfFacts, language: str) -> list[Json]:
        """Return the properties: those that are demanded first, those not allowed last.

        One that has its only value already is allowed, for two readings of a text differ in it.
        """
        classes = self._vocabulary.with_wider(subject.classes)
        uses = _merged(it for name in classes for it in self._by_class.get(name, ()))
        allowed = [self._allowed(it, subject, language) for it in uses.values()]
        others = sorted({*self._classes_of} - {*uses})
        refused = [self._refused(iri, language) for iri in others if subject.classes]
        allowed += [] if subject.classes else [self._free(iri, language) for iri in others]
        return [
            *sorted(allowed, key=self._place),
            *sorted(refused, key=lambda it: str(it["label"]).casefold()),
        ]

    @property
    def classes(self) -> list[str]:
        """The classes of things that facts may be about."""
        return sorted({*self._by_class} - {_PART})

    def demanded(self, class_iri: str, language: str) -> list[str]:
        """Return the names of what shapes demand of a new thing of a class, but for its name."""
        classes = self._vocabulary.with_wider([class_iri])
        uses = _merged(it for name in classes for it in self._by_class.get(name, ()))
        return [self._label(it.iri, language) for it in uses.values() if it.is_demanded]

    def name(self, iri: str, language: str) -> str:
        """Return what a term is called."""
        return self._label(iri, language)

    def _allowed(self, use: PropertyUse, subject: SubjectOfFacts, language: str) -> Json:
        is_full = use.is_one and use.iri in subject.given
        because = message("offered.full")[language] if is_full else ""
        return self._shown(use, language, is_allowed=True, because=because) | {
            "demanded": use.is_demanded and use.iri not in subject.given,
            "wanted": use.is_wanted and use.iri not in subject.given,
        }

    def _free(self, iri: str, language: str) -> Json:
        uses = (it for name in self._classes_of[iri] for it in self._by_class[name])
        use = _merged(it for it in uses if it.iri == iri)[iri]
        return self._shown(use, language, is_allowed=True) | {"demanded": False, "wanted": False}

    def _refused(self, iri: str, language: str) -> Json:
        labels = [self._label(it, language) for it in sorted(self._classes_of[iri])]
        shown = ", ".join(labels[:_MOST_NAMED]) + (" …" if len(labels) > _MOST_NAMED else "")
        because = message("offered.said of", classes=shown)[language]
        return self._free(iri, language) | {"allowed": False, "because": because}

    def _shown(
        self, use: PropertyUse, language: str, *, is_allowed: bool, because: str = ""
    ) -> Json:
        accepts = [{"class": it, "label": self._label(it, language)} for it in use.classes]
        accepts += [{"datatype": it, "label": self._datatype(it, language)} for it in use.datatypes]
        return {
            "iri": use.iri,
            "name": in_prefixes(use.iri),
            "label": self._label(use.iri, language),
            "definition": best(self._vocabulary.definitions.get(use.iri, {}), language),
            "accepts": accepts,
            "list": self._vocabulary.lists.get(use.iri, ""),
            "one": use.is_one,
            "allowed": is_allowed,
            "because": because,
        }

    def _place(self, shown: Json) -> tuple[bool, bool, bool, int, str]:
        return (
            bool(shown["because"]),
            not shown["demanded"],
            not shown["wanted"],
            -self._used[shown["iri"]],
            str(shown["label"]).casefold(),
        )

    def _label(self, iri: str, language: str) -> str:
        return best(self._vocabulary.labels.get(iri, {}), language) or in_prefixes(iri)

    def _datatype(self, iri: str, language: str) -> str:
        name = iri.rpartition("#")[2].rpartition("/")[2]
        try:
            return message(f"datatype.{name}")[language]
        except KeyError:
            return in_prefixes(iri)

    @cached_property
    def _shapes(self) -> tuple[Shape, ...]:
        files = building.shapes_of(ontology_dir())
        return read(b"\n".join(it.read_bytes() for it in files))

    @cached_property
    def _by_class(self) -> Mapping[str, Sequence[PropertyUse]]:
        found: dict[str, list[PropertyUse]] = {}
        for shape in self._shapes:
            if shape.target not in _BOOKKEEPING:
                found.setdefault(shape.target, []).extend(self._uses(shape))
        return found

    def _uses(self, shape: Shape) -> Iterator[PropertyUse]:
        hidden = NAMED_OTHERWISE | self._vocabulary.concluded
        is_of_parts = shape.target == _PART
        for rule in shape.rules:
            if is_of_parts and rule.path != _OF_PARTS:
                continue
            if rule.path and rule.path not in hidden and not rule.backwards:
                yield _use(rule)

    @cached_property
    def _classes_of(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, uses in self._by_class.items():
            for use in uses:
                found.setdefault(use.iri, set()).add(name)
        return found


def _use(rule: ShapeRule) -> PropertyUse:
    counts = {it.name: _number(it) for it in rule.constraints if it.name in _COUNTED}
    is_given = counts.get("minCount", 0) > 0 or counts.get("exactly", 0) > 0
    return PropertyUse(
        rule.path,
        tuple(_said(rule.constraints, "class")),
        tuple(_said(rule.constraints, "datatype")),
        is_given and rule.severity == VIOLATION,
        is_given and rule.severity != VIOLATION,
        1 in (counts.get("maxCount"), counts.get("exactly")),
    )


_COUNTED: Final = frozenset({"minCount", "maxCount", "exactly"})


def _number(constraint: Constraint) -> int:
    return next((int(it.value) for it in constraint.values if isinstance(it, Literal)), 0)


def _said(constraints: Iterable[Constraint], name: str) -> Iterator[str]:
    """Yield what constraints say by a name, themselves or in one of their choices."""
    for it in constraints:
        if it.name == name:
            yield from (value.value for value in it.values if isinstance(value, NamedNode))
        elif it.name in ("or", "xone"):
            for choice in it.alternatives:
                yield from _said(choice, name)


def _merged(uses: Iterable[PropertyUse]) -> dict[str, PropertyUse]:
    """Return what several rules say of each property."""
    found: dict[str, PropertyUse] = {}
    for it in uses:
        there = found.get(it.iri, it)
        found[it.iri] = PropertyUse(
            it.iri,
            tuple(dict.fromkeys((*there.classes, *it.classes))),
            tuple(dict.fromkeys((*there.datatypes, *it.datatypes))),
            there.is_demanded or it.is_demanded,
            there.is_wanted or it.is_wanted,
            there.is_one or it.is_one,
        )
    return found
