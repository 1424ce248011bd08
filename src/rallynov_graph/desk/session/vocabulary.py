"""The classes, properties and lists that facts are made of: their names, and what is above them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.programme import in_neutral_words
from rallynov_graph.base.resources import checks_dir, ontology_dir, query_text
from rallynov_graph.release import building
from rallynov_graph.rules import rulebook

_LABELS: Final = frozenset({f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}prefLabel"})
_DEFINITION: Final = f"{PREFIXES['skos']}definition"
OF_PROPERTIES: Final = frozenset(
    f"{PREFIXES['rn']}{it}" for it in ("toBeFixed", "leavesOpen", "unsettles", "onProperty")
)
"""Properties whose values are properties."""
PROPER: Final = frozenset(
    {
        f"{PREFIXES['foaf']}Person",
        f"{PREFIXES['org']}Organization",
        *(f"{PREFIXES['schema']}{it}" for it in ("Place", "Periodical")),
        f"{PREFIXES['rn']}Rally",
    }
)
"""Classes of things with proper names, which have no language."""
NAMED_OTHERWISE: Final = frozenset(
    {
        f"{PREFIXES['rdfs']}label",
        *(f"{PREFIXES['skos']}{it}" for it in ("prefLabel", "exactMatch", "editorialNote")),
        f"{PREFIXES['schema']}sameAs",
    }
)
"""Properties that have acts or places of their own, so that no fact states them."""
UNNAMED: Final = f"{PREFIXES['rn']}UnnamedParty"
"""A party without a name, which has no proper one."""
ISSUE: Final = f"{PREFIXES['schema']}PublicationIssue"
"""What a document is."""
_SUBCLASS: Final = f"{PREFIXES['rdfs']}subClassOf"
_LISTED: Final = re.compile(r"\(([\w-]+):([\w-]+) scheme:([\w-]+)\)")
"""A property with the list of its values, as the check of values has them."""

Named = Mapping[str, Mapping[str, str]]
"""Names by address and language; the empty language for none."""


def labels_in(quads: Iterable[Quad]) -> dict[str, dict[str, str]]:
    """Return what things are called, by address and language."""
    return _texts(quads, _LABELS)


def best(named: Mapping[str, str], language: str) -> str:
    """Return a text in a language, else in another one; the empty string where there is none."""
    for code in (language, DEFAULT_LANGUAGE, "", *LANGUAGES):
        if code in named:
            return named[code]
    return next(iter(named.values()), "")


class Vocabulary:
    """The terms of the ontology, with those of the programme."""

    def __init__(self) -> None:
        self._ontology = building.ontology_of(ontology_dir())

    @cached_property
    def labels(self) -> Named:
        """What terms are called; in words of any programme where this is not our rally's."""
        return _neutral(labels_in(self._ontology))

    @cached_property
    def definitions(self) -> Named:
        """What terms mean."""
        return _neutral(_texts(self._ontology, frozenset({_DEFINITION})))

    @cached_property
    def lists(self) -> Mapping[str, str]:
        """The list that the values of a property are of."""
        check = query_text(checks_dir() / "value_is_from_its_list.rq")
        return {
            PREFIXES[prefix] + name: f"{ID}scheme/{scheme}"
            for prefix, name, scheme in _LISTED.findall(check)
        }

    @cached_property
    def concluded(self) -> frozenset[str]:
        """The properties that rules conclude, so that nobody states them."""
        heads = (rule.head.predicate for rule in rulebook.shipped())
        return frozenset(it.value for it in heads if isinstance(it, NamedNode))

    def has_proper_names(self, *classes: str) -> bool:
        """Return whether things of such classes have one name, without language."""
        wider = self.with_wider(classes)
        return bool(wider & PROPER) and UNNAMED not in wider

    def with_wider(self, classes: Iterable[str]) -> set[str]:
        """Return classes with all that are above them."""
        found: set[str] = set()
        left = [*classes]
        while left:
            if (iri := left.pop()) not in found:
                found.add(iri)
                left += self._wider.get(iri, ())
        return found

    @cached_property
    def _wider(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for quad in self._ontology:
            if quad.predicate.value == _SUBCLASS and isinstance(quad.object, NamedNode):
                found[str(quad.subject)[1:-1]].add(quad.object.value)
        return found


def _texts(quads: Iterable[Quad], names: frozenset[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for quad in quads:
        is_named = quad.predicate.value in names and isinstance(quad.subject, NamedNode)
        if is_named and isinstance(quad.object, Literal):
            texts = found.setdefault(quad.subject.value, {})  # type: ignore[union-attr]
            texts.setdefault(quad.object.language or "", quad.object.value)
    return found


def _neutral(named: Named) -> Named:
    return {
        address: {code: in_neutral_words(text) for code, text in texts.items()}
        for address, texts in named.items()
    }
