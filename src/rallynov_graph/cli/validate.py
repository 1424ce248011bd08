"""``rallynov validate``: check any RDF against any SHACL shapes, by default ours."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.programme import FILE
from rallynov_graph.cli.parameter_types import Seconds
from rallynov_graph.cli.programmes import require

if TYPE_CHECKING:
    from rallynov_graph.release.building import Step
    from rallynov_graph.validation.report import Report

_MOST_FOR_REFERENCE: Final = 10_000
"""How many statements are held to a user's shapes by pySHACL; more, by the quick validator."""
_TIMEOUT_MESSAGE: Final = (
    "The check was not done after {:g} seconds: the shapes may loop, or there are many data; "
    "give it longer with --timeout."
)


@click.command(
    epilog="""\b
Examples:
  rallynov validate
  rallynov validate --shapes my-shapes.ttl my-data.ttl
  rallynov validate --format turtle my-data.ttl > report.ttl
  rallynov validate --lang fr
  rallynov validate my-newsletters
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
    "--lang",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="The language of the report for people.",
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
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def command(
    shapes: Path | None,
    form: str,
    lang: str,
    timeout: float,
    changed: bool,
    files: tuple[Path, ...],
) -> int:
    """Check RDF FILES against SHACL shapes; without a file, the shipped data.

    The folder of a programme may be named instead: then its data are checked.

    Without --shapes, the ontology's classes count, and the checks that concern graphs run too.
    Data may be of any size. Of each rule the first 100 findings are told, and how many more there
    are.
    """
    from rallynov_graph.cli.progress import steps

    if len(files) == 1 and (files[0] / FILE).exists():
        require(files[0])
        files = ()
    if changed and (shapes is not None or not files or form == "turtle"):
        raise click.UsageError(
            "--changed is about FILES beside the shipped data, as text or JSON: "
            "rallynov validate --changed my-data.trig"
        )
    with steps() as step, _time_limit(timeout, _TIMEOUT_MESSAGE.format(timeout)):
        if changed:
            return _tell_difference(files, form, lang, step)
        report = _report(shapes, files, step)
    if form == "turtle":
        click.echo(_in_turtle(report).rstrip())
    else:
        click.echo(report.json().rstrip() if form == "json" else report.text(lang))
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
    brought = report.of(difference.brought).located((str(file), file) for file in files)
    if form == "json":
        click.echo(report.difference_json(brought.results, difference.healed).rstrip())
    else:
        click.echo(report.difference_text(brought.results, difference.healed, lang))
    return 0 if brought.conforms else 1


def _in_turtle(report: "Report") -> str:
    from rallynov_graph.validation import w3c_report

    return w3c_report.turtle(report).decode()


def _report(shapes: Path | None, files: Sequence[Path], step: "Step") -> "Report":
    from pyoxigraph import Dataset

    from rallynov_graph.base.resources import data_dir, ontology_dir
    from rallynov_graph.identity.rewriting import decided
    from rallynov_graph.rdf import sources
    from rallynov_graph.release import building
    from rallynov_graph.standing.settling import settled
    from rallynov_graph.validation import gate, shacl, source_faults

    if not files and shapes is None:
        step("reading the data and applying the rules")
        content = building.completed(building.read(data_dir(), ontology_dir()))
        step("checking the data")
        return building.check(content.files, content.data, content.ontology, content.ontology_dir)
    named_files = tuple((str(file), file) for file in files) or building.files_of(data_dir())
    step("reading the files")
    paths = [path for _, path in named_files]
    data = Dataset(settled(decided(sources.read(paths), paths), paths))
    step("checking the data")
    if shapes is None:
        return building.check(
            named_files, data, building.ontology_of(ontology_dir()), ontology_dir()
        )
    with source_faults.placed(shapes):
        shape_quads = [*sources.quads([shapes])]
        shacl.refuse_ill_formed(shape_quads)
        # The reference for what it has done in seconds; the results are the same.
        validate = shacl.validate if len(data) <= _MOST_FOR_REFERENCE else gate.validate
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
