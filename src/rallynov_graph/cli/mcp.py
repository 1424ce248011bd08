"""``rallynov mcp``: let an assistant on this machine ask the graph."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.cli.opened_stores import release_option, store_option
from rallynov_graph.cli.options import texts_option
from rallynov_graph.cli.parameter_types import Seconds

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release
    from rallynov_graph.release.store_location import StoreKind
    from rallynov_graph.server.opening import Opened


@click.command(
    epilog="""\b
Examples:
  rallynov mcp
  rallynov mcp --release releases/0123456789abcdef
  rallynov mcp --source carnet.txt

An assistant starts it, and speaks with it on its standard streams, by the Model Context Protocol
(stdio). Over HTTP, rallynov serve --mcp answers at /mcp."""
)
@release_option
@store_option
@texts_option(
    "The text of a document: explain then quotes its passages; may be repeated.", "sources", "FILE"
)
@click.option(
    "--query-timeout",
    default=20.0,
    show_default=True,
    type=Seconds(0.1, 3600),
    help="How many seconds a query may run.",
)
def command(
    folder: Path | None, kind: "StoreKind", sources: tuple[Path, ...], query_timeout: float
) -> None:
    """Answer an assistant on standard streams, read only, until it has gone."""
    from rallynov_graph.http.query_jobs import Limits
    from rallynov_graph.release.attribution import Publication
    from rallynov_graph.release.documents import SourceFile
    from rallynov_graph.server import descriptors, generation, local_service, opening
    from rallynov_graph.site.assistants import mcp_server, stdio_relay

    mcp_server.require_library()
    texts = tuple(SourceFile.read(path) for path in sources)
    descriptors.raise_limit()
    settings = generation.Settings(1, Limits(seconds=query_timeout))
    release = _release(folder)

    def opened() -> "Opened":
        return opening.of_releases([release], (), kind, texts, Publication(has_mcp=True))

    service = local_service.started(opened, settings)
    try:
        stdio_relay.run(service.address)
    except KeyboardInterrupt:
        pass
    finally:
        service.stop()


def _release(folder: Path | None) -> "Release":
    """Return the release in a folder, else that of the shipped data, built where needed."""
    from rallynov_graph.release import building, release

    return building.current() if folder is None else release.load(folder)
