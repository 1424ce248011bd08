"""``rallynov serve``: serve the pages and the SPARQL endpoint over HTTP."""

import os
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.cli.opened_stores import (
    data_option,
    only_one,
    releases_of,
    store_of_files,
    store_option,
)
from rallynov_graph.cli.options import base_option, releases_option, texts_option
from rallynov_graph.cli.parameter_types import Seconds, SizeInBytes
from rallynov_graph.cli.programmes import programme_argument

if TYPE_CHECKING:
    from rallynov_graph.http.query_jobs import Limits
    from rallynov_graph.release.attribution import Publication
    from rallynov_graph.release.documents import SourceFile
    from rallynov_graph.release.store_location import StoreKind
    from rallynov_graph.server.generation import Settings
    from rallynov_graph.server.opening import Opened
    from rallynov_graph.sparql.remote_server import Server


def _addresses(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the addresses as they were written; raise BadParameter for what is none."""
    for value in values:
        try:
            if value != "*":
                ip_network(value)
        except ValueError as error:
            message = f"{value!r} is no IP address and no network such as 10.0.0.0/8."
            raise click.BadParameter(message) from error
    return values


@click.command(
    epilog="""\b
Examples:
  rallynov serve
  rallynov serve my-newsletters
  rallynov serve --port 8080 --query-timeout 5 --query-memory 4G
  rallynov serve --release releases --watch --log requests
  rallynov serve --release releases --release releases/0123456789abcdef
  rallynov serve --release releases --earlier releases/0123456789abcdef
  rallynov serve --data my-data.ttl --data more.nq.gz
  rallynov serve --source carnet-2.txt
  rallynov serve --base https://data.example.org/rally/ --publisher "An archive"
  rallynov serve --endpoint http://localhost:7878/query"""
)
@programme_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port to listen on; 0 takes a free one.",
)
@click.option(
    "--workers",
    default=max(2, os.cpu_count() or 2),
    show_default="one a processor",
    type=click.IntRange(1, 64),
    help="How many web processes to run.",
)
@click.option(
    "--query-timeout",
    default=20.0,
    show_default=True,
    type=Seconds(0.1, 3600),
    help="How many seconds a visitor's query may run.",
)
@click.option(
    "--query-memory",
    type=SizeInBytes(),
    metavar="SIZE",
    help="How much memory all visitors' queries may have together, as 512M or 4G; half of what the "
    "machine or the control group has, unless it is given.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Take up a new release, or changed files, as soon as it is there; SIGHUP always does.",
)
@click.option(
    "--log",
    type=click.Choice(["none", "requests", "everything"]),
    default="none",
    show_default=True,
    help="Write a line of JSON for each request; everything: with queries and whole addresses.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    callback=_addresses,
    help="Believe a proxy at this address when it says for whom it asks; may be repeated.",
)
@click.option(
    "--public-metrics",
    "public",
    is_flag=True,
    help="Let everybody read /metrics, not only this machine.",
)
@click.option(
    "--mcp",
    is_flag=True,
    help="Let assistants ask at /mcp, by the Model Context Protocol, read only.",
)
@base_option("the site")
@click.option("--publisher", default="", metavar="NAME", help="Who publishes the data here.")
@click.option(
    "--publisher-page", default="", metavar="IRI", help="A web address that names the publisher."
)
@click.option(
    "--contact",
    default="",
    metavar="IRI",
    help="Where you hear of a weakness of the site, https: or mailto:; it stands in security.txt.",
)
@releases_option("stays readable at /release/<id>/")
@click.option(
    "--earlier",
    multiple=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="An earlier release that is only compared: /changes shows what changed since; may be "
    "repeated. Without it, the one before the latest of a folder of releases is.",
)
@data_option
@store_option
@texts_option(
    "The text of a document, to show beside its facts and to search; its hash is checked. "
    "May be repeated.",
    "sources",
    "FILE",
)
@click.option(
    "--endpoint", metavar="URL", help="Serve what this SPARQL server holds, of any make or size."
)
@click.option(
    "--endpoint-auth-env",
    "secret",
    metavar="NAME",
    help="The environment variable with its credentials: NAME:PASSWORD or Bearer TOKEN.",
)
def command(
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
    sources: tuple[Path, ...],
    endpoint: str | None,
    secret: str | None,
) -> None:
    """Serve the pages and the SPARQL endpoint.

    Of a FOLDER that rallynov new made, its data are shown, built where needed.
    """
    from rallynov_graph.http.query_jobs import Limits
    from rallynov_graph.release.attribution import Publication
    from rallynov_graph.release.documents import SourceFile
    from rallynov_graph.server import descriptors, generation, supervisor
    from rallynov_graph.server.access_log import Log
    from rallynov_graph.site.assistants import mcp_server

    only_one(release=folders, data=files, endpoint=endpoint)
    only_one(watch=watch, endpoint=endpoint)
    only_one(source=sources, data=files)
    only_one(earlier=earlier, data=files)
    only_one(earlier=earlier, endpoint=endpoint)
    only_one(query_memory=query_memory, endpoint=endpoint)
    only_one(mcp=mcp, data=files)
    if mcp:
        mcp_server.require_library()
    texts = tuple(SourceFile.read(path) for path in sources)
    limits = Limits(seconds=query_timeout)
    publication = replace(Publication.of(base, publisher, publisher_page, contact), has_mcp=mcp)
    server = None if endpoint is None else _server(endpoint, secret)
    descriptors.raise_limit()
    settings = generation.Settings(workers, limits, Log(log), proxies, public)
    settings = _with_memory(settings, query_memory)
    listener = generation.listen(host, port)
    address = generation.address(listener)
    supervisor.Supervisor(
        listener,
        lambda: (
            _opened(folders, earlier, files, kind, texts, publication)
            if server is None
            else _opened_server(server, limits, texts, publication)
        ),
        settings,
        (lambda: _watched_state(folders, files)) if watch else None,
    ).run(lambda: click.echo(f"Serving at {address} (SPARQL at {address}/sparql). Ctrl-C stops."))


