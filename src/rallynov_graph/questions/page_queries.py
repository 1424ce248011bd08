"""The queries of the pages, bound to the terms of a page and run on a store."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import cached_property
from typing import Any, Final, TypeVar, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from rallynov_graph.base.cache import Cache, memory
from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions import evidence_profile
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.evidence_profile import (
    CERTAINTY,
    COLUMNS,
    NAMES,
    OWN,
    SOURCE,
    STATED,
    STATEMENTS,
    Profile,
)
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.store import Store

Result = TypeVar("Result")
ParameterTerms = NamedNode | Literal | Iterable[NamedNode | Literal]
"""One term for a parameter, or several that it takes in turn."""
Ranks = Mapping[Sequence[Term | None], int | None]
"""Facts by their ends, each with the rank of its certainty, if that is known."""

IN_PROCESS: Final = frozenset({STATEMENTS, *COLUMNS, NAMES, "values"})
"""Queries about few things, which this process answers itself if it has the data."""
_MOST_MENTIONS: Final = 2000
"""As many statements that point to things are read, the properties in order."""
_MOST_STATED: Final = 5000
_FACTS_AT_ONCE: Final = 100
_NODES_AT_ONCE: Final = 1000
"""The certainties of more nodes are read with those of all."""
AT_ONCE: Final = 4
"""How many queries of one page are run at the same time; the engine releases the GIL."""
AT_ONCE_OF_READER: Final = 2
"""The same if they count as the reader's own: two pages of a reader may run at once."""
ROOM: Final = 256 << 20
"""The memory of a process for the results of one graph, in bytes."""
_THINGS: Final = re.compile(r"^([ \t]*)VALUES \?thing \{ UNDEF \}[ \t]*$", re.MULTILINE)
"""The line of a query that says that it is about any thing."""
_OF_THING: Final = "VALUES ?thing { UNDEF }"
_NODE: Final = re.compile(r"SELECT DISTINCT \?thing \?property \?value (\?\w+)")
"""The columns of statements."""
_FROM_FEWEST: Final = ("thing", "value", "property")
"""The ends of statements, those first that occur in fewest of them."""
_HEADER: Final = re.compile(r"^#\+.*\n?", re.MULTILINE)
_PREFIX: Final = re.compile(r"^PREFIX\s+(\S*:)\s*(<[^>]*>)[ \t]*\n?", re.MULTILINE)
_ORDER: Final = re.compile(r"^ORDER BY [^\n]*\s*(LIMIT \d+\s*)?\Z", re.MULTILINE)


