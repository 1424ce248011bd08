"""The lists: the things of a kind or a class, narrowed as the reader chooses, and as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Annotated, Final

from flask import Blueprint, Response, current_app, make_response, redirect, request
from pyoxigraph import Literal, NamedNode, Triple
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.kinds import NAVIGATION, WITHIN
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.http.negotiation import HTML
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.release.attribution import A
from rallynov_graph.rules.silences import silences
from rallynov_graph.site.explore.lists.choices import (
    OF_OTHER_KINDS,
    AddressKeys,
    Narrowing,
    address_keys,
    chips_of,
    label_of,
    list_title,
    narrowing,
    read_choices,
    refused,
    value_nodes,
)
from rallynov_graph.site.explore.lists.facet_index import prepared_facets
from rallynov_graph.site.explore.lists.table import (
    ListTable,
    bare_table,
    list_table,
    table_file,
)
from rallynov_graph.site.model import selection
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.empty_answer import (
    AskedCondition,
    EmptyAnswer,
    empty_answer,
    shown_silences,
)
from rallynov_graph.site.model.listed_kinds import listed_kinds
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.open_question_marks import touching_any, touching_things
from rallynov_graph.site.model.ordering import ordered
from rallynov_graph.site.model.selection import (
    ANY_CERTAINTY,
    Choices,
    Selection,
    Source,
    counted_kinds,
)
from rallynov_graph.site.model.themes import HEADER, TREE, themes_page
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import Marked, cited
from rallynov_graph.site.web.error_pages import (
    BadParameterError,
    Missing,
    near_nodes,
    require_own_graph,
)
from rallynov_graph.site.web.feature import (
    TABLE,
    ListedThings,
    ListState,
    ListView,
    Pair,
    list_views,
)
from rallynov_graph.site.web.frame import EDITION, page
from rallynov_graph.site.web.page_files import (
    format_of_suffix,
    graph_response,
    negotiated,
    negotiated_format,
)
from rallynov_graph.site.web.params import Of, Paged, Params, Sure, params, read_iri
from rallynov_graph.site.web.reader import (
    Files,
    absolute,
    site,
    view,
    without_parameters,
    words,
)
from rallynov_graph.site.web.signposting import (
    Link,
    Links,
    links_of_list,
    linkset_response,
    set_links,
    with_open_questions,
)

blueprint = Blueprint("lists", __name__)

RDF_SUFFIXES: Final = tuple(form.suffix[1:] for form in GRAPHS)
MOST_SILENT: Final = 20
"""Of how many things the silences are named that a filter leaves none of."""
MOST_TOUCHED: Final = 1000
"""Of how many things the open questions are named beside a file."""
_NOT_CITED: Final = ("lang", "page")


def _class(text: str) -> str:
    return read_iri(text) if text else ""


AS: Final = "https://www.w3.org/ns/activitystreams#"
"""Activity Streams 2.0, the vocabulary of collections."""
_COUNT: Final = NamedNode(PREFIXES["xsd"] + "nonNegativeInteger")


@dataclass(frozen=True)
class CollectionPage:
    """A page of a collection: its neighbours and its things."""

    collection: str
    this: str
    first: str
    last: str
    previous: str | None
    following: str | None
    total: int
    things: Sequence[str]

    def triples(self) -> Iterator[Triple]:
        collection, page = NamedNode(self.collection), NamedNode(self.this)
        yield Triple(collection, A, _as("Collection"))
        yield Triple(collection, _as("totalItems"), Literal(str(self.total), datatype=_COUNT))
        yield Triple(collection, _as("first"), NamedNode(self.first))
        yield Triple(collection, _as("last"), NamedNode(self.last))
        yield Triple(page, A, _as("CollectionPage"))
        yield Triple(page, _as("partOf"), collection)
        for name, address in (("prev", self.previous), ("next", self.following)):
            if address:
                yield Triple(page, _as(name), NamedNode(address))
        for iri in self.things:
            yield Triple(page, _as("items"), NamedNode(iri))


def _as(name: str) -> NamedNode:
    return NamedNode(AS + name)


@dataclass(frozen=True)
class ClassParams(Params):
    """The class of the things of a list; empty for those that have none."""

    class_: Annotated[str, Of(_class, {"type": "string", "format": "iri"})] = ""


@blueprint.get("/list")
def class_list() -> AnyResponse:
    """Show the things of a class, or those that have none."""
    form, iri = negotiated_format(_addresses("/list")), params(ClassParams).class_
    if form is HTML and not iri and not site().foreign:
        return _varying(redirect(view().addresses.path("/explore"), 301))
    found = _class_page(iri)
    return _answer("/list", found, form)


@blueprint.get("/list.<suffix>")
def class_file(suffix: str) -> Response:
    """Serve the things of a class, or those that have none, as a file; as RDF, a page of them."""
    iri = params(ClassParams).class_
    if suffix in RDF_SUFFIXES and _way() == TABLE:
        return _collection("/list", _class_page(iri), format_of_suffix(suffix))
    if not iri:
        return page_files.of_query(_without_class(1).query, suffix, "list")
    return _file(_source_of_class(iri), suffix)


@blueprint.get("/list/<kind>")
def kind_list(kind: str) -> AnyResponse:
    """Show the things of a kind; with a suffix, give them as a file, as RDF a page of them."""
    stem, _, suffix = kind.rpartition(".")
    of_views = (suffix for way in list_views() for suffix in (*way.tables, *way.graphs))
    if not stem or suffix not in (*page_files.ROWS, *RDF_SUFFIXES, *of_views):
        stem, suffix = kind, ""
    path, is_ours = f"/list/{stem}", not site().foreign
    if suffix in RDF_SUFFIXES and (stem == TREE or _way() == TABLE):
        return _collection(path, _kind_page(stem), format_of_suffix(suffix))
    if suffix:
        of_tree = stem == TREE and is_ours
        return _themes(path, suffix) if of_tree else _file(_source_of_kind(stem), suffix)
    form = negotiated_format(_addresses(path))
    if stem == TREE and form is HTML and is_ours:
        return _whole_list() if request.args.get("page") == "1" else _themes(path)
    found = _kind_page(stem)
    return _answer(path, found, form)


@blueprint.get("/linkset/list")
def links_of_class() -> Response:
    return _linkset("/list", _class_page(params(ClassParams).class_))


@blueprint.get("/linkset/list/<kind>")
def links_of_kind(kind: str) -> Response:
    return _linkset(f"/list/{kind}", _kind_page(kind))


# The query of the address


def _parameters(*besides: str) -> list[Pair]:
    return [pair for pair in request.args.items(multi=True) if pair[0] not in besides]


def _way() -> str:
    """Return the name of the way to look at the list that the address asks for."""
    return request.args.get("view", "") or TABLE


def _offered(source: Source) -> tuple[ListView, ...]:
    """Return the ways to look at the things of a source."""
    return tuple(way for way in list_views() if way.suits(source))


def _address(path: str, number: int | None = None) -> str:
    """Return an address of the list as it is chosen: the same in every language."""
    kept = _parameters("lang", "page")
    return view().addresses.file(path, [*kept, ("page", str(number or ""))])


def _addresses(path: str) -> Files:
    """Return the addresses of the list at a path, as it is chosen, in each format."""
    number = params(Paged).page
    page = number if number > 1 else None
    return tuple((form, _address(f"{path}{form.suffix}", page)) for form in site().formats)


def _source_of_kind(kind: str) -> Source:
    return selection.source_of_kind(kind, not view().foreign)


def _source_of_class(iri: str) -> Source:
    return selection.source_of_class(view().queries, iri, view().foreign)


def _listed(source: Source) -> tuple[AddressKeys, ListedThings]:
    """Return the things that the address chooses; raise BadParameterError for unknown choices."""
    here, pairs, offered = view(), _parameters(), _offered(source)
    way = next((way for way in offered if way.name == _way()), None)
    if way is None:
        keys = address_keys(here, source, next(it for it in offered if it.name == TABLE))
        seen = [replace(keys, way=it) for it in offered]
        ways = (Node(it.way.name, href=it.address(Choices())) for it in seen)
        wrong = (("view", _way()), *refused(keys, pairs))
        raise BadParameterError(BadParameter("view", "one_of", (), tuple(ways), wrong))
    keys = address_keys(here, source, way, pairs)
    choices = read_choices(keys, pairs)
    chosen = Selection(here.queries, source, choices)
    things = ordered(here, chosen.things())
    state = ListState(keys.sort(choices), params(Paged).page, keys.own)
    return keys, ListedThings(here, chosen, things, state, partial(keys.address_of, choices))


# The page


@dataclass(frozen=True)
class ListPage:
    """A list as a reader sees it, and what narrows it."""

    kind: str
    node: Node | None
    """The class of a list of a class."""
    total: int
    query: str
    table: ListTable = field(default_factory=ListTable)
    """Empty if the things are looked at in another way."""
    narrowing: Narrowing | None = None
    """Its filters and sort keys; nothing for things without a class."""
    keys: AddressKeys | None = None
    listed: ListedThings | None = None
    shown: object = None
    """The content of another view of the things."""
    tabs: tuple[tuple[str, str], ...] = ()
    """The ways to look at the same things, each with its address."""

    elsewhere: tuple[tuple[Marked, str], ...] = ()
    """The related lists of other kinds, in words, each with its address."""

    @property
    def centre(self) -> Node | None:
        """The first chosen thing that the network draws."""
        chips = self.narrowing.chips if self.narrowing else ()
        return next((chip.node for chip in chips if chip.node.shape), None)

    @property
    def title(self) -> Marked:
        chips = self.narrowing.chips if self.narrowing else ()
        return list_title(self.total, self.kind, self.node, chips)

    @property
    def outside(self) -> str:
        """How many things of the kind do not answer the choices, in words."""
        others = self.narrowing.others if self.narrowing else 0
        return list_title(others, self.kind, self.node).text

    @property
    def is_by_thesaurus(self) -> bool:
        """Whether a chosen value has things by narrower ones, which the curators say they are."""
        if self.listed is None:
            return False
        of = self.listed.selection
        chosen = of.choices.chosen
        return any(it.path.form == WITHIN and it.name in chosen for it in of.source.facets)

    @property
    def here(self) -> str:
        """The canonical address of the page; None if it is the requested one."""
        return self.listed.address(self.listed.state) if self.listed else ""


def _class_page(iri: str) -> ListPage:
    if not iri:
        return _without_class(params(Paged).page)
    return _page(_source_of_class(iri), view().node(iri))


def _kind_page(kind: str) -> ListPage:
    try:
        return _page(_source_of_kind(kind), None)
    except Missing:
        lists = {
            it: Node(words()[f"kind.{it}"], href=view().addresses.path(f"/list/{it}"))
            for it in listed_kinds(view().queries)
        }
        raise Missing(near_nodes(kind, lists)) from None


def _without_class(number: int) -> ListPage:
    """Return a page of the things that have no class."""
    query = view().queries.text("subjects")
    things = ordered(view(), query)
    path = view().addresses.path
    table = bare_table(
        view(), things, number, lambda it: path("/list", [("page", str(it) if it > 1 else "")])
    )
    if not things or table is None:
        raise Missing
    return ListPage("", None, len(things), readable(query), table)


def _page(source: Source, node: Node | None) -> ListPage:
    bare = Selection(view().queries, source).things()
    if not ordered(view(), bare):
        of_class = NamedNode(source.of_class) if node else None
        if of_class is None or not view().queries.ask("has_things", **{"class": of_class}):
            raise Missing
        # The things of the class have no addresses.
        return ListPage("", node, 0, readable(bare))
    keys, listed = _listed(source)
    chosen, choices = listed.selection, listed.selection.choices
    is_edition = bool(current_app.jinja_env.globals.get(EDITION))
    table = list_table(listed, is_edition) if keys.way.name == TABLE else ListTable()
    shown = keys.way.shown(listed)
    if table is None or shown is None:
        raise Missing
    offered = _offered(source)
    tabs = (
        (way.name, replace(keys, way=way, own=()).address(choices))
        for way in (offered if len(offered) > 1 else ())
    )
    return ListPage(
        source.kind,
        node,
        len(listed.things),
        readable(chosen.things()),
        table,
        narrowing(keys, chosen),
        keys,
        listed,
        shown,
        tuple(tabs),
        tuple(_elsewhere(keys, chosen)),
    )


def _elsewhere(keys: AddressKeys, chosen: Selection) -> Iterator[tuple[Marked, str]]:
    """Yield the lists of other kinds for the chosen themes."""
    asked = {it: of for it, of in chosen.choices.chosen.items() if it in OF_OTHER_KINDS}
    for kind in NAVIGATION if asked else ():
        source = _source_of_kind(kind)
        if kind == chosen.source.kind or not {*asked} <= {it.name for it in source.facets}:
            continue
        known = Selection(chosen.queries, source).values().things
        themes = {name: tuple(it for it in of if it in known[name]) for name, of in asked.items()}
        if not all(themes.values()):
            continue
        choices = Choices(chosen.choices.certainty, chosen=themes)
        of_kind = Selection(chosen.queries, source, choices)
        if things := len(of_kind.admitted()):
            other = address_keys(keys.view, source, keys.way)
            chips = [*chips_of(other, of_kind)]
            yield list_title(things, kind, None, chips), other.address(of_kind.choices)


def _answer(path: str, found: ListPage, form: Format) -> AnyResponse:
    if form is not HTML:
        return negotiated(_collection(path, found, form), form, _addresses(path))
    if request.args.get("page") == "1":
        return _whole_list()
    set_links(_page_links(path, found))
    return _varying(
        page(
            "explore/lists/list.html",
            page=found,
            way=found.keys.way if found.keys else None,
            shown=found.shown,
            open_questions=touching_things(view(), _first_things(found)),
            prepared_facets=partial(prepared_facets, found.keys, found.narrowing, found.table),
            files=_files(found),
            nothing=None if found.total else _nothing(found),
            cite=cited(found.title, path, *(it for it in request.args if it not in _NOT_CITED)),
        )
    )


def _nothing(found: ListPage) -> EmptyAnswer:
    """Return which of the choices leaves nothing, and what there is without one."""
    if found.keys is None or found.listed is None:
        return EmptyAnswer()
    keys, of = found.keys, found.listed.selection
    named = {facet.name: facet for facet in of.source.facets}

    def kept(names: Sequence[str]) -> Choices:
        chosen = {name: terms for name, terms in of.choices.chosen.items() if name in names}
        least = of.choices.certainty if "" in names else ANY_CERTAINTY
        return replace(of.choices, chosen=chosen, certainty=least)

    def condition(name: str, terms: Sequence[Term]) -> AskedCondition[str]:
        label = label_of(view(), named[name])
        column = "large" if name == "larger" else name
        nodes = value_nodes(view(), named[name], terms).values()
        text = Node(words()["built.or"].join(it.text for it in nodes), next(iter(nodes)).language)
        return AskedCondition(name, label.value if label else words()[f"column.{column}"], text)

    conditions = [condition(*it) for it in of.choices.chosen.items()]
    if of.choices.certainty != ANY_CERTAINTY:
        how = Node(words()[f"how.{of.choices.certainty}"])
        conditions.append(AskedCondition("", words()["shared.certainty"], how, True))

    def things(names: Sequence[str]) -> tuple[str, ...]:
        return ordered(view(), replace(of, choices=kept(names)).things())

    empty = empty_answer(
        conditions, lambda names: len(things(names)), lambda names: keys.address(kept(names))
    )
    names = [it.key for it in conditions]
    last = empty.broken_by.condition if empty.broken_by else None
    broken = next((it.key for it in conditions if it is last), "")
    if not broken:
        return empty
    before = things(names[: names.index(broken)])[:MOST_SILENT]
    path = named[broken].path
    silent = silences(view().queries, map(NamedNode, before), {path.property, path.further})
    return replace(empty, silences=shown_silences(view(), silent))


def _first_things(found: ListPage) -> tuple[str, ...]:
    """Return the things of a page, or the first ones that another way to look has."""
    if found.listed is None or found.keys is None or found.keys.way.name == TABLE:
        return tuple(row.node.iri for row in found.table.rows) if not found.table.asked else ()
    return found.listed.things[:MOST_TOUCHED]


def _whole_list() -> AnyResponse:
    """Return the canonical address of a list's first page for readers.

    In RDF, ``page=1`` distinguishes the first page from the whole list.
    """
    response = redirect(without_parameters(), 301)
    response.headers["Vary"] = "Accept"
    return response


def _varying(text: AnyResponse | str) -> Response:
    response = make_response(text)
    response.headers["Vary"] = "Accept"
    return response


def _themes(path: str, suffix: str = "") -> Response:
    """Return the tree of themes as a page, or as the file of a suffix."""
    tree = themes_page(view(), params(Sure).certainty)
    if suffix:
        response = page_files.of_rows(HEADER, tree.rows(), suffix, TREE)
        return with_open_questions(response, touching_any(view(), tree.iris()))
    set_links(links_of_list(_addresses(path) if tree.total else (), None, None))
    return _varying(
        page(
            "explore/lists/themes.html",
            page=tree,
            cite=cited(words()["kind.theme"], path, "certainty"),
            open_questions=touching_things(view(), tree.iris()),
        )
    )


@blueprint.get("/explore")
def explore() -> str:
    """Show the kinds of things, and the ways to see them together."""
    require_own_graph()
    further = tuple(it for it in listed_kinds(view().queries) if it not in NAVIGATION)
    return page(
        "explore/lists/explore.html",
        kinds=counted_kinds(view()),
        further=counted_kinds(view(), further),
    )


# The files


def _files(found: ListPage) -> dict[str, list[tuple[str, str]]]:
    way = found.keys.way if found.keys else None
    is_table = way is None or way.name == TABLE
    path = found.keys.source.path if found.keys else "/list"
    tables = page_files.ROWS if way is None or is_table else way.tables
    graphs = ("ttl",) if way is None or is_table else way.graphs
    names, whole = words(), _parameters("lang", "page")

    def of(suffixes: Sequence[str], pairs: list[Pair]) -> list[tuple[str, str]]:
        return [
            (
                names.or_else(f"export.as_{suffix}", suffix.upper()),
                view().addresses.path(f"{path}.{suffix}", pairs),
            )
            for suffix in suffixes
        ]

    return {
        "table": of(tables, whole),
        "graph": of(graphs, _parameters("lang") if is_table else whole),
    }


def _file(source: Source, suffix: str) -> Response:
    """Serve what a list shows, all pages, in the format of a suffix: its table, or what another way
    to look at its things makes of them.
    """
    keys, listed = _listed(source)
    if not ordered(view(), Selection(view().queries, source).things()):
        raise Missing
    if keys.way.name != TABLE:
        if suffix not in (*keys.way.tables, *keys.way.graphs):
            raise Missing
        touched = touching_any(view(), listed.things[:MOST_TOUCHED])
        return with_open_questions(keys.way.file(listed, suffix), touched)
    if suffix not in page_files.ROWS:
        raise Missing
    return with_open_questions(table_file(listed, suffix), touching_any(view(), listed.things))


def _collection(path: str, found: ListPage, form: Format) -> Response:
    """Return a page of a list as a page of a collection, with the facts of its things."""
    number, count = found.table.pages.number, found.table.pages.count
    previous, following = number - 1 or None, number + 1 if number < count else None

    def at(page: int | None) -> str | None:
        return absolute(_address(path, page)) if page else None

    things = [row.node.iri for row in found.table.rows]
    this, whole = absolute(_address(path, number)), absolute(_address(path))
    first, last = absolute(_address(path, 1)), absolute(_address(path, count))
    collection = CollectionPage(
        whole, this, first, last, at(previous), at(following), found.total, things
    )
    file = f"{path}{form.suffix}"
    before, after = (_address(file, page) if page else None for page in (previous, following))
    set_links(links_of_list(_addresses(path), before, after, form.media_type))
    queries = view().queries
    statements = queries.store.construct(queries.text("about_thing", thing=map(NamedNode, things)))
    about = site().origin.of(this, whole)
    triples = [*collection.triples(), *about, *statements]
    response = graph_response(triples, form, {**PREFIXES, "as": AS})
    return with_open_questions(response, touching_any(view(), things))


def _linkset(path: str, found: ListPage) -> Response:
    """Return the links of a page of a list, to each of its things too."""
    pages = (row.node.href for row in found.table.rows)
    items = (Link("item", absolute(page), "text/html") for page in pages if page)
    this = absolute(_address(path, _number(found)))
    return linkset_response((Links(this, (*_page_links(path, found), *items)),))


def _page_links(path: str, found: ListPage) -> tuple[Link, ...]:
    """Return the links to the pages around this one, to its files and to its own links."""
    ways = [it for it in list_views() if it.name == _way() != TABLE]
    files = tuple(
        (form, href)
        for form, href in _addresses(path)
        if not ways or form.suffix[1:] in ways[0].graphs
    )
    pages = found.table.pages
    links = _address(f"/linkset{path}", _number(found))
    return links_of_list(files, pages.previous, pages.following, links=links)


def _number(found: ListPage) -> int | None:
    return found.table.pages.number if found.table.pages.number > 1 else None
