"""The resources: a thing, a question, the ontology; what a client may read by an address."""

from __future__ import annotations

from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.namespaces import ID, short_iri
from rallynov_graph.site.assistants.finding_tools import CONTACTS
from rallynov_graph.site.assistants.schema_tool import DESCRIBE_SCHEMA
from rallynov_graph.site.assistants.tool_call import MOST, BadArgument, Plain, ToolCall, paged
from rallynov_graph.site.model.catalogue_answers import default_text, summary

ONTOLOGY: Final = "rallynov://ontology"
QUESTIONS: Final = "rallynov://questions"
_QUESTION: Final = "rallynov://question/"
_THING: Final = "rallynov://thing/"
TEMPLATES: Final = {
    "question": (_QUESTION + "{name}", "A question of the catalogue, with its SPARQL"),
    "thing": (_THING + "{kind}/{slug}", "What the graph says of a thing"),
}
LISTED: Final = {
    "ontology": (ONTOLOGY, "Classes and properties of the graph, with counts"),
    "questions": (QUESTIONS, "The names of all questions"),
}
_STATEMENTS: Final = 60


class ResourceText(NamedTuple):
    """What a resource holds."""

    media_type: str
    text: str


def read(uri: str, call: ToolCall) -> ResourceText:
    """Return what is at an address; raise BadArgument, which says which addresses there are."""
    if uri == ONTOLOGY:
        return _json(call, DESCRIBE_SCHEMA.run(call))
    if uri == QUESTIONS:
        names = [name for name in call.site.catalogue if name != CONTACTS]
        return _json(call, {"questions": names})
    if uri.startswith(_QUESTION):
        return _question(call, uri.removeprefix(_QUESTION), uri)
    if uri.startswith(_THING):
        return _thing(call, uri.removeprefix(_THING), uri)
    raise _unknown(call, uri)


def _question(call: ToolCall, name: str, uri: str) -> ResourceText:
    known = {it.name: it for it in call.site.catalogue.values() if it.name != CONTACTS}
    if name not in known:
        raise _unknown(call, uri)
    question = known[name]
    parameters = {
        it.name: {"type": it.type, "default": default_text(it.default)}
        for it in question.parameters
    }
    found = {
        "question": name,
        "asks": summary(question, call.language),
        "parameters": parameters,
        "query": question.text,
    }
    return _json(call, found)


def _thing(call: ToolCall, short: str, uri: str) -> ResourceText:
    try:
        [taken] = call.checker.names.things(short)
    except (RallynovError, ValueError):
        raise _unknown(call, uri) from None
    if call.site.has_withdrawn(taken.iri) or taken.iri in call.contacts:
        raise _unknown(call, uri)
    node = NamedNode(taken.iri)
    rows = call.view.queries.rows("statements", thing=node).rows
    seen: dict[tuple[object, ...], list[str]] = {}
    for _, prop, value, graph in rows:
        if not call.is_private((value,)):
            graphs = seen.setdefault((prop, value), [])
            graphs += [short_iri(graph.value)] if isinstance(graph, NamedNode) else []
    facts = [
        {"property": call.term(prop), "value": call.term(value), "graphs": graphs}  # type: ignore[arg-type]
        for (prop, value), graphs in seen.items()
    ]
    found: Plain = {"iri": taken.iri.removeprefix(ID), "name": taken.name}
    return _json(call, paged(found, "facts", facts[:_STATEMENTS], 0, len(facts), MOST))


def _json(call: ToolCall, found: Plain) -> ResourceText:
    return ResourceText("application/json", call.whole(found))


def _unknown(call: ToolCall, uri: str) -> BadArgument:
    allowed = ", ".join([*(at for at, _ in LISTED.values()), *(at for at, _ in TEMPLATES.values())])
    return BadArgument(call.word("resource", name=uri[:120], allowed=allowed))
