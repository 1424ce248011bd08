"""The citation of a page of the site, on the page and as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, current_app, g, make_response, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from rallynov_graph.base.languages import day, within_quotes
from rallynov_graph.exports.citations import (
    LICENCE,
    SUFFIXES,
    Citation,
    in_markdown,
    link_in_markdown,
)
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.labels import last_part
from rallynov_graph.questions.parameters import LANGUAGE
from rallynov_graph.site.model.catalogue_answers import with_values
from rallynov_graph.site.web.error_pages import Missing, require_evidence
from rallynov_graph.site.web.feature import is_citable
from rallynov_graph.site.web.html import Called, in_html, in_language
from rallynov_graph.site.web.reader import absolute, site, view, whole_site, words

blueprint = Blueprint("citing", __name__)

_NAMES: Final = {"bib": "BibTeX", "json": "CSL-JSON", "ris": "RIS"}
_Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Marked:
    """A text, and the same as HTML that marks what is in another language than the page."""

    text: str
    html: str

    @classmethod
    def of(cls, text: str, language: str = "", page_language: str = "") -> Marked:
        """Return a text that is in one language; without it, in that of the page."""
        return cls(text, in_language(text, language, page_language))


@dataclass(frozen=True)
class Cited:
    """A citation as a page shows it, with the addresses of its files."""

    text: Markup
    bibtex: str
    markdown: str
    context_object: str
    files: tuple[tuple[str, str], ...]
    """Names of forms with addresses, in their order: BibTeX, CSL-JSON, RIS."""

    @property
    def ris(self) -> str:
        """The address of the form that Zotero reads from the clipboard."""
        return dict(self.files)[_NAMES["ris"]]


@blueprint.get("/cite.<suffix>", defaults={"page": ""})
@blueprint.get("/cite/<path:page>.<suffix>")
def file(page: str, suffix: str) -> Response:
    """Serve the citation of a page of the site with the values that its address has.

    The page itself is made, so that its errors are this address's and its citation is the same.
    """
    require_evidence()
    try:
        endpoint, values = current_app.url_map.bind("").match(f"/{page}")
    except (HTTPException, RequestRedirect):
        raise Missing from None
    if suffix not in SUFFIXES or not is_citable(endpoint):
        raise Missing
    page_response = make_response(current_app.view_functions[endpoint](**values))
    if page_response.status_code >= HTTPStatus.BAD_REQUEST:
        return page_response
    citation: Citation | None = g.get("citation")
    if citation is None:
        raise Missing
    response = make_response(citation.written(suffix))
    response.content_type = f"{SUFFIXES[suffix]}; charset=utf-8"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{citation.reference.key}.{suffix}"'
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def cited(
    title: str | Marked,
    path: str,
    *names: str,
    grounds: Marked | None = None,
    said_by: str | None = None,
) -> Cited | None:
    """Return the citation of a page, with the parameters of these names.

    It is None for another graph than ours, unless its page has authors: ``said_by``. The language
    and the page number are no part of it.
    """
    pairs = request.args.items(multi=True)
    return _cited(
        title, path, [(name, value) for name, value in pairs if name in names], grounds, said_by
    )


def cited_thing(iri: str, name: Called) -> Cited | None:
    """Return the citation of the page of a thing, with those parameters that belong to it."""
    short = view().addresses.short(iri)
    path, names = (
        ("/resource", ("iri", "certainty")) if short is None else (f"/page/{short}", ("certainty",))
    )
    text = name.text if name.text.strip() else last_part(iri)
    return cited(Marked.of(text, name.language, view().language), path, *names)


def cited_list(title: str, path: str, chosen: Iterable[str] = ()) -> Cited | None:
    """Return the citation of a list, with all its filters; its title names the chosen values."""
    names = [name for name in request.args if name not in ("lang", "page")]
    return cited(with_values(title, chosen), path, *names)


def cited_question(question: Question, title: str, values: _Pairs) -> Cited | None:
    """Return the citation of a question, with its parameters in the question's order."""
    value_by_name = dict(values)
    names = [p.name for p in question.parameters if p.name != LANGUAGE]
    query = [(name, value_by_name[name]) for name in names if value_by_name.get(name, "").strip()]
    return _cited(title, f"/questions/{question.name}", query)


def _cited(
    title: str | Marked,
    path: str,
    query: _Pairs,
    grounds: Marked | None = None,
    said_by: str | None = None,
) -> Cited | None:
    """Set the citation of the page that answers this request, and return how the page shows it.

    It is None for another graph than ours whose authors, ``said_by``, are not given; its licence is
    not known here. ``grounds`` say of a claim how sure it is, who says so
    and where.
    """
    if site().foreign and said_by is None:
        return None
    if isinstance(title, str):
        title = Marked.of(title, "", view().language)
    if known := whole_site().moment_in_words(view().addresses):
        title = Marked(f"{title.text}. {known}", f"{title.html}. {in_html(known)}")
    addresses, pairs, release = view().addresses, [*query], site().release
    citation = g.citation = Citation(
        title.text,
        absolute(addresses.path(path, pairs)),
        addresses.language,
        release.id if release else "",
        release.manifest.issued if release else "",
        grounds.text if grounds else "",
        said_by,
    )
    line = _line(
        citation,
        f"<bdi>{within_quotes(title.html, citation.language)}</bdi>",
        grounds.html if grounds else "",
        in_html,
        f'<span data-citation="address">{in_html(citation.address)}</span>',
    )
    markdown = _line(
        citation,
        link_in_markdown(
            in_markdown(within_quotes(title.text, citation.language)), citation.address
        ),
        in_markdown(citation.grounds),
        in_markdown,
    )
    cite = f"/cite{path.rstrip('/')}"
    files = ((_NAMES[s], addresses.path(f"{cite}.{s}", pairs)) for s in SUFFIXES)
    return Cited(
        Markup(line), citation.written("bib"), markdown, citation.context_object(), tuple(files)
    )


def _line(
    citation: Citation,
    title: str,
    grounds: str,
    written: Callable[[str], str],
    address: str = "",
) -> str:
    """Return a citation in words; title, grounds and address are already formatted.

    Without a separate address, the title is the link.
    """
    release = citation.version and words()["cite.release"].format(
        version=written(citation.version),
        issued=written(day(citation.issued, citation.language)),
    )
    is_ours = citation.said_by is None
    creators = written(citation.creators)
    return words()["cite.text" if is_ours else "cite.text_foreign"].format(
        creators=creators if is_ours or not creators else f"{creators}. ",
        title=title,
        grounds=grounds and f" ({grounds})",
        graph=written(citation.graph),
        release=release,
        address=address and f" {address}.",
        licence=written(LICENCE),
    )
