"""Who reads: the language that an address asks for, and the graph seen in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qsl, urlencode

from flask import current_app, g, request
from jinja2 import Environment
from werkzeug.exceptions import BadRequest

from rallynov_graph.app.dress import dressed
from rallynov_graph.app.here import Here
from rallynov_graph.app.html import Html
from rallynov_graph.app.messages import LANGUAGES, Messages
from rallynov_graph.app.site import Site
from rallynov_graph.app.wrong import WrongParameter
from rallynov_graph.releases.several import Version
from rallynov_graph.typography import day
from rallynov_graph.views.addresses import DEFAULT_LANGUAGE, Addresses
from rallynov_graph.views.nodes import Lens
from rallynov_graph.views.wrong import Wrong

LONGEST_PAGE = 6
"""How many digits the number of a page may have."""


def site() -> Site:
    """Return the site that answers this request."""
    return cast(Site, current_app.extensions["site"])


def lens() -> Lens:
    """Return the graph as this reader sees it."""
    return cast(Lens, g.lens)


def words() -> Messages:
    """Return the words of the reader's language."""
    return site().messages[lens().language]


def prepare() -> None:
    """Take note of the reader's language; raise WrongParameter for one that the site has not."""
    asked = request.args.get("lang", DEFAULT_LANGUAGE)
    look(asked if asked in LANGUAGES else DEFAULT_LANGUAGE)
    if asked not in LANGUAGES:
        raise WrongParameter(Wrong("lang", "lang"))


def look(language: str) -> None:
    """Let this request see the graph in a language."""
    seen = site()
    addresses = Addresses(language, seen.base, request.script_root, seen.foreign)
    g.lens = Lens(seen.graph, addresses)
    g.pop("here", None)


def absolute(address: str) -> str:
    """Return the whole of an address of the site: under its lasting base where there is one.

    Raises BadRequest where there is none, and the request names no host that could be one.
    """
    return here().absolute(address)


def here() -> Here:
    """Return the site as this request reaches it; raise BadRequest where it names no host."""
    if "here" not in g:
        if not (site().publication.base or request.host):
            raise BadRequest
        g.here = Here(site(), lens().addresses, request.host_url.rstrip("/"))
    return cast(Here, g.here)


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


def releases() -> tuple[Served, ...]:
    """Return the releases that are served together, the newest first; none where it is alone."""
    them = site().versions
    return tuple(_served(them[n], them[n + 1 :]) for n in range(len(them)) if len(them) > 1)


def _served(version: Version, before: Sequence[Version]) -> Served:
    addresses = Here(site(), lens().addresses, "").addresses_in(version)
    told = version.release.manifest
    return Served(
        version.id,
        told.version,
        day(told.issued, lens().language),
        addresses.path("/"),
        version.place == site().place,
        tuple((it.id, addresses.path("/changes", [("from", it.id)])) for it in before),
    )


def page_number() -> int:
    """Return the number of the page that is asked for; raise WrongParameter where it is none."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_PAGE and int(text)):
        raise WrongParameter(Wrong("page", "page"))
    return int(text)


def given(*besides: str) -> dict[str, str]:
    """Return the parameters of the address, the language and these aside; the first of each."""
    return {
        name: value
        for name, value in request.args.to_dict().items()
        if name not in ("lang", *besides)
    }


def page(template: str, **context: object) -> str:
    """Return a page in the site's dress."""
    return _dress().get_template(template).render(_of_request(), **context)


def in_language(language: str) -> str:
    """Return the address of this page in a language."""
    pairs = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
    pairs = [(name, value) for name, value in pairs if name != "lang"]
    if language != DEFAULT_LANGUAGE:
        pairs.append(("lang", language))
    addresses = lens().addresses
    return addresses.file(request.path) + (f"?{urlencode(pairs)}" if pairs else "")


def _dress() -> Environment:
    """Return the templates as readers of this language are shown them."""
    worn, addresses = site().worn, lens().addresses
    return worn.get(addresses) or worn.keep(addresses, dressed(current_app.jinja_env, _always()))


def _always() -> Mapping[str, object]:
    """Return what every template may use, the same for all who read in this language."""
    whole, addresses = site(), lens().addresses
    return {
        "site": whole,
        "release": whole.release,
        "foreign": whole.foreign,
        "language": addresses.language,
        "t": words(),
        "html": Html(words()),
        "url": addresses.path,
        "file": addresses.file,
        "asset": lambda name: addresses.file(whole.assets.path(name)),
        "data_url": addresses.data,
        "query_url": addresses.query,
    }


def _of_request() -> Mapping[str, object]:
    """Return what a page may use that is of this request alone."""
    return {
        "other_language": in_language(words()["site.language_code"]),
        "in_language": in_language,
        "links": g.get("links", ()),
        "structured": g.get("structured", ""),
        "here": request.path,
        "releases": releases(),
    }
