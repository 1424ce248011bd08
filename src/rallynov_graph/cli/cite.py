"""``rallynov cite verify``: run the queries of citations again, and compare the answers."""

import hashlib
import json
import re
import sys
import zlib
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

import click

from rallynov_graph.base.errors import QueryError, SourceError
from rallynov_graph.cli.options import endpoint_option, only_one, release_option
from rallynov_graph.cli.stores import any_store, decoded, run_in_child
from rallynov_graph.cli.words import Command, Group, t
from rallynov_graph.http.protocol import NO_CALL
from rallynov_graph.rdf.tokens import calls_out, form_of

if TYPE_CHECKING:
    from rallynov_graph.exports.cited_answer_files import RecordedCitation
    from rallynov_graph.sparql.store import Store

_LONGEST: Final = 16 << 20
_RELEASE: Final = re.compile(r"[0-9a-f]{16,64}")
_GRAPHS: Final = ("CONSTRUCT", "DESCRIBE")


@click.group("cite", cls=Group)
def cite() -> None:
    """Verify the citation of an answer."""


@cite.command("verify", cls=Command, table="cite-verify")
@click.argument("file", metavar="FILE")
@release_option
@endpoint_option
def verify(file: str, folder: Path | None, endpoint: str | None) -> int:
    """Repeat the queries of the citations in FILE, and print whether the answers are the same."""
    from rallynov_graph.exports import cited_answer_files

    only_one(release=folder, endpoint=endpoint)
    name = t("shared.standard_input") if file == "-" else file
    citations = cited_answer_files.read(name, _text(name, file))
    for citation in citations:
        _refuse(citation.query)
    all_same = True
    with any_store(folder, (), endpoint) as (store, release):
        store_name = endpoint or (release.id if release else "")
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
        raise SourceError(name, t("cite.too_long", size=_LONGEST >> 20))
    return decoded(name, _of_deposit(name, content) if content[:2] == b"PK" else content)


def _of_deposit(name: str, content: bytes) -> bytes:
    """Return the citation in the deposit of an answer.

    Raises SourceError, also where the hash of a file is not the one in the crate's metadata.
    """
    from rallynov_graph.exports.deposit import CITATION
    from rallynov_graph.exports.rocrate import METADATA

    try:
        with ZipFile(BytesIO(content)) as archive:
            # A crate describes each of its files, with its hash.
            for part in json.loads(archive.read(METADATA))["@graph"]:
                if "sha256" in part:
                    digest = hashlib.sha256(archive.read(part["@id"])).hexdigest()
                    if digest != part["sha256"]:
                        raise SourceError(name, t("cite.changed", file=part["@id"]))
            with archive.open(CITATION) as citation:
                return citation.read(_LONGEST)
    except (
        *(BadZipFile, KeyError, NotImplementedError, RuntimeError, TypeError, ValueError),
        zlib.error,
    ) as error:
        raise SourceError(name, t("cite.no_deposit", file=CITATION)) from error


def _refuse(query: str) -> None:
    """Raise QueryError for a text that is not a query, or calls another endpoint."""
    if not form_of(query):
        raise QueryError(t("cite.no_query"))
    if calls_out(query):
        raise QueryError(NO_CALL)


def _lines(citation: "RecordedCitation", digest: str, store_name: str) -> Iterator[str]:
    from rallynov_graph.rdf.canonical_answer import is_ordered

    is_same = digest == citation.digest
    title = citation.title or t("cite.an_answer")
    yield t("cite.same", title=title) if is_same else t("cite.different", title=title)
    yield t("cite.cited", answer=_answer(citation.digest, citation.release))
    yield t("cite.now", answer=_answer(digest, store_name))
    if not is_same and is_ordered(citation.query):
        yield t("cite.equal_rows")


def _answer(digest: str, store_name: str) -> str:
    """Return the hash of an answer, and its store: a release by its short id, or an address."""
    if _RELEASE.fullmatch(store_name):
        return t("cite.of_release", digest=digest, store=store_name[:16])
    return t("cite.of", digest=digest, store=store_name) if store_name else digest


def _digest(query: str, store: "Store") -> str:
    """Return the SHA-256 of the canonical answer; raise NoCanonicalAnswer, QueryError."""
    from rallynov_graph.rdf.canonical_answer import sha256

    form = form_of(query)
    if form == "ASK":
        return sha256(query, store.ask(query))
    return sha256(query, store.construct(query) if form in _GRAPHS else store.select(query))
