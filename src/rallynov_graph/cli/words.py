"""The words of the commands in the user's language; ``words.toml`` has them.

The language is that of ``--lang``, which every command has; else French if the locale of the
machine is French; else English for help, and for the rest the command's own default.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

import click

from rallynov_graph.base.errors import in_french
from rallynov_graph.base.languages import LANGUAGES, NARROW, lines_of, typeset

_FILE: Final = Path(__file__).with_name("words.toml")
_ASKED_FOR: Final[ContextVar[str | None]] = ContextVar("asked_for", default=None)
_SPOKEN: Final = ContextVar("spoken", default="en")
_METAVAR: Final = re.compile(r"[A-Z]{2,}")
_HEADINGS: Final = {"Options": "layout.options", "Commands": "layout.commands"}


def t(key: str, /, **values: object) -> str:
    """Return the text of a key in the user's language, with values filled in."""
    text: str = words()[key][language()]
    return text.format(**values) if values else text


def language() -> str:
    return _SPOKEN.get()


def language_asked_for() -> str | None:
    """Return the language that the user asked for, None if none."""
    return _ASKED_FOR.get()


def remark(text: str) -> None:
    """Print a sentence to standard error, after the name of the program."""
    click.echo(f"rallynov: {text}", err=True)


_WORDS: Final = {
    key: dict.fromkeys(LANGUAGES, it) if isinstance(it, str) else it for key, it in lines_of(_FILE)
}


def words() -> Mapping[str, Any]:
    """Return the text of each key, such as ``build.done`` or ``build.--out``, by language.

    Examples of commands are the same in each language.
    """
    return _WORDS


class _Formatter(click.HelpFormatter):
    """Help with headings and metavariables in the user's language.

    No line begins with a character that needs a preceding space in French.
    """

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _metavars(args), prefix or t("layout.usage"))

    def write_heading(self, heading: str) -> None:
        super().write_heading(t(_HEADINGS[heading]))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        told = [(_metavars(first), _typeset(_extras(second))) for first, second in rows]
        super().write_dl(told, col_max, col_spacing)


def _typeset(text: str) -> str:
    """Return a text with non-breaking spaces of a width that every terminal has."""
    return typeset(text, language()).replace(NARROW, "\N{NO-BREAK SPACE}")


class _Context(click.Context):
    formatter_class = _Formatter


class _Worded(click.Command):
    """A command with ``--lang`` and with its help in ``words.toml``."""

    context_class = _Context

    def __init__(
        self, name: str | None, *, table: str = "", speaks: str = "en", **settings: Any
    ) -> None:
        super().__init__(name, **settings)
        self.table, self.speaks = table or name or "", speaks
        self._keys = {it: it.help or it.opts[0] for it in self.params if _is_explained(it)}
        taken = {name for it in self.params for name in it.opts}
        self._languages = [name for name in ("--lang", "--language") if name not in taken]
        for option in self._languages:
            choice = click.Option(
                [option],
                type=click.Choice(LANGUAGES),
                expose_value=False,
                show_default=True,
                hidden=option == "--language",  # what some commands called it once
            )
            self.params.append(choice)
            self._keys[choice] = option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; errors are in the language that the arguments ask for."""
        inherited = None if ctx.parent is None else language_asked_for()
        asked = _named(self._languages, args) or inherited
        _ASKED_FOR.set(asked)
        _SPOKEN.set(asked or _of_locale() or "en")
        self._explain(ctx)
        left = super().parse_args(ctx, args)
        _SPOKEN.set(asked or _of_locale() or self.speaks)
        return left

    def get_short_help_str(self, limit: int = 45) -> str:
        return t(f"{self.table}.short")

    def _explain(self, ctx: click.Context) -> None:
        """Set the help of the command and its options in the user's language."""
        self.help, self.epilog = _typeset(t(f"{self.table}.help")), self._below()
        for option in self.get_params(ctx):
            if isinstance(option, click.Option) and not option.hidden:
                key = self._keys.get(option, "--help")
                told = words().get(f"{self.table}.{key}") or words()[f"options.{key}"]
                option.help = told[language()]
                if "default" in told:
                    option.show_default = told["default"][language()]
                if key == "--lang":
                    option.default = _of_locale() or self.speaks

    def _below(self) -> str:
        """Return the text below the options: examples and notes."""
        paragraphs = []
        if examples := words().get(f"{self.table}.examples"):
            lines = examples[language()].strip().replace("\n", "\n  ")
            paragraphs.append(f"\b\n{t('layout.examples')}\n  {lines}")
        if notes := words().get(f"{self.table}.notes"):
            paragraphs.append(_typeset(notes[language()]).strip())
        return "\n\n".join(paragraphs)


class Command(_Worded):
    """A command in the user's language."""


class Group(_Worded, click.Group):
    """A group of commands in the user's language."""


def of_click(message: str) -> str:
    """Return click's error about invalid arguments in the user's language."""
    return message if language() == "en" else _metavars(in_french(message))


def _is_explained(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.hidden


def _named(options: Sequence[str], arguments: Sequence[str]) -> str | None:
    """Return the language that one of these options asks for in the arguments."""
    found = None
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name in options:
            value = value if equals else "".join(arguments[place + 1 : place + 2])
            found = value if value in LANGUAGES else found
    return found


def _of_locale() -> str | None:
    """Return French if the locale of the machine is French, else None."""
    settings = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "fr" if next(filter(None, settings), "").startswith("fr") else None


def _metavars(text: str) -> str:
    """Return a text with metavariables in the user's language."""

    def told(found: re.Match[str]) -> str:
        known = words().get(f"metavars.{found[0]}")
        return known[language()] if known else found[0]

    return _METAVAR.sub(told, text)


def _extras(help_text: str) -> str:
    """Return the help of an option with click's remarks on its value in brackets."""
    if not help_text.endswith("]"):
        return help_text
    text, bracket, extras = help_text.rpartition("[")
    for english, key in (("default: ", "default"), ("required", "required"), ("; ", "between")):
        extras = extras.replace(english, t(f"layout.{key}"))
    return f"{text}{bracket}{extras}"
