"""``rallynov serve``: the pages and the SPARQL endpoint over HTTP."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.commands.opening import (
    data_option,
    only_one,
    release_option,
    store_of_files,
    store_option,
)
from rallynov_graph.commands.progress import steps

if TYPE_CHECKING:
    from rallynov_graph.release import Release
    from rallynov_graph.stores import Kind


@click.command(
    epilog="""\b
Examples:
  rallynov serve
  rallynov serve --port 8080 --query-timeout 5
  rallynov serve --release releases
  rallynov serve --data my-data.ttl --data more.nq.gz"""
)
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
    type=click.FloatRange(0.1, 3600),
    help="How many seconds a visitor's query may run.",
)
@release_option
@data_option
@store_option
def command(
    host: str,
    port: int,
    workers: int,
    query_timeout: float,
    folder: Path | None,
    files: tuple[Path, ...],
    kind: "Kind",
) -> None:
    """Serve the pages and the SPARQL endpoint."""
    from rallynov_graph import serving, stores
    from rallynov_graph.visits import Limits

    only_one(release=folder, data=files)
    listener = serving.listen(host, port)
    release = None if files else _release(folder)
    store = store_of_files(files) if release is None else stores.of_release(release, kind)
    generation = serving.Generation(
        store,
        listener,
        pages=serving.pages(store, release),
        workers=workers,
        limits=Limits(seconds=query_timeout),
    )
    address = serving.address(listener)
    generation.run(
        lambda: click.echo(f"Serving at {address} (SPARQL at {address}/sparql). Ctrl-C stops.")
    )


def _release(folder: Path | None) -> "Release":
    """Return the release in a folder, else that of the shipped data, built where needed."""
    from rallynov_graph import building, release

    if folder is not None:
        return release.load(folder)
    with steps() as step:
        return building.current(step=step)
