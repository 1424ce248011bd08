"""Making an index: a SQLite file in which the words of each thing's texts are found.

A thing is one row, and rows stand in the order in which a reader expects them: what a carnet is
about before what only orders it, then the shortest name first, so that the first rows that match
are the best ones and none of the others has to be looked at. The same texts give the same bytes
under the same version of SQLite.
"""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base import kinds
from rallynov_graph.base.kinds import searched
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, in_prefixes
from rallynov_graph.base.resources import search_queries_dir
from rallynov_graph.base.standings import ALTERNATIVE, RETRACTED, SUPERSEDED
from rallynov_graph.matching.near_names import LONGEST_WORD, SHORTEST_WORD
from rallynov_graph.matching.words import plain_words, short_forms
from rallynov_graph.questions.catalogue import load
from rallynov_graph.questions.labels import NAMINGS, last_part
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.sparql.store import Store

TERM: Final = "term"
"""The kind of classes and properties."""
NAME: Final = "name"
OTHER: Final = "other"
PRINTED: Final = "printed"
ACRONYM: Final = "acronym"
EXPANSION: Final = "expansion"
ADDRESS: Final = "address"
FORMER: Final = "former"
"""A name that a document gave and that no longer stands."""
UNTAKEN: Final = "untaken"
"""A name by a reading that is not taken."""
DESCRIPTION: Final = "description"
NO_NAMES: Final = (FORMER, UNTAKEN, DESCRIPTION)
ROLES: Final = (NAME, OTHER, PRINTED, ACRONYM, EXPANSION, ADDRESS, *NO_NAMES)
"""What a text is to a thing: those that name it come first."""
EVIDENCE: Final = searched(kinds.NEVER)
"""Kinds that only say where a fact comes from: they are reached from it, not searched."""
LATER: Final = searched(kinds.LATER, kinds.LAST) | {TERM}
"""Kinds that a reader rarely means."""
LONGEST_TEXT: Final = 2000
"""How many characters of a longer text are searched."""

_SKOS, _DCT, _SCHEMA = PREFIXES["skos"], PREFIXES["dcterms"], PREFIXES["schema"]
_ROLE_OF: Final = {
    **dict.fromkeys(NAMINGS, NAME),
    **dict.fromkeys(
        (
            _SKOS + "altLabel",
            _SKOS + "hiddenLabel",
            _SCHEMA + "alternateName",
            "http://schema.org/alternateName",
            _DCT + "alternative",
            PREFIXES["foaf"] + "nick",
        ),
        OTHER,
    ),
    RN + "nameAsPrinted": PRINTED,
    RN + "asPrinted": PRINTED,
    RN + "acronym": ACRONYM,
    RN + "expansion": EXPANSION,
}
_TERMS: Final = frozenset(
    {
        PREFIXES["rdfs"] + "Class",
        PREFIXES["rdfs"] + "Datatype",
        PREFIXES["rdf"] + "Property",
        *(
            PREFIXES["owl"] + name
            for name in (
                "Class",
                "Restriction",
                "ObjectProperty",
                "DatatypeProperty",
                "AnnotationProperty",
                "OntologyProperty",
            )
        ),
    }
)
_GONE: Final = {
    FORMER: (NamedNode(f"{RN}{SUPERSEDED}"), NamedNode(f"{RN}{RETRACTED}")),
    UNTAKEN: (NamedNode(f"{RN}{ALTERNATIVE}"),),
}
"""The standings of names in the roles of those that are not current."""
_EVERYTHING: Final = frozenset(
    {
        PREFIXES["owl"] + "Thing",
        PREFIXES["owl"] + "NamedIndividual",
        PREFIXES["rdfs"] + "Resource",
    }
)
_OURS: Final = re.compile(re.escape(ID) + r"([a-z][a-z0-9-]*)/[^/?#\s]+")


@dataclass(frozen=True)
class TextOfThing:
    """A text and its role for the thing that it is about."""

    role: str
    value: str
    language: str = ""


def kind_by_address(iri: str) -> str | None:
    """Return the kind that an address in our namespace says, None for any other."""
    found = _OURS.fullmatch(iri)
    return found[1] if found else None


def kind_by_classes(iri: str, classes: Iterable[str]) -> str:
    """Return the kind of a thing of these classes: its class, or that it is a term."""
    named = sorted({*classes} - _EVERYTHING)
    if any(class_iri in _TERMS for class_iri in named) or (not named and in_prefixes(iri) != iri):
        return TERM
    return named[0] if named else ""


def role_of(prop: str) -> str:
    """Return what the values of a property are to a thing."""
    return _ROLE_OF.get(prop, DESCRIPTION)


