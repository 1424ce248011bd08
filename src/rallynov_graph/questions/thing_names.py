"""The thing that a person means by an IRI or a name."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import (
    AmbiguousNameError,
    QueryError,
    UnknownNameError,
    WrongKindError,
)
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, PREFIXES, short_iri
from rallynov_graph.matching.near_names import has_words, near
from rallynov_graph.matching.words import folded, without_article
from rallynov_graph.questions.catalogue import Catalogue, nothing_near, shipped, unknown
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.sparql.store import Store

LabelledThings = list[tuple[NamedNode, str]]
"""Things with their labels."""

_IRI: Final = re.compile(r"^<([^<>\s]+)>$|^([A-Za-z][A-Za-z0-9+.\-]*:[^\s<>]+)$")
_SHORT: Final = re.compile(r"^[a-z][a-z\-]*/[A-Za-z0-9\-._~/]+$")
_NEAR: Final = 3
_REMEDY: Final = "write another word of its name, or its IRI, as <https://…> or in short"
_MANY: Final = 10
"""How many bearers of one name are listed."""


def thing(text: str, store: Store, of: Sequence[NamedNode] = ()) -> NamedNode:
    """Return the thing that an IRI or a name means, among those of some classes or lists.

    If nothing has the name, with or without an article, the thing with all its words is meant: a
    surname alone names the person. Raises UnknownNameError if there is none, AmbiguousNameError if
    there are several.
    """
    iri = as_iri(text)
    if iri is not None:
        return _thing_at(text, iri, store, of)
    labels = _labels(store, of)
    bearers = _bearers(text, labels) or _having_words(text, labels)
    if not bearers:
        raise _unknown_name("thing", text, labels, _of_others(text, store) if of else "")
    if len(bearers) > 1:
        raise ambiguous(text, bearers, store)
    return bearers[0]


def at_iri(text: str, store: Store, kind: str = "thing") -> NamedNode | None:
    """Return the thing that an IRI means, None for a name; raise UnknownNameError if unknown."""
    iri = as_iri(text)
    return None if iri is None else _thing_at(text, iri, store, kind=kind)


def ambiguous(
    text: str, things: Sequence[NamedNode], store: Store, language: str = "fr"
) -> AmbiguousNameError:
    """Return the error for a name of several things, which describes each of them."""
    shown = things[:_MANY]
    names = names_of(shown, store, language)
    bearers = {short_iri(node.value): names.get(node.value, "") for node in shown}
    return AmbiguousNameError(text, bearers, len(things))


def languages(store: Store) -> tuple[str, ...]:
    """Return the languages of labels, those of the site first."""
    found = {
        row["language"].value
        for row in store.select(_lookup()["languages"].bind())
        if isinstance(row["language"], Literal)
    }
    first = [language for language in LANGUAGES if language in found]
    return (*first, *sorted(found.difference(first)))


def as_iri(text: str) -> NamedNode | None:
    """Return the IRI of a text (in full, prefixed or short); None if it is not one."""
    if _SHORT.match(text):
        return NamedNode(ID + text)
    found = _IRI.match(text)
    if found is None:
        return None
    prefix, _, local = text.partition(":")
    iri = found[1] or (PREFIXES[prefix] + local if prefix in PREFIXES else text)
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise QueryError(
            f"{text!r} is not an IRI ({error}); write it as https://example.org/a-thing, "
            "and a character that it cannot contain as its code, %7B for {."
        ) from error


def names_of(things: Sequence[NamedNode], store: Store, language: str = "fr") -> dict[str, str]:
    """Return the names of things by IRI, in a language if they have one in it."""
    found: dict[str, str] = {}
    for node, label in PageQueries(store, _lookup()).rows("called", thing=[*things]).rows:
        assert isinstance(node, NamedNode) and isinstance(label, Literal)
        if label.language == language or node.value not in found:
            found[node.value] = label.value
    return found


def _thing_at(
    text: str, iri: NamedNode, store: Store, of: Sequence[NamedNode] = (), kind: str = "thing"
) -> NamedNode:
    """Return the thing of an IRI, or its replacement.

    Raises UnknownNameError; WrongKindError for another kind; AmbiguousNameError if several things
    replaced it.
    """
    iri = _now(text, iri, store)
    ask = PageQueries(store, _lookup()).ask
    if not ask("is_mentioned", thing=iri):
        known = dict.fromkeys(short_iri(node.value) for node, _ in _labels(store, of))
        raise unknown(kind, text, [*known], remedy=_REMEDY)
    if of and not ask("is_of", thing=iri, of=of):
        labels = _labels(store, of)
        name = names_of([iri], store).get(iri.value, "")
        suggestions = (_bearers(name, labels) or _having_words(name, labels))[:_NEAR]
        near_things = [short_iri(node.value) for node in suggestions]
        hint = f": did you mean {' or '.join(near_things)}?" if near_things else "."
        wanted = " or ".join(short_iri(node.value) for node in of)
        raise WrongKindError(
            f"Something of {wanted} is asked for, which {short_iri(iri.value)} is not{hint}",
            near_things,
        )
    return iri


def _now(text: str, iri: NamedNode, store: Store) -> NamedNode:
    """Return the present address of a thing in our namespace, which curators may have merged."""
    if not iri.value.startswith(ID):
        return iri
    rows = PageQueries(store, _lookup()).rows("in_place_of", thing=iri).rows
    now = [node for (node,) in rows if isinstance(node, NamedNode)]
    if len(now) > 1:
        raise ambiguous(text, now, store)
    return now[0] if now else iri


def _bearers(name: str, labels: LabelledThings) -> list[NamedNode]:
    """Return the things with a name as written, else without its article."""
    for read in (folded, without_article):
        wanted = read(name)
        found = dict.fromkeys(node for node, label in labels if read(label) == wanted)
        if found:
            return [*found]
    return []


def _having_words(text: str, labels: LabelledThings) -> list[NamedNode]:
    return [*dict.fromkeys(node for node, label in labels if has_words(label, text))]


def _of_others(text: str, store: Store) -> str:
    """Return the sentence about things of another kind with the same name, if there are any."""
    bearers = [short_iri(node.value) for node in _bearers(text, _labels(store))[:_NEAR]]
    return f" Something else is called so: {', '.join(bearers)}." if bearers else ""


def _unknown_name(kind: str, text: str, labels: LabelledThings, more: str = "") -> UnknownNameError:
    """Return the error for an unknown name, with the things of near names."""
    known = {label: short_iri(node.value) for node, label in labels}
    found: dict[str, str] = {}
    for label in near(text, known, _NEAR * len(LANGUAGES)):
        found.setdefault(known[label], label)
    suggestions = dict([*found.items()][:_NEAR])
    all_things = dict.fromkeys(known.values())
    if suggestions:
        hint = f"did you mean {' or '.join(suggestions.values())}?"
    elif len(all_things) <= _MANY:
        hint = f"there are {', '.join(all_things)}." if all_things else "there is none."
    else:
        hint = nothing_near(_REMEDY)
    return UnknownNameError(f"No {kind} is called {text!r}: {hint}{more}", [*suggestions])


def _labels(store: Store, of: Sequence[NamedNode] = ()) -> LabelledThings:
    if of:
        found = PageQueries(store, _lookup()).rows("labels_of", of=of)
    else:
        found = store.select(_lookup()["labels"].bind())
    return [
        (node, label.value)
        for node, label in found.rows
        if isinstance(node, NamedNode) and isinstance(label, Literal)
    ]


def _lookup() -> Catalogue:
    return shipped(Path(__file__).parent / "lookup")
