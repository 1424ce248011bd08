"""``rallynov compare-readings``: what two readers of a document differ in, and settling it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.namespaces import in_prefixes, short_iri
from rallynov_graph.cli.language import told_in_language
from rallynov_graph.cli.programmes import data_of

if TYPE_CHECKING:
    from rallynov_graph.desk.reading_comparison import Agreement, ReadingDifference, StatedValue
    from rallynov_graph.desk.settled_reading import TwoReadings

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "head": "{0} et {1} ont lu {2}.",
        "kind": "sorte de fait",
        "both": "les deux",
        "alone": "{} seul",
        "open": "{} différence(s) à départager, {} départagée(s) :",
        "none": "Aucune différence à départager ; {} départagée(s).",
        "nothing": "rien",
        "says": "{}\u00a0: {}",
        "at": "signes {}",
        "how": "Départager : --take {}={} ou {} ou both",
        "sure": "certitude des faits communs (mêmes, autres)",
        "question": "question ouverte",
    },
    "en": {
        "head": "{0} and {1} read {2}.",
        "kind": "kind of fact",
        "both": "both",
        "alone": "{} alone",
        "open": "{} difference(s) to settle, {} settled:",
        "none": "No difference to settle; {} settled.",
        "nothing": "nothing",
        "says": "{}: {}",
        "at": "characters {}",
        "how": "To settle one: --take {}={} or {} or both",
        "sure": "certainty of what both state (same, other)",
        "question": "open question",
    },
}


@click.command(
    epilog="""\b
Examples:
  rallynov compare-readings my-newsletters lettre-2
  rallynov compare-readings my-newsletters lettre-2 --take 3fa1b2=anne --take 90cc1e=both

κ is Cohen's: 1 where readers agree in everything, 0 where they do as chance would.

Exit status: 0 nothing is to be settled, 1 something is, 2 there are no two readings."""
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("document")
@click.argument("readers", nargs=-1)
@click.option(
    "--take",
    "taken",
    multiple=True,
    metavar="DIFFERENCE=READER",
    help="Whose reading is taken of a difference, or both; repeatable.",
)
@told_in_language()
def command(
    folder: Path, document: str, readers: tuple[str, ...], taken: tuple[str, ...], lang: str
) -> int:
    """List what two READERS of a DOCUMENT in FOLDER state otherwise, and how far they agree.

    Compared is what the sets state, with its certainty, and which questions are open. What is
    settled is written down beside the two readings, which stay as they are; when nothing is left to
    settle, rallynov write writes the settled reading.
    """
    from rallynov_graph.desk.document_folder import known_folder
    from rallynov_graph.desk.settled_reading import two_readings

    names = tuple(name.rpartition("/")[2] for name in readers)
    of_document = known_folder(data_of(folder), document)
    compared = two_readings(of_document, *names)
    if taken:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        compared.settle(dict(map(_taken, taken)), now)
        compared = two_readings(of_document, *names)
    for line in _told(compared, lang):
        click.echo(line)
    return 1 if compared.open else 0


def _taken(text: str) -> tuple[str, str]:
    difference, equals, reader = text.partition("=")
    if not (difference and equals and reader):
        raise click.UsageError(f"--take {text}: write a difference, = and a reader or both.")
    return difference, reader.rpartition("/")[2]


def _told(compared: "TwoReadings", lang: str) -> Iterator[str]:
    words, first, second = _WORDS[lang], compared.first.name, compared.second.name
    labels = _labels(lang)
    yield words["head"].format(first, second, compared.folder.slug)
    heads = [words["kind"], words["both"], *(words["alone"].format(it) for it in (first, second))]
    rows = [[*heads, "κ"], *(_row(it, labels, words) for it in compared.comparison.agreements)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        yield f"  {row[0]:<{widths[0]}}" + "".join(
            f"  {cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)
        )
    left, settled = compared.open, compared.settled.reading.settled
    yield words["open" if left else "none"].format(
        *([len(left), len(settled)] if left else [len(settled)])
    )
    for difference in left:
        yield from _difference(difference, (first, second), labels, words)
    if left:
        yield words["how"].format(left[0].id, first, second)


def _row(agreement: "Agreement", labels: Mapping[str, str], words: Mapping[str, str]) -> list[str]:
    from rallynov_graph.desk.reading_comparison import CERTAINTY

    name = _named(agreement.prop, labels, words)
    if agreement.prop == CERTAINTY:
        name = words["sure"]
    kappa = "–" if agreement.kappa is None else f"{agreement.kappa:.2f}"
    return [name, *map(str, (agreement.both, agreement.first, agreement.second)), kappa]


def _named(iri: str, labels: Mapping[str, str], words: Mapping[str, str]) -> str:
    from rallynov_graph.desk.reading_comparison import QUESTION

    if iri == QUESTION:
        return words["question"]
    return f"{labels[iri]} ({in_prefixes(iri)})" if iri in labels else in_prefixes(iri)


def _difference(
    difference: "ReadingDifference",
    names: tuple[str, str],
    labels: Mapping[str, str],
    words: Mapping[str, str],
) -> Iterator[str]:
    yield (
        f"  {difference.id}  {short_iri(difference.subject)}, "
        f"{_named(difference.prop, labels, words)}"
    )
    for name, values in zip(names, (difference.first, difference.second), strict=True):
        said = "; ".join(_value(it, words) for it in values) or words["nothing"]
        yield "          " + words["says"].format(name, said)


def _value(stated: "StatedValue", words: Mapping[str, str]) -> str:
    value = stated.value
    shown = short_iri(value.value) if not hasattr(value, "datatype") else f"“{value.value}”"
    where = ", ".join(f"{start}–{end}" for start, end in stated.spans)
    return f"{shown} ({stated.certainty}, {words['at'].format(where)})"


def _labels(lang: str) -> Mapping[str, str]:
    from pyoxigraph import Literal

    from rallynov_graph.base.namespaces import PREFIXES
    from rallynov_graph.base.resources import ontology_dir
    from rallynov_graph.release import building

    def found() -> Iterable[tuple[str, str]]:
        for quad in building.ontology_of(ontology_dir()):
            is_label = quad.predicate.value == f"{PREFIXES['rdfs']}label"
            if is_label and isinstance(quad.object, Literal) and quad.object.language == lang:
                yield getattr(quad.subject, "value", ""), quad.object.value

    return dict(found())
