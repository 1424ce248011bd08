"""``rallynov publish``: write a release as files that need no server."""

import signal
from pathlib import Path
from typing import Final

import click

from rallynov_graph.cli.language import told_in_language
from rallynov_graph.cli.options import base_option, releases_option

_WORDS: Final = {
    "fr": {
        "publishing": "publication",
        "done": "{out} : {files} fichiers de la version {release}.",
        "no base": "rallynov : sans --base, les citations nomment {base}, où l’édition n’est "
        "peut-être pas.",
    },
    "en": {
        "publishing": "publishing",
        "done": "{out}: {files} files of release {release}.",
        "no base": "rallynov: without --base, citations name {base}, where the edition may not "
        "lie.",
    },
}


@click.command(
    epilog="""\b
Examples:
  rallynov publish site
  rallynov publish site --base https://data.example.org/rally/ --lang fr
  rallynov publish site --release releases/0123456789abcdef --release releases/older

Any web server serves the folder as it lies; to look at it:
  python -m http.server --directory site

Exit status: 0 the edition is there, 2 something is to be mended; then, and where the command is
ended by Ctrl-C (130) or SIGTERM (143), the old one is as it was."""
)
@click.argument("out", type=click.Path(path_type=Path))
@base_option("the edition")
@releases_option("lies under release/<id>/")
@click.option(
    "--with-text",
    "sources",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The text of a document, whose words the edition then has: publish what you may. Its hash "
    "is checked. May be repeated.",
)
@told_in_language()
def command(
    out: Path, base: str, folders: tuple[Path, ...], sources: tuple[Path, ...], lang: str
) -> None:
    """Publish a release as a folder of files that needs no server.

    Every page of the site is there in French and English at each certainty, each thing in every
    format, and the downloads. Publishing again changes only the files whose content changed.
    """
    from rallynov_graph.cli.opened_stores import releases_of
    from rallynov_graph.cli.progress import bar
    from rallynov_graph.edition.page_processes import taking_back
    from rallynov_graph.edition.publishing import publish
    from rallynov_graph.release.attribution import Publication
    from rallynov_graph.release.documents import SourceFile

    address = Publication.of(base).base
    texts = tuple(SourceFile.read(path) for path in sources)
    words = _WORDS[lang]
    with taking_back(signal.SIGTERM), bar(words["publishing"]) as progress:
        made = publish(releases_of(folders), out, address, texts, progress)
    click.echo(words["done"].format(out=out, files=made.files, release=made.release[:16]))
    if not address:
        click.echo(words["no base"].format(base=made.base), err=True)
