"""``rallynov new``: make a folder for the newsletters of another programme."""

from datetime import date
from pathlib import Path

import click

from rallynov_graph.base.languages import LANGUAGES


@click.command(
    epilog="""\b
Examples:
  rallynov new my-newsletters --base https://example.org/newsletters/ --title "Our newsletters"
  rallynov new lettres --base https://example.org/lettres/ --title "Nos lettres" --language fr

Exit status: 0 made, 2 it cannot be made, and nothing was written."""
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--base",
    required=True,
    metavar="IRI",
    help="The address of yours under which the things lie, with a slash at its end.",
)
@click.option("--title", metavar="TEXT", help="What the site is called; the folder's name if not.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[:1],
    show_default=True,
    help="A language in which the data are written; may be repeated.",
)
def command(folder: Path, base: str, title: str | None, languages: tuple[str, ...]) -> None:
    """Make a FOLDER for somebody else's newsletters, with an example that builds.

    It has its settings, its title and licence, the lists that the program needs, no theme, one
    newsletter of two lines, and a README that says what is where.
    """
    from rallynov_graph.release.new_programme import NewProgramme, make

    chosen = tuple(dict.fromkeys(languages))
    name = title if title is not None else folder.resolve().name
    make(folder, NewProgramme(base, name, chosen, date.today()))
    click.echo(f"{folder} is made; its README.md says what is where.")
    click.echo(f"Next: rallynov serve {folder} --source {folder / 'texts' / 'exemple.txt'}")
