"""``rallynov check``: check an existing release, or an edition, again."""

from itertools import islice
from pathlib import Path
from typing import Final

import click

from rallynov_graph.cli.language import told_in_language

MOST_FAULTS: Final = 20
"""So many files that are not as they were are named."""
_WORDS: Final = {
    "fr": {
        "missing": "{file} manque.",
        "changed": "{file} a été changé.",
        "other list": "{file} n’est pas la liste que nomme {manifest}.",
        "extra": "{file} ne fait pas partie de l’édition.",
        "other": "{folder} n’est pas ce qui a été publié (fichiers changés, manquants ou en trop : "
        "{more}{count}) ; publiez de nouveau.",
        "at least": "au moins ",
        "intact": "{folder} : chaque fichier est ce que dit le manifeste.",
        "edition": "{folder} : {files} fichiers de la version {release}.",
        "report": "{folder} : {report}",
        "damaged": "{folder} : {count} version(s) sur {all} ne sont pas ce qu’elles annoncent : "
        "{names}.",
        "latest": "{folder} : LATEST manque, ou nomme une version qui n’est pas là.",
    },
    "en": {
        "missing": "{file} is missing.",
        "changed": "{file} was changed.",
        "other list": "{file} is not the list that {manifest} names.",
        "extra": "{file} is no part of the edition.",
        "other": "{folder} is not what was published (files changed, missing or too many: "
        "{more}{count}); publish it again.",
        "at least": "at least ",
        "intact": "{folder}: every file is what the manifest says.",
        "edition": "{folder}: {files} files of release {release}.",
        "report": "{folder}: {report}",
        "damaged": "{folder}: {count} of {all} releases are not what they say: {names}.",
        "latest": "{folder}: LATEST is missing, or names a release that is not there.",
    },
}


@click.command(
    epilog="""\b
Examples:
  rallynov check releases
  rallynov check releases/0123456789abcdef
  rallynov check site --lang fr

Exit status: 0 it is whole and right, 1 the data of a release break one of its shapes or our
checks, 2 a file is missing, changed, too many, or of a newer version."""
)
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@told_in_language()
def command(folder: Path, lang: str) -> int:
    """Check a release again: its hashes and counts, then its data against its own shapes.

    Of a folder of releases, each is checked. Of an edition that rallynov publish made, each file
    is compared with its hash.
    """
    from rallynov_graph.edition import edition_manifest as manifest

    if manifest.is_in(folder):
        return _check_edition(folder, lang)
    return _check_releases(folder, lang)


def _check_edition(folder: Path, lang: str) -> int:
    from rallynov_graph.base.errors import EditionError
    from rallynov_graph.cli.progress import steps
    from rallynov_graph.edition import edition_manifest as manifest

    with steps() as step:
        step("comparing hashes")
        found = manifest.read(folder)
        faults = [*islice(manifest.faults(folder), MOST_FAULTS + 1)]
    words = _WORDS[lang]
    for fault, file in faults[:MOST_FAULTS]:
        click.echo(words[fault].format(file=folder / file, manifest=manifest.MANIFEST), err=True)
    if faults:
        more = words["at least"] if len(faults) > MOST_FAULTS else ""
        count = min(len(faults), MOST_FAULTS)
        raise EditionError(words["other"].format(folder=folder, more=more, count=count))
    click.echo(words["intact"].format(folder=folder))
    click.echo(words["edition"].format(folder=folder, files=found.files, release=found.release))
    return 0


def _check_releases(folder: Path, lang: str) -> int:
    """Check a release, or each in a folder; raise ReleaseError where one is not what it says."""
    from rallynov_graph.base.errors import ReleaseError
    from rallynov_graph.release.release import latest, releases_in

    found = releases_in(folder)
    if found == [folder]:
        return _check_release(folder, lang)
    status, damaged, words = 0, [], _WORDS[lang]
    for path in found:
        try:
            status |= _check_release(path, lang)
        except ReleaseError as error:
            click.echo(error.text(lang), err=True)
            damaged.append(path.name)
    if damaged:
        count, names = len(damaged), ", ".join(damaged)
        raise ReleaseError(
            words["damaged"].format(folder=folder, count=count, all=len(found), names=names)
        )
    if latest(folder) is None:
        raise ReleaseError(words["latest"].format(folder=folder))
    return status


def _check_release(folder: Path, lang: str) -> int:
    from rallynov_graph.cli.progress import steps
    from rallynov_graph.release import checking

    with steps() as step:
        step("comparing hashes")
        release = checking.intact(folder)
        step("checking the data")
        report = checking.check(release)
    if report.results:
        click.echo(report.text(lang))
    words = _WORDS[lang]
    click.echo(words["intact"].format(folder=release.path))
    click.echo(words["report"].format(folder=release.path, report=report.summary(lang)))
    return 0 if report.conforms else 1
