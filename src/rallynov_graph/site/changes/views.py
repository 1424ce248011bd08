"""The changes since an earlier release: a page, an RDF Patch, JSON, rows; and all releases."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

from flask import Blueprint, Response, make_response, redirect, request
from pyoxigraph import NamedNode, Triple
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.languages import day
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text, best_text
from rallynov_graph.release import diffing
from rallynov_graph.release.release_set import PATH, SHORT, ChangedStatement, EarlierRelease
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import paginate
from rallynov_graph.site.model.statement import (
    CURATION,
    DERIVED,
    GRAPH,
    OUTSIDE,
    Evidence,
    StatedTriple,
    Statement,
    evidence_of_graphs,
    judged,
    shown,
)
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, served_release
from rallynov_graph.site.web.frame import page, releases
from rallynov_graph.site.web.params import Certainty, Of, PageNumber, Params, Wrong, one_of, params
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.signposting import RELEASES

blueprint, releases_blueprint = Blueprint("changes", __name__), Blueprint("releases", __name__)

FACTS: Final = ("added", "removed", "changed", "standing")
"""The types of changes."""
CHANGE_TYPES: Final = (*FACTS, "ontology_added", "ontology_removed")
SIZE: Final = 50
"""How many facts a page shows."""
HEADER: Final = ("change", "kind", "subject", "property", "object", "before", "after")
"""The columns of a file of changes: the last two have certainties, and standings but current."""
_FIXED: Final = frozenset({DERIVED, CURATION, OUTSIDE})


def _release(id: str) -> EarlierRelease | None:
    """Return the earlier release of an id, or else the first; raise Wrong."""
    served = site().earlier
    if not id:
        return served[0] if served else None
    if not served:
        raise Missing
    found = next((it for it in served if it.id == id), None)
    if found is None:
        raise Wrong("one_of", allowed=(Node(it.id) for it in served), is_missing=True)
    return found


@dataclass(frozen=True)
class FileParams(Params):
    """The earlier release, and the minimum certainty of a fact."""

    from_: Annotated[EarlierRelease | None, Of(_release, {"type": "string"})] = None
    certainty: Certainty = LEAST_SURE


@dataclass(frozen=True)
class ChangesParams(FileParams):
    """The same, with the changes that the page shows."""

    what: Annotated[str, one_of("", *CHANGE_TYPES)] = ""
    kind: Annotated[str, Of(str, {"type": "string"})] = ""
    page: PageNumber = 1


@blueprint.get("/changes")
def changes() -> str:
    """Show the changes since an earlier release; without one, how to serve one."""
    served_release()
    p, g = params(ChangesParams), view()
    earlier, kind, number = p.from_ or _release(""), p.kind, p.page
    if earlier is None:
        return page("changes/changes.html", earlier=None, cite=None, hidden=0)
    parts, known = earlier.parts[p.certainty], _kinds(earlier)
    if kind and kind not in known:
        raise Missing(bad_parameters=(Wrong("one_of", allowed=map(Node, known)).of("kind"),))
    what = p.what or next((name for name in CHANGE_TYPES if parts[name]), CHANGE_TYPES[0])

    def address(what: str, kind: str = "", number: int = 1) -> str:
        paged = ("page", str(number) if number > 1 else "")
        return g.addresses.path("/changes", [*asked, ("what", what), ("kind", kind), paged])

    asked = _asked(earlier)
    facts = [it for name, of in parts[what].items() if kind in ("", name) for it in of]
    found = paginate(facts, number, SIZE, lambda page: address(what, kind, page))
    if found is None:
        raise Missing
    some, pages = found
    return page(
        "changes/changes.html",
        earlier=earlier,
        before=_described(g, earlier.difference.before),
        after=_described(g, earlier.difference.after),
        others=[
            (
                _described(g, it.difference.before),
                g.addresses.path("/changes", _asked(it)),
                it is earlier,
            )
            for it in site().earlier
        ],
        what=what,
        kind=kind,
        counts={
            name: [(len(parts[how].get(name, ())), address(how, name)) for how in FACTS]
            for name in sorted({name for how in FACTS for name in parts[how]})
        },
        totals=[(sum(map(len, parts[how].values())), address(how)) for how in CHANGE_TYPES],
        rows=[*_shown(g, earlier, what, some)],
        total=len(facts),
        pages=pages,
        asked=asked,
        addresses=[
            (
                Node(g.addresses.short_or_iri(it.former)),
                g.nodes(map(NamedNode, it.now)).values(),
                it,
            )
            for it in earlier.difference.addresses
        ],
        cite=cited(words()["changes.title"], "/changes", "from", "what", "kind", "certainty"),
        hidden=_number(earlier.parts[LEAST_SURE]) - _number(parts),
    )


def _number(parts: Mapping[str, Mapping[str, Collection[object]]]) -> int:
    return sum(len(facts) for kinds in parts.values() for facts in kinds.values())


@blueprint.get("/changes.<suffix>")
def changes_file(suffix: str) -> Response:
    """Serve the changes as an RDF Patch or JSON, or those of a certainty as rows."""
    served_release()
    p = params(FileParams)
    earlier = p.from_ or _release("")
    if earlier is None or suffix not in ("rdfp", "json", "csv"):
        raise Missing
    stem = f"changes-{earlier.id}-{earlier.served.id[: len(earlier.id)]}"
    if suffix == "csv":
        return page_files.of_rows(HEADER, _rows(earlier, p.certainty), suffix, stem)
    if suffix == "rdfp":
        response = Response(earlier.patch(), mimetype="application/rdf-patch")
    else:
        response = make_response(earlier.difference.json())
        response.content_type = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{suffix}"'
    return response


@releases_blueprint.get(RELEASES)
def release_list() -> str:
    """Show each release that is served, and the changes from each to the next."""
    served_release()
    return page("changes/releases.html")


@releases_blueprint.route(f"{PATH}/<name>", methods=["GET", "POST"])
@releases_blueprint.route(f"{PATH}/<name>/", methods=["GET", "POST"])
@releases_blueprint.route(f"{PATH}/<name>/<path:rest>", methods=["GET", "POST"])
def release_page(name: str, rest: str = "") -> AnyResponse:
    """Redirect the address of the newest release to the site that serves it; else list the others.

    A request for an earlier release does not come here: the application of that release answers.
    """
    release = site().release
    if release is not None and not site().place and name == release.id[:SHORT]:
        query = request.query_string.decode("latin-1")
        address = view().addresses.file(f"/{rest}")
        return redirect(f"{address}?{query}" if query else address, 307)
    raise Missing(
        tuple(Node(f"{it.version}, {it.issued} ({it.id})", href=it.href) for it in releases())
    )


def _kinds(earlier: EarlierRelease) -> list[str]:
    by_type = (parts[what] for parts in earlier.parts.values() for what in CHANGE_TYPES)
    return sorted({kind for kinds in by_type for kind in kinds})


def _asked(earlier: EarlierRelease) -> tuple[tuple[str, str], ...]:
    """Return how an address names a release; the first needs no name."""
    return () if earlier is site().earlier[0] else (("from", earlier.id),)


def _described(g: GraphView, side: diffing.ComparedRelease) -> Mapping[str, str]:
    return {"id": side.id, "version": side.version, "issued": day(side.issued, g.language)}


def _rows(earlier: EarlierRelease, certainty: str) -> Iterator[tuple[str, ...]]:
    """Yield the changes under the header; terms are written as in N-Triples."""
    for what in CHANGE_TYPES:
        for kind, facts in earlier.parts[certainty][what].items():
            for fact in facts:
                how = (_certainties(_before(what, fact)), _certainties(_after(what, fact)))
                yield (what, kind, *map(str, _triple(fact)), *how)


def _certainties(evidence: Iterable[diffing.StatedIn]) -> str:
    names = {
        f"{it.certainty or ''} ({it.standing})" if it.standing else it.certainty or ""
        for it in evidence
    }
    return " ".join(sorted({name.replace(RN, "").strip() for name in names} - {""}))


def _triple(fact: ChangedStatement) -> Triple:
    return Triple(fact.subject, fact.predicate, fact.object)  # type: ignore[arg-type]


def _before(what: str, fact: ChangedStatement) -> Sequence[diffing.StatedIn]:
    if isinstance(fact, diffing.Change):
        return fact.before
    return fact.evidence if isinstance(fact, diffing.ChangedFact) and what == "removed" else ()


def _after(what: str, fact: ChangedStatement) -> Sequence[diffing.StatedIn]:
    if isinstance(fact, diffing.Change):
        return fact.after
    return fact.evidence if isinstance(fact, diffing.ChangedFact) and what == "added" else ()


# A present fact is a Statement; the graph no longer knows who stated a former one.


def _shown(
    g: GraphView, earlier: EarlierRelease, what: str, facts: Sequence[ChangedStatement]
) -> Iterator[tuple[Statement, list[Evidence]]]:
    """Yield facts as they are said now, with who said them before."""
    older = [it for fact in facts for it in _before(what, fact) if it.graph]
    stated = [StatedTriple.of(_triple(it), _graphs(_after(what, it))) for it in facts]
    now = shown(g, judged(g, stated))
    known = evidence_of_graphs(g, _graphs(older))
    named = [NamedNode(iri) for it in older for iri in (it.graph, *it.passages) if iri]
    gone = _gone(g, earlier, [*named, *(end for it in stated for end in (it.subject, it.value))])
    nodes = g.nodes(named) | gone
    for fact, triple in zip(facts, stated, strict=True):
        it = now[triple]
        before = (_earlier_evidence(of, known, nodes) for of in _before(what, fact) if of.graph)
        subject, value = gone.get(triple.subject, it.subject), gone.get(triple.value, it.value)
        shown_now = replace(it, subject=subject, value=value)
        yield shown_now, sorted(before, key=lambda evidence: evidence.rank)


def _graphs(stated: Iterable[diffing.StatedIn]) -> tuple[str, ...]:
    return tuple(it.graph for it in stated if it.graph)


def _earlier_evidence(
    stated: diffing.StatedIn, known: Mapping[str, Evidence], nodes: Mapping[Term, Node]
) -> Evidence:
    """Return the evidence of an earlier release's graph, with its present kind if it has one."""
    certainty = (stated.certainty or "").removeprefix(RN)
    kind = known[stated.graph].kind if stated.graph in known else GRAPH
    if kind not in _FIXED:
        kind = DERIVED if "/id/inference/" in stated.graph else certainty or GRAPH
    passages = tuple(node for it in stated.passages if (node := nodes[NamedNode(it)]).href)
    return Evidence(kind, nodes[NamedNode(stated.graph)], passages, certainty=certainty)


def _gone(g: GraphView, earlier: EarlierRelease, terms: Iterable[Term]) -> dict[Term, Node]:
    """Return those that the graph no longer describes, with their old names and no link."""
    iris = [term.value for term in terms if isinstance(term, NamedNode)]
    described = g.described(iris)
    found: dict[Term, Node] = {}
    for iri in iris:
        if not described[iri].labelled and g.addresses.short(iri) is not None:
            node = g.node(iri)
            names = [Text(it.value, it.language or "") for it in earlier.names.get(iri, ())]
            name = best_text(names, g.language)
            text = g.text(name) if name else Text(node.text, node.language)
            found[NamedNode(iri)] = replace(
                node, text=text.value, language=text.language, href=None
            )
    return found
