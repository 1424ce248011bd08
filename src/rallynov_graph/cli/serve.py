"""``rallynov serve`` and ``rallynov mcp``: the graph over HTTP, and for an assistant."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.cli.options import (
    PATH,
    base_option,
    data_option,
    endpoint_option,
    network,
    only_one,
    port_option,
    profile_option,
    programme_argument,
    query_timeout_option,
    refuse_profile,
    release_option,
    releases_option,
    size_in_bytes,
    store_option,
    texts_option,
)
from rallynov_graph.cli.stores import releases_of, store_of_files
from rallynov_graph.cli.words import Command, language, remark, t

if TYPE_CHECKING:
    from rallynov_graph.questions.evidence_profile import Profile
    from rallynov_graph.release.attribution import Publication
    from rallynov_graph.release.documents import SourceFile
    from rallynov_graph.release.store_location import StoreKind
    from rallynov_graph.server.limits import Limits
    from rallynov_graph.server.opening import Opened
    from rallynov_graph.server.release_process import Settings
    from rallynov_graph.sparql.remote_server import Server


@click.command("serve", cls=Command)
@programme_argument
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS")
@port_option(8000)
@click.option(
    "--workers",
    default=max(2, os.cpu_count() or 2),
    type=click.IntRange(1, 64),
    metavar="NUMBER",
)
@query_timeout_option
@click.option("--query-memory", type=size_in_bytes, metavar="SIZE")
@click.option("--watch", is_flag=True)
@click.option(
    "--log",
    type=click.Choice(["none", "requests", "everything"]),
    default="none",
    show_default=True,
)
@click.option("--proxy", "proxies", multiple=True, metavar="ADDRESS", type=network)
@click.option("--public-metrics", "public", is_flag=True)
@click.option("--mcp", is_flag=True)
@base_option
@click.option("--publisher", default="", metavar="NAME")
@click.option("--publisher-page", default="", metavar="IRI")
@click.option("--contact", default="", metavar="IRI")
@releases_option
@click.option("--earlier", multiple=True, metavar="FOLDER", type=PATH)
@data_option
@store_option
@texts_option
@endpoint_option
@click.option("--endpoint-auth-env", "secret", metavar="NAME")
@profile_option
def serve(
    host: str,
    port: int,
    workers: int,
    query_timeout: float,
    query_memory: int | None,
    watch: bool,
    log: str,
    proxies: tuple[str, ...],
    public: bool,
    mcp: bool,
    base: str,
    publisher: str,
    publisher_page: str,
    contact: str,
    folders: tuple[Path, ...],
    earlier: tuple[Path, ...],
    files: tuple[Path, ...],
    kind: "StoreKind",
    texts: tuple[Path, ...],
    endpoint: str | None,
    secret: str | None,
    profile: "Profile | None",
) -> None:
    """Serve the pages and the SPARQL endpoint over HTTP."""
    from rallynov_graph.release.attribution import Publication
    from rallynov_graph.release.documents import SourceFile
    from rallynov_graph.server import limits, processes, supervisor
    from rallynov_graph.server.log import Log
    from rallynov_graph.server.release_process import Settings
    from rallynov_graph.server.site import Access
    from rallynov_graph.site.assistants import mcp_server

    only_one(release=folders, data=files, endpoint=endpoint)
    only_one(watch=watch, endpoint=endpoint)
    only_one(source=texts, data=files)
    only_one(earlier=earlier, data=files)
    only_one(earlier=earlier, endpoint=endpoint)
    only_one(query_memory=query_memory, endpoint=endpoint)
    only_one(mcp=mcp, data=files)
    refuse_profile(profile, files, endpoint)
    if mcp:
        mcp_server.require_library()
    read_texts = tuple(SourceFile.read(path) for path in texts)
    limits.check()
    limits_of_query = limits.Limits.of(query_timeout)
    publication = replace(Publication.of(base, publisher, publisher_page, contact), has_mcp=mcp)
    server = None if endpoint is None else _server(endpoint, secret)
    processes.raise_descriptor_limit()
    hosts = (host, urlsplit(base).hostname or "") if texts else None
    access = Access(Log(log), proxies, hosts)
    settings = _with_memory(Settings(workers, limits_of_query, access, public), query_memory)
    listener = supervisor.listen(host, port)
    address = supervisor.address(listener)
    supervisor.Supervisor(
        listener,
        lambda: (
            _opened(folders, earlier, files, kind, read_texts, publication, profile)
            if server is None
            else _opened_server(server, limits_of_query, read_texts, publication, profile)
        ),
        settings,
        (lambda: _watched_state(folders, files)) if watch else None,
    ).run(lambda: click.echo(t("serve.serving", address=address)))


def _with_memory(settings: "Settings", size: int | None) -> "Settings":
    """Return settings with a memory budget; raise UsageError if it is too small.

    The default is half of the memory, but at least what the processes need.
    """
    smallest = settings.least_memory
    if size is None:
        return replace(settings, memory=max(settings.memory, smallest))
    if size < smallest:
        needed = f"{smallest >> 20}M"
        raise click.UsageError(t("serve.memory", workers=settings.workers, smallest=needed))
    return replace(settings, memory=size)


def _opened(
    folders: tuple[Path, ...],
    earlier: tuple[Path, ...],
    files: tuple[Path, ...],
    kind: "StoreKind",
    texts: tuple["SourceFile", ...],
    publication: "Publication",
    profile: "Profile | None",
) -> "Opened":
    """Return the opened pages and stores of releases or files."""
    from rallynov_graph.release import building
    from rallynov_graph.release.release_set import before_latest
    from rallynov_graph.server import opening

    if files:
        store = store_of_files(files)
        return opening.Opened(
            store, opening.pages(store, None, texts, (), publication, (), profile)
        )
    releases = releases_of(folders)
    if not earlier and len(folders) < 2:
        earlier = before_latest(folders[0] if folders else building.RELEASES)
    return opening.of_releases(releases, earlier, kind, texts, publication)


def _server(endpoint: str, secret: str | None) -> "Server":
    from rallynov_graph.sparql.remote_server import Credentials, Server

    return Server(endpoint, credentials=Credentials.in_environment(secret))


def _opened_server(
    server: "Server",
    limits: "Limits",
    texts: tuple["SourceFile", ...],
    publication: "Publication",
    profile: "Profile | None",
) -> "Opened":
    """Return the opened pages of a remote server, whether it answers yet or not.

    If texts are given, it must answer: their hashes are checked before anything is served. If the
    address answers but is not a SPARQL server, it is wrong, and waiting does not help.
    """
    from rallynov_graph.server import opening
    from rallynov_graph.server.remote_site import RemoteSite

    remote_site = RemoteSite(server, limits, texts, publication, profile)
    try:
        remote_site.open()
    except EndpointError as error:
        if texts or error.failure is Failure.STRANGE:
            raise
        remark(t("serve.until_mended", error=error.text(language())))
    return opening.Opened(pages=remote_site.pages, relay=remote_site.relay)


def _watched_state(folders: tuple[Path, ...], files: tuple[Path, ...]) -> object:
    """Return a value that changes when there is something new to serve; earlier releases stay."""
    from rallynov_graph.release import building, release

    if files:
        return [_state(path) for path in files]
    return release.latest(folders[0] if folders else building.RELEASES)


def _state(file: Path) -> tuple[int, ...] | None:
    """Return a value that changes when a file is written or replaced, None if it is missing."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@click.command("mcp", cls=Command)
@release_option
@store_option
@texts_option
@query_timeout_option
def mcp(
    folder: Path | None, kind: "StoreKind", texts: tuple[Path, ...], query_timeout: float
) -> None:
    """Answer an assistant on standard streams, read only, until it disconnects."""
    from rallynov_graph.release import building
    from rallynov_graph.release.attribution import Publication
    from rallynov_graph.release.documents import SourceFile
    from rallynov_graph.release.release import load
    from rallynov_graph.server import limits, opening, processes
    from rallynov_graph.server.release_process import Settings
    from rallynov_graph.server.supervisor import local_service
    from rallynov_graph.site.assistants import mcp_server, stdio_relay

    mcp_server.require_library()
    read_texts = tuple(SourceFile.read(path) for path in texts)
    limits.check()
    processes.raise_descriptor_limit()
    settings = Settings(1, limits.Limits.of(query_timeout))
    release = building.current() if folder is None else load(folder)

    def opened() -> "Opened":
        return opening.of_releases([release], (), kind, read_texts, Publication(has_mcp=True))

    with local_service(opened, settings) as address, suppress(KeyboardInterrupt):
        stdio_relay.run(address)
