"""The page around what a feature shows: the menu, the path, the templates' globals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from flask import current_app, g, request
from jinja2 import Environment

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, SUREST
from rallynov_graph.base.languages import LANGUAGES, day
from rallynov_graph.base.programme import CURRENT
from rallynov_graph.exports.citations import LICENCE, LICENCE_ADDRESS
from rallynov_graph.release.attribution import attribution
from rallynov_graph.release.release_set import Version
from rallynov_graph.site.model.addresses import (
    AS_OF,
    IN_DOCUMENT,
    LANGUAGE,
    UNFILTERED,
    Addresses,
)
from rallynov_graph.site.model.rival_statements import may_have_doubts
from rallynov_graph.site.web.feature import (
    CARNET,
    DOUBTS,
    EXPLORE,
    FOREIGN_SECTIONS,
    HOME,
    SECTIONS,
)
from rallynov_graph.site.web.html import Html, bars, kind_sign
from rallynov_graph.site.web.messages import foreign_description
from rallynov_graph.site.web.reader import (
    absolute,
    addresses_in,
    at_certainty,
    first_part,
    in_language,
    section_of,
    site,
    view,
    whole_site,
    without_parameters,
    words,
)

EDITION: Final = "edition"
"""The global of templates that says whether pages are made for files that no service is behind."""
IS_OFFERED: Final = "is_offered"
"""The global of templates that returns whether pages offer what is at an address."""
_SHARED: Final = {
    "m": "base/macros.html",
    "choices": "base/choices.html",
    "drawing": "base/drawing.html",
}
"""The templates of macros, by the names that other templates use."""
_HERE: Final = "edition:"
"""How the address of what is answered in the reader's browser begins."""
_FORMATS: Final = {"ttl": "Turtle", "rdfp": "RDF Patch", "gexf": "GEXF (Gephi)"}
"""What formats are called that are not called as their suffix."""


@dataclass(frozen=True)
class Destination:
    """A section as a page shows it."""

    name: str
    href: str
    current: str
    """The value of ``aria-current``: page, true or nothing."""


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


def page(template: str, **variables: object) -> str:
    this_site = site()
    environment = this_site.template_cache.once(view().addresses, _environment)
    of_request = {
        "links": g.get("links", ()),
        "structured": g.get("structured", ""),
        "current_path": request.path,
        "frame": _frame(request.path),
        "hidden": 0 if is_unfiltered(request.path) else -1,
        "releases": releases(),
        "sources": this_site.source_documents if this_site.release else (),
        "moment": _moment_filter(),
    }
    return environment.get_template(template).render(of_request, **variables)


def _frame(path: str) -> Mapping[str, object]:
    """Return the sections of the menu, and the one of the page of a path."""
    own, address, name = section_of(path), view().addresses.path, words()
    if site().foreign and own == EXPLORE and first_part(path) != "network":
        own = HOME
    offered = FOREIGN_SECTIONS if site().foreign else SECTIONS
    if site().release and len(site().source_documents) > 1 and not site().foreign:
        offered = offered | {CARNET: ("/carnet", "nav.carnets")}
    sections = [
        Destination(
            name[key],
            address(first),
            "" if section != own else "page" if path == first else "true",
        )
        for section, (first, key) in offered.items()
        if section != DOUBTS or not site().foreign or may_have_doubts(view())
    ]
    return {
        "sections": sections,
        "section": next((section for section in sections if section.current), None),
    }


@dataclass(frozen=True)
class MomentFilter:
    """The moment shown on the page, and the choices of other moments."""

    shown: str
    """In words, what is known then; empty if the page says all that is known."""
    as_of: str
    in_document: str
    documents: tuple[tuple[str, str], ...]
    """Each document as an address names it, and its name."""
    kept: tuple[tuple[str, str], ...]
    """What the form keeps of the address."""
    reset: str


