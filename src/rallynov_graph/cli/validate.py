"""``rallynov validate`` and ``rallynov check``: check data, releases and editions."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.programme import FILE
from rallynov_graph.cli.options import PATH, Seconds, folder_argument, format_option, texts_option
from rallynov_graph.cli.programmes import require
from rallynov_graph.cli.stores import run_in_child
from rallynov_graph.cli.terminal import steps
from rallynov_graph.cli.words import Command, language, t

if TYPE_CHECKING:
    from rallynov_graph.release.building import Content, Step
    from rallynov_graph.validation.report import Report

_MOST_FOR_REFERENCE: Final = 10_000
"""The most statements for pySHACL with a user's shapes; the quick validator does more."""
_MOST_FAULTS: Final = 20
"""So many files of an edition that are not as they were are named."""
_SPARQL: Final = f"{PREFIXES['sh']}sparql"


@click.command("validate", cls=Command)
@click.option("--shapes", type=PATH, metavar="FILE")
@format_option("text", "turtle", "json")
@click.option("--timeout", type=Seconds(min=0), default=600, show_default=True, metavar="SECONDS")
@click.option("--changed", is_flag=True)
@texts_option
@click.argument("files", nargs=-1, type=PATH)
def validate(
    shapes: Path | None,
    form: str,
    timeout: float,
    changed: bool,
    texts: tuple[Path, ...],
    files: tuple[Path, ...],
) -> int:
    """Check any RDF against any SHACL shapes, by default ours."""
    if len(files) == 1 and (files[0] / FILE).exists():
        require(files[0])
        files = ()
    if changed and (shapes is not None or not files or form == "turtle"):
        raise click.UsageError(t("validate.changed_alone"))
    if texts and (shapes is not None or changed):
        raise click.UsageError(t("validate.source_alone"))
    with _time_limit(timeout, t("validate.timeout", seconds=timeout)):
        if shapes is not None:
            # The engine cannot be interrupted: the process in which it works is ended.
            return run_in_child(
                lambda: _tell(_by_shapes_of_users(shapes, files), form), t("shared.check")
            )
        with steps() as step:
            if changed:
                return _tell_difference(files, form, step)
            report = _report(files, texts, step)
    return _tell(report, form)


def _tell(report: "Report", form: str) -> int:
    if form == "turtle":
        click.echo(report.turtle().decode().rstrip())
    else:
        told = report.folded()
        click.echo(told.json().rstrip() if form == "json" else told.text(language()))
    return 0 if report.conforms else 1


def _tell_difference(files: Sequence[Path], form: str, step: "Step") -> int:
    """Print the problems that files cause and solve, and return the exit status."""
    from rallynov_graph.base.resources import data_dir, ontology_dir
    from rallynov_graph.release import building
    from rallynov_graph.validation import report

    step(t("steps.as_they_are"))
    added = [*building.named_quads(files, in_graphs=True)]
    first = frozenset(str(quad.subject) for quad in added)
    content = building.read(data_dir(), ontology_dir())
    before = building.found_in(building.completed(content), first=first)
    step(t("steps.changes"))
    changed = building.with_graphs_replaced(content, data_dir(), files, added)
    after = building.found_in(building.completed(changed), first=first)
    brought = report.of(report.without(after.results, before.results))
    brought = brought.located((str(file), file) for file in files).folded()
    healed = report.without(before.results, after.results)
    if form == "json":
        click.echo(report.difference_json(brought.results, healed).rstrip())
    else:
        click.echo(report.difference_text(brought.results, healed, language()))
    return 0 if brought.conforms else 1


def _report(files: Sequence[Path], texts: Sequence[Path], step: "Step") -> "Report":
    from rallynov_graph.base.resources import data_dir, ontology_dir
    from rallynov_graph.release import building, files_in_context
    from rallynov_graph.release.files_in_context import FilesInContext

    ontology = ontology_dir()
    folder = files_in_context.folder_named(files) if files else data_dir()
    step(t("steps.applying"))
    if folder is not None:
        content = building.completed(building.read(folder, ontology))
        return _with_decisions(_checked(content, texts, step), content, folder)
    beside = FilesInContext(files, data_dir(), ontology)
    report = _checked(beside.content(), texts, step, beside.things)
    of_files = beside.of_files(report)
    if of_files.conforms and not report.conforms:
        click.echo(t("validate.elsewhere"), err=True)
    return of_files


def _with_decisions(report: "Report", content: "Content", folder: Path) -> "Report":
    """Return a report that also lists the files that differ from their readers' decisions."""
    from rallynov_graph.desk import trig_writing
    from rallynov_graph.validation import report as reports

    behind = trig_writing.findings(folder)
    if not behind:
        return report
    together = reports.of((*report.results, *behind), report.draw, report.more)
    return together.located(content.files)


