"""The language in which a command tells: one option for all commands that have it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.languages import LANGUAGES


def told_in_language(
    what: str = "The language of what is told.", default: str = "en"
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what gives a command the option ``--lang``; its faults, too, are told in it.

    ``--language``, as some commands once had it, means the same.
    """

    def decorated(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def told(*arguments: Any, lang: str, language: str | None, **options: Any) -> Any:
            lang = language or lang
            try:
                return command(*arguments, lang=lang, **options)
            except RallynovError as error:
                if error.text(lang) == str(error):
                    raise
                raise RallynovError(error.text(lang)) from error

        option = click.option(
            "--lang", type=click.Choice(LANGUAGES), default=default, show_default=True, help=what
        )
        by_its_old_name = click.option("--language", type=click.Choice(LANGUAGES), hidden=True)
        return by_its_old_name(option(told))

    return decorated
