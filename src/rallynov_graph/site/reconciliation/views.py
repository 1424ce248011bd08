"""The reconciliation service: the things that the names of a table mean.

It has the Reconciliation Service API 0.2 of the W3C Entity Reconciliation Community Group, which
OpenRefine and other clients use, at ``/reconcile``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from pyoxigraph import Literal, NamedNode
from werkzeug.exceptions import RequestEntityTooLarge

from rallynov_graph import __version__
from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.kinds import CLASSES, FIRST_KINDS
from rallynov_graph.base.namespaces import ID, ONTOLOGY, PREFIXES, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.words import folded
from rallynov_graph.questions.labels import Text, best_text, last_part
from rallynov_graph.search.index import DESCRIPTION, LATER
from rallynov_graph.search.searching import MOST_FOUND, NamedThing, Scope
from rallynov_graph.site.model.plain_values import plain
from rallynov_graph.site.model.selection import sort_key
from rallynov_graph.site.model.statement import iri_of, judged, stated_with
from rallynov_graph.site.model.thing_description import ThingPage, thing_page
from rallynov_graph.site.reconciliation import batches
from rallynov_graph.site.reconciliation.batches import (
    BATCH,
    MOST_CANDIDATES,
    RequestedColumn,
    UnreadableBatch,
    property_of,
)
from rallynov_graph.site.reconciliation.candidates import (
    Query,
    candidates,
    thing_of,
)
from rallynov_graph.site.web.error_pages import (
    Missing,
    json_problem,
    missing,
)
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.headers import prevent_caching_without_index
from rallynov_graph.site.web.reader import site, view, whole_address, words

blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")

LONGEST: Final = 4 << 20
"""How many bytes a batch may have."""
SUGGESTED: Final = 10
"""How many suggestions an answer has."""
WIDTH: Final = 420
HEIGHT: Final = 260
"""The size of a preview, in pixels."""
_DESCRIBED: Final = 160
"""How long a description may be."""
_URIS: Final = "https://www.rfc-editor.org/rfc/rfc3986"
"""The identifier space of another graph, whose identifiers are IRIs."""
_SUGGESTED: Final = ("entity", "property", "type")
_DATE: Final = PREFIXES["xsd"] + "date"
_TYPES: Final = {int: "int", float: "float"}


class ListedTerm(NamedTuple):
    """A property or type in a list of choices."""

    id: str
    name: str
    description: str = ""


@blueprint.route("", methods=["GET", "POST"])
def reconcile() -> Response:
    """Serve candidates for names, or values for things; without either, the manifest."""
    request.max_content_length = request.max_form_memory_size = LONGEST
    try:
        fields = request.form if request.method == "POST" else request.args
    except RequestEntityTooLarge as error:
        raise UnreadableBatch("large", "queries", 413, most=LONGEST >> 20, batch=BATCH) from error
    if "queries" in fields:
        queries = batches.queries(fields["queries"])
        prevent_caching_without_index()
        return jsonify({name: {"result": _results(query)} for name, query in queries.items()})
    if "extend" in fields:
        return jsonify(_extension(*batches.extension(fields["extend"])))
    if request.method == "POST":
        raise UnreadableBatch("no_queries", "queries")
    return jsonify(_manifest(_kinds()))


@blueprint.get("/suggest/<what>")
def suggest(what: str) -> Response:
    """Serve the things, properties or types whose names begin with a text."""
    prefix, skipped = request.args.get("prefix", ""), _count("cursor", 0)
    found = _entities(prefix) if what == "entity" else _matching_terms(prefix, _choices(what))
    return jsonify({"result": found[skipped : skipped + SUGGESTED]})


@blueprint.get("/flyout/<what>")
def flyout(what: str) -> Response:
    """Serve a few lines about a thing, property or type, to show beside its name."""
    identifier = request.args.get("id", "")
    if what == "entity":
        found = _page(identifier)
        kinds = ", ".join(node.text for node in found.kinds)
        texts = (kinds, *(text.value for text in found.descriptions[:1]))
        name, about = found.node.text, [text for text in texts if text]
    else:
        known = {term.id: term for term in _choices(what)}
        named = property_of(identifier) if what == "property" else None
        choice = known.get(identifier) or next(
            (term for term in known.values() if named and term.description == named.value), None
        )
        if choice is None:
            raise Missing
        name, about = choice.name, [choice.description]
    html = render_template("reconciliation/flyout.html", name=name, about=about)
    return jsonify({"id": identifier, "html": html})


@blueprint.get("/preview")
def preview() -> Response:
    found = _page(request.args.get("id", ""))
    facts = [fact for group in found.groups for fact in group.facts]
    address = whole_address(view().addresses.path("/resource", [("iri", found.iri)]))
    return make_response(page("reconciliation/preview.html", page=found, facts=facts, at=address))


@blueprint.get("/properties")
def propose() -> Response:
    """Serve the properties of the things of a type, the most used first."""
    kind, g = request.args.get("type", ""), view()
    if kind and kind not in _kinds():
        raise UnreadableBatch("type", "type")
    if not kind:
        found = _properties()
    elif ":" in kind:
        rows = g.cached_rows("properties_of_class", **{"class": NamedNode(kind)}).rows
        found = _terms(row[0] for row in rows)
    else:
        rows = g.cached_rows("properties_of_kind", prefix=Literal(f"{ID}{kind}/")).rows
        found = _terms(row[0] for row in rows)
    limit = _count("limit", len(found)) or len(found)
    named = [{"id": term.id, "name": term.name} for term in found[:limit]]
    answer = {"type": kind, "properties": named}
    return jsonify(answer | ({"limit": limit} if "limit" in request.args else {}))


@blueprint.errorhandler(UnreadableBatch)
def _unreadable(error: UnreadableBatch) -> Response:
    detail = words()("reconcile.wrong_" + error.key, **error.values)
    more = {"batchSize": BATCH} if error.status == 413 else {}
    colon = words()["site.colon"]
    return json_problem(error.status, f"{error.path}{colon} {detail}", at=error.path, **more)


@blueprint.after_request
def _add_cors_headers(response: Response) -> Response:
    """Add the headers that let pages of any site send requests."""
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
    return response


def _results(query: Query) -> list[dict[str, Any]]:
    found, g = candidates(view(), site().finder, query), view()
    nodes = g.nodes(NamedNode(it.named.iri) for it, _ in found)
    names = ("name", *(in_prefixes(it.property) for it in query.conditions))
    return [
        {
            "id": g.addresses.short_or_iri(it.named.iri),
            "name": nodes[NamedNode(it.named.iri)].text,
            **({"description": text} if (text := _description(it.named)) else {}),
            "type": _types(it.named.kind),
            "score": round(100 * it.score, 1),
            "match": is_match,
            "features": [
                {"id": name, "value": round(100 * fit, 1)}
                for name, fit in zip(names, (it.likeness, *it.fits), strict=False)
            ],
        }
        for it, is_match in found
    ]


def _description(named: NamedThing) -> str:
    """Return the beginning of a thing's description."""
    texts = (Text(it.value, it.language) for it in named.texts if it.role == DESCRIPTION)
    found = best_text(texts, view().language)
    text = found.value if found else ""
    return text if len(text) <= _DESCRIBED else text[:_DESCRIBED].rpartition(" ")[0] + " …"