def _checked(
    content: "Content",
    texts: Sequence[Path],
    step: "Step",
    first: frozenset[str] = frozenset(),
) -> "Report":
    """Return the report on data by rules, and by the texts of documents if they are given."""
    from rallynov_graph.release import building, text_faults
    from rallynov_graph.release.documents import SourceFile
    from rallynov_graph.validation import report

    step(t("steps.checking"))
    of_rules = building.check(content, first=first)
    if not texts:
        return of_rules
    step(t("steps.texts"))
    found = text_faults.faults(content.data, content.ontology, [*map(SourceFile.read, texts)])
    together = report.of((*of_rules.results, *found), of_rules.draw, of_rules.more)
    return together.located(content.files)


def _by_shapes_of_users(shapes: Path, files: Sequence[Path]) -> "Report":
    from pyoxigraph import Dataset

    from rallynov_graph.base.resources import data_dir
    from rallynov_graph.identity.rewriting import decided
    from rallynov_graph.rdf import sources
    from rallynov_graph.release import building
    from rallynov_graph.standing.settling import settled
    from rallynov_graph.validation import gate, shacl

    named_files = tuple((str(file), file) for file in files) or building.files_of(data_dir())
    with steps() as step:
        step(t("steps.files"))
        paths = [path for _, path in named_files]
        data = Dataset(settled(decided(sources.read(paths), paths), paths))
        step(t("steps.checking"))
        with shacl.placed(shapes):
            shape_quads = [*sources.quads([shapes])]
            shacl.refuse_ill_formed(shape_quads)
            has_queries = any(quad.predicate.value == _SPARQL for quad in shape_quads)
            # The reference for what it has done in seconds: the results are the same, but for
            # queries, where it compares what SPARQL does not.
            by_reference = len(data) <= _MOST_FOR_REFERENCE and not has_queries
            checked_by = shacl.validate if by_reference else gate.validate
            return checked_by(data, shape_quads).located(named_files)


class _TimeIsUpError(BaseException):
    """Raised by the alarm; not an Exception that a library would catch."""


@contextmanager
def _time_limit(seconds: float, message: str) -> Iterator[None]:
    """Raise RallynovError with a message if the block takes too long; 0 is no limit."""

    def raise_timeout(_signal: int, _frame: FrameType | None) -> None:
        raise _TimeIsUpError

    previous = signal.signal(signal.SIGALRM, raise_timeout)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _TimeIsUpError:
        raise RallynovError(message) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@click.command("check", cls=Command)
@folder_argument
def check(folder: Path) -> int:
    """Check an existing release, a folder of releases, or an edition again."""
    from rallynov_graph.edition.folder import is_edition

    return _check_edition(folder) if is_edition(folder) else _check_releases(folder)


def _check_edition(folder: Path) -> int:
    from rallynov_graph.base.errors import EditionError
    from rallynov_graph.edition import folder as editions

    with steps() as step:
        step(t("steps.hashes"))
        found = editions.read(folder)
        faults = [*islice(editions.faults(folder), _MOST_FAULTS + 1)]
    for fault, file in faults[:_MOST_FAULTS]:
        told = t(f"check.faults.{fault}", file=folder / file, manifest=editions.MANIFEST)
        click.echo(told, err=True)
    if faults:
        count = str(min(len(faults), _MOST_FAULTS))
        if len(faults) > _MOST_FAULTS:
            count = t("check.at_least", count=count)
        raise EditionError(t("check.other", folder=folder, count=count))
    click.echo(t("check.intact", folder=folder))
    click.echo(t("check.edition", folder=folder, files=found.files, release=found.release))
    return 0


def _check_releases(folder: Path) -> int:
    """Check a release, or each in a folder; raise ReleaseError if one differs from its manifest."""
    from rallynov_graph.base.errors import ReleaseError
    from rallynov_graph.release.release import latest, releases_in

    found = releases_in(folder)
    if found == [folder]:
        return _check_release(folder)
    status, damaged = 0, []
    for path in found:
        try:
            status |= _check_release(path)
        except ReleaseError as error:
            click.echo(error.text(language()), err=True)
            damaged.append(path.name)
    if damaged:
        counts = {"count": len(damaged), "all": len(found)}
        raise ReleaseError(t("check.damaged", folder=folder, names=", ".join(damaged), **counts))
    if latest(folder) is None:
        raise ReleaseError(t("check.latest", folder=folder))
    return status


def _check_release(folder: Path) -> int:
    from rallynov_graph.release import checking

    with steps() as step:
        step(t("steps.hashes"))
        release = checking.intact(folder)
        step(t("steps.checking"))
        report = checking.check(release)
    if report.results:
        click.echo(report.text(language()))
    click.echo(t("check.intact", folder=release.path))
    click.echo(t("check.report", folder=release.path, report=report.summary(language())))
    return 0 if report.conforms else 1
