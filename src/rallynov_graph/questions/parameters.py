"""What a person writes for a parameter, read as the term that is meant."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.errors import QueryError, UnknownNameError
from rallynov_graph.namespaces import ID, PREFIXES, RN, in_prefixes
from rallynov_graph.questions.catalogue import DATATYPES, Parameter, Question, parse, unknown
from rallynov_graph.resources import queries_dir
from rallynov_graph.store import Store, Term

CERTAINTIES: Final = {
    "explicit": "explicit",
    "inferred": "inferred",
    "tentative": "tentative",
    "dit": "explicit",
    "explicite": "explicit",
    "deduit": "inferred",
    "incertain": "tentative",
}
"""The certainties in both languages, folded."""

ANY: Final = ("", "*")
"""What stands for any thing."""

_IRI: Final = re.compile(r"^<([^<>\s]+)>$|^([A-Za-z][A-Za-z0-9+.\-]*:[^\s<>]+)$")
_SHORT: Final = re.compile(r"^[a-z][a-z\-]*/[A-Za-z0-9\-._~/]+$")
_MANY: Final = 6


def values(question: Question, texts: Mapping[str, str], store: Store) -> dict[str, Term | None]:
    """Return the terms that the texts mean for a question's parameters, by their names.

    Raises UnknownNameError for a parameter or a thing that is not there, QueryError for a text
    that is not of the parameter's type.
    """
    return {name: value(question.parameter(name), text, store) for name, text in texts.items()}


def value(parameter: Parameter, text: str, store: Store) -> Term | None:
    """Return the term that a text means for a parameter.

    A thing is named by its IRI, whole, prefixed or short (``organisation/name``), or by one of its
    names in the data, where case and accents do not matter; ``*`` or nothing means any.
    """
    text = text.strip()
    if parameter.type == "iri":
        return None if text in ANY else thing(text, store)
    if parameter.type == "certainty":
        return certainty(text)
    if (parameter.type == "integer" and not re.fullmatch(r"[+-]?\d+", text)) or (
        parameter.type == "date" and not _is_date(text)
    ):
        example = "2024-05-31" if parameter.type == "date" else "3"
        raise QueryError(f"{parameter.name}: {text!r} is no {parameter.type}, such as {example}.")
    return Literal(text, datatype=NamedNode(DATATYPES[parameter.type]))


def certainty(text: str) -> NamedNode:
    """Return the certainty of a name in French or English; raise UnknownNameError."""
    name = folded(text.removeprefix(RN).removeprefix("rn:"))
    if name not in CERTAINTIES:
        raise unknown("certainty", text, ["explicit", "inferred", "tentative"])
    return NamedNode(RN + CERTAINTIES[name])


def thing(text: str, store: Store) -> NamedNode:
    """Return the thing that an IRI or a name means; raise UnknownNameError where there is none."""
    named = things(text, store)
    if len(named) == 1:
        return named[0]
    listed = ", ".join(in_prefixes(node.value) for node in named[:_MANY])
    raise UnknownNameError(f"{text!r} names {len(named)} things; name one by its IRI: {listed}.")


def things(text: str, store: Store) -> list[NamedNode]:
    """Return all things that an IRI or a name may mean; raise UnknownNameError without any."""
    iri = _as_iri(text)
    if iri is not None:
        if not store.ask(_lookup("is_mentioned").bind({"thing": iri})):
            raise unknown("thing", text, _short_names(store))
        return [iri]
    named = _bearers(text, store)
    if named:
        return named
    labels = {folded(label): label for _, label in _labels(store)}
    near = [labels[name] for name in get_close_matches(folded(text), labels, 3)]
    hint = f"did you mean {' or '.join(near)}?" if near else "nothing has a name near it."
    raise UnknownNameError(f"No thing is called {text!r}: {hint}")


def folded(text: str) -> str:
    """Return a text without accents, case and typographic variants, to compare names by."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("\N{NO-BREAK SPACE}", " "))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def _as_iri(text: str) -> NamedNode | None:
    """Return the IRI that a text is, whole, prefixed or short; None where it is none."""
    if _SHORT.match(text):
        return NamedNode(ID + text)
    found = _IRI.match(text)
    if found is None:
        return None
    prefix, _, local = text.partition(":")
    whole = found[1] or (PREFIXES[prefix] + local if prefix in PREFIXES else text)
    try:
        return NamedNode(whole)
    except ValueError as error:
        raise QueryError(f"{text!r} is not an IRI: {error}.") from error


def _bearers(name: str, store: Store) -> list[NamedNode]:
    wanted = folded(name)
    return list(dict.fromkeys(node for node, label in _labels(store) if folded(label) == wanted))


def _labels(store: Store) -> list[tuple[NamedNode, str]]:
    found = store.select(_lookup("labels").bind())
    return [
        (node, label.value)
        for node, label in found.rows
        if isinstance(node, NamedNode) and isinstance(label, Literal)
    ]


def _short_names(store: Store) -> list[str]:
    """Return the things by name in the form that a person would write."""
    nodes = dict.fromkeys(node.value for node, _ in _labels(store))
    return [iri.removeprefix(ID) if iri.startswith(ID) else in_prefixes(iri) for iri in nodes]


def _is_date(text: str) -> bool:
    try:
        return len(text) == len("2024-05-31") and bool(date.fromisoformat(text))
    except ValueError:
        return False


@cache
def _lookup(name: str) -> Question:
    return parse(name, (queries_dir() / "lookup" / f"{name}.rq").read_text("utf-8"))
