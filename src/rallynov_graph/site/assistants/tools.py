"""The tools, in the order in which they should be tried, and how one is called."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, parse_query_results

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.errors import (
    AmbiguousNameError,
    QueryError,
    RallynovError,
    UnknownNameError,
)
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.namespaces import PREFIXES, short_iri
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.claims.claim_report import cut
from rallynov_graph.claims.claimed_names import RankedThing
from rallynov_graph.claims.row_evidence import HOW, OF_DOCUMENTS
from rallynov_graph.http.protocol import Refused
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.parameters import LANGUAGE
from rallynov_graph.rdf.formats import RESULTS_JSON
from rallynov_graph.rdf.tokens import form_of
from rallynov_graph.rules.catalogue_answer import CatalogueAnswer
from rallynov_graph.search.index import DESCRIPTION
from rallynov_graph.site.assistants.claim_tools import CHECK_CLAIM, EXPLAIN
from rallynov_graph.site.assistants.describe_schema import DESCRIBE_SCHEMA
from rallynov_graph.site.assistants.tool_call import (
    MOST,
    MOST_ASKED,
    MOST_ROWS,
    BadArgument,
    Certainty,
    Plain,
    Start,
    Tool,
    ToolCall,
    number,
    paged,
    read_arguments,
    text,
)
from rallynov_graph.site.model.answer_evidence import (
    documents_of_rows,
    evidence_of_facts,
    evidence_of_rows,
)
from rallynov_graph.site.model.catalogue_answers import (
    default_text,
    empty_catalogue_answer,
    read_values,
    sentence,
    summary,
)
from rallynov_graph.site.model.empty_answer import EmptyAnswer, empty_data
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.own_query import why_empty
from rallynov_graph.site.web.params import Of, Params, Wrong

CONTACTS: Final = "stage_contacts"
"""The former question whose answer is contacts alone."""
_FOUND: Final = 8
_SHOWN_QUESTIONS: Final = 12
_ROWS: Final = 20
_MOST_CHOICES: Final = 6
_FEW: Final = 3
"""So many conditions and silences are named of an empty answer."""
_LONGEST_QUERY: Final = 8000
_Row = Annotated[int, number(0, 1_000_000)]
_Size = Annotated[
    int,
    number(1, MOST_ROWS, "rows at most; more than the default allows a longer answer"),
]


def _kind(written: str) -> str:
    kind = written.strip()
    if kind and kind not in KINDS:
        raise Wrong("one_of", allowed=map(Node, KINDS))
    return kind


@dataclass(frozen=True)
class FindThing(Params):
    """A name, and the kind of things that it is searched among."""

    name: Annotated[str, text()]
    kind: Annotated[str, text("stage, person, theme, …", read=_kind)] = ""
    start: Start = 0


def _find(call: ToolCall, asked: FindThing) -> Plain:
    name, start = asked.name, asked.start
    ranked = [
        it
        for it in call.checker.names.ranked(name)
        if asked.kind in ("", it.thing.kind) and not _is_contact(call, it)
    ]
    shown = ranked[start : start + _FOUND]
    nodes = call.view.nodes(NamedNode(it.thing.iri) for it in shown)
    rows = []
    for it in shown:
        about = next((text for text in it.thing.texts if text.role == DESCRIPTION), None)
        row: Plain = {
            "iri": it.thing.iri,
            "name": cut(nodes[NamedNode(it.thing.iri)].text),
            "kind": it.thing.kind,
            "score": round(it.score, 2),
        }
        rows.append(row | ({"context": cut(about.value)} if about else {}))
    found = paged({"name": cut(name)}, "things", rows, start, len(ranked), MOST)
    words = [] if rows else call.site.finder.near(name)
    near_words = [it for it in words if not _is_of_contact(call, it)]
    return found | ({"near_words": near_words} if near_words else {})


def _is_contact(call: ToolCall, found: RankedThing) -> bool:
    """Return whether a thing is somebody who is only a contact, or names him."""
    names = (Literal(it.value) for it in found.thing.texts if it.role != DESCRIPTION)
    return call.is_private((NamedNode(found.thing.iri), *names))


def _is_of_contact(call: ToolCall, word: str) -> bool:
    """Return whether a word is a part of the name of somebody who is only a contact."""
    return any(word in folded(it).split() for it in call.contacts)


@dataclass(frozen=True)
class ListQuestions(Params):
    """A question in words: those of the catalogue that are near it, the nearest first."""

    about: Annotated[str, text()] = ""
    start: Start = 0


def _list_questions(call: ToolCall, asked: ListQuestions) -> Plain:
    known, start = call.site.catalogue, asked.start
    meant = call.site.phrases.meant(asked.about, call.site.finder)
    values = {
        it.question: {
            name: short_iri(value)
            for name, value in it.values.items()
            if "://" not in value or not call.is_private((NamedNode(value),))
        }
        for it in meant.questions
    }
    found = [known[name] for name in (values if asked.about else known)]
    rows = [
        _listed(call, it, values.get(it.name, {}), meant.is_clear and place == 0)
        for place, it in enumerate(found)
        if it.form == "SELECT"
    ][start : start + _SHOWN_QUESTIONS]
    return paged({}, "questions", rows, start, len(found), MOST)


def _listed(call: ToolCall, question: Question, values: Mapping[str, str], is_clear: bool) -> Plain:
    parameters = {
        it.name: {"enum": [*it.choices], "default": default_text(it)}
        if it.choices
        else f"{it.type}{'' if it.is_open or default_text(it) else ', required'}"
        for it in question.parameters
        if it.name != LANGUAGE
    }
    return {
        "question": question.name,
        "asks": summary(question, call.language),
        **({"parameters": parameters} if parameters else {}),
        **({"ask_with": values} if values else {}),
        **({"clearly_meant": True} if is_clear else {}),
        **({"technical": True} if question.technical else {}),
    }


def _texts(given: Any) -> dict[str, str]:
    """Return values of parameters as texts; raise Wrong."""
    if not isinstance(given, dict) or not all(
        isinstance(it, str | int | float) and not isinstance(it, bool) for it in given.values()
    ):
        raise Wrong("text")
    return {name: str(it) for name, it in given.items()}


_BY_PARAMETER: Final = {"type": "object", "description": "names or addresses, by parameter"}


@dataclass(frozen=True)
class Ask(Params):
    question: Annotated[str, text()]
    parameters: Annotated[Mapping[str, str] | None, Of(_texts, _BY_PARAMETER)] = None
    certainty: Certainty = LEAST_SURE
    start: _Row = 0
    size: _Size = _ROWS


def _ask(call: ToolCall, asked: Ask) -> Plain:
    question = _named(call, asked.question)
    answer = CatalogueAnswer(question, _values(call, question, asked), call.view.queries)
    rows = tuple(row for row in answer.rows.rows if not call.is_private(row))
    public = Solutions(answer.rows.variables, rows)
    shown = Solutions(public.variables, rows[asked.start : asked.start + asked.size])
    evidence = evidence_of_rows(call.view, question.text, shown, asked.size)
    told = [
        _row(call, shown.variables, row) | ({"evidence": _claim_id(at)} if at else {})
        for row, at in zip(shown.rows, evidence or [None] * len(shown.rows), strict=True)
    ]
    if len(call.site.source_documents) > 1:
        said = documents_of_rows(call.view, question.text, shown, asked.size)
        told = [
            row | {name: it.text for name, it in zip(OF_DOCUMENTS, of, strict=True) if it}
            for row, of in zip(told, said or [(None, None)] * len(told), strict=True)
        ]
    found: Plain = {"question": question.name, "asks": summary(question, call.language)}
    in_words = sentence(call.view, answer)
    if in_words and rows == tuple(answer.rows.rows):
        found["sentence"] = cut(in_words.text)
    if left_open := answer.touched_by(public):
        found["open_questions"] = [it.value for it in left_open[:5]]
    if not answer.rows.rows:
        texts = dict(asked.parameters or {})
        empty = empty_catalogue_answer(call.view, answer, texts, lambda name: name)
        found["empty"] = _empty(call, empty)
    return _paged_rows(found, told, asked, len(answer.rows), len(rows))


def _empty(call: ToolCall, empty: EmptyAnswer) -> Plain:
    """Return why an answer is empty: some of what the API says of it."""
    data = empty_data(empty, call.site.messages[call.language])
    found: Plain = {"reason": data.reason, "text": data.text}
    if data.broken_by:
        found["broken_by"] = cut(data.broken_by.condition or "")
    if data.without:
        found["without"] = {cut(it.condition or ""): it.answers for it in data.without[:_FEW]}
    if data.silences:
        found["silences"] = [asdict(it) for it in data.silences[:_FEW]]
    return found


def _named(call: ToolCall, name: str) -> Question:
    """Return the question that is asked; raise BadArgument."""
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


def _values(call: ToolCall, question: Question, asked: Ask) -> Mapping[str, Term]:
    """Return the terms of the parameters; raise BadArgument, or what the names raise."""
    texts = dict(asked.parameters or {})
    known = [it.name for it in question.parameters if it.name != LANGUAGE]
    for name in texts:
        if name not in known:
            allowed = ", ".join(known) or "—"
            raise BadArgument(call.word("extra", name=f"parameters.{name}", allowed=allowed))
    if "certainty" in known:
        texts.setdefault("certainty", asked.certainty)
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


@dataclass(frozen=True)
class Sparql(Params):
    """A query, and which of its rows are wanted."""

    query: Annotated[str, text(most=_LONGEST_QUERY, read=str)]
    start: _Row = 0
    size: _Size = _ROWS


def _sparql(call: ToolCall, asked: Sparql) -> Plain:
    whole = _with_prefixes(asked.query)
    if form_of(whole) in ("CONSTRUCT", "DESCRIBE"):
        raise BadArgument(call.word("graph_answer"))
    content = call.view.store.serialize(whole, RESULTS_JSON.media_type)
    answer = parse_query_results(content, format=RESULTS_JSON.results)
    if isinstance(answer, QueryBoolean):
        said: Plain = {"answer": bool(answer)}
        if not answer:
            said["empty"] = _empty(call, why_empty(call.view, whole, call.view.store))
        facts = evidence_of_facts(call.view, whole, Solutions((), ((),))) if answer else ()
        return _with_evidence(said, facts[0]) if facts else said
    assert isinstance(answer, QuerySolutions)
    variables = tuple(it.value for it in answer.variables)
    every = [tuple(row) for row in answer]
    public = [row for row in every if not call.is_private(row)]
    shown = Solutions(variables, tuple(public[asked.start : asked.start + asked.size]))
    evidence = evidence_of_facts(call.view, whole, shown)
    rows = [
        _with_evidence(_row(call, variables, row), at)
        for row, at in zip(shown.rows, evidence, strict=True)
    ]
    empty = {} if every else {"empty": _empty(call, why_empty(call.view, whole, call.view.store))}
    found = _paged_rows(empty, rows, asked, len(every), len(public))
    without = sum("evidence" not in row for row in found["rows"])
    return found | ({"without_evidence": without} if without else {})


def _paged_rows(
    found: Plain, rows: list[Plain], asked: Ask | Sparql, total: int, public: int
) -> Plain:
    """Return an answer with its rows: more where more are asked for; contacts are counted."""
    if public < total:
        found["contacts_left_out"] = total - public
    most = MOST if asked.size <= _ROWS else MOST_ASKED
    return paged(found, "rows", rows, asked.start, public, most)


def _row(call: ToolCall, variables: tuple[str, ...], row: tuple[Term | None, ...]) -> Plain:
    """Return a row, in which the name of a thing is not a separate column."""
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


def _with_prefixes(query: str) -> str:
    """Return a query with our prefixes before it; those that it has itself come after."""
    used = [(name, iri) for name, iri in PREFIXES.items() if f"{name}:" in query]
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in used) + query


_ALL: Final = (
    Tool(
        "find_thing",
        "Find things by a name in any form: as printed, an acronym, misspelt. Returns the address "
        "(iri) that the other tools take, kind, context and a score from 0 to 1.",
        FindThing,
        _find,
    ),
    Tool(
        "list_questions",
        "List the ready-made questions that ask answers, with parameters; about, a question in "
        "words, lists those near it, with what to ask them with.",
        ListQuestions,
        _list_questions,
    ),
    Tool(
        "ask",
        "Answer a question of list_questions. A row's evidence is the id that explain takes. "
        f"The column {HOW} tells how surely it is said.",
        Ask,
        _ask,
    ),
    EXPLAIN,
    CHECK_CLAIM,
    DESCRIBE_SCHEMA,
    Tool(
        "sparql",
        "Last resort: a SELECT or ASK in SPARQL 1.1, read only, bounded in time. Our prefixes are "
        "declared. A row's evidence has the ids, for explain, of facts that its columns show by "
        "the patterns of the query; without_evidence counts the rows that show none. Prefer ask.",
        Sparql,
        _sparql,
    ),
)
TOOLS: Final = {tool.name: tool for tool in _ALL}


class Called(NamedTuple):
    """The result of a call: a text, and whether it is an error."""

    text: str
    is_error: bool = False


def called(name: str, call: ToolCall) -> Called:
    """Return the tool's answer, or one sentence that says how to correct the call."""
    try:
        if name not in TOOLS:
            raise BadArgument(call.word("no_tool", name=name[:60], allowed=", ".join(TOOLS)))
        tool = TOOLS[name]
        asked = read_arguments(tool.arguments, call.arguments)
        return Called(call.whole(tool.run(call.at_its_moment(), asked)))
    except Refused as refused:
        return Called(call.refusal(refused), True)
    except RallynovError as error:
        return Called(_sentence(call, error), True)


def _sentence(call: ToolCall, error: RallynovError) -> str:
    if isinstance(error, BadArgument):
        return str(error)
    if isinstance(error, AmbiguousNameError):
        choices = ", ".join(
            f"{iri} ({label})" for iri, label in [*error.bearers.items()][:_MOST_CHOICES]
        )
        return call.word("several", name=error.name, count=error.count, choices=choices)
    if isinstance(error, UnknownNameError) and call.language != "en":
        near = call.word("near", names=", ".join(error.near)) if error.near else ""
        return call.word("unknown", name=error.written[:80] or "…", near=near)
    if isinstance(error, QueryError):
        return call.word("query", reason=error)
    return str(error)
