"""``rallynov desk``, ``propose``, ``import``, ``write``: turn a document into facts."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.base.errors import SourceError
from rallynov_graph.cli.options import (
    PATH,
    document_option,
    dry_run_option,
    folder_argument,
    port_option,
    reader_option,
    texts_option,
)
from rallynov_graph.cli.programmes import data_of
from rallynov_graph.cli.words import Command, language, remark, t

if TYPE_CHECKING:
    from rallynov_graph.desk.importing import Imported, Wanted
    from rallynov_graph.desk.session.document import ReadDocument


@click.command("propose", cls=Command, speaks="fr")
@folder_argument
@click.argument("document", type=PATH)
@click.option("--text", "only_text", is_flag=True)
def propose(folder: Path, document: Path, only_text: bool) -> None:
    """Print what a document may state, for a person to decide."""
    from rallynov_graph.desk.extraction.document_text import extract

    extracted = extract(document)
    for it in extracted.remarks:
        remark(t("propose.remark_on", document=document, remark=it.text(language())))
    if only_text:
        click.echo(extracted.text, nl=False)
        return
    from rallynov_graph.desk.decisions_file import decided_before
    from rallynov_graph.desk.proposing import weighing
    from rallynov_graph.desk.proposing.annotation_page import annotation_page
    from rallynov_graph.desk.proposing.known_names import known_in

    known = replace(known_in(folder), decided=decided_before(folder))
    proposals = weighing.propose(extracted.text, known)
    for it in weighing.withheld(known):
        remark(t("propose.withheld", reason=it.text(language())))
    page = annotation_page(extracted, proposals, language(), known.extractions)
    click.echo(json.dumps(page, ensure_ascii=False, indent=1))


@click.command("desk", cls=Command, speaks="fr")
@folder_argument
@click.argument("documents", metavar="DOCUMENT", nargs=-1, required=True)
@document_option
@reader_option
@texts_option
@port_option(0)
@click.option("--no-browser", is_flag=True)
def desk(
    folder: Path,
    documents: tuple[str, ...],
    document: str | None,
    reader: str,
    texts: tuple[Path, ...],
    port: int,
    no_browser: bool,
) -> None:
    """Open the reading desk on documents of FOLDER, in a browser on this machine only."""
    import webbrowser

    from rallynov_graph.desk.session.reading_session import ReadingSession
    from rallynov_graph.desk_site.access import DeskAccess
    from rallynov_graph.desk_site.views import create_desk, serve

    if document and len(documents) > 1:
        raise click.UsageError(t("desk.one_document"))
    opened = [_opened(folder, name, document, reader, texts) for name in dict.fromkeys(documents)]
    sessions = [ReadingSession(it) for it in opened]
    access = DeskAccess()

    def tell(address: str) -> None:
        def print_address(token: str) -> None:
            click.echo(t("desk.served", address=f"{address}?token={token}"))

        access.tell = print_address
        print_address(access.token)
        if not no_browser:
            webbrowser.open(f"{address}?token={access.token}")

    serve(create_desk(sessions, access, language()), port, tell)


def _opened(
    folder: Path, name: str, document: str | None, reader: str, texts: tuple[Path, ...]
) -> "ReadDocument":
    """Return a document; report decisions that a crash truncated."""
    from rallynov_graph.desk.extraction.document_text import extract
    from rallynov_graph.desk.importing import Wanted, texts_in
    from rallynov_graph.desk.session.document import opened
    from rallynov_graph.desk.short_terms import slug_of
    from rallynov_graph.release.documents import SourceFile

    path, data = Path(name), data_of(folder)
    if path.is_file():
        extracted = extract(path)
        slug = document or slug_of(path.stem)
        text = SourceFile(f"{slug}{path.suffix}", extracted.sha256, extracted.text.encode())
        wanted = Wanted(data, slug, reader, (text,), _now())
    else:
        slug = document or name.removeprefix("document/")
        given = tuple(map(SourceFile.read, texts))
        wanted = Wanted(data, slug, reader, given, _now(), texts_in(folder))
    found = opened(wanted, path)
    _print_remarks(wanted)
    return found


@click.command("import", cls=Command)
@folder_argument
@click.argument("files", metavar="FILE", nargs=-1, required=True, type=PATH)
@document_option
@reader_option
@texts_option
def import_files(
    folder: Path,
    files: tuple[Path, ...],
    document: str | None,
    reader: str,
    texts: tuple[Path, ...],
) -> int:
    """Take facts from FILE into the decisions on a document of FOLDER."""
    from rallynov_graph.desk import importing
    from rallynov_graph.release.documents import SourceFile

    given = tuple(map(SourceFile.read, texts))
    wanted = importing.Wanted(
        data_of(folder), document, reader, given, _now(), importing.texts_in(folder)
    )
    done = importing.take_in(wanted, files)
    _print_remarks(wanted)
    return _tell(done)


def _tell(done: "Sequence[Imported]") -> int:
    acts = sum(it.acts for it in done)
    click.echo(t("import.done", count=acts))
    unplaced = [one for it in done for one in it.unplaced]
    if unplaced:
        click.echo(t("import.left", count=len(unplaced)))
        for one in unplaced:
            click.echo(f"  {one.text(language())}")
    if acts:
        click.echo(t("import.next"))
    return 1 if unplaced else 0


@click.command("write", cls=Command)
@folder_argument
@document_option
@dry_run_option
def write(folder: Path, document: str | None, dry_run: bool) -> int:
    """Write the TriG of the documents in FOLDER according to their readers' decisions."""
    from rallynov_graph.desk import trig_writing
    from rallynov_graph.desk.document_folder import (
        current_reading,
        document_folders,
        known_folder,
    )

    data = data_of(folder)
    folders = [known_folder(data, document)] if document else document_folders(data)
    status, count = 0, 0
    for each in folders:
        try:
            for it in each.decisions():
                if it.remark is not None:
                    remark(it.remark.text(language()))
            current = current_reading(each)
            if current is None:
                continue
            written = trig_writing.write(each, current, _now(), rehearse=dry_run)
        except SourceError as error:
            remark(error.text(language()))
            status = 2
            continue
        count += 1
        for file in written:
            if file.fate is not trig_writing.Fate.SAME:
                fate = file.fate.name.lower() + "_dry" * dry_run
                click.echo(t("write.file", path=file.path, fate=t(f"write.fates.{fate}")))
    click.echo(t("write.one") if count == 1 else t("write.count", count=count))
    return status


def _print_remarks(wanted: "Wanted") -> None:
    for it in dict.fromkeys(wanted.remarks):
        remark(it.text(language()))


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
