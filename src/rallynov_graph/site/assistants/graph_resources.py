"""The resources: a thing, a question, the ontology; what a client may read by an address.

``?language=en`` after an address gives its texts in English, ``?start=60`` goes on in a long one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.base.namespaces import ID, short_iri
from rallynov_graph.http.protocol import Refused
from rallynov_graph.site.assistants.schema_tool import DESCRIBE_SCHEMA
from rallynov_graph.site.assistants.tool_call import MOST, BadArgument, Plain, ToolCall, paged
from rallynov_graph.site.model.catalogue_answers import default_text, summary

ONTOLOGY: Final = "rallynov://ontology"
QUESTIONS: Final = "rallynov://questions"
_QUESTION: Final = "rallynov://question/"
_THING: Final = "rallynov://thing/"
TEMPLATES: Final = {
    "question": (
        _QUESTION + "{name}{?language}",
        "A question of the catalogue, with its SPARQL",
    ),
    "thing": (_THING + "{kind}/{slug}{?language,start}", "What the graph says of a thing"),
    "ontology in a language": (
        ONTOLOGY + "{?language}",
        "Classes and properties of the graph, in fr (default) or en",
    ),
}
LISTED: Final = {
    "ontology": (ONTOLOGY, "Classes and properties of the graph, with counts"),
    "questions": (QUESTIONS, "The names of all questions"),
}
_STATEMENTS: Final = 60
_SETTINGS: Final = ("language", "start")
_DIGITS: Final = 7
"""A number has fewer."""


class ResourceText(NamedTuple):
    """What a resource holds."""

    media_type: str
    text: str


def read(uri: str, make_call: Callable[[str, Mapping[str, Any]], ToolCall]) -> ResourceText:
    """Return what is at an address; raise BadArgument, which says which addresses there are."""
    address, _, settings = uri.partition("?")
    given = dict(parse_qsl(settings, keep_blank_values=True))
    language = given.get("language", DEFAULT_LANGUAGE)
    call = make_call(language if language in LANGUAGES else DEFAULT_LANGUAGE, given)
    call.one_of("language", LANGUAGES, DEFAULT_LANGUAGE)
    allowed = _SETTINGS if address.startswith(_THING) else _SETTINGS[:1]
    if not {*given} <= {*allowed}:
        raise _unknown(call, uri)
    try:
        return _read(call, address, uri, given.get("start", "0"))
    except Refused as refused:
        raise BadArgument(call.refusal(refused)) from refused


def _read(call: ToolCall, address: str, uri: str, start: str) -> ResourceText:
    if address == ONTOLOGY:
        return _json(call, DESCRIBE_SCHEMA.run(call))
    if address == QUESTIONS:
        return _json(call, {"questions": [*call.site.catalogue]})
    if address.startswith(_QUESTION):
        return _question(call, address.removeprefix(_QUESTION), uri)
    if address.startswith(_THING):
        first = int(start) if start.isdecimal() and len(start) < _DIGITS else -1
        return _thing(call, address.removeprefix(_THING), uri, first)
    raise _unknown(call, uri)


def _question(call: ToolCall, name: str, uri: str) -> ResourceText:
    if name not in call.site.catalogue:
        raise _unknown(call, uri)
    question = call.site.catalogue[name]
    parameters = {
        it.name: {"type": it.type, "default": default_text(it.default)}
        | ({"enum": [*it.choices]} if it.choices else {})
        for it in question.parameters
    }
    found = {
        "question": name,
        "asks": summary(question, call.language),
        "parameters": parameters,
        "query": question.text,
    }
    return _json(call, found)


def _thing(call: ToolCall, short: str, uri: str, start: int) -> ResourceText:
    if start < 0:
        raise BadArgument(call.word("number", name="start", least=0, most=10**_DIGITS - 1))
    try:
        [taken] = call.checker.names.things(short)
    except (RallynovError, ValueError):
        raise _unknown(call, uri) from None
    if call.site.has_withdrawn(taken.iri) or taken.iri in call.contacts:
        raise _unknown(call, uri)
    node = NamedNode(taken.iri)
    rows = call.view.queries.rows("statements", thing=node).rows
    seen: dict[tuple[object, ...], list[str]] = {}
    private = set()
    for _, prop, value, graph in rows:
        if call.is_private((value,)):
            private.add((prop, value))
            continue
        graphs = seen.setdefault((prop, value), [])
        graphs += [short_iri(graph.value)] if isinstance(graph, NamedNode) else []
    facts = [
        {"property": call.term(prop), "value": call.term(value), "graphs": graphs}  # type: ignore[arg-type]
        for (prop, value), graphs in seen.items()
    ]
    found: Plain = {"iri": taken.iri.removeprefix(ID), "name": taken.name}
    if private:
        found["contacts_left_out"] = len(private)
    shown = facts[start : start + _STATEMENTS]
    return _json(call, paged(found, "facts", shown, start, len(facts), MOST))


def _json(call: ToolCall, found: Plain) -> ResourceText:
    return ResourceText("application/json", call.whole(found))


def _unknown(call: ToolCall, uri: str) -> BadArgument:
    allowed = ", ".join([*(at for at, _ in LISTED.values()), *(at for at, _ in TEMPLATES.values())])
    return BadArgument(call.word("resource", name=uri[:120], allowed=allowed))