def _with_memory(settings: "Settings", size: int | None) -> "Settings":
    """Return settings with a memory budget; raise UsageError for one that is too small.

    Without one, it is half of the memory, but at least what the processes need.
    """
    smallest = settings.least_memory
    if size is None:
        return replace(settings, memory=max(settings.memory, smallest))
    if size < smallest:
        message = (
            f"--query-memory is too small: {settings.workers} web processes need "
            f"{smallest >> 20}M; give that, or fewer --workers."
        )
        raise click.UsageError(message)
    return replace(settings, memory=size)


def _opened(
    folders: tuple[Path, ...],
    earlier: tuple[Path, ...],
    files: tuple[Path, ...],
    kind: "StoreKind",
    texts: tuple["SourceFile", ...],
    publication: "Publication",
) -> "Opened":
    """Return the opened pages and stores of releases or files."""
    from rallynov_graph.release import building
    from rallynov_graph.release.earlier import before_latest
    from rallynov_graph.server import opening

    if files:
        store = store_of_files(files)
        return opening.Opened(store, opening.pages(store, None, texts, (), publication))
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
) -> "Opened":
    """Return the opened pages of a remote server, whether it answers by now or not.

    It must answer where texts are given: their hashes are checked before anything is served. Where
    something else than a SPARQL server answers, the address is wrong, and waiting does not help.
    """
    from rallynov_graph.server import opening
    from rallynov_graph.server.remote_site import RemoteSite

    remote_site = RemoteSite(server, limits, texts, publication)
    try:
        remote_site.open()
    except EndpointError as error:
        if texts or error.failure is Failure.STRANGE:
            raise
        click.echo(f"rallynov: {error} Until that is mended, the pages say so.", err=True)
    return opening.Opened(pages=remote_site.pages, relay=remote_site.relay)


def _watched_state(folders: tuple[Path, ...], files: tuple[Path, ...]) -> object:
    """Return a value that changes when there is something new to serve; earlier releases stay."""
    from rallynov_graph.release import building, release

    if files:
        return [_state(path) for path in files]
    return release.latest(folders[0] if folders else building.RELEASES)


def _state(file: Path) -> tuple[int, ...] | None:
    """Return a value that changes when a file is written or replaced, None if it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
