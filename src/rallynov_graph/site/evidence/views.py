"""The evidence of a claim, at a short address, and at a long one where no index knows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from flask import Blueprint, Response, make_response, redirect, request
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.languages import typeset
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import bytes_of_claim_id, id_of_claim
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.claim_index import ClaimIndex
from rallynov_graph.release.release_set import SHORT
from rallynov_graph.rules import justifications
from rallynov_graph.site.evidence.note import Note, note_of_claim
from rallynov_graph.site.evidence.reasoning import HEADER, ReasonedStatement, reasoning, rows
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.passages import Extract
from rallynov_graph.site.model.statement import OUTSIDE, StatedTriple, Statement, shown
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import Cited, Marked, cited
from rallynov_graph.site.web.error_pages import (
    Missing,
    SeveralThings,
    require_evidence,
    require_own_graph,
    wants_page,
)
from rallynov_graph.site.web.frame import page, releases
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.html import Called, Html, in_language
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.params import LONGEST_IRI, Iri, Of, Params, Wrong, params
from rallynov_graph.site.web.reader import addresses_in, site, view, words

blueprint = Blueprint("evidence", __name__)
_Name = Callable[[Called], str]

LEAST_OF_RELEASE: Final = 8
"""So many digits of a release's id say which one is meant: as many as pages show."""
MOST_PLACES: Final = 4
"""So many parts of documents a citation names; it counts the others."""
_TERMS: Final = ("subject", "property", "object")
_KNOWN: Final = (RN, *(PREFIXES[it] for it in ("dcterms", "schema", "org", "skos", "rdf", "foaf")))
_OTHER: Final = "claim.other"
"""A sentence of any property: its name is between its two ends."""


def _term(text: str) -> NamedNode | Literal:
    """Return the IRI, or the literal as N-Triples writes it, that a text is."""
    try:
        if not text.startswith('"'):
            return NamedNode(text)
        [quad] = parse(f"<urn:s> <urn:p> {text} .", format=RdfFormat.N_TRIPLES)
    except (ValueError, SyntaxError) as error:
        raise Wrong("iri") from error
    if not isinstance(quad.object, Literal):
        raise Wrong("iri")
    return quad.object


@dataclass(frozen=True)
class ClaimParams(Params):
    """The terms of a claim that an address says in full."""

    subject: Iri
    property_: Iri
    object_: Annotated[NamedNode | Literal, Of(_term, {"type": "string", "maxLength": LONGEST_IRI})]


@blueprint.get("/r/<claim_id>")
def note(claim_id: str) -> AnyResponse:
    """Show the evidence of the claim of an id; of an earlier release, where that is asked for."""
    require_own_graph()
    elsewhere = _in_release(claim_id)
    if elsewhere is not None:
        return elsewhere
    claims = _claims(claim_id)
    if not claims:
        return _unknown(claim_id)
    if len(claims) > 1:
        raise SeveralThings(tuple(map(_choice, claims)))
    (claim,) = claims
    current = id_of_claim(claim.subject, claim.predicate, claim.object)
    if current != claim_id:
        return _moved(current)
    return _shown(claim, f"/r/{claim_id}")


@blueprint.get("/r/<claim_id>.<suffix>")
def note_file(claim_id: str, suffix: str) -> AnyResponse:
    require_own_graph()
    claim = _claim(claim_id)
    if claim is None:
        raise Missing
    return _file(claim, suffix)


@blueprint.get("/why")
def long_note() -> AnyResponse:
    """Show the evidence of the claim that an address says in full; 404 where none did."""
    claim = _said_in_full()
    current = _claim(id_of_claim(claim.subject, claim.predicate, claim.object))
    if current is not None:
        return _moved(id_of_claim(current.subject, current.predicate, current.object), *_TERMS)
    return _shown(claim, "/why", *_TERMS)


@blueprint.get("/why.<suffix>")
def long_note_file(suffix: str) -> AnyResponse:
    """Serve such a claim and its premises as a file."""
    return _file(_said_in_full(), suffix)


