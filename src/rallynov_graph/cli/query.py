"""``rallynov query``: answer a question of the catalogue, or a user's query.

Remarks go to standard error, because the answer may go into a pipe.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from rallynov_graph.base.errors import QueryError, SourceError, UnknownNameError
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.claims.row_evidence import file_of, with_documents
from rallynov_graph.cli import stores, terminal
from rallynov_graph.cli.options import (
    data_option,
    endpoint_option,
    only_one,
    release_option,
    store_option,
)
from rallynov_graph.cli.words import Command, language, language_asked_for, t
from rallynov_graph.http.protocol import NO_CALL
from rallynov_graph.questions import catalogue, parameters, thing_names
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.questions.parameters import with_examples_of
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import calls_out, is_update
from rallynov_graph.release.moments import Moment
from rallynov_graph.rules.catalogue_answer import CatalogueAnswer

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release
    from rallynov_graph.release.store_location import StoreKind
    from rallynov_graph.site.model.asked import AskedQuestion
    from rallynov_graph.site.model.nodes import GraphView
    from rallynov_graph.sparql.store import Store

TABLES: Final = (formats.TABLE, *formats.RESULTS)
TABLE_NAMES: Final = ("table", "json", "csv", "tsv", "xml")
NAMES: Final = (*TABLE_NAMES, "turtle", "ntriples")
_NEAREST: Final = 8
"""So many things and questions are named that a text may mean."""


@click.command("query", cls=Command)
@click.argument("name", required=False, metavar="[NAME|FILE.rq|-]")
@click.option("--param", "given", multiple=True, metavar="NAME=VALUE")
@click.option("--format", "form", metavar=f"[{'|'.join(NAMES)}]")
@click.option("--list", "listing", is_flag=True)
@click.option("--as-of", default="", metavar="DATE")
@click.option("--in-document", default="", metavar="NAME")
@release_option
@data_option
@store_option
@endpoint_option
def query(
    name: str | None,
    given: tuple[str, ...],
    form: str | None,
    listing: bool,
    as_of: str,
    in_document: str,
    folder: Path | None,
    files: tuple[Path, ...],
    kind: "StoreKind",
    endpoint: str | None,
) -> None:
    """Ask one of the questions, or your own query."""
    if listing:
        for one in catalogue.load().values():
            click.echo(f"{one.summary[language()]}\t{one.name}")
        return
    if name is None:
        raise click.UsageError(t("query.nothing_asked"))
    only_one(release=folder, data=files, endpoint=endpoint)
    moment = Moment(as_of, in_document)
    if moment and (files or endpoint):
        raise click.UsageError(t("query.moment_of_release"))
    question = _question(name)
    _refuse(question.text)
    output_format = _format(form, question)
    texts = _texts(given)
    things = [text for name, text in texts.items() if question.parameter(name).type == "iri"]
    chosen = language_asked_for()
    if chosen and any(it.name == parameters.LANGUAGE for it in question.parameters):
        texts.setdefault(parameters.LANGUAGE, chosen)
    with stores.any_store(folder, files, endpoint, things, kind) as (whole, release):
        store = moment.store_of(whole, release.documents) if moment and release else whole
        asked = with_examples_of(question, store)
        answer = partial(_answer, asked, texts, store, output_format)
        stores.run_in_child(answer) if endpoint is None else answer()


@click.command("ask", cls=Command)
@click.argument("text")
@click.option("--format", "form", metavar=f"[{'|'.join(TABLE_NAMES)}]")
@release_option
@data_option
@store_option
@endpoint_option
def ask(
    text: str,
    form: str | None,
    folder: Path | None,
    files: tuple[Path, ...],
    kind: "StoreKind",
    endpoint: str | None,
) -> int:
    """Answer a question in words, or list the questions that may be meant."""
    only_one(release=folder, data=files, endpoint=endpoint)
    with stores.any_store(folder, files, endpoint, (), kind) as (store, release):
        asked = partial(_ask, text, store, release, formats.by_name(form or TABLE_NAMES[0], TABLES))
        return stores.run_in_child(asked) if endpoint is None else asked()


def _ask(text: str, store: "Store", release: "Release | None", form: Format) -> int:
    """Print the answer to what a text clearly means, and the things and questions it may mean."""
    from rallynov_graph.release.finder import Finder, SearchIndexFile
    from rallynov_graph.search.asking import Phrases
    from rallynov_graph.search.results import Hit
    from rallynov_graph.site.model.asked import answer_meant, asked, settled
    from rallynov_graph.site.model.catalogue_answers import sentence

    known, view = catalogue.load(), _view(store)
    index = SearchIndexFile(store, release) if release is not None else None
    finder = Finder.of(store, view.graph.labels, index)
    phrases = Phrases.of(known, view.queries)
    meant = settled(view, known, asked(view, known, phrases, finder, text))
    answer = answer_meant(view, known, meant)
    ranked = meant.ranked(finder.find(text, language()).hits)[:_NEAREST]
    nodes = view.nodes(NamedNode(it.iri) for it in ranked if isinstance(it, Hit))
    lines = [
        f"{nodes[NamedNode(it.iri)].text} ({short_iri(it.iri)})"
        if isinstance(it, Hit)
        else _understood(it)
        for it in ranked
        if answer is None or it is not meant.questions[0]
    ]
    if answer is None:
        click.echo("\n".join((t("ask.near" if lines else "ask.nothing"), *lines)), err=True)
        return 1
    click.echo(t("ask.understood", question=_understood(meant.questions[0])), err=True)
    for line in lines:
        click.echo(t("ask.else", meaning=line), err=True)
    if form is formats.TABLE and (said := sentence(view, answer)):
        click.echo(f"{said.text} ({said.sure.text})" if said.sure else said.text)
    else:
        _print_rows(answer, {**meant.questions[0].values, parameters.LANGUAGE: language()}, form)
    return 0


def _view(store: "Store") -> "GraphView":
    """Return the graph of a store as pages see it, in the language of the command."""
    from rallynov_graph.questions.labels import Labels
    from rallynov_graph.site.model.addresses import Addresses
    from rallynov_graph.site.model.layout import Layout
    from rallynov_graph.site.model.nodes import Graph, GraphView

    queries = PageQueries(store)
    return GraphView(Graph(queries, Labels(queries), Layout(), {}), Addresses(language()))


def _understood(meant: "AskedQuestion") -> str:
    """Return a question that is meant in words, and the command that asks it."""
    given = (f"--param {name}={value}" for name, value in meant.pairs)
    return f"{meant.text} (rallynov query {' '.join((meant.name, *given))})"


def _question(name: str) -> Question:
    """Return the question from the catalogue, a file, or standard input."""
    if name == "-":
        source = t("shared.standard_input")
        return catalogue.parse(source, _decoded(source, sys.stdin.buffer.read()))
    path = Path(name)
    if path.suffix in {".rq", ".sparql"} or isfile(name):
        try:
            return catalogue.parse(name, _decoded(name, path.read_bytes()))
        except OSError as error:
            raise SourceError.unread(name, error) from error
    try:
        return catalogue.load().question(name)
    except UnknownNameError as error:
        told = t("query.list_names_all", error=error.text(language()))
        raise UnknownNameError(told, error.near) from error


def _refuse(query: str) -> None:
    """Raise QueryError for an update, and for a query that calls another endpoint."""
    if is_update(query):
        raise QueryError(t("query.no_update"))
    if calls_out(query):
        raise QueryError(NO_CALL)


def _decoded(name: str, content: bytes) -> str:
    if not content.strip():
        raise SourceError(name, t("query.empty"))
    return stores.decoded(name, content, "utf-8-sig")


def _texts(given: tuple[str, ...]) -> dict[str, str]:
    """Return the values by name; raise UsageError unless each is NAME=VALUE and unique."""
    texts: dict[str, str] = {}
    for parameter in given:
        name, sign, text = parameter.partition("=")
        if not sign:
            raise click.UsageError(t("query.no_value", parameter=parameter))
        if name in texts:
            raise click.UsageError(t("query.twice", parameter=parameter))
        texts[name] = text
    return texts


def _format(name: str | None, question: Question) -> Format:
    """Return the format to write, which must fit the form of the query."""
    is_graph = question.form in {"CONSTRUCT", "DESCRIBE"}
    if name is None:
        return formats.TURTLE if is_graph else formats.TABLE
    form = formats.by_name(name, (*TABLES, *formats.GRAPHS))
    if question.form and (form.rdf is not None) != is_graph:
        fitting = ", ".join(f.name for f in (formats.GRAPHS if is_graph else TABLES))
        raise QueryError(t("query.written_as", form=question.form, names=fitting))
    return form


def _answer(question: Question, texts: dict[str, str], store: "Store", form: Format) -> None:
    """Print the answer; an error with a line and column also names the file."""
    try:
        values = parameters.values(question, texts, store)
        answer = CatalogueAnswer(question, values, PageQueries(store))
        if answer.is_table:
            _print_rows(answer, texts, form)
        elif form is formats.TABLE and question.form == "ASK":
            click.echo("true" if answer.verdict else "false")
            if not answer.verdict:
                _print_empty(answer, texts)
        else:
            _write(answer.written(form.media_type))
    except QueryError as error:
        if error.line is None:
            raise
        told = t("query.wrong", name=question.name, error=error.text(language()))
        raise QueryError(told, error.line, error.column) from error


def _print_rows(answer: CatalogueAnswer, texts: Mapping[str, str], form: Format) -> None:
    """Print the rows of an answer, and remarks on standard error.

    A user's query runs only once; its bytes show whether it has no row.
    """
    is_ours = bool(answer.question.group)
    if form is formats.TABLE:
        terminal.show_table(with_documents(answer) if is_ours else answer.rows)
        is_empty = not answer.rows.rows
    else:
        content = (file_of if is_ours else CatalogueAnswer.written)(answer, form.media_type)
        _write(content)
        is_empty = not is_ours and _has_no_row(content, form)
    if is_ours:
        _print_remarks(answer, texts)
    elif is_empty:
        _print_empty(answer, texts)


def _write(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _has_no_row(content: bytes, form: Format) -> bool:
    """Whether the serialised answer of a SELECT has no row."""
    if form.results in (QueryResultsFormat.CSV, QueryResultsFormat.TSV):
        return content.rstrip().count(b"\n") == 0
    found = parse_query_results(content, format=form.results)
    return isinstance(found, QuerySolutions) and next(found, None) is None


def _print_remarks(answer: CatalogueAnswer, texts: Mapping[str, str]) -> None:
    """Print the recognised things, why there is no row, and the open questions."""
    given, store = answer.values.get(parameters.LANGUAGE), answer.queries.store
    label_language = given.value if isinstance(given, Literal) else "fr"
    for line in _things_used(answer, texts, label_language):
        click.echo(line, err=True)
    if not answer.rows.rows:
        _print_empty(answer, texts)
    names = thing_names.names_of(answer.open_questions, store, label_language)
    for node in answer.open_questions:
        label = names.get(node.value, "")
        click.echo(t("query.left_open", label=label, name=short_iri(node.value)), err=True)


def _print_empty(answer: CatalogueAnswer, texts: Mapping[str, str]) -> None:
    """Print why there is no row, or why an ASK is false, in the words of pages."""
    from rallynov_graph.site.model.catalogue_answers import empty_catalogue_answer
    from rallynov_graph.site.model.empty_answer import empty_lines
    from rallynov_graph.site.model.own_query import why_empty
    from rallynov_graph.site.web.messages import load

    store = answer.queries.store
    view, is_ours = _view(store), bool(answer.question.group)
    empty = (
        empty_catalogue_answer(view, answer, texts, str)
        if is_ours
        else why_empty(view, answer.query, store)
    )
    lines = [*empty_lines(empty, load()[language()])]
    click.echo("\n".join([t("query.no_row"), *lines] if answer.is_table else lines), err=True)


def _things_used(answer: CatalogueAnswer, texts: Mapping[str, str], language: str) -> Iterator[str]:
    """Yield the things that names mean, and the defaults of parameters without a value."""
    things = {
        name: thing
        for name, thing in answer.things.items()
        if thing is not None
        and (name not in texts or thing_names.as_iri(texts[name].strip()) is None)
    }
    names = thing_names.names_of([*things.values()], answer.queries.store, language)
    for name, thing in things.items():
        label, short = names.get(thing.value, ""), short_iri(thing.value)
        key = "query.used" if name in texts else "query.used_default"
        yield t(key, name=name, thing=f"{label} ({short})" if label else short)
