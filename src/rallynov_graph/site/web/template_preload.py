"""The site's dress for readers of one language: templates with what is theirs set in once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Final, cast

from jinja2 import BaseLoader, BytecodeCache, Environment
from jinja2.bccache import Bucket
from markupsafe import escape

from rallynov_graph.base.cache import Cache
from rallynov_graph.site.model.nodes import for_pages

_SAID: Final = re.compile(r"""\{\{ (t|url|asset)\((?:'([^']*)'|"([^"]*)")\) \}\}""")
"""A word, an address or a file that a template names outright."""


class Setting(BaseLoader):
    """Reads templates with what they name outright set into their text."""

    def __init__(self, behind: BaseLoader) -> None:
        self._behind = behind

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template's source with the words, addresses and files that it names."""

        def set_in(found: re.Match[str]) -> str:
            of = cast(Callable[[str], str], environment.globals[found[1]])
            said = escape(of(found[2] or found[3]))
            return found[0] if "{" in said else str(said)

        source, file, is_current = self._behind.get_source(environment, template)
        return _SAID.sub(set_in, source), file, is_current


class Compiled(BytecodeCache):
    """What templates were compiled to: releases that are served together wear the same dress.

    All environments that use it have the same options, which shape what is compiled.
    """

    def __init__(self) -> None:
        self._kept: Cache[tuple[str, str], CodeType] = for_pages()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Have what was compiled of the same text."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self._kept.keep((bucket.key, bucket.checksum), bucket.code)


_COMPILED: Final = Compiled()


def dressed(common: Environment, always: Mapping[str, object]) -> Environment:
    """Return an environment whose templates may always use something.

    They are read anew for it. What they import needs no context: it is made once, too.
    """
    assert common.loader is not None
    environment = common.overlay(loader=Setting(common.loader), bytecode_cache=_COMPILED)
    environment.globals = {**common.globals, **always}
    return environment
