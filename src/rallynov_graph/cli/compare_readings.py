"""``rallynov compare-readings``: how two readers of a document differ, and the decision."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.base.namespaces import in_prefixes, short_iri
from rallynov_graph.cli.options import folder_argument
from rallynov_graph.cli.programmes import data_of
from rallynov_graph.cli.words import Command, language, t

if TYPE_CHECKING:
    from rallynov_graph.desk.document_folder import TwoReadings
    from rallynov_graph.desk.reading_comparison import Agreement, ReadingDifference, StatedValue


@click.command("compare-readings", cls=Command)
@folder_argument
@click.argument("document")
@click.argument("readers", nargs=-1)
@click.option("--take", "taken", multiple=True, metavar="DIFFERENCE=READER")
def compare_readings(
    folder: Path, document: str, readers: tuple[str, ...], taken: tuple[str, ...]
) -> int:
    """List where two READERS of a DOCUMENT in FOLDER differ, and how far they agree."""
    from rallynov_graph.desk.document_folder import known_folder, two_readings

    names = tuple(name.rpartition("/")[2] for name in readers)
    of_document = known_folder(data_of(folder), document)
    compared = two_readings(of_document, *names)
    if taken:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        compared.settle(dict(map(_taken, taken)), now)
        compared = two_readings(of_document, *names)
    for line in _told(compared):
        click.echo(line)
    return 1 if compared.open else 0


def _taken(text: str) -> tuple[str, str]:
    difference, equals, reader = text.partition("=")
    if not (difference and equals and reader):
        raise click.UsageError(t("compare-readings.wrong_take", text=text))
    return difference, reader.rpartition("/")[2]


def _told(compared: "TwoReadings") -> Iterator[str]:
    first, second = names = compared.first.name, compared.second.name
    labels = _labels()
    document = compared.folder.slug
    yield t("compare-readings.head", first=first, second=second, document=document)
    alone = [t("compare-readings.alone", reader=it) for it in names]
    heads = [t("compare-readings.kind"), t("compare-readings.both"), *alone, "κ"]
    rows = [heads, *(_row(it, labels) for it in compared.comparison.agreements)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        yield f"  {row[0]:<{widths[0]}}" + "".join(
            f"  {cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)
        )
    left, settled = compared.open, compared.settled.reading.settled
    key = "compare-readings.open" if left else "compare-readings.none"
    yield t(key, open=len(left), settled=len(settled))
    for difference in left:
        yield from _difference(difference, names, labels)
    if left:
        yield t("compare-readings.how", id=left[0].id, first=first, second=second)


def _row(agreement: "Agreement", labels: Mapping[str, str]) -> list[str]:
    from rallynov_graph.desk.short_terms import CERTAINTY

    is_certainty = agreement.prop == CERTAINTY
    name = t("compare-readings.sure") if is_certainty else _named(agreement.prop, labels)
    kappa = "–" if agreement.kappa is None else f"{agreement.kappa:.2f}"
    return [name, *map(str, (agreement.both, agreement.first, agreement.second)), kappa]


def _named(iri: str, labels: Mapping[str, str]) -> str:
    from rallynov_graph.desk.reading_comparison import QUESTION

    if iri == QUESTION:
        return t("compare-readings.question")
    return f"{labels[iri]} ({in_prefixes(iri)})" if iri in labels else in_prefixes(iri)


def _difference(
    difference: "ReadingDifference", names: tuple[str, str], labels: Mapping[str, str]
) -> Iterator[str]:
    yield f"  {difference.id}  {short_iri(difference.subject)}, {_named(difference.prop, labels)}"
    for name, stated in zip(names, (difference.first, difference.second), strict=True):
        values = "; ".join(map(_value, stated)) or t("compare-readings.nothing")
        yield f"          {t('compare-readings.says', reader=name, values=values)}"


def _value(stated: "StatedValue") -> str:
    value = stated.value
    shown = short_iri(value.value) if not hasattr(value, "datatype") else f"“{value.value}”"
    where = ", ".join(f"{start}–{end}" for start, end in stated.spans)
    return t("compare-readings.value", value=shown, certainty=stated.certainty, where=where)


def _labels() -> Mapping[str, str]:
    from pyoxigraph import Literal

    from rallynov_graph.base.namespaces import PREFIXES
    from rallynov_graph.base.resources import ontology_dir
    from rallynov_graph.release import building

    def found() -> Iterable[tuple[str, str]]:
        for quad in building.ontology_of(ontology_dir()):
            is_label = quad.predicate.value == f"{PREFIXES['rdfs']}label"
            if is_label and isinstance(quad.object, Literal) and quad.object.language == language():
                yield getattr(quad.subject, "value", ""), quad.object.value

    return dict(found())
