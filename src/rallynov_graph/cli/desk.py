"""``rallynov desk``: read documents into facts in a browser on this machine."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.cli.language import told_in_language
from rallynov_graph.cli.options import texts_option
from rallynov_graph.cli.programmes import data_of

if TYPE_CHECKING:
    from rallynov_graph.desk.importing import Wanted
    from rallynov_graph.desk.session.opened_document import ReadDocument

_CURATORS: Final = "agent/curateurs"
_ONE_DOCUMENT: Final = {
    "fr": "--document nomme un seul document : n’en donnez qu’un.",
    "en": "--document names one document: give one.",
}
_SERVED: Final = {
    "fr": "Le bureau est à {} ; Ctrl-C l’arrête. L’adresse ouvre tout, une fois : "
    "ne la donnez à personne.",
    "en": "The desk is at {} ; Ctrl-C stops it. The address opens all, once: give it to nobody.",
}


@click.command(
    epilog="""\b
Examples:
  rallynov desk my-newsletters lettre-2
  rallynov desk my-newsletters lettre-3.pdf --reader agent/anne

Exit status: 0 stopped, 2 a document or its text cannot be read, and nothing was opened."""
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("documents", metavar="DOCUMENT", nargs=-1, required=True)
@click.option("--document", metavar="NAME", help="What a new document is called; its file if not.")
@click.option(
    "--reader", metavar="AGENT", default=_CURATORS, show_default=True, help="Whose reading it is."
)
@texts_option("The text of a document; texts/ of FOLDER if not. It is never written anywhere.")
@click.option(
    "--port",
    default=0,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port on this machine; 0 takes a free one.",
)
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@told_in_language("The language of the page.", DEFAULT_LANGUAGE)
def command(
    folder: Path,
    documents: tuple[str, ...],
    document: str | None,
    reader: str,
    texts: tuple[Path, ...],
    port: int,
    no_browser: bool,
    lang: str,
) -> None:
    """Open the reading desk on documents of FOLDER, in a browser on this machine alone.

    A DOCUMENT is the name of one whose text is known, or a file (text or PDF) that begins a new
    one. Each act is written down at once; rallynov write makes the files.
    """
    import webbrowser

    from rallynov_graph.base.errors import RallynovError, SourceError
    from rallynov_graph.desk.session.reading_session import ReadingSession
    from rallynov_graph.desk_site.access import DeskAccess
    from rallynov_graph.desk_site.desk_application import create_desk
    from rallynov_graph.desk_site.serving import serve

    if document and len(documents) > 1:
        raise click.UsageError(_ONE_DOCUMENT[lang])
    try:
        opened = [
            _opened(folder, name, document, reader, texts) for name in dict.fromkeys(documents)
        ]
        sessions = [ReadingSession(it) for it in opened]
    except SourceError as error:
        raise RallynovError(error.text(lang)) from error
    access = DeskAccess()

    def tell(address: str) -> None:
        def print_address(token: str) -> None:
            click.echo(_SERVED[lang].format(f"{address}?token={token}"))

        access.tell = print_address
        print_address(access.token)
        if not no_browser:
            webbrowser.open(f"{address}?token={access.token}")

    serve(create_desk(sessions, access, lang), port, tell)


def _opened(
    folder: Path, name: str, document: str | None, reader: str, texts: tuple[Path, ...]
) -> "ReadDocument":
    from rallynov_graph.desk.extraction.reading_document import extract
    from rallynov_graph.desk.importing import Wanted, texts_in
    from rallynov_graph.desk.short_terms import slug_of
    from rallynov_graph.release.documents import SourceFile

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = Path(name)
    data = data_of(folder)
    if not path.is_file():
        slug = document or name.removeprefix("document/")
        given = tuple(map(SourceFile.read, texts))
        return _told(Wanted(data, slug, reader, given, now, texts_in(folder)), path)
    extracted = extract(path)
    slug = document or slug_of(path.stem)
    text = SourceFile(f"{slug}{path.suffix}", extracted.sha256, extracted.text.encode())
    return _told(Wanted(data, slug, reader, (text,), now), path)


def _told(wanted: "Wanted", path: Path) -> "ReadDocument":
    """Return a document; tell what a crash cut off of its decisions."""
    from rallynov_graph.desk.session.opened_document import opened

    found = opened(wanted, path)
    for remark in dict.fromkeys(wanted.remarks):
        click.echo(f"rallynov: {remark}", err=True)
    return found
