"""The release or the store given by a command's options; run queries that may be killed."""

import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rallynov_graph.base import bounded_process
from rallynov_graph.base.bounded_process import (
    NESTED_TOO_DEEPLY,
    TOO_MUCH_MEMORY,
    ProcessEndedError,
    Returned,
)
from rallynov_graph.base.errors import QueryError, SourceError
from rallynov_graph.cli.terminal import bar, steps
from rallynov_graph.cli.words import t

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release
    from rallynov_graph.release.store_location import StoreKind
    from rallynov_graph.sparql.embedded import EmbeddedStore
    from rallynov_graph.sparql.store import Store


@contextmanager
def release_of(folder: Path | None) -> Iterator["Release"]:
    """Yield the release in a folder, else that of the shipped data, built temporarily if needed."""
    from rallynov_graph.release import building, release

    opened = release.load(folder) if folder is not None else building.up_to_date()
    if opened is not None:
        yield opened
        return
    with tempfile.TemporaryDirectory(prefix="rallynov-") as temporary:
        with steps() as step:
            built = building.build(Path(temporary), step=step)
        yield built


def releases_of(folders: tuple[Path, ...]) -> "list[Release]":
    """Return the releases in folders, by default that of the shipped data, built if needed.

    Raises ReleaseError if they cannot be served together.
    """
    from rallynov_graph.release import building, release, release_set

    if not folders:
        with steps() as step:
            return [building.current(step=step)]
    releases = [release.load(folder) for folder in folders]
    release_set.refuse_incompatible(releases)
    return releases


def store_of_files(files: Sequence[Path]) -> "EmbeddedStore":
    """Return the store of RDF files, read under a progress bar."""
    from rallynov_graph.rdf import sources
    from rallynov_graph.sparql.embedded import EmbeddedStore

    with bar(t("steps.reading")) as progress:
        return EmbeddedStore.of_quads(sources.quads(files, progress=progress))


@contextmanager
def local_store(
    folder: Path | None,
    files: Sequence[Path] = (),
    names: Sequence[str] = (),
    kind: "StoreKind | None" = None,
) -> "Iterator[tuple[EmbeddedStore, Release | None]]":
    """Yield the store of files, or that of a release, with the release.

    Raises UnknownNameError if one of the names is that of a withdrawn thing.
    """
    # The engine cannot be interrupted: Ctrl-C has to end the process by itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if files:
        yield store_of_files(files), None
        return
    from rallynov_graph.release import store_location

    with release_of(folder) as release:
        release.refuse_withdrawn(names)
        yield store_location.of_release(release, kind or store_location.StoreKind.AUTO), release


@contextmanager
def any_store(
    folder: Path | None,
    files: Sequence[Path],
    endpoint: str | None,
    names: Sequence[str] = (),
    kind: "StoreKind | None" = None,
    *,
    merged: bool = False,
) -> "Iterator[tuple[Store, Release | None]]":
    """Yield the store of a SPARQL endpoint, if one is given, else that of files or a release.

    With ``merged``, the default graph also has each triple of the files. Raises EndpointError if
    the endpoint does not answer.
    """
    if endpoint is None:
        with local_store(folder, files, names, kind) as (store, release):
            yield store.pages() if merged else store, release
        return
    from rallynov_graph.questions.datasets import of_server
    from rallynov_graph.sparql.remote_server import Server
    from rallynov_graph.sparql.remote_store import RemoteStore

    server = Server(endpoint)
    yield RemoteStore(server, dataset=of_server(server)), None


def run_in_child(work: Callable[[], Returned], what: str = "") -> Returned:
    """Return a function's result from a child process; raise QueryError if the process dies.

    ``what`` names the work in the sentence; by default it is a query.
    """
    try:
        return bounded_process.run(work)
    except ProcessEndedError as ended:
        what = what or t("shared.query")
        raise QueryError(_sentence(ended.ended_by, what)) from None


def _sentence(ended_by: signal.Signals, what: str) -> str:
    if ended_by in NESTED_TOO_DEEPLY:
        return t("shared.nested", what=what)
    if ended_by in TOO_MUCH_MEMORY:
        return t("shared.memory", what=what)
    if ended_by == signal.SIGKILL:
        return t("shared.killed", what=what)
    return t("shared.ended", what=what, signal=ended_by.name)


def decoded(name: str, content: bytes, encoding: str = "utf-8") -> str:
    """Return a user's UTF-8 text; raise SourceError with the line that is invalid."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(name, t("shared.not_utf8"), line) from error