class PageQueries:
    """The queries of pages on a store; each is a file of plain SPARQL that runs unchanged."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue | None = None,
        room: int = ROOM,
        profile: Profile | None = None,
    ) -> None:
        self.store = store
        if profile is not None:
            self.profile = profile
        self._catalogue = self.profile.pages if catalogue is None else catalogue
        self._own_store = store
        self._cache: Cache[tuple[str, Hashable], Any] = Cache(room, memory)
        self._is_of_reader = False

    has_profile = True
    """Whether it is known how the graph writes down its evidence."""

    @classmethod
    def of_others(cls, store: Store, profile: Profile | None = None) -> "PageQueries":
        """Return the queries on somebody's graph, by a profile or the one recognised in it."""
        queries = cls(store)
        profile = profile or evidence_profile.recognised(
            lambda properties: queries.ask("uses", property=properties)
        )
        found = queries if profile is None else cls(store, profile=profile)
        found.has_profile = profile is not None
        return found

    @cached_property
    def profile(self) -> Profile:
        """How the graph writes down its evidence."""
        return evidence_profile.shipped(OWN)

    def of_reader(self, store: Store) -> "PageQueries":
        """Return the same queries on the store of a reader, which has the same data.

        The queries in ``IN_PROCESS`` do not use the reader's store.
        """
        same = copy(self)
        same.store, same._is_of_reader = store, True
        return same

    def __contains__(self, name: str) -> bool:
        return name in self._catalogue

    def rows(self, name: str, **parameters: ParameterTerms) -> Solutions:
        """Return the solutions of a query for these terms, none if a parameter has no term.

        A query without parameters runs once: the graph does not change. Answers of a reader's
        store, which cost more, are kept while there is room.
        """
        if not parameters:
            # To join with UNDEF, Virtuoso takes minutes.
            text = _THINGS.sub("", self.text(name))
            return self.once("whole", name, lambda: self.store.select(text))
        values = _listed(parameters)
        if not all(values.values()):
            return Solutions((), ())
        return self._asked(name, self.text(name, **values))

    def _asked(self, name: str, text: str) -> Solutions:
        if name in IN_PROCESS and isinstance(self._own_store, EmbeddedStore):
            return self._own_store.select(text)
        return self.cached(text) if self._is_of_reader else self.store.select(text)

    def mentions(self, things: Iterable[NamedNode]) -> list[Sequence[Term | None]]:
        """Return the statements whose value is one of the things, each with the node that says it.

        They are in the order of their properties, subjects and nodes. What a whole class points to
        is cut before it is put in order, so that it costs little.
        """
        found = self._stated(f"VALUES ?value {{ {' '.join(map(str, things))} }}", _MOST_STATED)
        ordered = sorted(found, key=lambda row: [getattr(row[it], "value", "") for it in (1, 0, 3)])
        return ordered[:_MOST_MENTIONS]

    def nodes_of(self, facts: Sequence[Triple]) -> dict[Triple, list[str]]:
        """Return the nodes that say each fact of the graph; none where no node does."""
        found: dict[Triple, list[str]] = {}
        for *ends, node in self.stated_of(facts):
            nodes = found.setdefault(Triple(*ends), [])  # type: ignore[arg-type]
            if isinstance(node, NamedNode):
                nodes.append(node.value)
        return {it: sorted(of) for it, of in found.items()}

    def stated_of(self, facts: Sequence[Triple]) -> Iterator[Sequence[Term | None]]:
        """Yield each fact of the graph with each node that says it, or None."""
        for start in range(0, len(facts), _FACTS_AT_ONCE):
            some = (it for it in facts[start : start + _FACTS_AT_ONCE] if _is_writable(it))
            rows = " ".join(f"({' '.join(map(str, it))})" for it in some)
            yield from self._stated(f"VALUES (?thing ?property ?value) {{ {rows} }}")

    def stated(self, **ends: Iterable[NamedNode]) -> Sequence[Sequence[Term | None]]:
        """Return the statements with one of the terms at each of these ends, in no order."""
        # Engines multiply two VALUES. They join a subquery by hash; few terms are filtered faster.
        (first, terms), *further = sorted(ends.items(), key=lambda it: _FROM_FEWEST.index(it[0]))
        about = [f"VALUES ?{first} {{ {' '.join(map(str, terms))} }}"]
        about += (
            f"FILTER (?{name} IN ({', '.join(map(str, of))}))"
            if name == "property"
            else f"{{ SELECT ?{name} WHERE {{ VALUES ?{name} {{ {' '.join(map(str, of))} }} }} }}"
            for name, of in further
        )
        return self._stated(" ".join(about))

    def said_by(self, nodes: Iterable[NamedNode]) -> Sequence[Sequence[Term | None]]:
        """Return the statements that one of some nodes says, with the node, in no order."""
        named, prefixes = " ".join(map(str, nodes)), dict[str, str]()
        body = _body(in_no_order(self.text(STATEMENTS)), prefixes)
        node = _NODE.search(body)
        if not named or node is None:
            return ()
        said = f"{{ SELECT * WHERE {{ {{ {body} }} FILTER (BOUND({node[1]})) }} }}"
        about = f"VALUES {node[1]} {{ {named} }} {said}"
        columns = f"?thing ?property ?value {node[1]}"
        text = f"{_declared(prefixes)}SELECT {columns} WHERE {{ {about} }}"
        return self._asked(STATEMENTS, text).rows

    def said_of_nodes(self, nodes: Iterable[str]) -> dict[str, dict[str, list[Term]]]:
        """Return what the queries of the profile, asked as one, say of nodes, by its columns."""
        found: dict[str, dict[str, list[Term]]] = {iri: {} for iri in nodes}
        named, prefixes = [*map(NamedNode, found)], dict[str, str]()
        texts = (self.text(name, node=named) for name in self.profile.about_nodes)
        groups = " } UNION { ".join(in_no_order(_body(it, prefixes)) for it in texts)
        text = f"{_declared(prefixes)}SELECT * WHERE {{ {{ {groups} }} }}"
        for row in sorted(self._asked(CERTAINTY, text), key=str) if named and groups else ():
            parts = found[getattr(row["node"], "value", "")]  # to Virtuoso, it may be a literal
            for part, value in row.items():
                if part != "node" and value is not None and value not in parts.setdefault(part, []):
                    parts[part].append(value)
        return found

    def saying(self, things: Iterable[NamedNode]) -> frozenset[str]:
        """Return which of these IRIs name nodes that say statements, by the profile."""
        # A profile whose query knows no such kind, as ours, need not be asked.
        if SOURCE not in self or f'"{STATED}"' not in self.text(SOURCE):
            return frozenset()
        rows = self.rows(SOURCE, node=dict.fromkeys(things))
        stated = (row["node"] for row in rows if getattr(row.get("kind"), "value", "") == STATED)
        return frozenset(getattr(it, "value", "") for it in stated)

    @cached_property
    def has_certainties(self) -> bool:
        """Whether a node of the graph says how sure it is."""
        if CERTAINTY not in self:
            return False
        return bool(self.store.select(in_no_order(self.text(CERTAINTY), 1)).rows)

    def ranks_of(self, rows: Iterable[Sequence[Term | None]], unranked: int | None = None) -> Ranks:
        """Return the rank of the surest node that says each fact; None where no node has one.

        The rows are facts, each with a node, perhaps one that counts as of a rank.
        """
        listed = [*rows]
        nodes = {node for *_, node in listed if isinstance(node, NamedNode)}
        ranks = self._node_ranks(nodes) if len(nodes) <= _NODES_AT_ONCE else self.node_ranks
        found: dict[Sequence[Term | None], int | None] = {}
        for *ends, node in listed:
            ranked = (
                it
                for it in (found.get((*ends,)), ranks.get(node, unranked if node else None))
                if it is not None
            )
            found[(*ends,)] = min(ranked, default=None)
        return found

    @property
    def node_ranks(self) -> Mapping[Term | None, int]:
        """The rank of the surest certainty of each node that has one."""
        return self.once("ranks", None, self._node_ranks)

    def _node_ranks(self, nodes: Iterable[NamedNode] | None = None) -> dict[Term | None, int]:
        found: dict[Term | None, int] = {}
        text = self.text(CERTAINTY, **{} if nodes is None else {"node": nodes})
        for row in self._asked(CERTAINTY, text) if nodes or nodes is None else ():
            certainty = getattr(row.get(CERTAINTY), "value", "")
            if certainty in CERTAINTIES:
                # To Virtuoso, the node may be a literal.
                node, rank = NamedNode(getattr(row["node"], "value", "")), rank_of(certainty)
                found[node] = min(rank, found.get(node, rank))
        return found

    def _stated(self, about: str, most: int | None = None) -> Sequence[Sequence[Term | None]]:
        """Return the statements of the profile about these terms, in no order."""
        text = in_no_order(self.text(STATEMENTS), most)
        return self._asked(STATEMENTS, text.replace(_OF_THING, about)).rows

    def once(self, category: str, key: Hashable, compute: Callable[[], Result]) -> Result:
        """Return the result of a category for a key, computed once and kept in the process.

        The graph does not change; the least recently used result is dropped first.
        """
        return cast(Result, self._cache.once((category, key), compute))

    def cached(self, query: str) -> Solutions:
        """Return the solutions of a query, which runs once; they are kept while there is room."""
        return self.once("answer", query, lambda: self.store.select(query))

    def select_all(self, texts: Sequence[str]) -> list[Solutions]:
        """Return the solutions of several queries, run in parallel."""
        at_once = AT_ONCE_OF_READER if self._is_of_reader else AT_ONCE
        with ThreadPoolExecutor(at_once) as pool:
            return [*pool.map(self.store.select, texts)]

    def ask(self, name: str, **parameters: ParameterTerms) -> bool:
        """Return the result of an ASK for these terms."""
        return self.store.ask(self.text(name, **parameters))

    def text(self, name: str, **parameters: ParameterTerms) -> str:
        """Return a query with its parameters filled in."""
        listed = _listed(parameters)
        terms = {it: " ".join(map(str, its_terms)) for it, its_terms in listed.items()}
        return self._catalogue.question(name).with_terms(terms)


