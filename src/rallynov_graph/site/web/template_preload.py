"""Templates whose words, addresses and assets are filled in when they are loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Final, cast

from jinja2 import BaseLoader, BytecodeCache, Environment
from jinja2.bccache import Bucket
from markupsafe import escape

from rallynov_graph.base.cache import Cache
from rallynov_graph.site.model.nodes import page_cache

_CONSTANTS: Final = re.compile(r"""\{\{ (t|url|live|asset)\((?:'([^']*)'|"([^"]*)")\) \}\}""")
"""A call in a template whose only argument is a literal: a word, an address or an asset."""
OF_LANGUAGE: Final = frozenset({"t", "asset"})
"""The calls whose results do not change with the dial."""


class PreloadingLoader(BaseLoader):
    """Loads templates with the results of such calls in their text, or of some of them."""

    def __init__(self, loader: BaseLoader, calls: frozenset[str] | None = None) -> None:
        self._loader, self._calls = loader, calls

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template's source with the results of such calls."""

        def value_of(found: re.Match[str]) -> str:
            if self._calls is not None and found[1] not in self._calls:
                return found[0]
            global_function = cast(Callable[[str], str], environment.globals[found[1]])
            value = escape(global_function(found[2] or found[3]))
            return found[0] if "{" in value else str(value)

        source, file, is_current = self._loader.get_source(environment, template)
        return _CONSTANTS.sub(value_of, source), file, is_current


class SharedBytecodeCache(BytecodeCache):
    """The compiled templates, shared by the releases that are served together.

    Its environments must have the same options, since these change what is compiled.
    """

    def __init__(self) -> None:
        self._cache: Cache[tuple[str, str], CodeType] = page_cache()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load the code that was compiled from the same text."""
        bucket.code = self._cache.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the compiled code."""
        if bucket.code is not None:
            self._cache.keep((bucket.key, bucket.checksum), bucket.code)


_COMPILED: Final = SharedBytecodeCache()


def preloaded(
    common: Environment,
    template_globals: Mapping[str, object],
    calls: frozenset[str] | None = None,
) -> Environment:
    """Return an environment with these globals, whose templates are loaded anew.

    Their imported templates need no context and are therefore made once, too. With ``calls``, only
    those are made when templates are loaded, so that more environments share what is compiled.
    """
    assert common.loader is not None
    loader = PreloadingLoader(common.loader, calls)
    environment = common.overlay(loader=loader, bytecode_cache=_COMPILED)
    environment.globals = {**common.globals, **template_globals}
    return environment