def all_texts(store: Store) -> Iterator[tuple[str, TextOfThing]]:
    """Yield each text of each thing that is searched, in the order of the store."""
    yield from _texts(store.construct(_query(store, "texts")))
    for role_of_text, standings in _GONE.items():
        query = _query(store, "names_gone", standing=standings)
        yield from _texts(store.construct(query), role_of_text)


def _texts(triples: Iterable[Triple], given: str = "") -> Iterator[tuple[str, TextOfThing]]:
    """Yield the texts of things that are searched, in this role or in that of their property."""
    for triple in triples:
        thing, text = triple.subject, triple.object
        if not (isinstance(thing, NamedNode) and isinstance(text, Literal)):
            continue
        if text.value and kind_by_address(thing.value) not in EVIDENCE:
            value, named = text.value[:LONGEST_TEXT], given or role_of(triple.predicate.value)
            yield thing.value, TextOfThing(named, value, text.language or "")


def all_classes(store: Store) -> Iterator[tuple[str, str]]:
    """Yield each thing whose address does not say its kind with each of its classes."""
    for triple in store.construct(_query(store, "classes_of_things")):
        thing, class_iri = triple.subject, triple.object
        if isinstance(thing, NamedNode) and isinstance(class_iri, NamedNode):
            yield thing.value, class_iri.value


def _query(store: Store, name: str, **values: Sequence[NamedNode]) -> str:
    return PageQueries(store, load(search_queries_dir())).text(name, **values)


FORMAT: Final = 3
"""Counts up when an older file must not be used any more."""
_JOINT: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+")
_AT_ONCE: Final = 5_000
"""How many things are written in one step."""

_STAGES: Final = """
CREATE TEMP TABLE texts (thing TEXT, role INTEGER, language TEXT, value TEXT, plain TEXT);
CREATE TEMP TABLE classed (thing TEXT, class TEXT);
CREATE TEMP TABLE ranked (iri TEXT, kind TEXT, tier INTEGER, length INTEGER, plain TEXT);
"""
_TABLES: Final = """
CREATE TABLE kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL, things INTEGER NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind INTEGER NOT NULL);
CREATE TABLE text (
  thing INTEGER, place INTEGER, role INTEGER NOT NULL, language TEXT NOT NULL,
  value TEXT NOT NULL, PRIMARY KEY (thing, place)
) WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, plain TEXT NOT NULL UNIQUE, things INTEGER NOT NULL);
CREATE TABLE gram (
  gram TEXT, length INTEGER, words BLOB NOT NULL, PRIMARY KEY (gram, length)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(
  names, more, shorter, kind, content = '', detail = column, columnsize = 0, prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Cn'"
);
"""


