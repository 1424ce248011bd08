"""Renders pages from templates and a request's context, without Flask's request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

from jinja2 import Environment

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, SUREST
from rallynov_graph.base.languages import LANGUAGES, day
from rallynov_graph.base.programme import CURRENT
from rallynov_graph.exports.citations import LICENCE, LICENCE_ADDRESS
from rallynov_graph.http.links import Link
from rallynov_graph.release.attribution import attribution
from rallynov_graph.release.release_set import Version
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.web.dial import dial_of
from rallynov_graph.site.web.html import Html
from rallynov_graph.site.web.request_context import RequestContext
from rallynov_graph.site.web.requested_address import RequestedAddress
from rallynov_graph.site.web.sections import Frame, Sections
from rallynov_graph.site.web.shell import Shell
from rallynov_graph.site.web.svg import SvgElements
from rallynov_graph.site.web.words_of_programme import foreign_description

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
    return sections(common).frame(address.path, context.addresses, context.words, has_several)


def sections(environment: Environment) -> Sections:
    """Return the sections of the site that an environment renders."""
    return cast(Sections, environment.globals["sections"])


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