def _types(kind: str) -> list[dict[str, str]]:
    return [{"id": kind, "name": _kind(kind)}] if kind else []


def _extension(ids: Sequence[str], columns: Sequence[RequestedColumn]) -> dict[str, Any]:
    things = {identifier: thing_of(identifier) for identifier in ids}
    asked = [thing for thing in things.values() if thing]
    values = {column.id: _values(asked, column) for column in columns}
    linked = [value for by_thing in values.values() for them in by_thing.values() for value in them]
    names = _names(value.value for value in linked if isinstance(value, NamedNode))
    properties = _names(column.property for column in columns)
    return {
        "meta": [
            {"id": column.id, "name": properties[column.property]}
            | ({"type": types[0]} if (types := _types(_kind_of_all(values[column.id]))) else {})
            for column in columns
        ],
        "rows": {
            identifier: {
                column.id: [
                    _cell(value, names)
                    for value in values[column.id].get(thing.value if thing else "", [])
                ]
                for column in columns
            }
            for identifier, thing in things.items()
        },
    }


def _values(things: Sequence[NamedNode], column: RequestedColumn) -> dict[str, list[Term]]:
    asked = {"thing": [it.value for it in things], "property": [column.property]}
    found = judged(view(), stated_with(view(), **asked), column.certainty or LEAST_SURE)
    values: dict[str, list[Term]] = {}
    for it in sorted(found, key=lambda it: (sort_key(it.value), getattr(it.value, "value", ""))):
        values.setdefault(iri_of(it.subject), []).append(it.value)
    return {thing: of_thing[: column.most or None] for thing, of_thing in values.items()}


