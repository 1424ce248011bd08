"""What stands around every page and depends on it: its links, the tab it is under. ``shell``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from rallynov_graph.http.links import Link
from rallynov_graph.site.web.html import in_html
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.request_context import Files

_ELSEWHERE = "alternate"
"""The relation of links that a page writes itself."""


class Shell:
    """The parts of the frame that templates leave to Python, in the words of one language."""

    def __init__(self, words: Messages) -> None:
        self._words = words

    @cached_property
    def suggesting(self) -> str:
        """What the script of the search says, as JSON that stands in an attribute."""
        said = {**self._words.under("suggest.")}
        return escape(str(htmlsafe_json_dumps(said, json.dumps, sort_keys=True)))

    def current(self, here: str, path: str, key: str) -> Markup:
        """Write whether a tab is the one of this page, or one that the page is under."""
        if here == path:
            return Markup(' aria-current="page"')
        if here.startswith(f"/page/{key}/") or (path != "/" and here.startswith(f"{path}/")):
            return Markup(' aria-current="true"')
        return Markup("")

    def links(self, links: Iterable[Link]) -> Markup:
        """Write the links of a page for its head; its alternates stand there anyway."""
        return Markup("\n".join(map(_link, (it for it in links if it.rel != _ELSEWHERE))))

    def alternates(self, files: Files) -> Markup:
        """Write for the head of a page which files have the same."""
        told = (
            f'<link rel="{_ELSEWHERE}" type="{in_html(form.media_type)}" href="{in_html(href)}">'
            for form, href in files
        )
        return Markup("\n".join(told))

    def downloads(self, files: Files) -> Markup:
        """Write the files that have the same, as items of a list."""
        told = (
            f'<li><a href="{in_html(href)}" rel="{_ELSEWHERE}" type="{in_html(form.media_type)}">'
            f"{in_html(form.label)}</a></li>"
            for form, href in files
        )
        return Markup("\n".join(told))


def _link(it: Link) -> str:
    of_type = f' type="{in_html(it.type)}"' if it.type else ""
    return f'<link rel="{in_html(it.rel)}" href="{in_html(it.href)}"{of_type}>'
