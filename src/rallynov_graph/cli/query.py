"""``rallynov query``: answer a question of the catalogue, or a user's query."""

import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.errors import QueryError, SourceError, UnknownNameError
from rallynov_graph.cli.guarded_subprocess import run_in_child
from rallynov_graph.cli.opened_stores import (
    data_option,
    only_one,
    release_of,
    release_option,
    store_of_files,
    store_option,
)
from rallynov_graph.http.protocol import NO_CALL
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import calls_out, is_update

if TYPE_CHECKING:
    from rallynov_graph.base.terms import Term
    from rallynov_graph.questions.catalogue import Question
    from rallynov_graph.release.store_location import StoreKind
    from rallynov_graph.sparql.store import Store

TABLES: Final = (formats.TABLE, *formats.RESULTS)
NAMES: Final = ("table", "json", "csv", "tsv", "xml", "turtle", "ntriples")

NO_UPDATE: Final = (
    "Only queries are run (SELECT, ASK, CONSTRUCT, DESCRIBE): "
    "this is an update, and nothing was changed."
)


@click.command(
    epilog="""\b
Examples:
  rallynov query --list
  rallynov query things_on_theme --param theme="économie circulaire"
  rallynov query things_on_theme --param certainty=explicit --format csv
  rallynov query my-query.rq --data my-data.ttl
  echo 'ASK { ?s ?p ?o }' | rallynov query -

A thing is named by its IRI, whole or short (organisation/name), or by its name."""
)
@click.argument("name", required=False, metavar="[NAME|FILE.rq|-]")
@click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A value for a parameter of the question; may be repeated.",
)
@click.option(
    "--format",
    "form",
    metavar=f"[{'|'.join(NAMES)}]",
    help="How to write the answer: a table, or Turtle for a CONSTRUCT, unless named.",
)
@click.option(
    "--list", "listing", is_flag=True, help="Print the names of all questions, technical ones last."
)
@release_option
@data_option
@store_option
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead.")
def command(
    name: str | None,
    parameters: tuple[str, ...],
    form: str | None,
    listing: bool,
    folder: Path | None,
    files: tuple[Path, ...],
    kind: "StoreKind",
    endpoint: str | None,
) -> None:
    """Ask one of the questions, or a query of your own."""
    from rallynov_graph.questions import catalogue
    from rallynov_graph.questions.programme_examples import with_examples_of

    if listing:
        click.echo("\n".join(catalogue.load()))
        return
    if name is None:
        raise click.UsageError("Name a question, a file, or - for standard input; --list helps.")
    only_one(release=folder, data=files, endpoint=endpoint)
    question = _question(name)
    _refuse(question.text)
    output_format = _format(form, question)
    texts = _texts(parameters)
    things = [text for name, text in texts.items() if question.parameter(name).type == "iri"]
    # The engine cannot be interrupted: Ctrl-C has to end the process by itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with _store(folder, files, endpoint, kind, things) as store:
        question = with_examples_of(question, store)
        if endpoint is None:
            run_in_child(lambda: _answer(question, texts, store, output_format))
        else:
            _answer(question, texts, store, output_format)


def _question(name: str) -> "Question":
    """Return the question of the catalogue, of a file, or of standard input."""
    from rallynov_graph.questions import catalogue

    if name == "-":
        return catalogue.parse(
            "standard input", _decoded("standard input", sys.stdin.buffer.read())
        )
    path = Path(name)
    if path.suffix in {".rq", ".sparql"} or isfile(name):
        try:
            return catalogue.parse(name, _decoded(name, path.read_bytes()))
        except OSError as error:
            raise SourceError.unread(name, error) from error
    try:
        return catalogue.load().question(name)
    except UnknownNameError as error:
        hint = f"{error} rallynov query --list names all."
        raise UnknownNameError(hint, error.near) from error