def write(
    path: Path, texts: Iterable[tuple[str, TextOfThing]], classes: Iterable[tuple[str, str]]
) -> None:
    """Write the index of these texts into a new file; raise sqlite3.Error."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA user_version = {FORMAT};"
            f"PRAGMA cache_size = -65536; {_STAGES} {_TABLES} BEGIN;"
        )
        _collect(database, texts, classes)
        _rank(database)
        _fill(database)
        _spell(database)
        database.execute("INSERT INTO found (found) VALUES ('optimize')")
        database.execute("COMMIT")


def _collect(
    database: sqlite3.Connection,
    texts: Iterable[tuple[str, TextOfThing]],
    classes: Iterable[tuple[str, str]],
) -> None:
    places = {role: place for place, role in enumerate(ROLES)}
    database.executemany(
        "INSERT INTO temp.texts VALUES (?, ?, ?, ?, ?)",
        (
            (iri, places[text.role], text.language, text.value, _indexed(text.value))
            for iri, text in texts
        ),
    )
    database.executemany("INSERT INTO temp.classed VALUES (?, ?)", classes)
    database.execute("CREATE INDEX temp.texts_thing ON texts (thing)")
    database.execute("CREATE INDEX temp.classed_thing ON classed (thing, class)")
    unnamed = database.execute(
        "SELECT DISTINCT thing FROM temp.classed WHERE thing NOT IN (SELECT thing FROM temp.texts)"
    ).fetchall()
    database.executemany(
        "INSERT INTO temp.texts VALUES (?, ?, '', ?, ?)",
        ((iri, places[ADDRESS], name, _indexed(name)) for iri, name in map(_named, unnamed)),
    )


def _named(row: tuple[str]) -> tuple[str, str]:
    """Return a thing without names, and the words that its address is made of."""
    return row[0], _JOINT.sub(" ", last_part(row[0]))


def _rank(database: sqlite3.Connection) -> None:
    """Number the things in the order in which they are found."""
    database.executemany("INSERT INTO temp.ranked VALUES (?, ?, ?, ?, ?)", _ranked(database))
    database.execute(
        "INSERT INTO kind (name, things) SELECT kind, COUNT(*) FROM temp.ranked"
        " GROUP BY kind ORDER BY kind"
    )
    database.execute(
        "INSERT INTO thing (iri, kind) SELECT iri, kind.id FROM temp.ranked"
        " JOIN kind ON kind.name = ranked.kind ORDER BY tier, length, plain, iri"
    )


def _ranked(database: sqlite3.Connection) -> Iterator[tuple[str, str, int, int, str]]:
    rows_of_texts = database.execute("SELECT thing, role, plain FROM temp.texts ORDER BY thing")
    for iri, rows in groupby(rows_of_texts, key=itemgetter(0)):
        names = [plain for _, role, plain in rows if ROLES[role] not in NO_NAMES]
        if names and (kind := _kind(database, iri)) not in EVIDENCE:
            shortest = min(names, key=lambda name: (len(name), name))
            yield iri, kind, int(kind in LATER), len(shortest), shortest


def _kind(database: sqlite3.Connection, iri: str) -> str:
    by_address = kind_by_address(iri)
    if by_address is not None:
        return by_address
    found = database.execute("SELECT class FROM temp.classed WHERE thing = ?", (iri,))
    return kind_by_classes(iri, (row[0] for row in found))


def _fill(database: sqlite3.Connection) -> None:
    """Write the things, some at a time, in the order in which they are found."""
    rows_of_texts = database.execute(
        "SELECT thing.id, thing.kind, role, language, value, plain FROM thing"
        " CROSS JOIN temp.texts ON texts.thing = thing.iri"
        " ORDER BY thing.id, role, language, value"
    )
    things = groupby(rows_of_texts, key=itemgetter(0))
    while batch := [(thing, [*dict.fromkeys(rows)]) for thing, rows in islice(things, _AT_ONCE)]:
        database.executemany(
            "INSERT INTO text VALUES (?, ?, ?, ?, ?)",
            ((thing, place, *row[2:5]) for thing, rows in batch for place, row in enumerate(rows)),
        )
        database.executemany(
            "INSERT INTO found (rowid, names, more, shorter, kind) VALUES (?, ?, ?, ?, ?)",
            (_words_of(thing, rows) for thing, rows in batch),
        )


def _words_of(thing: int, rows: Sequence[tuple[Any, ...]]) -> tuple[int, str, str, str, str]:
    """Return the words that find a thing: those of names, of other texts, short forms of names."""
    texts = [(plain, ROLES[role] in NO_NAMES) for _, _, role, _, _, plain in rows]
    names = dict.fromkeys(plain for plain, is_no_name in texts if not is_no_name)
    more = dict.fromkeys(plain for plain, is_no_name in texts if is_no_name)
    short = dict.fromkeys(form for plain in names for form in short_forms(plain.split()))
    return thing, " ".join(names), " ".join(more), " ".join(short), kind_token(rows[0][1])


def _indexed(text: str) -> str:
    return " ".join(plain_words(text))


def kind_token(kind: int) -> str:
    """Return the word under which the things of a kind are found, by the number of the kind."""
    return f"k{kind}"


def _spell(database: sqlite3.Connection) -> None:
    """Write each word, and by each group of three letters the words that have it."""
    database.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'found', 'col')")
    database.execute(
        "INSERT INTO word (plain, things) SELECT term, SUM(doc) FROM temp.vocabulary"
        " WHERE col IN ('names', 'more') GROUP BY term ORDER BY term"
    )
    database.execute("DROP TABLE temp.vocabulary")
    lists: dict[tuple[str, int], array[int]] = {}
    for number, plain in database.execute("SELECT id, plain FROM word ORDER BY id"):
        for gram in grams(plain):
            lists.setdefault((gram, len(plain)), array("I")).append(number)
    database.executemany(
        "INSERT INTO gram VALUES (?, ?, ?)",
        ((gram, length, lists[gram, length].tobytes()) for gram, length in sorted(lists)),
    )


def grams(word: str) -> frozenset[str]:
    """Return the groups of three letters of a word, its ends counting as letters.

    A word with a digit, or too short or too long to have near words, has none.
    """
    if not (SHORTEST_WORD - 1 <= len(word) <= LONGEST_WORD and word.isalpha()):
        return frozenset()
    framed = f"^{word}$"
    return frozenset(framed[at : at + 3] for at in range(len(framed) - 2))
