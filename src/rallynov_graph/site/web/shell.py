"""The parts around every page that depend on it: links, the current tab. Templates: ``shell``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from rallynov_graph.http.links import Link
from rallynov_graph.site.web.html import in_html
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.request_context import Files

NamedFiles = Sequence[tuple[str, str]]
"""Files with the names of their formats and their addresses."""
_EXPORT = "export."
_ALTERNATE = "alternate"
"""The relation of links that a page's template writes itself."""


class Shell:
    """The parts of the page frame that are written in Python, with the words of one language."""

    def __init__(self, words: Messages, is_offered: Callable[[str], bool]) -> None:
        self._words, self._is_offered = words, is_offered

    @cached_property
    def suggesting(self) -> str:
        """The words of the search script, as JSON escaped for an attribute."""
        words = {**self._words.under("suggest.")}
        return escape(str(htmlsafe_json_dumps(words, json.dumps, sort_keys=True)))

    @cached_property
    def drawer(self) -> str:
        """The words of the evidence script, as JSON escaped for an attribute."""
        words = {**self._words.under("drawer.")}
        return escape(str(htmlsafe_json_dumps(words, json.dumps, sort_keys=True)))

    @cached_property
    def citing(self) -> str:
        """The words of the script of citations, as JSON escaped for an attribute."""
        words = {**self._words.under("citing.")}
        return escape(str(htmlsafe_json_dumps(words, json.dumps, sort_keys=True)))

    def current(self, current_path: str, path: str, key: str) -> Markup:
        """Return the ``aria-current`` of a tab: for its own page, or for the pages under it."""
        if current_path == path:
            return Markup(' aria-current="page"')
        if current_path.startswith(f"/page/{key}/") or (
            path != "/" and current_path.startswith(f"{path}/")
        ):
            return Markup(' aria-current="true"')
        return Markup("")

    def links(self, links: Iterable[Link]) -> Markup:
        """Return the link elements of a page's head, except the alternates."""
        shown = (it for it in links if it.rel != _ALTERNATE and self._is_offered(it.href))
        return Markup("\n".join(map(_link, shown)))

    def alternates(self, files: Files) -> Markup:
        """Return the link elements for the files with the content of a page."""
        elements = (
            f'<link rel="{_ALTERNATE}" type="{in_html(form.media_type)}" href="{in_html(href)}">'
            for form, href in files
            if self._is_offered(href)
        )
        return Markup("\n".join(elements))

    def export(
        self,
        table: NamedFiles,
        graph: NamedFiles,
        formats: Files,
        citation: NamedFiles,
        queries: NamedFiles,
    ) -> Markup:
        """Write the menu of everything that a page is had as, in groups by what it is for."""
        documents = (
            f'<li><a href="{in_html(href)}" rel="{_ALTERNATE}" type="{in_html(form.media_type)}">'
            f"{in_html(form.label)}</a></li>"
            for form, href in formats
            if self._is_offered(href)
        )
        groups = (
            self._group("table", self._items(table)),
            self._group("graph", [*self._items(graph), *documents]),
            self._group("citation", self._items(citation)),
        )
        ways = (
            f'<p class="export-query"><a href="{in_html(href)}">{in_html(name)}</a></p>'
            for name, href in queries
        )
        return Markup("".join((*groups, *ways)))

    def _items(self, files: NamedFiles) -> list[str]:
        return [
            f'<li><a href="{in_html(href)}" rel="nofollow">{in_html(name)}</a></li>'
            for name, href in files
            if self._is_offered(href)
        ]

    def _group(self, name: str, items: list[str]) -> str:
        if not items:
            return ""
        title, purpose = self._words[_EXPORT + name], self._words[f"{_EXPORT}for_{name}"]
        return (
            f'<p class="export-name" id="export-{name}">{in_html(title)}'
            f' <span class="soft">{in_html(purpose)}</span></p>\n'
            f'<ul aria-labelledby="export-{name}">{"".join(items)}</ul>\n'
        )


def _link(link: Link) -> str:
    of_type = f' type="{in_html(link.type)}"' if link.type else ""
    return f'<link rel="{in_html(link.rel)}" href="{in_html(link.href)}"{of_type}>'
