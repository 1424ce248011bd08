"""``rallynov cite verify``: run the queries of citations again, and compare the answers."""

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.errors import QueryError, SourceError
from rallynov_graph.cli.guarded_subprocess import run_in_child
from rallynov_graph.cli.opened_stores import only_one, release_of, release_option
from rallynov_graph.http.protocol import NO_CALL
from rallynov_graph.rdf.tokens import calls_out, form_of

if TYPE_CHECKING:
    from rallynov_graph.exports.cited_answer_files import RecordedCitation
    from rallynov_graph.sparql.store import Store

_LONGEST: Final = 16 << 20
_RELEASE: Final = re.compile(r"[0-9a-f]{16,64}")
_GRAPHS: Final = ("CONSTRUCT", "DESCRIBE")


@click.group(
    epilog="""\b
Examples:
  rallynov cite verify answer.bib"""
)
def command() -> None:
    """Verify the citation of an answer."""


@command.command(
    epilog="""\b
Examples:
  rallynov cite verify answer.bib
  rallynov cite verify answer.ris --release releases/0123456789abcdef
  rallynov cite verify answer.json --endpoint http://127.0.0.1:8000/sparql

FILE is a citation as the workbench gives it: text, BibTeX, RIS or CSL-JSON; - is standard input.
Exit status: 0 every answer is the same, 1 one is different, 2 error."""
)
@click.argument("file", metavar="FILE")
@release_option
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead.")
def verify(file: str, folder: Path | None, endpoint: str | None) -> int:
    """Ask again what the citations in FILE asked, and tell whether the answers are the same."""
    from rallynov_graph.exports import cited_answer_files

    only_one(release=folder, endpoint=endpoint)
    name = "standard input" if file == "-" else file
    citations = cited_answer_files.read(name, _text(name, file))
    for citation in citations:
        _refuse(citation.query)
    # The engine cannot be interrupted: Ctrl-C has to end the process by itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    all_same = True
    with _store_and_name(folder, endpoint) as (store, store_name):
        for citation in citations:
            digest = run_in_child(partial(_digest, citation.query, store))
            all_same = all_same and digest == citation.digest
            for line in _lines(citation, digest, store_name):
                click.echo(line)
    return 0 if all_same else 1


def _text(name: str, file: str) -> str:
    """Return the text of a file; raise SourceError."""
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as opened:
            content = opened.read(_LONGEST + 1)
    except OSError as error:
        raise SourceError.unread(name, error) from error
    if len(content) > _LONGEST:
        raise SourceError(name, f"it is longer than {_LONGEST >> 20} MiB: no citation is")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(name, "it is not UTF-8; save it as UTF-8", line) from error


def _refuse(query: str) -> None:
    """Raise QueryError for what is no query, or calls another endpoint."""
    if not form_of(query):
        raise QueryError("What is cited is no query: SELECT, ASK, CONSTRUCT or DESCRIBE.")
    if calls_out(query):
        raise QueryError(NO_CALL)


@contextmanager
def _store_and_name(folder: Path | None, endpoint: str | None) -> Iterator[tuple["Store", str]]:
    """Yield the store that answers, and the id of its release, else its address."""
    if endpoint is not None:
        from rallynov_graph.questions.datasets import of_server
        from rallynov_graph.sparql.remote_server import Server
        from rallynov_graph.sparql.remote_store import RemoteStore

        server = Server(endpoint)
        yield RemoteStore(server, dataset=of_server(server)), endpoint
    else:
        from rallynov_graph.release import store_location

        with release_of(folder) as release:
            yield store_location.of_release(release), release.id


def _lines(citation: "RecordedCitation", digest: str, store_name: str) -> Iterator[str]:
    """Yield the lines that compare an answer with its citation."""
    from rallynov_graph.rdf.canonical_answer import is_ordered

    is_same = digest == citation.digest
    yield f"{'same' if is_same else 'different'}: {citation.title or 'the answer'}"
    yield f"  cited:   {citation.digest}{_of(citation.release)}"
    yield f"  now:     {digest}{_of(store_name)}"
    if not is_same and is_ordered(citation.query):
        yield "  Rows that ORDER BY leaves equal come in an order that each engine chooses."


def _of(store_name: str) -> str:
    """Return a phrase for a store: a release by its short id, a server by its address."""
    if _RELEASE.fullmatch(store_name):
        return f", of release {store_name[:16]}"
    return f", of {store_name}" if store_name else ""


def _digest(query: str, store: "Store") -> str:
    """Return the SHA-256 of the canonical answer; raise NoCanonicalAnswer, QueryError."""
    from rallynov_graph.rdf.canonical_answer import sha256

    form = form_of(query)
    if form == "ASK":
        return sha256(query, store.ask(query))
    return sha256(query, store.construct(query) if form in _GRAPHS else store.select(query))
