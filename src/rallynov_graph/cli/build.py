"""``rallynov new`` and ``rallynov build``: a programme's folder, and its data as a release."""

from datetime import date
from pathlib import Path

import click

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.programme import FILE
from rallynov_graph.cli.options import PATH, folder_argument
from rallynov_graph.cli.programmes import require
from rallynov_graph.cli.terminal import steps
from rallynov_graph.cli.words import Command, language, remark, t
from rallynov_graph.release.building import RELEASES
from rallynov_graph.release.release import Manifest, Release


@click.command("new", cls=Command)
@folder_argument
@click.option("--base", required=True, metavar="IRI")
@click.option("--title", metavar="TEXT")
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[:1],
    show_default=True,
)
def new(folder: Path, base: str, title: str | None, languages: tuple[str, ...]) -> None:
    """Make a folder for the newsletters of another programme."""
    from rallynov_graph.release.new_programme import NewProgramme, make

    chosen = tuple(dict.fromkeys(languages))
    name = title if title is not None else folder.resolve().name
    make(folder, NewProgramme(base, name, chosen, date.today()))
    click.echo(t("new.made", folder=folder))
    click.echo(t("new.next", folder=folder, text=folder / "texts" / "exemple.txt"))


@click.command("build", cls=Command)
@click.argument("folder", required=False, type=PATH)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER")
@click.option("--unchecked", is_flag=True)
@click.option("--until", metavar="DOCUMENT")
@click.option("--only", metavar="DOCUMENT")
def build(
    folder: Path | None, out: Path | None, unchecked: bool, until: str | None, only: str | None
) -> int:
    """Check the data and freeze them as a release."""
    from rallynov_graph.base.errors import ValidationFailed
    from rallynov_graph.release import building, files_in_context

    if until is not None and only is not None:
        raise click.UsageError(t("build.one"))
    data = None if folder is None else files_in_context.folder_named([folder])
    if folder is not None and (data is None or (folder / FILE).exists()):
        require(folder)
    if out is None and folder is not None:
        # Beside the data, never among them: there the next build would read it as data.
        out = (folder.resolve().parent if data == folder else folder) / RELEASES.name
    try:
        with steps() as step:
            release = building.build(
                out or RELEASES,
                data=data,
                step=step,
                checked=not unchecked,
                until=until,
                only=only,
            )
            step(t("steps.indexes"))
            _make_files(release)
    except ValidationFailed as failed:
        click.echo(failed.report.text(language()), err=True)
        click.echo(t("build.nothing"), err=True)
        return 1
    click.echo(t("build.done", **release.manifest.counts, found=_found(release.manifest)))
    if any(release.manifest.findings.values()):
        click.echo(t("build.more"))
    click.echo(str(release.path))
    return 0


def _make_files(release: "Release") -> None:
    from rallynov_graph.base.errors import ReleaseError
    from rallynov_graph.release import store_location
    from rallynov_graph.release.claim_index import ClaimIndex
    from rallynov_graph.release.finder import SearchIndexFile

    ClaimIndex(release).prepare()
    try:
        SearchIndexFile(store_location.of_release(release).pages(), release).index()
    except ReleaseError as error:  # its store cannot be made on disk
        remark(error.text(language()))


def _found(manifest: "Manifest") -> str:
    """Return what the rules concluded, as a part of a sentence."""
    if not manifest.checked:
        return t("build.unchecked")
    single = (0, 1) if language() == "fr" else (1,)
    counts = ", ".join(
        f"{number} {t(f'build.{severity.lower()}')}{'' if number in single else 's'}"
        for severity, number in manifest.findings.items()
    )
    return t("build.found", counts=counts)
