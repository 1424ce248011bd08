"""The tools that answer with rows: questions of the catalogue, and queries in SPARQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyoxigraph import QueryBoolean, QuerySolutions, parse_query_results

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.claims.row_evidence import HOW
from rallynov_graph.matching.near_names import near
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.parameters import LANGUAGE
from rallynov_graph.rdf.formats import RESULTS_JSON
from rallynov_graph.rdf.tokens import form_of
from rallynov_graph.site.assistants.finding_tools import CONTACTS
from rallynov_graph.site.assistants.tool_call import (
    CERTAINTY,
    MOST,
    MOST_ASKED,
    MOST_ROWS,
    START,
    TEXT,
    BadArgument,
    Plain,
    Tool,
    ToolCall,
    paged,
)
from rallynov_graph.site.model.answer_evidence import evidence_of_facts, evidence_of_rows
from rallynov_graph.site.model.catalogue_answers import open_questions, read_values, summary

_ROWS: Final = 20
_LONGEST_QUERY: Final = 8000
SIZE: Final[Plain] = {
    "type": "integer",
    "minimum": 1,
    "maximum": MOST_ROWS,
    "default": _ROWS,
    "description": "rows at most; more than the default allows a longer answer",
}


def _ask(call: ToolCall) -> Plain:
    question = _named(call)
    start, size = call.number("start", 0, 0, 1_000_000), call.number("size", _ROWS, 1, MOST_ROWS)
    values = _values(call, question)
    answer = call.view.store.select(question.bind(values))
    public = Solutions(
        answer.variables, tuple(row for row in answer.rows if not call.is_private(row))
    )
    shown = Solutions(public.variables, public.rows[start : start + size])
    evidence = evidence_of_rows(call.view, question.text, shown, size)
    rows = [
        _row(call, shown.variables, row) | ({"evidence": _claim_id(at)} if at else {})
        for row, at in zip(shown.rows, evidence or [None] * len(shown.rows), strict=True)
    ]
    found: Plain = {"question": question.name, "asks": summary(question, call.language)}
    left_open = open_questions(call.view, question, values, public)
    if left_open:
        found["open_questions"] = [it.iri for it in left_open[:5]]
    if len(public.rows) < len(answer.rows):
        found["contacts_left_out"] = len(answer.rows) - len(public.rows)
    return paged(found, "rows", rows, start, len(public.rows), _room(size))


def _sparql(call: ToolCall) -> Plain:
    query = call.arguments.get("query")
    if not isinstance(query, str) or not query.strip():
        raise BadArgument(call.word("text", name="query"))
    if len(query) > _LONGEST_QUERY:
        raise BadArgument(call.word("long", name="query", most=_LONGEST_QUERY))
    start, size = call.number("start", 0, 0, 1_000_000), call.number("size", _ROWS, 1, MOST_ROWS)
    whole = _with_prefixes(query)
    if form_of(whole) in ("CONSTRUCT", "DESCRIBE"):
        raise BadArgument(call.word("graph_answer"))
    content = call.view.store.serialize(whole, RESULTS_JSON.media_type)
    answer = parse_query_results(content, format=RESULTS_JSON.results)
    if isinstance(answer, QueryBoolean):
        said: Plain = {"answer": bool(answer)}
        facts = evidence_of_facts(call.view, whole, Solutions((), ((),))) if answer else ()
        return _with_evidence(said, facts[0]) if facts else said
    assert isinstance(answer, QuerySolutions)
    variables = tuple(it.value for it in answer.variables)
    every = [tuple(row) for row in answer]
    public = [row for row in every if not call.is_private(row)]
    shown = Solutions(variables, tuple(public[start : start + size]))
    evidence = evidence_of_facts(call.view, whole, shown)
    rows = [
        _with_evidence(_row(call, variables, row), at)
        for row, at in zip(shown.rows, evidence, strict=True)
    ]
    found: Plain = {}
    if len(public) < len(every):
        found["contacts_left_out"] = len(every) - len(public)
    found = paged(found, "rows", rows, start, len(public), _room(size))
    without = sum("evidence" not in row for row in found["rows"])
    return found | ({"without_evidence": without} if without else {})


def _named(call: ToolCall) -> Question:
    """Return the question that is asked; raise BadArgument."""
    name = call.text("question")
    known = {it.name: it for it in call.site.catalogue.values() if it.form == "SELECT"}
    if name == CONTACTS:
        raise BadArgument(call.word("contacts_question"))
    if name in call.site.catalogue.aliases:
        return call.site.catalogue.question(name)
    if name not in known:
        close = near(name.replace("_", " "), {it.replace("_", " "): 0 for it in known}, 3)
        hint = ", ".join(it.replace(" ", "_") for it in close)
        names = call.word("near", names=hint) if hint else ""
        raise BadArgument(call.word("question", name=name, near=names))
    return known[name]


def _values(call: ToolCall, question: Question) -> Mapping[str, Term]:
    """Return the terms of the parameters; raise BadArgument, or what the names raise."""
    given: Any = call.arguments.get("parameters", {})
    known = [it.name for it in question.parameters if it.name != LANGUAGE]
    if not isinstance(given, dict) or not all(
        isinstance(it, str | int | float) and not isinstance(it, bool) for it in given.values()
    ):
        raise BadArgument(call.word("text", name="parameters"))
    for name in given:
        if name not in known:
            allowed = ", ".join(known) or "—"
            raise BadArgument(call.word("extra", name=f"parameters.{name}", allowed=allowed))
    texts = {name: str(it) for name, it in given.items()}
    if "certainty" in call.arguments and "certainty" in known:
        texts.setdefault("certainty", call.certainty)
    values, wrong = read_values(call.view, question, texts, call.site.has_withdrawn)
    names = call.checker.names
    for name in [it for it in wrong if question.parameter(it).type == "iri"]:
        of = {it.value for it in question.parameter(name).of}
        found = [it for it in names.things(texts[name]) if not of or names.is_of(it.iri, of)]
        if found:
            texts[name] = names.one(found).iri
    values, wrong = read_values(call.view, question, texts, call.site.has_withdrawn)
    for name, fault in wrong.items():
        allowed = (
            ", ".join(dict.fromkeys(it.text for it in (*fault.allowed, *fault.near)))
            or question.parameter(name).type
        )
        raise BadArgument(call.word("one_of", name=f"parameters.{name}", allowed=allowed))
    return values


def _row(call: ToolCall, variables: tuple[str, ...], row: tuple[Term | None, ...]) -> Plain:
    """Return a row; the name of a thing stands in it, and not in a column of its own."""
    shown = dict(zip(variables, row, strict=True))
    return {
        name: call.term(term)
        for name, term in shown.items()
        if term is not None and not (name.endswith("_label") and name[:-6] in shown)
    }


def _with_evidence(row: Plain, addresses: Sequence[str]) -> Plain:
    """Return a row with the ids of the facts that it shows, if it shows any."""
    return row | ({"evidence": [*map(_claim_id, addresses)]} if addresses else {})


def _claim_id(address: str) -> str:
    return address.partition("?")[0].rpartition("/r/")[2]


def _room(size: int) -> int:
    """Return how many characters an answer has: more where more rows are asked for."""
    return MOST if size <= _ROWS else MOST_ASKED


def _with_prefixes(query: str) -> str:
    """Return a query with our prefixes before it; those that it has itself come after."""
    used = [(name, iri) for name, iri in PREFIXES.items() if f"{name}:" in query]
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in used) + query


ASK: Final = Tool(
    "ask",
    "Answer a question of list_questions. A row's evidence is the id that explain takes. "
    f"The column {HOW} tells how surely it is said.",
    {
        "question": TEXT,
        "parameters": {"type": "object", "description": "names or addresses, by parameter"},
        "certainty": CERTAINTY,
        "start": START,
        "size": SIZE,
    },
    ("question",),
    _ask,
)
SPARQL: Final = Tool(
    "sparql",
    "Last resort: a SELECT or ASK in SPARQL 1.1, read only, bounded in time. Our prefixes are "
    "declared. A row's evidence has the ids, for explain, of facts that its columns show by the "
    "patterns of the query; without_evidence counts the rows that show none. Prefer ask.",
    {"query": TEXT, "start": START, "size": SIZE},
    ("query",),
    _sparql,
)