def _moment_filter() -> MomentFilter | None:
    """Return the filter by date and document; None if there is only one choice."""
    documents, given = whole_site().source_documents, dict(view().addresses.moment)
    if whole_site().foreign or len(documents) < 2 or not (given or section_of(request.path)):
        return None
    language = view().language
    named = {it.iri.rpartition("/")[2]: it.name(language).value for it in documents}
    as_of, asked = given.get(AS_OF, ""), given.get(IN_DOCUMENT, "").rpartition("/")[2]
    return MomentFilter(
        whole_site().moment_in_words(view().addresses),
        as_of,
        asked,
        tuple(named.items()),
        tuple(it for it in request.args.items(multi=True) if it[0] not in (LANGUAGE, "page")),
        without_parameters(AS_OF, IN_DOCUMENT),
    )


def is_unfiltered(path: str) -> bool:
    """Return whether the requested page shows the same facts at every certainty."""
    at, is_ours = first_part(path), site().graph.queries.profile.has_rules
    is_same = at in UNFILTERED or (at == "builder" and not is_ours)
    return view().addresses.certainty == LEAST_SURE or is_same


def _keep_acts(row: str) -> str:
    """Keep what a page offers of itself until the row of its path is shown."""
    g.acts = row
    return ""


def releases() -> tuple[ServedRelease, ...]:
    """Return the releases that are served together, the newest first; none if there is only one."""
    versions = site().versions
    if len(versions) < 2:
        return ()
    return tuple(
        _served_release(version, versions[place + 1 :]) for place, version in enumerate(versions)
    )


def _served_release(version: Version, before: Sequence[Version]) -> ServedRelease:
    addresses, manifest = addresses_in(version), version.release.manifest
    return ServedRelease(
        version.id,
        manifest.version,
        day(manifest.issued, view().language),
        addresses.path("/"),
        version.place == site().place,
        tuple((other.id, addresses.path("/changes", [("from", other.id)])) for other in before),
    )


def _environment() -> Environment:
    """Return the templates for readers of a language and certainty, with globals and macros."""
    common, addresses = current_app.jinja_env, view().addresses
    template_globals: dict[str, Any] = {EDITION: False, IS_OFFERED: bool, **common.globals}
    is_edition = template_globals[EDITION]
    template_globals["live"] = partial(_answered_here, addresses) if is_edition else addresses.path
    environment = common.overlay()
    is_offered = template_globals[IS_OFFERED]
    template_globals["offered"] = lambda files: [it for it in files if is_offered(it[1])]
    environment.globals = {**template_globals, **_template_globals()}
    for name, template in _SHARED.items():
        environment.globals[name] = environment.get_template(template).module
    return environment


def _answered_here(addresses: Addresses, path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """Return the address of a service for scripts, which answer it in the browser."""
    return f"{_HERE}{addresses.path(path, pairs).removeprefix(addresses.root + '/')}"


def _absolute(address: str) -> str:
    """Return an address as a URL; unchanged if the request has no usable host."""
    return absolute(address) if request.host or site().publication.base else address


def _template_globals() -> Mapping[str, object]:
    """Return the globals of the templates, which are the same for all pages of a language."""
    this_site, addresses = site(), view().addresses
    return {
        "site": this_site,
        "release": this_site.release,
        "issued": this_site.release and day(this_site.release.manifest.issued, addresses.language),
        "shipped": CURRENT.folder is None,
        "lead_language": foreign_description(addresses.language),
        "file_stem": attribution().name,
        "licence": (LICENCE, LICENCE_ADDRESS),
        "foreign": this_site.foreign,
        "language": addresses.language,
        "certainty": addresses.certainty,
        "kept_moment": addresses.moment,
        "t": words(),
        "html": Html(words(), this_site.foreign),
        "bars": bars,
        "kind_sign": kind_sign,
        "languages": LANGUAGES,
        "all_certainties": CERTAINTIES,
        "surest": SUREST,
        "least_sure": LEAST_SURE,
        "keep_acts": _keep_acts,
        "acts_of_page": lambda: g.pop("acts", ""),
        "in_language": in_language,
        "absolute": _absolute,
        "at_certainty": at_certainty,
        "url": addresses.path,
        "file": addresses.file,
        "asset": lambda name: addresses.file(this_site.assets.path(name)),
        "data_url": addresses.data,
        "query_url": addresses.query,
        "files_of": lambda path, suffixes, query=(): [
            (_FORMATS.get(suffix, suffix.upper()), addresses.path(f"{path}.{suffix}", query))
            for suffix in suffixes
        ],
    }
