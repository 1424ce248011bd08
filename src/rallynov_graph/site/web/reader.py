"""The site, the language and the address of the current request."""

from dataclasses import replace
from typing import Final, cast
from urllib.parse import parse_qsl, urlencode

from flask import current_app, g, request
from werkzeug.exceptions import BadRequest

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.http.protocol import ASK
from rallynov_graph.http.queries import Ask, ServedStore
from rallynov_graph.rdf.formats import Format
from rallynov_graph.release.moments import ALL_KNOWN, Moment
from rallynov_graph.release.release_set import Version
from rallynov_graph.site.model.addresses import CERTAINTY, FIRST_PAGE, LANGUAGE, Addresses
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.site import Site
from rallynov_graph.sparql.store import Store

FOR_PROGRAMS: Final = ("/api/", "/reconcile")
"""The beginnings of addresses whose answers programs read, errors too."""
_PAGE_NUMBER: Final = "page"

Files = tuple[tuple[Format, str], ...]
"""The formats of a document, each with its address."""


def site() -> Site:
    """Return the site that answers this request, as it was at the moment that this asks for."""
    return cast(Site, g.get("site") or whole_site())


def whole_site() -> Site:
    """Return the site of everything that is known."""
    return cast(Site, current_app.extensions["site"])


def view() -> GraphView:
    """Return the graph as this request's reader sees it."""
    return cast(GraphView, g.view)


def words() -> Messages:
    return site().messages[view().language]


def column_name(name: str) -> str:
    """Return the name of a column or parameter in the reader's language."""
    return words().or_else(f"column.{name}", name)


def section_of(path: str) -> str:
    """Return the section of a path; the empty string without one."""
    section: str = current_app.extensions["section_of"].get(first_part(path), "")
    return section


def first_part(path: str) -> str:
    """Return the first part of a path, which identifies the section."""
    return path.removeprefix("/").partition("/")[0]


def is_page(path: str) -> bool:
    """Return whether a path of this site is that of a page, not of a file."""
    is_file = "." in path.rpartition("/")[2] or path.startswith(FOR_PROGRAMS)
    return bool(section_of(path)) and not is_file


def set_view(language: str, certainty: str = LEAST_SURE, moment: Moment = ALL_KNOWN) -> None:
    """Set the language and the certainty of this request.

    With a moment, the request sees what was known then. Raises UnknownNameError if nothing was.
    """
    whole = whole_site()
    known = moment.documents(whole.source_documents) if moment else ()
    g.site = this_site = whole.at(known) if known else whole
    addresses = Addresses(
        language, whole.base, request.script_root, whole.foreign, certainty, moment.pairs
    )
    g.view = GraphView(
        this_site.graph, addresses, _visitor_store(this_site, () if this_site is whole else known)
    )


def _visitor_store(this_site: Site, known: tuple[str, ...]) -> Store | None:
    """Return the store that runs this request's queries under a visitor's limits.

    It is None without a server, and for a foreign graph, whose pages have a different default graph
    from its endpoint.
    """
    ask = request.environ.get(ASK)
    return None if ask is None or this_site.foreign else ServedStore(cast(Ask, ask), known)


def in_language(language: str) -> str:
    is_unnamed = language == DEFAULT_LANGUAGE and request.path != FIRST_PAGE
    return _same_page(LANGUAGE, "" if is_unnamed else language)


def at_certainty(certainty: str, *without: str) -> str:
    """Return the address of the requested page with facts of at least this certainty.

    It has no page number, since the list may have fewer pages then.
    """
    value = "" if certainty == LEAST_SURE else certainty
    return _same_page(CERTAINTY, value, *without, _PAGE_NUMBER)


def without_parameters(*refused: tuple[str, str] | str, path: str | None = None) -> str:
    """Return the requested address without some parameters, or some values of them.

    It has no page number: the list may have another length. ``path`` takes the place of its path.
    """
    return _same_page("", "", *refused, _PAGE_NUMBER, path=path)


def _same_page(
    name: str, value: str, *without: tuple[str, str] | str, path: str | None = None
) -> str:
    """Return the requested address with another value of a parameter, the language at its end."""
    asked = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
    pairs = [it for it in asked if it[0] not in (name, *without) and it not in without]
    pairs += [(name, value)] if value else []
    pairs.sort(key=lambda pair: (pair[0] == CERTAINTY) + 2 * (pair[0] == LANGUAGE))
    address = view().addresses.file(request.path if path is None else path)
    return address + (f"?{urlencode(pairs)}" if pairs else "")


def absolute(address: str) -> str:
    """Return an address of the site as a URL, under the published base if there is one.

    Raises BadRequest without a base if the request names no valid host.
    """
    base = site().publication.base
    if base:
        return f"{base.rstrip('/')}{address[len(_root()) :]}"
    if not request.host:
        raise BadRequest
    return f"{host_of_request()}{address}"


def _root() -> str:
    """Return the path of the whole site, without that of an earlier release."""
    return view().addresses.root.removesuffix(site().place)


def addresses_in(version: Version) -> Addresses:
    return replace(view().addresses, root=f"{_root()}{version.place}")


def host_of_request() -> str:
    return request.host_url.rstrip("/")


def whole_address(path: str) -> str:
    """Return an address of the site with its scheme and host."""
    return f"{host_of_request()}{path}"


def address_parameters(*besides: str) -> dict[str, str]:
    """Return the first value of each parameter of the address, except the language and these."""
    return {
        name: value
        for name, value in request.args.to_dict().items()
        if name not in (LANGUAGE, *besides)
    }
