"""The page around what a feature shows: sections, the dial, links, and the templates' globals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

from flask import current_app, g
from jinja2 import Environment
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, SUREST
from rallynov_graph.base.languages import LANGUAGES, day
from rallynov_graph.base.programme import CURRENT
from rallynov_graph.exports.citations import LICENCE, LICENCE_ADDRESS
from rallynov_graph.http.links import Link
from rallynov_graph.release.attribution import attribution
from rallynov_graph.release.release_set import Version
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.links.organisations_and_themes import link_counts
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import Frame, sections
from rallynov_graph.site.web.html import Html, SvgElements, in_html
from rallynov_graph.site.web.messages import Messages, foreign_description
from rallynov_graph.site.web.reader import (
    Files,
    RequestContext,
    RequestedAddress,
    requested_address,
    site,
    view,
)


@dataclass(frozen=True)
class DialStep:
    """A position of the dial: it admits facts of its certainty and surer ones."""

    certainty: str
    href: str
    """The address of the same page at this position."""
    is_admitted: bool
    """Whether facts of its certainty are shown."""
    is_current: bool


@dataclass(frozen=True)
class Dial:
    """The dial as a page shows it, with the numbers of links of organisations to themes."""

    steps: tuple[DialStep, ...]
    shown: int
    total: int

    @property
    def fewer(self) -> int:
        """The number of links that are not shown."""
        return self.total - self.shown


def dial_of(context: RequestContext, address: RequestedAddress) -> Dial:
    """Return the dial of the page of an address."""
    chosen = CERTAINTIES.index(context.addresses.certainty)
    steps = tuple(
        DialStep(
            certainty,
            address.at_certainty(context.addresses, certainty),
            place <= chosen,
            place == chosen,
        )
        for place, certainty in enumerate(CERTAINTIES)
    )
    # Counted once for all visitors: it is nobody's query, and the page of a refusal shows it, too.
    counts: Mapping[str, int] = link_counts(GraphView(context.site.graph, context.addresses))
    return Dial(steps, counts[context.addresses.certainty], counts[LEAST_SURE])


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


_SHARED: Final = {
    "m": "base/macros.html",
    "choices": "base/choices.html",
    "drawing": "base/drawing.html",
}
"""The templates of macros, by the names that other templates use."""

EDITION: Final = "edition"
"""The global of templates that says whether pages are made for files that no service is behind."""
IS_OFFERED: Final = "is_offered"
"""The global of templates that returns whether pages offer what lies at an address."""
_HERE: Final = "edition:"
"""How the address of what is answered in the reader's browser begins."""

_FORMATS: Final = {"ttl": "Turtle", "rdfp": "RDF Patch", "gexf": "GEXF (Gephi)"}
"""What formats are called that are not called as their suffix."""


@dataclass(frozen=True)
class ServedRelease:
    """A release of the site as pages show it."""

    id: str
    version: str
    issued: str
    href: str
    is_current: bool
    """Whether the page belongs to it."""
    changes: tuple[tuple[str, str], ...]
    """The ids of the releases before it, each with the address of the changes since."""


def rendered(
    common: Environment,
    context: RequestContext,
    address: RequestedAddress,
    template: str,
    links: Sequence[Link] = (),
    structured: str = "",
    /,
    **variables: object,
) -> str:
    """Return the HTML of a page in the language of the context.

    ``links`` are those of its header, ``structured`` is its JSON-LD for search engines.
    """
    cache, addresses = context.site.template_cache, context.addresses
    environment = cache.get(addresses) or cache.keep(addresses, _environment(common, context))
    of_request = {
        "other_language": address.in_language(addresses, context.words["site.language_code"]),
        "in_language": lambda language: address.in_language(addresses, language),
        "links": links,
        "structured": structured,
        "current_path": address.path,
        "frame": _frame(common, context, address),
        "dial": None if context.site.foreign or "dial" in variables else dial_of(context, address),
        "releases": served_releases(context),
        "sources": context.site.source_documents if context.site.release else (),
    }
    return environment.get_template(template).render(of_request, **variables)


