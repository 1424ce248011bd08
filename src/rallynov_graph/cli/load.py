"""``rallynov load``: load a release into another SPARQL server."""

from pathlib import Path

import click

from rallynov_graph.cli.opened_stores import release_of, release_option
from rallynov_graph.cli.progress import bar


@click.command(
    epilog="""\b
Examples:
  rallynov load --endpoint http://localhost:7878/query
  rallynov load --endpoint http://localhost:8890/sparql-auth --auth-env VIRTUOSO
  rallynov load --endpoint https://example.org/query --update-endpoint https://example.org/update

The environment variable of --auth-env holds NAME:PASSWORD or Bearer TOKEN. When it broke off,
run it again: what is there already is not sent again."""
)
@click.option("--endpoint", required=True, metavar="URL", help="Where the server is asked.")
@click.option(
    "--update-endpoint",
    metavar="URL",
    help="Where it takes updates, if that is another address; of …/query it is …/update.",
)
@click.option(
    "--auth-env", metavar="NAME", help="The environment variable with the server's credentials."
)
@release_option
@click.option(
    "--replace",
    is_flag=True,
    help="Empty the server's default graph first, whatever it holds.",
)
def command(
    endpoint: str,
    update_endpoint: str | None,
    auth_env: str | None,
    folder: Path | None,
    replace: bool,
) -> None:
    """Fill another SPARQL server with a release."""
    from rallynov_graph.release import loading
    from rallynov_graph.sparql.remote_server import Credentials, Server

    query_url, update_url = addresses(endpoint, update_endpoint)
    server = Server(
        query_url,
        update_url=update_url,
        credentials=Credentials.in_environment(auth_env),
        attempts=5,
    )
    with release_of(folder) as release, bar("loading") as progress:
        loaded = loading.load(release, server, replace=replace, progress=progress)
    click.echo(
        f"Release {release.id[:16]} is at {query_url}: {loaded.triples} triples in {loaded.graphs} "
        f"graphs, of which {loaded.sent} were sent and {loaded.removed} removed."
    )


def addresses(endpoint: str, update_endpoint: str | None) -> tuple[str, str]:
    """Return the addresses for queries and updates; of most servers one follows from the other."""
    if update_endpoint is None and endpoint.endswith("/update"):
        return f"{endpoint.removesuffix('/update')}/query", endpoint
    if update_endpoint is None and endpoint.endswith("/query"):
        return endpoint, f"{endpoint.removesuffix('/query')}/update"
    return endpoint, update_endpoint or endpoint
