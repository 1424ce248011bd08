"""A page in the site's dress: templates, with what they may use; no request is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from jinja2 import Environment

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, SUREST
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.typography import day
from rallynov_graph.http.links import Link
from rallynov_graph.release.release_set import Version
from rallynov_graph.site.web.dial import dial_of
from rallynov_graph.site.web.html import Html
from rallynov_graph.site.web.request_context import RequestContext
from rallynov_graph.site.web.requested_address import RequestedAddress
from rallynov_graph.site.web.sections import Sections
from rallynov_graph.site.web.shell import Shell
from rallynov_graph.site.web.svg import SvgElements
from rallynov_graph.site.web.template_preload import dressed

_SHARED: Final = {
    "m": "base/macros.html",
    "choices": "base/choices.html",
    "drawing": "base/drawing.html",
}
"""The macros of all templates, by what these call them."""


@dataclass(frozen=True)
class Served:
    """A release that the site has, as its pages name it."""

    id: str
    version: str
    issued: str
    href: str
    here: bool
    """Whether it is the one that this page is of."""
    changes: tuple[tuple[str, str], ...]
    """The ids of those before it, each with the address of what changed since."""


def rendered(
    common: Environment,
    at: RequestContext,
    asked: RequestedAddress,
    template: str,
    links: Sequence[Link] = (),
    structured: str = "",
    /,
    **context: object,
) -> str:
    """Return a page as readers of this language are shown it.

    ``links`` are those of its header, ``structured`` what it tells search engines.
    """
    worn, addresses = at.site.worn, at.addresses
    dress = worn.get(addresses) or worn.keep(addresses, _dress(common, at))
    of_request = {
        "other_language": asked.in_language(addresses, at.words["site.language_code"]),
        "in_language": lambda language: asked.in_language(addresses, language),
        "links": links,
        "structured": structured,
        "here": asked.path,
        "frame": sections(common).frame(asked.path, addresses, at.words),
        "dial": None if at.site.foreign or "dial" in context else dial_of(at, asked),
        "releases": served(at),
    }
    return dress.get_template(template).render(of_request, **context)


def sections(environment: Environment) -> Sections:
    """Return the sections of the site whose templates these are."""
    return cast(Sections, environment.globals["sections"])


def served(at: RequestContext) -> tuple[Served, ...]:
    """Return the releases that are served together, the newest first; none where it is alone."""
    them = at.site.versions
    return tuple(_served(at, them[n], them[n + 1 :]) for n in range(len(them)) if len(them) > 1)


def _served(at: RequestContext, version: Version, before: Sequence[Version]) -> Served:
    addresses = at.addresses_in(version)
    told = version.release.manifest
    return Served(
        version.id,
        told.version,
        day(told.issued, at.addresses.language),
        addresses.path("/"),
        version.place == at.site.place,
        tuple((it.id, addresses.path("/changes", [("from", it.id)])) for it in before),
    )


def _dress(common: Environment, at: RequestContext) -> Environment:
    """Return the templates with what is the same on every page set in, their macros at hand."""
    environment = dressed(common, _always(at))
    for name, template in _SHARED.items():
        environment.globals[name] = environment.get_template(template).module
    return environment


def _always(at: RequestContext) -> Mapping[str, object]:
    """Return what every template may use, the same for all who read in this language."""
    whole, addresses = at.site, at.addresses
    return {
        "site": whole,
        "release": whole.release,
        "foreign": whole.foreign,
        "language": addresses.language,
        "certainty": addresses.certainty,
        "t": at.words,
        "html": Html(at.words, whole.foreign),
        "svg": SvgElements(at.words),
        "shell": Shell(at.words),
        "languages": LANGUAGES,
        "all_certainties": CERTAINTIES,
        "surest": SUREST,
        "least_sure": LEAST_SURE,
        "url": addresses.path,
        "file": addresses.file,
        "asset": lambda name: addresses.file(whole.assets.path(name)),
        "data_url": addresses.data,
        "query_url": addresses.query,
    }