def dates_of_documents(queries: PageQueries) -> dict[str, str]:
    """Return the date of each document, the earliest first; empty if it is unknown."""
    dates: dict[str, str] = {}
    for document, date in queries.rows("source_documents").rows:
        if isinstance(document, NamedNode):
            dates.setdefault(document.value, date.value if isinstance(date, Literal) else "")
    return dates


def readable(query: str) -> str:
    """Return a query for display, without the header lines of its file."""
    lines = [line for line in query.splitlines() if not line.startswith("#+")]
    return "\n".join(lines).strip() + "\n"


def _is_writable(fact: Triple) -> bool:
    """Return whether a query can name a fact: no blank node is its end."""
    return not any(isinstance(term, BlankNode) for term in fact)


def _listed(parameters: Mapping[str, ParameterTerms]) -> dict[str, list[NamedNode | Literal]]:
    return {
        name: [terms] if isinstance(terms, NamedNode | Literal) else [*terms]
        for name, terms in parameters.items()
    }


def nested(outer: str, inner: Sequence[str], ordered: bool = True) -> str:
    """Return a query about the things that all inner queries find.

    Its rows have the outer query's order, unless ``ordered`` is false. Raises QueryError if the
    outer query is about no things, or if two queries use one prefix for different namespaces.
    """
    if _THINGS.search(outer) is None:
        raise QueryError("This query is not about any thing, so others cannot find its things.")
    prefixes: dict[str, str] = {}
    body = _body(outer, prefixes)
    groups = [_ORDER.sub("", _body(query, prefixes)).strip() for query in inner]

    def put(place: re.Match[str]) -> str:
        indent = place[1]
        return "\n".join(f"{indent}{{\n{_indented(group, indent)}\n{indent}}}" for group in groups)

    body = body if ordered else in_no_order(body)
    written = _THINGS.sub(put, body).strip()
    declared = _declared(prefixes)
    return f"{declared}\n{written}\n" if declared else f"{written}\n"


def _declared(prefixes: Mapping[str, str]) -> str:
    return "".join(f"PREFIX {name} {iri}\n" for name, iri in sorted(prefixes.items()))


def in_no_order(query: str, most: int | None = None) -> str:
    """Return a query for that many rows, or all, in any order, which costs less."""
    return _ORDER.sub("" if most is None else f"LIMIT {most}\n", query)


def _body(query: str, prefixes: dict[str, str]) -> str:
    """Return a query without its header and prefixes, which are added to the others."""
    for name, iri in _PREFIX.findall(query):
        if prefixes.setdefault(name, iri) != iri:
            raise QueryError(f"The prefix {name} means {prefixes[name]} and {iri}.")
    return _PREFIX.sub("", _HEADER.sub("", query))


def _indented(text: str, indent: str) -> str:
    return "\n".join(f"{indent}  {line}" if line else "" for line in text.splitlines())
