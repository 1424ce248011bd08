"""The tool that describes the graph in few tokens."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.claims.claim_check import one_valued
from rallynov_graph.claims.claim_report import cut
from rallynov_graph.questions.labels import LABEL, PREF_LABEL, TYPE
from rallynov_graph.site.assistants.tool_call import (
    CHARACTERS_A_TOKEN,
    Plain,
    Start,
    Tool,
    ToolCall,
    written,
)
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
