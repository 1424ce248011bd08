"""Progress and tables for a terminal; a pipe gets plain lines, or nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.cli.words import language, t, words

if TYPE_CHECKING:
    from rallynov_graph.rdf.sources import Progress

_SECONDS: Final = 5
"""The minimum interval between lines of progress, in seconds."""


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the beginning of a step, as the next stage of a road."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        stages = count()

        def show(step: str) -> None:
            status.update(f"[yellow]{'●━━' * next(stages)}○[/] {_translated(step)} …")

        yield show


def _translated(step: str) -> str:
    """Return a step, which other packages name in English, in the user's language."""
    known = (row for key, row in words().items() if key.startswith("steps."))
    return next((str(row[language()]) for row in known if row["en"] == step), step)


@contextmanager
def bar(label: str) -> Iterator["Progress | None"]:
    """Yield a function that shows progress as a bar; None in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(label)
        yield lambda done, total: bars.update(task, completed=done, total=total)


@contextmanager
def counts(steps: str) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function that shows the progress of a step: as a bar; in a pipe, as lines.

    ``steps`` maps steps to their names. Each one prints a line when it begins.
    """
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress as Bar

        with Bar(console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task("", total=None)
            yield lambda step, done, total: bars.update(
                task, description=t(f"{steps}.{step}"), completed=done, total=total
            )
        return
    last, at = "", 0.0

    def show(step: str, done: int, total: int) -> None:
        nonlocal last, at
        if step != last or monotonic() - at >= _SECONDS:
            last, at = step, monotonic()
            click.echo(f"{t(f'{steps}.{step}')} {done}/{total}", err=True)

    yield show


def show_table(solutions: Solutions) -> None:
    """Print an answer: drawn on a terminal, aligned in a pipe, with shortened IRIs."""
    rows = [[shortened(term) for term in row] for row in solutions.rows]
    if sys.stdout.isatty():
        _draw(solutions.variables, rows)
    else:
        _align(solutions.variables, rows)


def shortened(term: Term | None) -> str:
    """Return a term on one line of a table; the empty string for None."""
    from pyoxigraph import Literal, NamedNode

    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return short_iri(term.value)
    text = term.value if isinstance(term, Literal) else str(term)
    return " ".join(text.split())


def _draw(variables: tuple[str, ...], rows: list[list[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for variable in variables:
        table.add_column(variable, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console()
    console.print(table)
    counted = t("query.one_row") if len(rows) == 1 else t("query.rows", count=len(rows))
    console.print(counted, style="dim", highlight=False)


def _align(variables: tuple[str, ...], rows: list[list[str]]) -> None:
    lines = [list(variables), *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