def _shown(claim: Triple, path: str, *names: str) -> Response:
    found = note_of_claim(view(), claim, site().texts.of_extractions)
    is_known = found.holds or bool(found.former)
    if not (is_known or wants_page()):
        raise Missing
    given = tuple((name, request.args[name]) for name in names)
    body = page(
        "evidence/note.html",
        page=found,
        dates={it.iri: it.date(view().language) for it in site().source_documents},
        title=_sentence(found.claim),
        cite=_cited(found, path, *names) if found.holds else None,
        query=readable(justifications.query_for_graphs(view().store, found.triples)),
        path=path,
        given=given,
        address=view().addresses.path(path, given),
        sentence_key=_sentence_key,
    )
    response = make_response(body, 200 if is_known else 404)
    if found.quotation and found.quotation.extract.words:
        keep_nowhere(response)
    if not is_known:
        response.headers["Vary"] = "Accept"
    return response


def _file(claim: Triple, suffix: str) -> Response:
    found = reasoning(view(), claim)
    if not found.fact.holds:
        raise Missing
    if suffix not in page_files.ROWS:
        triples = dict.fromkeys(it.stated.triple for _, it in found.steps())
        return page_files.of_triples(triples, suffix, "evidence")
    return page_files.of_rows(HEADER, rows(found), suffix, "evidence")


def _claim(claim_id: str) -> Triple | None:
    return next(iter(_claims(claim_id)), None)


def _claims(claim_id: str) -> tuple[Triple, ...]:
    """Return the claim of an id; those that it became, where its thing was split."""
    return site().claims_of(claim_id)


def _choice(claim: Triple) -> Node:
    """Return one of the claims that a claim became, with its short address."""
    address = f"/r/{id_of_claim(claim.subject, claim.predicate, claim.object)}"
    (statement,) = shown(view(), {StatedTriple.of(claim): ()}).values()
    return Node(_sentence(statement), href=view().addresses.file(address, request.args.items()))


def _moved(claim_id: str, *names: str) -> AnyResponse:
    """Lead to the short address of a claim for good; the rest of what is asked is kept."""
    rest = ((name, value) for name, value in request.args.items() if name not in names)
    return redirect(view().addresses.file(f"/r/{claim_id}", rest), 301)


def _in_release(claim_id: str) -> AnyResponse | None:
    """Lead to the note in the release that is asked for; None where it is this one, or none.

    Raises Missing where that release is not served here.
    """
    release_id = request.args.get("release", "")
    own = site().release
    is_long = len(release_id) >= LEAST_OF_RELEASE
    if not release_id or (is_long and own is not None and own.id.startswith(release_id)):
        return None
    served = [it for it in site().versions if is_long and it.release.id.startswith(release_id)]
    if len(served) != 1:
        right = tuple(Node(it.id, href=it.href) for it in releases()) or (
            (Node(own.id[:SHORT]),) if own is not None else ()
        )
        raise Missing(bad_parameters=(Wrong("release", allowed=right).of("release"),))
    rest = [(name, value) for name, value in request.args.items() if name != "release"]
    there = addresses_in(served[0])
    return redirect(there.file(f"/r/{claim_id}", rest), 303)


def _unknown(claim_id: str) -> Response:
    """Return the error of a short address, with the release that has its claim, if one has."""
    if not wants_page():
        raise Missing
    others = [it for it in site().versions if it.release != site().release]
    there = tuple(
        Node(it.id, href=addresses_in(it).path(f"/r/{claim_id}"))
        for it in others
        if ClaimIndex(it.release).find(claim_id) is not None
    )
    reason = "no_index" if not site().graph.has_claim_ids else "unknown_id"
    key = f"note.{reason if bytes_of_claim_id(claim_id) is not None else 'no_id'}"
    body = page("evidence/unknown.html", reason=words()[key], elsewhere=there)
    response = make_response(body, 404)
    response.headers["Vary"] = "Accept"
    return response


def _said_in_full() -> Triple:
    require_evidence()
    said = params(ClaimParams)
    return Triple(NamedNode(said.subject), NamedNode(said.property_), said.object_)


# A claim as a sentence: the words of ``claim`` say how a property is read between its two ends.


