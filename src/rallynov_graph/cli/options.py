"""Options that several commands have, each declared once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from rallynov_graph.cli.programmes import data_folder

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

data_folder_option: Final = click.option(
    "--data",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    callback=data_folder,
    help="The data folder, or that of its programme. Without it, the shipped data.",
)

form_option: Final = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or all of it as JSON.",
)


def base_option(what: str) -> Decorator:
    """Return the option ``--base``, the lasting address of what is published."""
    return click.option(
        "--base",
        default="",
        metavar="IRI",
        help=f"The lasting address of {what}: pages are cited by it, documents named by it.",
    )


def releases_option(again: str) -> Decorator:
    """Return the option ``--release`` that may be repeated; ``again`` says what follows then."""
    return click.option(
        "--release",
        "folders",
        multiple=True,
        metavar="FOLDER",
        type=click.Path(path_type=Path),
        help="A release folder, or a folder of releases. Without it, the shipped data. Given "
        f"again, an earlier release, which {again}.",
    )


def texts_option(what: str, name: str = "texts", metavar: str = "TEXT") -> Decorator:
    """Return the option ``--source``, texts of documents; ``what`` says what they are for."""
    return click.option(
        "--source", name, multiple=True, metavar=metavar, type=click.Path(path_type=Path), help=what
    )
