"""``rallynov build``: check the data and freeze them as a release."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.programme import FILE
from rallynov_graph.cli.language import told_in_language
from rallynov_graph.cli.programmes import require
from rallynov_graph.release.building import RELEASES

if TYPE_CHECKING:
    from rallynov_graph.release.release import Manifest, Release

_STEP: Final = "making the indexes"
_WORDS: Final = {
    "fr": {
        "done": "{triples} triplets dans {graphs} graphes, et {ontology} de l’ontologie ; {found}.",
        "unchecked": "personne ne les a soumis aux règles",
        "found": "ce qui a été trouvé : {}",
        "more": "Ce qui a été trouvé, rallynov validate le dit.",
        "nothing": "Rien n’a été publié.",
        "one": "--until et --only ne vont pas ensemble : l’un ou l’autre.",
        "violation": "faute",
        "warning": "avertissement",
        "info": "remarque",
    },
    "en": {
        "done": "{triples} triples in {graphs} graphs and {ontology} of the ontology; {found}.",
        "unchecked": "nobody held them to the rules",
        "found": "findings: {}",
        "more": "What was found, rallynov validate tells.",
        "nothing": "Nothing was released.",
        "one": "--until and --only do not go together: give one of them.",
    },
}


@click.command(
    epilog="""\b
Examples:
  rallynov build
  rallynov build --out /srv/rallynov
  rallynov build my-newsletters
  rallynov build --until carnet-2
  rallynov build --only carnet-2
  rallynov serve --release "$(rallynov build | tail -n 1)"

The last line printed is the release folder. Exit status: 0 built, 1 the data break a
rule, 2 something is wrong with the files or the folder."""
)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    show_default="releases, beside the data of FOLDER if one is named",
    help="The folder that keeps the releases.",
)
@click.option(
    "--unchecked",
    is_flag=True,
    help="Freeze the data without holding them to the rules; the release then says so.",
)
@click.option(
    "--until",
    metavar="DOCUMENT",
    help="Leave out the documents that appeared later: what was known when this one had.",
)
@click.option(
    "--only",
    metavar="DOCUMENT",
    help="Leave out all other documents: what this one says alone.",
)
@told_in_language("The language of what is told, and of what breaks a rule or cannot be read.")
def command(
    folder: Path | None,
    out: Path | None,
    unchecked: bool,
    until: str | None,
    only: str | None,
    lang: str,
) -> int:
    """Check the data and freeze them as a release.

    The data are the shipped ones, or those of a FOLDER: one that rallynov new made, or any with
    data in it; their releases then lie beside the data.

    With --until or --only the release says so, and does not become the latest one of its folder.

    Nothing in the folder changes unless the data are right; a release appears whole or not at all.

    At the end, the indexes of its search and of its claims are made beside it. Where they cannot
    be, a sentence says so, and the release is good.
    """
    from rallynov_graph.base.errors import ValidationFailed
    from rallynov_graph.cli.progress import steps
    from rallynov_graph.release import building, files_in_context

    if until is not None and only is not None:
        raise click.UsageError(_WORDS[lang]["one"])
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
            step(_STEP)
            _make_files(release)
    except ValidationFailed as failed:
        click.echo(failed.report.text(lang), err=True)
        click.echo(_WORDS[lang]["nothing"], err=True)
        return 1
    counts = release.manifest.counts
    found = _found(release.manifest, lang)
    click.echo(_WORDS[lang]["done"].format(**counts, found=found))
    if any(release.manifest.findings.values()):
        click.echo(_WORDS[lang]["more"])
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
        click.echo(f"rallynov: {error}", err=True)


def _found(manifest: "Manifest", lang: str) -> str:
    """Return what the rules found, as a part of a sentence."""
    words, single = _WORDS[lang], (0, 1) if lang == "fr" else (1,)
    if not manifest.checked:
        return words["unchecked"]
    findings = ", ".join(
        f"{number} {words.get(severity.lower(), severity.lower())}{'' if number in single else 's'}"
        for severity, number in manifest.findings.items()
    )
    return words["found"].format(findings)
