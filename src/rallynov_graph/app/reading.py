"""Who reads: the language that an address asks for, and the graph seen in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import parse_qsl, urlencode

from flask import current_app, g, render_template, request
from werkzeug.exceptions import BadRequest

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
    here = site()
    addresses = Addresses(language, here.base, request.script_root, here.foreign)
    g.lens = Lens(here.graph, addresses)


def absolute(address: str) -> str:
    """Return the whole of an address of the site: under its lasting base where there is one.

    Raises BadRequest where there is none, and the request names no host that could be one.
    """
    if "front" not in g:
        g.front = _front()
    front, root = g.front
    return f"{front}{address[root:]}"


def _front() -> tuple[str, int]:
    """Return what whole addresses begin with, and how much of others that takes the place of."""
    base = site().publication.base
    if base:
        return base.rstrip("/"), len(root_of_site())
    if not request.host:
        raise BadRequest
    return request.host_url.rstrip("/"), 0


def root_of_site() -> str:
    """Return the path that the whole site lies under: that of a release aside."""
    return request.script_root.removesuffix(site().place)


def page_number() -> int:
    """Return the number of the page that is asked for; raise WrongParameter where it is none."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_PAGE and int(text)):
        raise WrongParameter(Wrong("page", "page"))
    return int(text)


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
    addresses, told = addresses_in(version), version.release.manifest
    return Served(
        version.id,
        told.version,
        day(told.issued, lens().language),
        addresses.path("/"),
        version.place == site().place,
        tuple((it.id, addresses.path("/changes", [("from", it.id)])) for it in before),
    )


def addresses_in(version: Version) -> Addresses:
    """Return the addresses of the site in one of the releases that it has."""
    return replace(lens().addresses, root=f"{root_of_site()}{version.place}")


def given(*besides: str) -> dict[str, str]:
    """Return the parameters of the address, the language and these aside; the first of each."""
    return {
        name: value
        for name, value in request.args.to_dict().items()
        if name not in ("lang", *besides)
    }


def page(template: str, **context: object) -> str:
    """Return a page in the site's dress."""
    return render_template(template, **_always(), **context)


def in_language(language: str) -> str:
    """Return the address of this page in a language."""
    pairs = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
    pairs = [(name, value) for name, value in pairs if name != "lang"]
    if language != DEFAULT_LANGUAGE:
        pairs.append(("lang", language))
    addresses = lens().addresses
    return addresses.file(request.path) + (f"?{urlencode(pairs)}" if pairs else "")


def _always() -> Mapping[str, object]:
    """Return what every template may use."""
    here, seen = site(), lens()
    return {
        "site": here,
        "release": here.release,
        "foreign": here.foreign,
        "language": seen.language,
        "t": words(),
        "url": seen.addresses.path,
        "file": seen.addresses.file,
        "asset": lambda name: seen.addresses.file(here.assets.path(name)),
        "data_url": seen.addresses.data,
        "query_url": seen.addresses.query,
        "other_language": in_language(words()["site.language_code"]),
        "in_language": in_language,
        "links": g.get("links", ()),
        "structured": g.get("structured", ""),
        "here": request.path,
        "releases": releases(),
    }
