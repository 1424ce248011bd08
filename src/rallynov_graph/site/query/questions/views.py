"""The catalogue: its questions, each with its form, its answer and its downloads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Annotated, Any, Final

from flask import Blueprint, Response, jsonify, make_response
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.languages import typeset
from rallynov_graph.base.namespaces import RN, short_iri
from rallynov_graph.claims.row_evidence import file_of
from rallynov_graph.matching.words import asked_words, stem
from rallynov_graph.questions.catalogue import Parameter, Question
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.questions.parameters import LANGUAGE
from rallynov_graph.rdf.formats import GRAPHS, RESULTS, RESULTS_JSON, Format
from rallynov_graph.rules.catalogue_answer import CatalogueAnswer
from rallynov_graph.site.model.addresses import CERTAINTY
from rallynov_graph.site.model.answer_evidence import documents_of_rows, evidence_of_rows
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.catalogue_answers import (
    MOST_ROWS,
    default_text,
    empty_catalogue_answer,
    most_answered,
    named_values,
    questions_by_group,
    read_values,
    summary,
    table_of,
    with_values,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import options
from rallynov_graph.site.query.views import files_of
from rallynov_graph.site.web.citation import cited_question
from rallynov_graph.site.web.error_pages import (
    BadParameterError,
    Missing,
    near_paths,
    require_own_graph,
    wants_page,
)
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.params import Of, Params, answer_to, ask, params, question_named
from rallynov_graph.site.web.reader import address_parameters, column_name, site, view, words
from rallynov_graph.site.web.signposting import json_with_links, with_related_links

blueprint = Blueprint("questions", __name__)

QUERY: Final = Format("rq", "SPARQL", "application/sparql-query", (".rq",))
MOST_OPTIONS: Final = 400
"""How many things a select box offers; where there are more, a name is typed."""
_KINDS: Final = {"large": "theme", "narrower": "theme", "broader": "theme"}
"""The kinds of things that parameters of these names take; others are named by their kind."""


EVERYDAY: Final[Mapping[str, tuple[tuple[str, str, Mapping[str, str]], ...]]] = {
    "who": (
        ("participants_of_stage", "stage", {}),
        ("who_speaks_for_whom", "", {}),
        ("partners_and_funders", "", {}),
    ),
    "what": (
        ("innovations", "", {}),
        ("who_runs_what", "organisation", {}),
        ("innovations_by_concept", "concept", {}),
    ),
    "where": (
        ("stages", "", {}),
        ("places_visited", "", {}),
        ("stages", "", {"only": "closing"}),
    ),
    "themes": (
        ("themes_of_organisation", "large", {}),
        ("occurrences_of_theme", "theme", {}),
        ("testimonies_and_words", "", {}),
    ),
}
"""The questions that readers ask most, by need: each with what is named in it, and its choices."""


@dataclass(frozen=True)
class EverydayQuestion:
    """A question as a line: its words, what may be named in it, how many rows answer it."""

    name: str
    words: str
    """The key of its words, with ``{name}`` where something is named."""
    asked_of: str
    options: list[Option]
    given: Mapping[str, str]
    href: str
    rows: int


@dataclass(frozen=True)
class QuestionWords(Params):
    """The words that questions are filtered by."""

    q: Annotated[str, Of(str, {"type": "string"})] = ""


@blueprint.get("/questions")
def catalogue() -> str:
    """Show the questions asked most, and all by group; with words, those that have them."""
    require_own_graph()
    wanted, known = params(QuestionWords).q.strip(), site().catalogue
    groups = questions_by_group(view(), known)
    if wanted:
        has = {name for name, it in known.items() if _has_words(it, wanted)}
        groups = tuple((group, tuple(it for it in of if it.name in has)) for group, of in groups)
    return page(
        "query/questions/questions.html",
        everyday={} if wanted else {need: [*_everyday(of)] for need, of in EVERYDAY.items()},
        groups=[(group, of) for group, of in groups if of],
        total=sum(len(of) for _, of in groups),
        wanted=wanted,
        hidden=0,
    )


def _has_words(question: Question, text: str) -> bool:
    """Whether a question has each word of a text, in any form, in its wordings."""
    said = (
        *question.summary.values(),
        *chain(*question.phrases.values()),
        question.name.replace("_", " "),
    )
    known = {stem(word) for it in said for word in asked_words(it)}
    return {stem(word) for word in asked_words(text)} <= known


def _everyday(
    questions: Iterable[tuple[str, str, Mapping[str, str]]],
) -> Iterator[EverydayQuestion]:
    g, known = view(), site().catalogue
    for name, asked_of, given in questions:
        if name not in known:
            continue
        question, texts = known[name], dict(given)
        options: list[Option] = []
        if asked_of:
            parameter = question.parameter(asked_of)
            subject = most_answered(g, question, asked_of)
            if subject is None:
                continue
            texts[asked_of] = short_iri(subject.value)
            options = _options(g, parameter, texts[asked_of])
        values, _ = read_values(g, question, texts, site().has_withdrawn)
        rows = len(g.queries.cached(question.bind(values)))
        key = "_".join(("questions.ask", name, *given.values()))
        href = g.addresses.question(name, texts.items())
        yield EverydayQuestion(name, key, asked_of, options, given, href, rows)


@blueprint.get("/questions.json")
def ready() -> Response:
    """Serve all questions at once, with the words of their groups and parameters."""
    require_own_graph()
    known, t, kinds = site().catalogue, words(), site().finder.kinds() or ()
    groups = questions_by_group(view(), known)
    found = [_ready(known[it.name], it.href, kinds) for _, them in groups for it in them]
    names = {parameter["name"] for question in found for parameter in question["parameters"]}
    return jsonify(
        questions=found,
        groups={group: t.or_else("group." + group, group) for group in known.groups()},
        parameters={name: t.or_else("column." + name, name) for name in names}
        | {"certainty": t["questions.certainty"]},
    )


def _ready(question: Question, address: str, kinds: Collection[str]) -> dict[str, Any]:
    """Return a question that is ready to be asked, with its words in the other languages."""
    language, words = view().language, (question.summary, question.about)
    others = [text for texts in words for of, text in texts.items() if of != language]
    return {
        "name": question.name,
        "group": question.group,
        "text": summary(question, language),
        "about": question.about.get(language) or question.about.get("", ""),
        "other": others,
        "address": address,
        "parameters": [
            {
                "name": it.name,
                "type": it.type,
                "value": default_text(it) or it.example,
                "optional": it.is_open,
                "kind": kind if (kind := _KINDS.get(it.name, it.name)) in kinds else "",
                "choices": [(word, labels[language]) for word, labels in it.choices.items()],
            }
            for it in question.parameters
            if it.name != LANGUAGE
        ],
    }


@blueprint.get("/questions/<name>")
def question(name: str) -> str | Response | tuple[str, int, dict[str, str]]:
    """Show a question and its answer; with a suffix, give the answer as a file."""
    require_own_graph()
    stem, dot, suffix = name.rpartition(".")
    asked = question_named(site().catalogue, stem if dot else name, view().addresses.question)
    known = {parameter.name for parameter in asked.parameters}
    texts = {
        name: text
        for name, text in address_parameters().items()
        # The address may ask for a certainty that the question has not.
        if name != CERTAINTY or CERTAINTY in known
    }
    if dot:
        return _file(asked, texts, suffix)
    answer, bad = ask(asked, texts)
    if bad and not wants_page():
        raise BadParameterError(*bad)
    body = _page(answer, texts, bad)
    return (body, 400, {"Vary": "Accept"}) if bad else body


def _page(answer: CatalogueAnswer, texts: Mapping[str, str], bad: tuple[BadParameter, ...]) -> str:
    g, asked, query = view(), answer.question, readable(answer.query)
    text = summary(asked, g.language)
    title = with_values(text, (node.text for node in _chosen(g, answer)))
    errors = {it.parameter: it for it in bad}
    fields = [
        _field(g, answer, it, texts, errors.get(it.name))
        for it in asked.parameters
        if it.name != LANGUAGE
    ]
    given = tuple((it.name, texts[it.name]) for it in fields if texts.get(it.name))
    table, left_open = None, {}
    evidence: tuple[str | None, ...] = ()
    if not bad and answer.is_table:
        same = [
            it.name
            for it in asked.parameters
            if it.type == "iri" and (it.name in answer.values or not it.is_open)
        ]
        table = table_of(g, asked.text, answer.rows, omitted=same)
        evidence = evidence_of_rows(g, asked.text, answer.rows, MOST_ROWS)
        if len(site().source_documents) > 1:
            said = documents_of_rows(g, asked.text, answer.rows, MOST_ROWS)
            table = table.beside(("documents", "known_from"), said)
        left_open = g.nodes(answer.open_questions)
    return page(
        "query/questions/question.html",
        question=asked,
        title=title,
        text=text,
        about=typeset(asked.about.get(g.language) or asked.about.get("", ""), g.language),
        fields=fields,
        bad_parameters=bad,
        table=table,
        evidence=evidence,
        nothing=empty_catalogue_answer(g, answer, texts, column_name)
        if table and not table.total
        else None,
        verdict=answer.verdict if not bad and asked.form == "ASK" else None,
        open_questions=[*left_open.values()],
        query=query,
        files=[(form, _address(asked, form)) for form in _formats(asked)],
        formats=[(form.name, form.label, form.media_type) for form in _formats(asked)],
        cite=None if bad else cited_question(asked, title, given),
        cite_files=() if bad else files_of(query, title),
        **({} if any(it.name == CERTAINTY for it in asked.parameters) else {"hidden": 0}),
    )


def _chosen(g: GraphView, answer: CatalogueAnswer) -> list[Node]:
    """Return the parameters of a question, without language and certainty."""
    asked = (it for it in answer.question.parameters if it.name != LANGUAGE)
    return named_values(g, answer.values, [it for it in asked if it.type != "certainty"])


@dataclass(frozen=True)
class Option:
    """A value that a parameter can have, and whether it has it."""

    value: str
    text: str
    chosen: bool
    language: str = ""


@dataclass(frozen=True)
class Field:
    """A parameter as a form shows it: options to choose from, or a text to write."""

    name: str
    type: str
    value: str
    options: list[Option]
    optional: bool
    bad_parameter: BadParameter | None
    choices: list[Node]
    """Things that a wrong value may mean, each with the address that uses it instead."""


def _field(
    g: GraphView,
    answer: CatalogueAnswer,
    parameter: Parameter,
    texts: Mapping[str, str],
    error: BadParameter | None,
) -> Field:
    """Return a parameter with its value; a thing is written as its short address."""
    name, term = parameter.name, answer.values.get(parameter.name)
    value = texts.get(name, "") or default_text(parameter)
    if parameter.type == "iri" and isinstance(term, NamedNode):
        value = short_iri(term.value)
    elif parameter.type == "choice" and isinstance(term, Literal):
        value = term.value
    has_options = error is None or parameter.type in ("certainty", "choice")
    path = f"/questions/{answer.question.name}"
    others = [(other, text) for other, text in texts.items() if other != name]
    choices = [
        replace(
            it, href=g.addresses.path(path, [*others, (name, short_iri(it.iri))]), external=False
        )
        for it in (error.near if error else ())
        if it.iri
    ]
    shown = _options(g, parameter, value) if has_options else []
    return Field(name, parameter.type, value, shown, parameter.is_open, error, choices)


def _options(g: GraphView, parameter: Parameter, value: str) -> list[Option]:
    if parameter.type == "certainty":
        chosen = value.removeprefix("rn:").removeprefix(RN)
        return [Option(it, it, it == chosen) for it in CERTAINTIES]
    if parameter.type == "choice":
        chosen = value if value in parameter.choices else default_text(parameter)
        return [
            Option(word, labels[g.language], word == chosen)
            for word, labels in parameter.choices.items()
        ]
    known = {short_iri(node.iri): node for node in options(g, parameter.of, MOST_OPTIONS)}
    if value and value not in known:
        return []
    return [Option(it, node.text, it == value, node.language) for it, node in known.items()]


def _file(asked: Question, texts: Mapping[str, str], suffix: str) -> Response:
    files = {form.name: form for form in (*_formats(asked), QUERY)}
    if suffix not in files:
        raise Missing(near_paths(suffix, {it: _address(asked, files[it]) for it in files}))
    form, answer = files[suffix], answer_to(asked, texts)
    related: tuple[Node, ...] = ()
    if form is QUERY:
        content = f"# {summary(asked, view().language)}\n{readable(answer.query)}".encode()
    else:
        content, related = file_of(answer, form.media_type), _open_questions(answer)
    if form is RESULTS_JSON:
        content = json_with_links(content, related)
    response = make_response(content)
    response.content_type = form.content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{asked.name}.{form.name}"'
    return with_related_links(response, related)


def _open_questions(answer: CatalogueAnswer) -> tuple[Node, ...]:
    """Return the open questions that touch what a file holds: the same in all its formats."""
    if not answer.is_table:
        return ()
    return view().queries.once(
        "open questions of an answer",
        (view().addresses, answer.query),
        lambda: tuple(view().nodes(answer.open_questions).values()),
    )


def _formats(asked: Question) -> tuple[Format, ...]:
    return GRAPHS if asked.form in ("CONSTRUCT", "DESCRIBE") else RESULTS


def _address(asked: Question, form: Format) -> str:
    path = f"/questions/{asked.name}.{form.name}"
    return view().addresses.path(path, address_parameters().items())
