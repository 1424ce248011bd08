"""``rallynov validate``: check any RDF against any SHACL shapes, by default ours."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.programme import FILE
from rallynov_graph.cli.guarded_subprocess import run_in_child
from rallynov_graph.cli.language import told_in_language
from rallynov_graph.cli.options import texts_option
from rallynov_graph.cli.parameter_types import Seconds
from rallynov_graph.cli.programmes import require
from rallynov_graph.cli.progress import steps

if TYPE_CHECKING:
    from rallynov_graph.release.building import Content, Step
    from rallynov_graph.validation.report import Report

_MOST_FOR_REFERENCE: Final = 10_000
"""How many statements are held to a user's shapes by pySHACL; more, by the quick validator."""
_SPARQL: Final = f"{PREFIXES['sh']}sparql"
_TIMEOUT_MESSAGE: Final = (
    "The check was not done after {:g} seconds: the shapes may loop, or there are many data; "
    "give it longer with --timeout."
)

_ELSEWHERE: Final = {
    "fr": "Ailleurs dans les données il y a des fautes : rallynov validate DOSSIER les dit.",
    "en": "Elsewhere in the data there are violations: rallynov validate FOLDER tells them.",
}


@click.command(
    epilog="""\b
Examples:
  rallynov validate
  rallynov validate --shapes my-shapes.ttl my-data.ttl
  rallynov validate --format turtle my-data.ttl > report.ttl
  rallynov validate my-newsletters
  rallynov validate --lang fr data/carnets/carnet-99/atelier.trig
  rallynov validate --source carnet-99.txt
  rallynov validate --changed my-carnet.trig

Exit status: 0 the data conform (warnings and remarks do not count), 1 they do not,
2 a file cannot be read."""
)
@click.option(
    "--shapes",
    type=click.Path(path_type=Path),
    help="SHACL shapes of your own, instead of those shipped.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "turtle", "json"]),
    default="text",
    show_default=True,
    help="The report for people, as the W3C defines it, or as JSON.",
)
@click.option(
    "--timeout",
    type=Seconds(min=0),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="Give up after so long; 0 is never.",
)
@click.option(
    "--changed",
    is_flag=True,
    help="Tell what FILES bring and heal: their graphs take the place of those of the same name.",
)
@texts_option(
    "The text of a document, to compare positions, printed forms and sentences with; "
    "may be given several times."
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@told_in_language("The language of the report for people, and of what cannot be read.")
def command(
    shapes: Path | None,
    form: str,
    lang: str,
    timeout: float,
    changed: bool,
    texts: tuple[Path, ...],
    files: tuple[Path, ...],
) -> int:
    """Check RDF FILES, or a data folder, against SHACL shapes; by default, the shipped data.

    Without --shapes, the ontology's classes count, and the checks that concern graphs run too. A
    file is then seen beside the rest of its data folder, or beside the shipped data in whose
    graphs it takes the place of those of the same name; only what concerns it is told.

    The folder of a programme may be named instead: then its data are checked.

    Data may be of any size. Of each rule the first 100 findings are told, and how many more there
    are; what follows from another finding is left out, but in the report of the W3C.
    """
    if len(files) == 1 and (files[0] / FILE).exists():
        require(files[0])
        files = ()
    if changed and (shapes is not None or not files or form == "turtle"):
        raise click.UsageError(
            "--changed is about FILES beside the shipped data, as text or JSON: "
            "rallynov validate --changed my-data.trig"
        )
    if texts and (shapes is not None or changed):
        raise click.UsageError("--source is about our data: leave out --shapes and --changed.")
    with _time_limit(timeout, _TIMEOUT_MESSAGE.format(timeout)):
        if shapes is not None:
            # The engine cannot be interrupted: the process in which it works is ended.
            return run_in_child(
                lambda: _tell(_by_shapes_of_users(shapes, files), form, lang), "check"
            )
        with steps() as step:
            if changed:
                return _tell_difference(files, form, lang, step)
            report = _report(files, texts, lang, step)
    return _tell(report, form, lang)


def _tell(report: "Report", form: str, lang: str) -> int:
    """Print a report, and return the exit status."""
    if form == "turtle":
        click.echo(_in_turtle(report).rstrip())
    else:
        told = report.folded()
        click.echo(told.json().rstrip() if form == "json" else told.text(lang))
    return 0 if report.conforms else 1


def _tell_difference(files: Sequence[Path], form: str, lang: str, step: "Step") -> int:
    """Print what the graphs of files bring and heal, and return the exit status."""
    from rallynov_graph.base.resources import data_dir, ontology_dir
    from rallynov_graph.rdf import sources
    from rallynov_graph.release.held_content import HeldContent
    from rallynov_graph.validation import report

    step("checking the data as they are")
    held = HeldContent(data_dir(), ontology_dir())
    step("checking what changes")
    difference = held.replace_graphs(sources.quads(files, relative_iris=False), files)
    brought = held.told(difference.brought).located((str(file), file) for file in files).folded()
    if form == "json":
        click.echo(report.difference_json(brought.results, difference.healed).rstrip())
    else:
        click.echo(report.difference_text(brought.results, difference.healed, lang))
    return 0 if brought.conforms else 1


def _in_turtle(report: "Report") -> str:
    from rallynov_graph.validation import w3c_report

    return w3c_report.turtle(report).decode()


def _report(files: Sequence[Path], texts: Sequence[Path], lang: str, step: "Step") -> "Report":
    from rallynov_graph.base.resources import data_dir, ontology_dir
    from rallynov_graph.release import building, files_in_context
    from rallynov_graph.release.files_in_context import FilesInContext

    ontology = ontology_dir()
    folder = files_in_context.folder_named(files) if files else data_dir()
    step("reading the data and applying the rules")
    if folder is not None:
        content = building.completed(building.read(folder, ontology))
        return _with_decisions(_checked(content, texts, step), content, folder)
    beside = FilesInContext(files, data_dir(), ontology)
    report = _checked(beside.content(), texts, step, beside.things)
    of_files = beside.of_files(report)
    if of_files.conforms and not report.conforms:
        click.echo(_ELSEWHERE[lang], err=True)
    return of_files


def _with_decisions(report: "Report", content: "Content", folder: Path) -> "Report":
    """Return a report that also tells which files are not as their readers decided."""
    from rallynov_graph.desk import decisions_behind
    from rallynov_graph.validation import report as reports

    behind = decisions_behind.findings(folder)
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
    """Return the report on data by rules, and by the texts of documents where they are given."""
    from rallynov_graph.release import building, text_faults
    from rallynov_graph.release.documents import SourceFile
    from rallynov_graph.validation import report

    step("checking the data")
    of_rules = building.check(
        content.files, content.data, content.ontology, content.ontology_dir, first=first
    )
    if not texts:
        return of_rules
    step("comparing with the texts")
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
    from rallynov_graph.validation import gate, shacl, source_faults

    named_files = tuple((str(file), file) for file in files) or building.files_of(data_dir())
    with steps() as step:
        step("reading the files")
        paths = [path for _, path in named_files]
        data = Dataset(settled(decided(sources.read(paths), paths), paths))
        step("checking the data")
        with source_faults.placed(shapes):
            shape_quads = [*sources.quads([shapes])]
            shacl.refuse_ill_formed(shape_quads)
            has_queries = any(quad.predicate.value == _SPARQL for quad in shape_quads)
            # The reference for what it has done in seconds: the results are the same, but for
            # queries, where it compares what SPARQL does not.
            by_reference = len(data) <= _MOST_FOR_REFERENCE and not has_queries
            validate = shacl.validate if by_reference else gate.validate
            return validate(data, shape_quads).located(named_files)


class _TimeIsUpError(BaseException):
    """Raised by the alarm; no library takes it for an error of its own."""


@contextmanager
def _time_limit(seconds: float, message: str) -> Iterator[None]:
    """Raise RallynovError with a message where the block is not done in time; 0 is no limit."""

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