def _refuse(query: str) -> None:
    """Raise QueryError for an update, and for a query that calls another endpoint."""
    if is_update(query):
        raise QueryError(NO_UPDATE)
    if calls_out(query):
        raise QueryError(NO_CALL)


def _decoded(name: str, content: bytes) -> str:
    if not content.strip():
        raise SourceError(name, "it is empty; a SPARQL query is expected")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(name, "it is not UTF-8; save it as UTF-8", line) from error


def _texts(parameters: tuple[str, ...]) -> dict[str, str]:
    """Return the values by name; raise UsageError for what is not NAME=VALUE or given twice."""
    texts: dict[str, str] = {}
    for parameter in parameters:
        name, sign, text = parameter.partition("=")
        if not sign or name in texts:
            fault = "is given twice" if sign else "is not NAME=VALUE"
            raise click.UsageError(f"--param {parameter} {fault}.")
        texts[name] = text
    return texts


def _format(name: str | None, question: "Question") -> Format:
    """Return the format to write, which fits what the query answers."""
    is_graph = question.form in {"CONSTRUCT", "DESCRIBE"}
    if name is None:
        return formats.TURTLE if is_graph else formats.TABLE
    form = formats.by_name(name, (*TABLES, *formats.GRAPHS))
    if question.form and (form.rdf is not None) != is_graph:
        fitting = ", ".join(f.name for f in (formats.GRAPHS if is_graph else TABLES))
        raise QueryError(f"The answer of a {question.form} is written as one of {fitting}.")
    return form


@contextmanager
def _store(
    folder: Path | None,
    files: tuple[Path, ...],
    endpoint: str | None,
    kind: "StoreKind",
    things: Sequence[str],
) -> Iterator["Store"]:
    """Yield the store; raise UnknownNameError for a thing that its release lists as withdrawn."""
    if endpoint is not None:
        from rallynov_graph.questions.datasets import of_server
        from rallynov_graph.sparql.remote_server import Server
        from rallynov_graph.sparql.remote_store import RemoteStore

        server = Server(endpoint)
        yield RemoteStore(server, dataset=of_server(server))
    elif files:
        yield store_of_files(files)
    else:
        from rallynov_graph.release import store_location

        with release_of(folder) as release:
            release.refuse_withdrawn(things)
            yield store_location.of_release(release, kind)


def _answer(question: "Question", texts: dict[str, str], store: "Store", form: Format) -> None:
    """Print the answer; an error with a place in the query names its file."""
    try:
        _print(question, texts, store, form)
    except QueryError as error:
        if error.line is None:
            raise
        raise QueryError(f"{question.name}: {error}", error.line, error.column) from error


def _print(question: "Question", texts: dict[str, str], store: "Store", form: Format) -> None:
    from rallynov_graph.questions import parameters

    values = parameters.values(question, texts, store)
    query = question.bind(values)
    if question.form == "SELECT":
        _print_rows(question, texts, values, store, form)
    elif form is formats.TABLE and question.form == "ASK":
        click.echo("true" if store.ask(query) else "false")
    else:
        _write(store.serialize(query, form.media_type))


def _print_rows(
    question: "Question",
    texts: dict[str, str],
    values: Mapping[str, "Term | None"],
    store: "Store",
    form: Format,
) -> None:
    """Print the rows of an answer, and remarks on standard error.

    A user's query is run once, whatever it costs; its bytes show whether it has no row.
    """
    from rallynov_graph.cli import remarks, text_tables

    query = question.bind(values)
    solutions = store.select(query) if question.group or form is formats.TABLE else None
    if form is formats.TABLE and solutions is not None:
        text_tables.show(solutions)
    else:
        content = store.serialize(query, form.media_type)
        _write(content)
        if solutions is None and remarks.is_empty(content, form):
            click.echo(remarks.NO_ROW, err=True)
    if solutions is not None and question.group:
        remarks.print_remarks(question, texts, values, solutions, store)
    elif solutions is not None and not solutions.rows:
        click.echo(remarks.NO_ROW, err=True)


def _write(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