def _sentence_key(claim: Statement) -> str:
    iri = claim.prop.iri
    local = next((iri.removeprefix(it) for it in _KNOWN if iri.startswith(it)), "")
    return f"claim.{local}" if local and f"claim.{local}" in words() else _OTHER


def _sentence(claim: Statement) -> str:
    """Return a claim as a sentence of plain text, without a full stop."""
    ends = (("subject", claim.subject), ("property", claim.prop), ("object", claim.value))
    text = words()[_sentence_key(claim)].format(**{name: node.text for name, node in ends})
    return typeset(text, words().language)


# What a citation says of a claim: how sure it is, who says so, and where.


def _cited(found: Note, path: str, *names: str) -> Cited | None:
    claim = found.claim
    ends = {"subject": claim.subject, "property": claim.prop, "object": claim.value}
    linked = Html(words()).saying(_sentence_key(claim), **ends)
    said_by = {it.iri or it.text: it.text for e in claim.evidence for it in e.authors}
    return cited(
        Marked(_sentence(claim), linked),
        path,
        *names,
        grounds=_grounds(found),
        said_by="; ".join(said_by.values()) if site().foreign else None,
    )


def _grounds(found: Note) -> Marked:
    """Return how sure the claim of a note is, who says so and where, without a full stop.

    A claim that rules conclude has the places and voices of the surest way to it.
    """
    t = words()

    def marked(it: Called) -> str:
        return in_language(it.text, it.language, t.language)

    apart = t["note.apart"]
    return Marked(
        apart.join(_parts(t, found, lambda it: it.text)),
        apart.join(_parts(t, found, marked)),
    )


def _parts(t: Messages, found: Note, name: _Name) -> list[str]:
    links = found.clue.links if found.clue else ()
    parts = (
        _certainty(t, found),
        _voices(t, links, name),
        *(_places(t, found.places, name) or [_others(t, links, name)]),
    )
    return [part for part in parts if part]


def _certainty(t: Messages, found: Note) -> str:
    sure = t[f"how.{found.certainty}"] if found.certainty else ""
    if found.claim.evidence or not found.claim.ways:
        return sure
    return ", ".join(filter(None, (t["how.derived"], sure)))


def _voices(t: Messages, links: Sequence[ReasonedStatement], name: _Name) -> str:
    """Return whose words a claim rests on, and whether on theirs alone."""
    spoken = [link.best.voices if link.best else () for link in links]
    voices: dict[str, Node] = {voice.iri: voice for them in spoken for voice in them}
    if not voices or site().foreign:
        return ""
    key = "note.cited_voices" if all(spoken) else "note.cited_voices_too"
    return t[key].format(voices=", ".join(map(name, voices.values())))


def _places(t: Messages, extracts: Sequence[Extract], name: _Name) -> list[str]:
    """Return where documents carry a claim: a text a document, as many parts as there is room."""
    places = dict.fromkeys((it.document.iri, it.part.iri if it.part else "") for it in extracts)
    nodes = {node.iri: node for it in extracts for node in (it.document, it.part) if node}
    shown, more = [*places][:MOST_PLACES], max(0, len(places) - MOST_PLACES)
    parts_of: dict[str, list[str]] = {}
    for document, part in shown:
        parts = parts_of.setdefault(document, [])
        if part:
            parts.append(t("site.quoted", text=name(nodes[part])))
    texts = [", ".join((name(nodes[document]), *parts)) for document, parts in parts_of.items()]
    return [*texts, t.count("note.cited_more_", more)] if more else texts


def _others(t: Messages, links: Sequence[ReasonedStatement], name: _Name) -> str:
    """Return who says what no document says: another source, or the curators."""
    if site().foreign:
        holders = {e.source.iri: e.source for link in links for e in link.evidence if e.has_note}
        return t["note.cited_stated"].format(sources=", ".join(map(name, holders.values())))
    sources = {
        it.source.iri: it.source for link in links for it in link.evidence if it.kind == OUTSIDE
    }
    if sources:
        return t["note.cited_outside"].format(sources=", ".join(map(name, sources.values())))
    return t["note.cited_curation"] if links else ""