def _kind_of_all(values: Mapping[str, Sequence[Term]]) -> str:
    """Return the kind of all values; the empty string if they have several, or none."""
    them = (getattr(value, "value", "") for of_thing in values.values() for value in of_thing)
    kinds = {view().addresses.kind(value) for value in them}
    return kinds.pop() if len(kinds) == 1 else ""


def _cell(value: Term, names: Mapping[str, str]) -> dict[str, object]:
    """Return a value as a cell; a thing of another namespace is its IRI alone."""
    if isinstance(value, NamedNode):
        addresses = view().addresses
        if addresses.foreign or addresses.short(value.value) is not None:
            return {"id": addresses.short_or_iri(value.value), "name": names[value.value]}
        return {"str": value.value}
    plain_value = plain(value)
    if isinstance(value, Literal) and value.datatype.value == _DATE and len(value.value) == 10:
        return {"date": f"{value.value}T00:00:00Z"}
    if isinstance(plain_value, bool):
        return {"str": str(plain_value).lower()}
    return {_TYPES.get(type(plain_value), "str"): plain_value}


def _kinds() -> dict[str, str]:
    """Return the names of the types that a query can have, those of most things first."""
    known = site().finder.kinds()
    if known is None:
        known = {} if site().foreign else dict.fromkeys(CLASSES, 1)
    counted = sorted(known, key=lambda kind: (-known[kind], kind))
    if site().foreign:
        nodes = view().described(kind for kind in counted if ":" in kind)
        return {kind: view().thing(kind, description).text for kind, description in nodes.items()}
    return {kind: _kind(kind) for kind in counted if f"kind.{kind}" in words()}


def _kind(kind: str) -> str:
    if ":" in kind:
        return view().node(kind).text
    return words().or_else(f"kind.{kind}", kind)


def _choices(what: str) -> Sequence[ListedTerm]:
    """Return the properties or types; raise Missing for anything else."""
    if what == "property":
        return _properties()
    if what == "type":
        return [ListedTerm(kind, name) for kind, name in _kinds().items()]
    raise Missing


def _properties() -> list[ListedTerm]:
    """Return the properties that the graph uses, by their names."""
    used = _terms(prop for (prop,) in view().queries.rows("properties_used").rows)
    return sorted(used, key=lambda term: (term.name.casefold(), term.id))


def _terms(terms: Iterable[Term | None]) -> list[ListedTerm]:
    iris = [term.value for term in terms if isinstance(term, NamedNode)]
    names = _names(iris)
    return [ListedTerm(in_prefixes(iri), names[iri], iri) for iri in iris]


def _names(iris: Iterable[str]) -> dict[str, str]:
    """Return the names of things in the graph, in the reader's language if they have one."""
    described = view().described(iris)
    named = {iri: found.name(view().language) for iri, found in described.items()}
    return {iri: name.value if name else last_part(iri) for iri, name in named.items()}


def _matching_terms(prefix: str, terms: Iterable[ListedTerm]) -> list[dict[str, str]]:
    """Return the terms with a text in their name or identifier, those that begin with it first."""
    text = folded(prefix)

    def rank(term: ListedTerm) -> int:
        names = [folded(name) for name in (term.name, term.id)]
        return min(0 if it.startswith(text) else 1 if text in it else 2 for it in names)

    ranked = sorted(((rank(term), term) for term in terms), key=lambda it: it[0])
    return [{key: it for key, it in term._asdict().items() if it} for at, term in ranked if at < 2]


