"""The site's dress for readers of one language: templates with what is theirs set in once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, cast

from jinja2 import Environment
from jinja2.ext import Extension
from markupsafe import escape

_SAID: Final = re.compile(r"""\{\{ (t|url|asset)\((?:'([^']*)'|"([^"]*)")\) \}\}""")
"""A word, an address or a file that a template names outright."""


class Setting(Extension):
    """Sets what a template names outright into its text when it is read."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return a template's source with the words, addresses and files that it names."""
        return _SAID.sub(self._set, source)

    def _set(self, found: re.Match[str]) -> str:
        of = cast(Callable[[str], str], self.environment.globals[found[1]])
        said = escape(of(found[2] or found[3]))
        return found[0] if "{" in said else str(said)


def dressed(common: Environment, always: Mapping[str, object]) -> Environment:
    """Return an environment whose templates may always use something.

    They are read anew for it. What they import needs no context: it is made once, too.
    """
    environment = common.overlay()
    environment.globals = {**common.globals, **always}
    environment.add_extension(Setting)
    return environment
