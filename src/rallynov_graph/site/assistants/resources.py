"""A short overview of the graph, and the resources that a client may read by address.

``?language=en`` gives English texts, ``?start=60`` continues a long resource.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.base.namespaces import ID, PREFIXES, in_prefixes, short_iri
from rallynov_graph.claims.claim_check import one_valued
from rallynov_graph.claims.claim_report import cut
from rallynov_graph.http.protocol import Refused
from rallynov_graph.questions.labels import LABEL, PREF_LABEL, TYPE
from rallynov_graph.site.assistants.tool_call import (
    CHARACTERS_A_TOKEN,
    MOST,
    BadArgument,
    Plain,
    Start,
    Tool,
    ToolCall,
    paged,
    written,
)
from rallynov_graph.site.model.catalogue_answers import default_text, summary
from rallynov_graph.site.model.statement import statements_about
from rallynov_graph.site.web.params import Params

_MOST: Final = int(2400 * CHARACTERS_A_TOKEN)
_PROPERTIES: Final = 9
_LEFT_OUT: Final = frozenset({TYPE, LABEL, PREF_LABEL, f"{PREFIXES['prov']}wasDerivedFrom"})
_MODEL: Final = {
    "facts": "each fact lies in named graphs: GRAPH ?g { ?s ?p ?o }; the default graph holds each "
    "current triple once",
    "certainty": "?g rn:certainty rn:explicit | rn:inferred | rn:tentative",
    "sources": "?g rn:passage, rn:voice, rn:reason; rules conclude into rn:Inference graphs",
    "doubts": "rn:OpenQuestion with rn:reading; what gave way lies in rn:StandingGraph graphs",
    "addresses": "kind/slug stands for id:kind/slug; find_thing finds them",
    "absent": "what is not stated is not false",
}
_EXAMPLES: Final = (
    {"check_claim": {"subject": "Legeni", "relation": "liée au thème", "object": "Gouvernance"}},
    {"ask": {"question": "things_on_theme", "parameters": {"theme": "Formation"}}},
    {"sparql": {"query": "SELECT ?s ?p { ?s a rn:Stage ; schema:location ?p }"}},
)


@dataclass(frozen=True)
class DescribeSchema(Params):
    """The first class that is described."""

    start: Start = 0


def _describe(call: ToolCall, asked: DescribeSchema) -> Plain:
    start = asked.start
    classes = _classes(call)
    listed = sorted(classes, key=lambda it: (-classes[it][0], it))
    found: Plain = {
        "graph": call.site.publication.publisher or "RDF 1.1, read only",
        "release": call.site.release.id[:16] if call.site.release else "",
        "model": _MODEL,
        "examples": list(_EXAMPLES),
        "legend": "class: number of things, name; its properties: name (1: one value at most)",
        "classes": {},
        "total": len(listed),
    }
    if start:
        found = {"classes": {}, "total": len(listed)}
    one = one_valued(call.shapes)
    room = _MOST - len(written(found)) - 100
    for name in listed[start:]:
        count, properties = classes[name]
        told = ", ".join(_property(call, name, it, one) for it in properties[:_PROPERTIES])
        more = f", +{len(properties) - _PROPERTIES}" if len(properties) > _PROPERTIES else ""
        line = f"{count}, {call.report.name(name)}; {told}{more}"
        room -= len(line) + len(in_prefixes(name)) + 6
        if room < 0:
            break
        found["classes"][in_prefixes(name)] = " ".join(line.split())
    after = start + len(found["classes"])
    if after < len(listed):
        found |= {"left_out": len(listed) - after, "next_start": after}
    return found


def _classes(call: ToolCall) -> dict[str, tuple[int, list[str]]]:
    """Return of each class how many things it has, and their properties, the most used first."""
    found: dict[str, tuple[int, list[str]]] = {}
    for name, prop, count in call.view.cached_rows("properties_of_classes").rows:
        if isinstance(name, NamedNode) and isinstance(prop, NamedNode):
            number = int(count.value) if isinstance(count, Literal) else 0
            things, properties = found.get(name.value, (0, []))
            found[name.value] = (max(things, number), properties)
            if prop.value not in _LEFT_OUT:
                properties.append(prop.value)
    return found


def _property(call: ToolCall, of: str, prop: str, one: object) -> str:
    name = in_prefixes(prop)
    label = cut(call.report.name(prop))
    mark = " 1" if isinstance(one, dict) and of in one.get(prop, ()) else ""
    return f"{name}{mark}" if label == name else f"{name} “{label}”{mark}"


DESCRIBE_SCHEMA: Final = Tool(
    "describe_schema",
    "Describe the graph in few tokens: classes with counts, their properties with names, how facts "
    "are sourced, example calls.",
    DescribeSchema,
    _describe,
)

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


def read(uri: str, make_call: Callable[[str, Mapping[str, Any]], ToolCall]) -> str:
    """Return the resource at an address; raise BadArgument, which lists the addresses."""
    address, _, settings = uri.partition("?")
    given = dict(parse_qsl(settings, keep_blank_values=True))
    language = given.get("language", DEFAULT_LANGUAGE)
    call = make_call(language if language in LANGUAGES else DEFAULT_LANGUAGE, given)
    if language not in LANGUAGES:
        raise BadArgument(call.word("one_of", name="language", allowed=", ".join(LANGUAGES)))
    allowed = _SETTINGS if address.startswith(_THING) else _SETTINGS[:1]
    if not {*given} <= {*allowed}:
        raise _unknown(call, uri)
    try:
        return _read(call, address, uri, given.get("start", "0"))
    except Refused as refused:
        raise BadArgument(call.refusal(refused)) from refused


def _read(call: ToolCall, address: str, uri: str, start: str) -> str:
    if address == ONTOLOGY:
        return call.whole(DESCRIBE_SCHEMA.run(call, DescribeSchema()))
    if address == QUESTIONS:
        return call.whole({"questions": [*call.site.catalogue]})
    if address.startswith(_QUESTION):
        return _question(call, address.removeprefix(_QUESTION), uri)
    if address.startswith(_THING):
        first = int(start) if start.isdecimal() and len(start) < _DIGITS else -1
        return _thing(call, address.removeprefix(_THING), uri, first)
    raise _unknown(call, uri)


def _question(call: ToolCall, name: str, uri: str) -> str:
    if name not in call.site.catalogue:
        raise _unknown(call, uri)
    question = call.site.catalogue[name]
    parameters = {
        it.name: {"type": it.type, "default": default_text(it)}
        | ({"enum": [*it.choices]} if it.choices else {})
        for it in question.parameters
    }
    found = {
        "question": name,
        "asks": summary(question, call.language),
        "parameters": parameters,
        "query": question.text,
    }
    return call.whole(found)


def _thing(call: ToolCall, short: str, uri: str, start: int) -> str:
    if start < 0:
        raise BadArgument(call.word("number", name="start", least=0, most=10**_DIGITS - 1))
    try:
        [taken] = call.checker.names.things(short)
    except (RallynovError, ValueError):
        raise _unknown(call, uri) from None
    if call.site.has_withdrawn(taken.iri) or taken.iri in call.contacts:
        raise _unknown(call, uri)
    stated = statements_about(call.view, [taken.iri]).get(taken.iri, [])
    public = [it for it in stated if not call.is_private((it.value,))]
    facts = [
        {
            "property": call.term(NamedNode(it.path)),
            "value": call.term(it.value),
            "graphs": [*map(short_iri, it.graphs)],
        }
        for it in public[start : start + _STATEMENTS]
    ]
    found: Plain = {"iri": taken.iri.removeprefix(ID), "name": taken.name}
    if len(public) < len(stated):
        found["contacts_left_out"] = len(stated) - len(public)
    return call.whole(paged(found, "facts", facts, start, len(public), MOST))


def _unknown(call: ToolCall, uri: str) -> BadArgument:
    allowed = ", ".join([*(at for at, _ in LISTED.values()), *(at for at, _ in TEMPLATES.values())])
    return BadArgument(call.word("resource", name=uri[:120], allowed=allowed))