def _entities(prefix: str) -> list[dict[str, object]]:
    """Return the things that the beginning of a name may mean; first the thing of an identifier."""
    prevent_caching_without_index()
    g, addresses = view(), view().addresses
    hits = site().finder.find(prefix, g.language, Scope(most=MOST_FOUND)).hits
    iris = [hit.iri for hit in hits if hit.kind not in LATER]
    kinds = {hit.iri: hit.kind for hit in hits}
    thing = thing_of(prefix)
    if thing is not None and g.queries.ask("is_described", thing=thing):
        iris.insert(0, thing.value)
        kinds[thing.value] = addresses.kind(thing.value)
    ours = [iri for iri in iris if g.foreign or addresses.short(iri) is not None]
    nodes = g.nodes(map(NamedNode, ours))
    return [
        {
            "id": addresses.short_or_iri(iri),
            "name": nodes[NamedNode(iri)].text,
            "description": _kind(kinds[iri]),
            "notable": _types(kinds[iri]),
        }
        for iri in dict.fromkeys(ours)
    ]


def _page(identifier: str) -> ThingPage:
    """Return the page of a thing; raise Missing if there is none."""
    thing = thing_of(identifier) if len(identifier) <= batches.LONGEST else None
    if thing is None:
        raise Missing
    found = thing_page(view(), thing.value)
    if found is None:
        raise missing(thing.value, "", "")
    return found


def _count(name: str, default: int) -> int:
    """Return a number from the address; raise UnreadableBatch for any other text."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise UnreadableBatch("number", name)
    return min(int(text), 10 * MOST_CANDIDATES * SUGGESTED)


def _manifest(kinds: Mapping[str, str]) -> dict[str, Any]:
    """Return the manifest; ``kinds`` has the names of the types that the service knows."""
    addresses, this_site, t = view().addresses, site(), words()
    space = _URIS if this_site.foreign else f"{this_site.base}id/"
    first = [kind for kind in (FIRST_KINDS if this_site.is_ours else kinds) if kind in kinds]
    any_of = {"value": "", "name": t["reconcile.any"]}
    return {
        "versions": ["0.2"],
        "name": t["site.foreign" if this_site.foreign else "site.name"],
        "identifierSpace": space,
        "schemaSpace": f"{PREFIXES['rdfs']}Class" if this_site.foreign else ONTOLOGY,
        "documentation": whole_address(addresses.path("/about", anchor="programs")),
        "logo": whole_address(addresses.file("/static/logo.svg")),
        "serviceVersion": __version__,
        "defaultTypes": [{"id": kind, "name": kinds[kind]} for kind in first[: len(FIRST_KINDS)]],
        "view": {"url": _template("/resource", "iri", "" if this_site.foreign else space)},
        "preview": {"url": _template("/reconcile/preview", "id"), "width": WIDTH, "height": HEIGHT},
        "suggest": {what: _suggest_service(what) for what in _SUGGESTED},
        "extend": {
            "propose_properties": {
                "service_url": whole_address(addresses.root),
                "service_path": _path("/reconcile/properties"),
            },
            "property_settings": [
                {
                    "name": "certainty",
                    "label": t["reconcile.certainty"],
                    "type": "select",
                    "default": "",
                    "help_text": t["reconcile.certainty_help"],
                    "choices": [
                        any_of,
                        *({"value": it, "name": t[f"how.{it}"]} for it in CERTAINTIES),
                    ],
                },
                {
                    "name": "limit",
                    "label": t["reconcile.limit"],
                    "type": "number",
                    "default": 0,
                    "help_text": t["reconcile.limit_help"],
                },
            ],
        },
        "batchSize": BATCH,
    }


def _suggest_service(what: str) -> dict[str, str]:
    root, flyout_path = whole_address(view().addresses.root), _path(f"/reconcile/flyout/{what}")
    return {
        "service_url": root,
        "service_path": _path(f"/reconcile/suggest/{what}"),
        "flyout_service_url": root,
        "flyout_service_path": f"{flyout_path}{'&' if '?' in flyout_path else '?'}id=${{id}}",
    }


def _template(path: str, name: str, before: str = "") -> str:
    """Return the template of an address, which ends with an identifier."""
    address = whole_address(view().addresses.path(path))
    return f"{address}{'&' if '?' in address else '?'}{name}={quote(before, safe='')}{{{{id}}}}"


def _path(path: str) -> str:
    return view().addresses.path(path).removeprefix(view().addresses.root)