def _frame(common: Environment, context: RequestContext, address: RequestedAddress) -> Frame:
    has_several = bool(context.site.release) and len(context.site.source_documents) > 1
    return sections().frame(address.path, context.addresses, context.words, has_several)


def served_releases(context: RequestContext) -> tuple[ServedRelease, ...]:
    """Return the releases that are served together, the newest first; none where it is alone."""
    versions = context.site.versions
    return tuple(
        _served_release(context, versions[place], versions[place + 1 :])
        for place in range(len(versions))
        if len(versions) > 1
    )


def _served_release(
    context: RequestContext, version: Version, before: Sequence[Version]
) -> ServedRelease:
    addresses = context.addresses_in(version)
    manifest = version.release.manifest
    return ServedRelease(
        version.id,
        manifest.version,
        day(manifest.issued, context.addresses.language),
        addresses.path("/"),
        version.place == context.site.place,
        tuple((other.id, addresses.path("/changes", [("from", other.id)])) for other in before),
    )


def _environment(common: Environment, context: RequestContext) -> Environment:
    """Return the templates for a context, with their globals and macros."""
    template_globals: dict[str, Any] = {
        EDITION: False,
        IS_OFFERED: bool,
        "live": context.addresses.path,
        **common.globals,
    }
    if template_globals[EDITION]:
        template_globals["live"] = partial(_answered_here, context.addresses)
    environment = common.overlay()
    environment.globals = {**template_globals, **_template_globals(context)}
    environment.globals["shell"] = Shell(context.words, template_globals[IS_OFFERED])
    for name, template in _SHARED.items():
        environment.globals[name] = environment.get_template(template).module
    return environment


def _answered_here(addresses: Addresses, path: str) -> str:
    """Return the address of what a service answers, for scripts that answer it in the browser."""
    return f"{_HERE}{addresses.path(path).removeprefix(addresses.root + '/')}"


def _template_globals(context: RequestContext) -> Mapping[str, object]:
    """Return the globals of the templates, which are the same for all pages of a language."""
    site, addresses = context.site, context.addresses
    return {
        "site": site,
        "release": site.release,
        "shipped": CURRENT.folder is None,
        "lead_language": foreign_description(addresses.language),
        "file_stem": attribution().name,
        "licence": (LICENCE, LICENCE_ADDRESS),
        "foreign": site.foreign,
        "language": addresses.language,
        "certainty": addresses.certainty,
        "t": context.words,
        "html": Html(context.words, site.foreign),
        "svg": SvgElements(context.words),
        "languages": LANGUAGES,
        "all_certainties": CERTAINTIES,
        "surest": SUREST,
        "least_sure": LEAST_SURE,
        "url": addresses.path,
        "file": addresses.file,
        "asset": lambda name: addresses.file(site.assets.path(name)),
        "data_url": addresses.data,
        "query_url": addresses.query,
        "files_of": lambda path, suffixes, query=(): [
            (_FORMATS.get(suffix, suffix.upper()), addresses.path(f"{path}.{suffix}", query))
            for suffix in suffixes
        ],
    }


def page(template: str, **context: object) -> str:
    """Return the HTML of a page."""
    address = requested_address()
    links, structured = g.get("links", ()), g.get("structured", "")
    environment = current_app.jinja_env
    return rendered(
        environment, _context_without_host(), address, template, links, structured, **context
    )


def releases() -> tuple[ServedRelease, ...]:
    """Return the releases that are served together, the newest first; none where it is alone."""
    return served_releases(_context_without_host())


def _context_without_host() -> RequestContext:
    """Return the context of this request without a host, which pages do not need."""
    return RequestContext(site(), view().addresses, "", view().visitor_store)
