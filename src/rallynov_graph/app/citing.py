"""How the page of a thing or of a question is cited: beside it, and as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, make_response, request
from werkzeug.exceptions import BadRequest

from rallynov_graph.app.errors import Missing, missing
from rallynov_graph.app.pages import named
from rallynov_graph.app.reading import given, lens, site, words
from rallynov_graph.errors import UnknownNameError
from rallynov_graph.exports.citing import CREATORS, LICENCE, SUFFIXES, TITLE, Citation
from rallynov_graph.namespaces import BASE
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.parameters import LANGUAGE
from rallynov_graph.typography import day
from rallynov_graph.views.asked import read, summary

blueprint = Blueprint("citing", __name__)

LONGEST_IRI: Final = 4000
_Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Cited:
    """A citation as a page shows it, and the files that it can be had in."""

    text: str
    bibtex: str
    files: tuple[tuple[str, str], ...]


@blueprint.get("/cite/page/<kind>/<name>")
def thing_file(kind: str, name: str) -> Response:
    """Give the citation of the page of a thing of our namespace."""
    slug, _, suffix = name.rpartition(".")
    return _of_thing(f"{site().base}id/{kind}/{slug}", kind, slug, suffix)


@blueprint.get("/cite/resource.<suffix>")
def resource_file(suffix: str) -> Response:
    """Give the citation of the page of a thing outside our namespace."""
    iri = request.args.get("iri", "")
    if not iri or len(iri) > LONGEST_IRI:
        raise Missing
    return _of_thing(iri, "", "", suffix)


@blueprint.get("/cite/questions/<name>")
def question_file(name: str) -> Response:
    """Give the citation of a question with the values that it is asked with."""
    stem, _, suffix = name.rpartition(".")
    if stem not in site().catalogue:
        raise Missing
    question = site().catalogue[stem]
    try:
        _, errors = read(lens(), question, given())
    except UnknownNameError:
        raise Missing from None
    if errors:
        raise BadRequest
    return _written(_question(question, given().items()), suffix)


def cited_thing(iri: str, title: str) -> Cited | None:
    """Return how the page of a thing is cited; None of another graph than ours."""
    path, query = _at(iri)
    return _cited(_citation(title, path, query), path, query)


def cited_question(question: Question, values: _Pairs) -> Cited | None:
    """Return how a question is cited, with the values that it is asked with."""
    query = _values(question, values)
    path = f"/questions/{question.name}"
    return _cited(_question(question, values), path, query)


def _of_thing(iri: str, kind: str, slug: str, suffix: str) -> Response:
    if not lens().queries.ask("is_described", thing=named(iri)):
        raise missing(iri, kind, slug)
    return _written(_citation(lens().node(iri).text, *_at(iri)), suffix)


def _at(iri: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the path of a thing's page, and what its address asks."""
    short = lens().addresses.short(iri)
    return ("/resource", (("iri", iri),)) if short is None else (f"/page/{short}", ())


def _question(question: Question, values: _Pairs) -> Citation:
    title = summary(question, lens().language)
    return _citation(title, f"/questions/{question.name}", _values(question, values))


def _values(question: Question, values: _Pairs) -> tuple[tuple[str, str], ...]:
    """Return the values of a question's parameters, in the order that it has them."""
    told = dict(values)
    names = [p.name for p in question.parameters if p.name != LANGUAGE]
    return tuple((name, told[name]) for name in names if told.get(name, "").strip())


def _citation(title: str, path: str, query: _Pairs) -> Citation:
    release = site().release
    return Citation(
        title,
        _public(path, query),
        lens().language,
        release.id if release else "",
        release.manifest.issued if release else "",
    )


def _public(path: str, query: _Pairs) -> str:
    """Return the whole address of a page: under the operator's base where there is one."""
    addresses, base = lens().addresses, site().base
    if base != BASE:
        return base.rstrip("/") + replace(addresses, root="").path(path, query)
    return request.host_url.rstrip("/") + addresses.path(path, query)


def _cited(citation: Citation, path: str, query: _Pairs) -> Cited | None:
    if site().foreign:
        return None
    addresses = lens().addresses
    t = words()
    text = t(
        "cite.text" if citation.release else "cite.text_live",
        creators=CREATORS,
        title=citation.title,
        graph=TITLE,
        version=citation.version,
        issued=day(citation.issued, citation.language),
        address=citation.address,
        licence=LICENCE,
    )
    names = {"bib": "BibTeX", "json": "CSL-JSON"}
    pairs = [*query]
    files = ((names[s], addresses.path(f"/cite{path}.{s}", pairs)) for s in SUFFIXES)
    return Cited(text, citation.bibtex(), tuple(files))


def _written(citation: Citation, suffix: str) -> Response:
    if site().foreign:
        raise Missing(rallynov_only=True)
    if suffix not in SUFFIXES:
        raise Missing
    response = make_response(citation.written(suffix))
    response.content_type = f"{SUFFIXES[suffix]}; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="rallynov.{suffix}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response
