"""Make an index: an SQLite file with the words of each thing's texts.

A thing is one row. Rows are in the order that a reader expects: the topics of a carnet before what
only structures it, then the shortest name first. So the first rows that match are the best ones,
and the others need not be read. The same texts give the same bytes under the same version of
SQLite.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base import kinds
from rallynov_graph.base.certainty import ALTERNATIVE, RETRACTED, SUPERSEDED
from rallynov_graph.base.kinds import searched
from rallynov_graph.base.languages import LANGUAGES, edtf_in_words
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, in_prefixes
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
"""A name that a document gave and that is no longer current."""
UNTAKEN: Final = "untaken"
"""A name by a reading that is not taken."""
DATE: Final = "date"
"""A date as it is printed, or in words."""
DESCRIPTION: Final = "description"
NO_NAMES: Final = (FORMER, UNTAKEN, DATE, DESCRIPTION)
ROLES: Final = (NAME, OTHER, PRINTED, ACRONYM, EXPANSION, ADDRESS, *NO_NAMES)
"""The roles of a text for a thing; names come first."""
EVIDENCE: Final = searched(kinds.NEVER)
"""The kinds that only document the source of a fact; they are not searched."""
LATER: Final = searched(kinds.LATER, kinds.LAST) | {TERM}
"""Kinds that a reader rarely means."""
QUERIES: Final = Path(__file__).parent / "queries"
"""The folder of the queries of the search."""
LONGEST_TEXT: Final = 2000
"""How many characters of a longer text are searched."""

_SKOS, _DCT, _SCHEMA = PREFIXES["skos"], PREFIXES["dcterms"], PREFIXES["schema"]
_DATED: Final = (_SCHEMA + "startDate", _SCHEMA + "endDate", _DCT + "issued", RN + "edtfDate")
"""The properties whose values are dates that are put in words."""
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
    RN + "dateAsPrinted": DATE,
    **dict.fromkeys(_DATED, DATE),
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


@dataclass(frozen=True, slots=True)
class TextOfThing:
    """A text and its role for the thing that it is about."""

    role: str
    value: str
    language: str = ""


def kind_by_address(iri: str) -> str | None:
    """Return the kind in an address in our namespace, None for any other."""
    found = _OURS.fullmatch(iri)
    return found[1] if found else None


def kind_by_classes(iri: str, classes: Iterable[str]) -> str:
    """Return the kind of a thing by its classes: its class, or a term."""
    named = sorted({*classes} - _EVERYTHING)
    if any(class_iri in _TERMS for class_iri in named) or (not named and in_prefixes(iri) != iri):
        return TERM
    return named[0] if named else ""


def in_words(local: str) -> str:
    """Return the end of an address with a space where a word begins: *seenOn*."""
    return _JOINT.sub(" ", local)


def role_of(prop: str) -> str:
    return _ROLE_OF.get(prop, DESCRIPTION)


def all_texts(store: Store) -> Iterator[tuple[str, TextOfThing]]:
    """Yield each text of each searched thing, in the order of the store."""
    yield from _texts(store.construct(_query(store, "texts")))
    for role_of_text, standings in _GONE.items():
        query = _query(store, "names_gone", standing=standings)
        yield from _texts(store.construct(query), role_of_text)


def _texts(triples: Iterable[Triple], given: str = "") -> Iterator[tuple[str, TextOfThing]]:
    """Yield the texts of searched things, in this role or in that of their property."""
    for triple in triples:
        thing, text = triple.subject, triple.object
        if not (isinstance(thing, NamedNode) and isinstance(text, Literal)):
            continue
        if not text.value or kind_by_address(thing.value) in EVIDENCE:
            continue
        value, named = text.value[:LONGEST_TEXT], given or role_of(triple.predicate.value)
        if triple.predicate.value not in _DATED:
            yield thing.value, TextOfThing(named, value, text.language or "")
            continue
        for language in LANGUAGES:
            words = edtf_in_words(value, language)
            if words != value:
                yield thing.value, TextOfThing(named, words, language)


def all_classes(store: Store) -> Iterator[tuple[str, str]]:
    """Yield each thing whose address does not show its kind, with each of its classes."""
    for triple in store.construct(_query(store, "classes_of_things")):
        thing, class_iri = triple.subject, triple.object
        if isinstance(thing, NamedNode) and isinstance(class_iri, NamedNode):
            yield thing.value, class_iri.value


def _query(store: Store, name: str, **values: Sequence[NamedNode]) -> str:
    return PageQueries(store, load(QUERIES)).text(name, **values)


FORMAT: Final = 5
"""Counts up when an older file must not be used any more."""
_JOINT: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+")

_TABLES: Final = """
CREATE TABLE kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL, things INTEGER NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind INTEGER NOT NULL);
CREATE TABLE text (
  thing INTEGER, place INTEGER, role INTEGER NOT NULL, language TEXT NOT NULL,
  value TEXT NOT NULL, PRIMARY KEY (thing, place)
) WITHOUT ROWID;
CREATE TABLE word (plain TEXT PRIMARY KEY, things INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(
  names, more, shorter, kind, content = '', detail = column, columnsize = 0, prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Cn'"
);
CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'found', 'col');
"""
_WORDS: Final = """
INSERT INTO word (plain, things)
SELECT term, SUM(doc) FROM temp.vocabulary WHERE col IN ('names', 'more')
GROUP BY term ORDER BY term
"""


@dataclass(frozen=True, slots=True)
class _IndexedThing:
    """A thing with its texts in order, each with its words."""

    iri: str
    kind: str
    texts: tuple[tuple[TextOfThing, str], ...]

    def plain(self, *, names: bool) -> list[str]:
        """Return the words of its names, or those of its other texts."""
        words = (plain for text, plain in self.texts if (text.role not in NO_NAMES) == names)
        return [*dict.fromkeys(words)]

    def rank(self) -> tuple[bool, int, str, str]:
        """Return its sort key, the order of results."""
        shortest = min(self.plain(names=True), key=lambda name: (len(name), name))
        return self.kind in LATER, len(shortest), shortest, self.iri


def write(
    path: Path, texts: Iterable[tuple[str, TextOfThing]], classes: Iterable[tuple[str, str]]
) -> None:
    """Write the index of these texts into a new file; raise sqlite3.Error."""
    things = sorted(_things(texts, classes), key=_IndexedThing.rank)
    kinds = Counter(sorted(thing.kind for thing in things))
    numbers = {kind: number for number, kind in enumerate(kinds, 1)}
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA user_version = {FORMAT};"
            f"{_TABLES} BEGIN;"
        )
        database.executemany("INSERT INTO kind (name, things) VALUES (?, ?)", kinds.items())
        for number, thing in enumerate(things, 1):
            kind = numbers[thing.kind]
            database.execute("INSERT INTO thing VALUES (?, ?, ?)", (number, thing.iri, kind))
            database.executemany(
                "INSERT INTO text VALUES (?, ?, ?, ?, ?)",
                (
                    (number, place, ROLES.index(text.role), text.language, text.value)
                    for place, (text, _) in enumerate(thing.texts)
                ),
            )
            names = thing.plain(names=True)
            short = dict.fromkeys(form for plain in names for form in short_forms(plain.split()))
            columns = names, thing.plain(names=False), short, [kind_token(kind)]
            database.execute(
                "INSERT INTO found (rowid, names, more, shorter, kind) VALUES (?, ?, ?, ?, ?)",
                (number, *map(" ".join, columns)),
            )
        database.execute("INSERT INTO found (found) VALUES ('optimize')")
        database.execute(_WORDS)
        database.execute("COMMIT")


def _things(
    texts: Iterable[tuple[str, TextOfThing]], classes: Iterable[tuple[str, str]]
) -> Iterator[_IndexedThing]:
    """Yield the searched things with their texts; one without texts has the words of its IRI."""
    texts_of: dict[str, set[TextOfThing]] = {}
    for iri, text in texts:
        texts_of.setdefault(iri, set()).add(text)
    classes_of: dict[str, set[str]] = {}
    for iri, class_iri in classes:
        classes_of.setdefault(iri, set()).add(class_iri)
    for iri in classes_of.keys() - texts_of.keys():
        texts_of[iri] = {TextOfThing(ADDRESS, in_words(last_part(iri)))}
    for iri, its_texts in texts_of.items():
        kind = kind_by_address(iri)
        if kind is None:
            kind = kind_by_classes(iri, classes_of.get(iri, ()))
        is_named = any(text.role not in NO_NAMES for text in its_texts)
        if is_named and kind not in EVIDENCE:
            ordered = sorted(
                its_texts, key=lambda it: (ROLES.index(it.role), it.language, it.value)
            )
            words = ((text, " ".join(plain_words(text.value))) for text in ordered)
            yield _IndexedThing(iri, kind, tuple(words))


def kind_token(kind: int) -> str:
    """Return the word that stands for a kind in the index."""
    return f"k{kind}"
