"""The answer of a SELECT as a table for people: drawn on a terminal, aligned in a pipe."""

import sys

import click

from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.base.terms import Solutions, Term


def show(solutions: Solutions) -> None:
    """Print the table to standard output; IRIs are shortened by our prefixes."""
    rows = [[shortened(term) for term in row] for row in solutions.rows]
    if sys.stdout.isatty():
        _draw(solutions.variables, rows)
    else:
        _align(solutions.variables, rows)


def shortened(term: Term | None) -> str:
    """Return a term as the table shows it, on one line; the empty string for none."""
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
    console.print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}", style="dim", highlight=False)


def _align(variables: tuple[str, ...], rows: list[list[str]]) -> None:
    lines = [list(variables), *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
