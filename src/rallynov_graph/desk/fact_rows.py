"""Facts in rows, taken into a reading: each has the words that say it, or has no place.

The rows are those of a table, or of annotations of Hypothesis and Recogito.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import PREFIXES, RN, in_prefixes, kind_of_iri
from rallynov_graph.desk.acts import KINDS, TextSelection
from rallynov_graph.desk.document_reading import DocumentReading, Entry, Fact
from rallynov_graph.desk.implied import without_implied
from rallynov_graph.desk.proposing.proposers.contact_details import is_contact
from rallynov_graph.desk.quotations import QuotedText
from rallynov_graph.desk.sets_of_facts import Carrier, SetsOfFacts, set_address
from rallynov_graph.desk.short_terms import LABEL, TYPE, Value
from rallynov_graph.desk.terms import (
    DESCRIBED,
    PASSAGES,
    STRING,
    PropertyTerm,
    Terms,
    kind_of_class,
    type_named,
)
from rallynov_graph.desk.things import Things
from rallynov_graph.desk.words import NameFault, message, refusal
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded
from rallynov_graph.release.text_faults import TextChecks, TextSpan

LARGEST: Final = 50 << 20
"""How many bytes a table may have."""
_SEPARATORS: Final = (",", ";", "\t")
_LISTS: Final = ("annotations", "rows", "items", "@graph")
_TAGGING: Final = ("tagging", "classifying")
_NAMING: Final = ("identifying", "linking")
_COMMENTING: Final = ("commenting", "describing", "")
_BETWEEN: Final = " | "
"""Stands between subject, property and object in a comment."""


@dataclass(frozen=True)
class Unplaced:
    """Something that was not imported: its place, and the reason in each language."""

    path: str
    line: int
    reasons: Mapping[str, str]
    unit: str = "line"
    """The unit of the count: lines, or annotations."""

    def text(self, language: str) -> str:
        """Return place and reason as a line."""
        reason = self.reasons[language]
        told = message(f"unplaced.{self.unit}", path=self.path, n=self.line, reason=reason)
        return told[language]


@dataclass(frozen=True)
class FactRow:
    """A row: the cells by their columns; a column that is not there is empty."""

    line: int
    subject: str = ""
    subject_type: str = ""
    property: str = ""
    object: str = ""
    object_type: str = ""
    quotation: str = ""
    occurrence: str = ""
    voice: str = ""
    certainty: str = ""
    reason: str = ""
    set: str = ""
    """The name of the set that states the fact; facts of the same words share one if not."""
    surplus: str = ""
    """The cells to the right of the last column."""
    words: tuple[TextSelection, ...] = ()
    """The words that say it, if they were selected instead of quoted."""


COLUMNS: Final = tuple(
    it.name for it in fields(FactRow) if it.name not in ("line", "surplus", "words")
)
_NEEDED: Final = ("subject", "property", "object")


def rows(path: Path) -> Iterator[FactRow]:
    """Yield the non-empty rows of a table; raise SourceError if it is not a table."""
    text = _text_of(path)
    first, _, _ = text.partition("\n")
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _examine(path, header)
        line = reader.line_num + 1
        for cells in reader:
            values = dict(zip(header, (it.strip() for it in cells), strict=False))
            surplus = " ".join(it for it in cells[len(header) :] if it.strip())
            if any(values.values()) or surplus:
                yield replace(FactRow(line, surplus=surplus), **values)  # type: ignore[arg-type]
            line = reader.line_num + 1
    except csv.Error as error:
        raise refusal(path, "no table", reader.line_num, error=error) from error


def _text_of(path: Path) -> str:
    """Return the text of a file; raise SourceError if it is empty, too large or not UTF-8."""
    try:
        if path.stat().st_size > LARGEST:
            raise refusal(path, "too large", most=LARGEST >> 20)
        content = path.read_bytes()
    except OSError as error:
        raise SourceError.unread(path, error) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refusal(path, "encoding", line) from error
    if not text.strip():
        raise refusal(path, "empty")
    return text


def _examine(path: Path, header: list[str]) -> None:
    for name in header:
        if name not in COLUMNS:
            nearest = near(name, COLUMNS, 1)
            if nearest:
                raise refusal(path, "near column", 1, name=name, near=nearest[0])
            raise refusal(path, "no column", 1, name=name, known=", ".join(COLUMNS))
        if header.count(name) > 1:
            raise refusal(path, "twice", 1, name=name)
    if missing := [name for name in _NEEDED if name not in header]:
        raise refusal(path, "column", 1, name=missing[0])


@dataclass(frozen=True)
class _Annotation:
    """An annotation: its number in the file, what it selects, tags, comments and links."""

    number: int
    id: str
    words: TextSelection | None
    name: str
    """The name of the thing: as identified, or as in the words."""
    tags: tuple[str, ...]
    comments: tuple[str, ...]
    links: tuple[str, ...]
    states_nothing: str = ""
    """Why it states nothing: it is a proposal, or a reply."""


class AnnotationFile:
    """Annotations on a text, and the facts that they state."""

    def __init__(self, path: Path, text: QuotedText, terms: Terms) -> None:
        self._path, self._text, self._terms = str(path), text, terms
        self.unplaced: list[Unplaced] = []
        read = (self._annotation(*it) for it in enumerate(_contents(path), 1))
        self._annotations = [it for it in read if it is not None]
        self._by_id = {it.id: it for it in self._annotations if it.id}

    def rows(self) -> list[FactRow]:
        """Return the facts; what states none is in ``unplaced``."""
        return [row for it in self._annotations for row in self._rows(it)]

    def _rows(self, it: _Annotation) -> Iterator[FactRow]:
        if it.states_nothing:
            self._leave(it.number, it.states_nothing)
        elif it.links:
            yield from self._relation(it)
        elif it.words is None:
            self._leave(it.number, "words")
        else:
            rows = [*self._facts(it, it.words)]
            if not rows:
                self._leave(it.number, "nothing")
            yield from rows

    def _facts(self, it: _Annotation, words: TextSelection) -> Iterator[FactRow]:
        certainty = next((tag for tag in it.tags if tag in CERTAINTIES), "")
        kind = next((tag for tag in it.tags if self._terms.class_named(tag)), "")
        lines = [line.strip() for text in it.comments for line in text.splitlines()]
        facts = [line.split(_BETWEEN) for line in lines if line.count(_BETWEEN) == 2]
        others = [line for line in lines if line and line.count(_BETWEEN) != 2]
        reason = " ".join(others) if certainty else ""
        shared = FactRow(it.number, certainty=certainty, reason=reason, words=(words,))
        if kind:
            yield replace(shared, subject=it.name, subject_type=kind)
        for fact in facts:
            subject, name, value = map(str.strip, fact)
            yield replace(shared, subject=subject, property=name, object=value)
        if others and not certainty and (kind or facts):
            self._leave(it.number, "nothing")

    def _relation(self, it: _Annotation) -> Iterator[FactRow]:
        ends = [self._by_id.get(link.lstrip("#")) or self._by_id.get(link) for link in it.links]
        first, second = [*ends, None, None][:2]
        names = [tag for tag in (*it.tags, *it.comments) if self._terms.property(tag)]
        if len(ends) != 2 or first is None or second is None or not first.words or not second.words:
            self._leave(it.number, "ends")
        elif not names:
            self._leave(it.number, "nothing")
        else:
            words = tuple(dict.fromkeys((first.words, second.words)))
            yield FactRow(it.number, first.name, "", names[0], second.name, words=words)

    def _annotation(self, number: int, content: Any) -> _Annotation | None:
        if not isinstance(content, dict):
            self._leave(number, "nothing")
            return None
        bodies = [it for it in _each(content.get("body")) if isinstance(it, dict)]
        targets = _each(content.get("target"))
        links = tuple(
            it if isinstance(it, str) else str(it["id"])
            for it in targets
            if isinstance(it, str) or (isinstance(it, dict) and "id" in it and "selector" not in it)
        )
        is_link = content.get("motivation") == "linking" or len(links) == 2
        words, quote = (None, "") if is_link else self._selected(number, targets)
        is_proposal = any("candidates" in it or "proposer" in it for it in bodies)
        reply = "reply" if content.get("references") else ""
        return _Annotation(
            number,
            str(content.get("id", "")).lstrip("#"),
            words,
            next(_texts(bodies, _NAMING), " ".join(quote.split())),
            (*_texts(bodies, _TAGGING), *map(str, _each(content.get("tags")))),
            (
                *_texts(bodies, _COMMENTING),
                *(it for it in (content.get("text"), content.get("bodyValue")) if it),
            ),
            links if is_link else (),
            "proposal" if is_proposal else reply,
        )

    def _selected(self, number: int, targets: Sequence[Any]) -> tuple[TextSelection | None, str]:
        selectors: dict[str, Mapping[str, Any]] = {}
        for target in targets:
            if isinstance(target, dict):
                for one in _each(target.get("selector")):
                    if isinstance(one, dict):
                        selectors.setdefault(str(one.get("type", "")), one)
        quote = selectors.get("TextQuoteSelector", {})
        position = selectors.get("TextPositionSelector", {})
        try:
            words = self._words(quote, position)
        except NameFault as fault:
            self.unplaced.append(Unplaced(self._path, number, fault.reasons, "annotation"))
            words = None
        return words, str(quote.get("exact", "")) or self._text.words(words)

    def _words(self, quote: Mapping[str, Any], position: Mapping[str, Any]) -> TextSelection | None:
        """Return the selected words, by position in code points or UTF-16, or by quotation."""
        exact = str(quote.get("exact", ""))
        start, end = position.get("start"), position.get("end")
        if isinstance(start, int) and isinstance(end, int):
            for span in ((start, end), self._text.from_utf16(start, end)):
                if self._text.has(exact, span):
                    return self._text.selection(*span)
        if not exact:
            return None
        around = str(quote.get("prefix", "")), str(quote.get("suffix", ""))
        return self._text.near(exact, *around) or self._text.find(exact)[0]

    def _leave(self, number: int, reason: str) -> None:
        self.unplaced.append(
            Unplaced(self._path, number, message(f"annotation.{reason}"), "annotation")
        )


def _contents(path: Path) -> list[Any]:
    try:
        content = json.loads(_text_of(path))
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise refusal(path, "no JSON", line, error=error) from error
    except RecursionError as error:
        raise refusal(path, "too deep") from error
    if isinstance(content, dict):
        lists = [content[name] for name in _LISTS if isinstance(content.get(name), list)]
        content = lists[0] if lists else [content] if "target" in content else None
    if not isinstance(content, list):
        raise refusal(path, "no annotations")
    return content


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(bodies: Sequence[Mapping[str, Any]], purposes: Sequence[str]) -> Iterator[str]:
    for body in bodies:
        purpose = str(body.get("purpose", ""))
        if purpose in purposes:
            source = body.get("source") or body.get("value") or body.get("id")
            if isinstance(source, dict):
                source = source.get("id") or source.get("label")
            if isinstance(source, str) and source.strip():
                yield source.strip()


_LABELS: Final = frozenset({"rdfs:label", "label", LABEL})
_SKOS: Final = PREFIXES["skos"]
_OF_CURATORS: Final = frozenset(
    {LABEL, *(f"{PREFIXES['dcterms']}{it}" for it in ("description", "type"))}
)
"""Properties that curators say of any thing."""
_ASKED: Final = frozenset({f"{RN}OpenQuestion", f"{RN}Reading", f"{RN}StandingDecision"})
_CURATED: Final = DESCRIBED | _ASKED | {f"{RN}DocumentPart"}
"""Classes of things that curators describe, without words of the text."""
_TAGGED: Final = re.compile(r'\s*[|,;]?\s*"?(.+?)"?@([a-z]{2,3})(?=[\s|,;"]|$)', re.DOTALL)
"""A text with its language; several may be side by side."""
_CERTAINTIES: Final = {
    "explicite": "explicit",
    "deduit": "inferred",
    "incertain": "tentative",
    "uncertain": "tentative",
}
"""The labels of certainties, folded."""
_ADDRESSES: Final = {name: kind.address for name, kind in KINDS.items()}


class TableImport:
    """Takes rows into a reading."""

    def __init__(
        self,
        reading: DocumentReading,
        terms: Terms,
        things: Things,
        text: QuotedText,
        checks: TextChecks,
    ) -> None:
        self._checks = checks
        self._reading, self._terms, self._things, self._text = reading, terms, things, text
        self._entries = dict(reading.entries)
        facts = (fact for it in reading.entries.values() for fact in it.stated())
        self._typed = {it.subject for it in facts if it.property == TYPE}
        self._classes: dict[str, str] = {}
        self._carried: dict[Carrier, list[Fact]] = defaultdict(list)
        self._sets: dict[str, Carrier] = {}
        self._graph = reading.first_graph

    def take(self, path: str, rows: Iterable[FactRow], unit: str = "line") -> Iterator[Unplaced]:
        """Take rows in; yield those that have no place."""
        unplaced: list[Unplaced] = []

        def attempt(take: Callable[[FactRow], None], row: FactRow) -> bool:
            try:
                take(row)
            except NameFault as fault:
                unplaced.append(Unplaced(path, row.line, fault.reasons, unit))
                return False
            return True

        every = [row for row in rows if attempt(_refuse_contacts, row)]
        self._name_new_things(every)
        for row in sorted(every, key=lambda it: it.property not in _LABELS):
            attempt(self._take, row)
        yield from sorted(unplaced, key=lambda it: it.line)

    def reading(self) -> DocumentReading:
        """Return the reading after the import."""
        sets = SetsOfFacts(self._reading, self._entries, self._things, self._text)
        for carrier, facts in self._carried.items():
            sets.add(carrier, facts)
        self._carried.clear()
        return without_implied(replace(self._reading, entries=self._entries))

    def _name_new_things(self, rows: Iterable[FactRow]) -> None:
        """Give each new thing its address before any row speaks of it, by the row that types it."""
        for row in rows:
            for name, type_name in ((row.subject, row.subject_type), (row.object, row.object_type)):
                iri = self._terms.class_named(type_name) if type_name else None
                if not iri or not name or iri == f"{RN}AssertionSet":
                    continue
                text, labels = _name_of(name)
                try:
                    found = self._things.find(text, kind_of_class(iri))
                except NameFault:
                    continue
                if found is None:
                    found = self._things.new(text, iri)
                    for label in labels:
                        self._add(found, LABEL, label)
                self._classes.setdefault(found, iri)
                if iri in _CURATED:
                    self._add(found, TYPE, NamedNode(iri))

    def _take(self, row: FactRow) -> None:
        if row.surplus:
            raise NameFault(message("name.surplus", text=row.surplus))
        subject = self._thing(row.subject, row.subject_type, "subject")
        words = self._words(row)
        if not row.property and not row.object and row.subject_type:
            term: PropertyTerm | None = None
            facts = [Fact(subject, TYPE, NamedNode(self._class(row.subject_type)))]
        else:
            term = self._property(row.property)
            facts = [Fact(subject, term.iri, it) for it in self._values(term, row)]
        _refuse_faults(self._checks, self._text.text, facts, words)
        if self._is_curated(subject, term, row):
            self._describe(subject, facts, words)
            return
        if not words:
            raise NameFault(message("name.no quotation"))
        self._carried[self._carrier(row, words)] += [*self._types(row, subject, facts), *facts]

    def _words(self, row: FactRow) -> tuple[TextSelection, ...]:
        if row.words or not row.quotation:
            return row.words
        return self._text.find(row.quotation, row.occurrence)

    def _is_curated(self, subject: str, term: PropertyTerm | None, row: FactRow) -> bool:
        kind = self._classes.get(subject, "")
        if kind in _ASKED:
            return True
        if row.quotation or row.words:
            return False
        iri = term.iri if term else TYPE
        return iri in _OF_CURATORS or iri.startswith(_SKOS) or kind in _CURATED

    def _types(self, row: FactRow, subject: str, facts: Sequence[Fact]) -> Iterator[Fact]:
        """Yield the kinds of the things in a row that no set states yet."""
        values = [it.value.value for it in facts if isinstance(it.value, NamedNode)]
        for address, type_name in (
            (subject, row.subject_type),
            *((v, row.object_type) for v in values),
        ):
            iri = self._classes.get(address, "")
            if type_name and iri and iri not in _CURATED and address not in self._typed:
                self._typed.add(address)
                yield Fact(address, TYPE, NamedNode(iri))

    def _thing(self, name: str, type_name: str, column: str) -> str:
        if not name:
            raise NameFault(message("name.empty", column=column))
        iri = self._class(type_name) if type_name else ""
        if iri == f"{RN}AssertionSet":
            return set_address(self._reading, self._things, name)
        text, _ = _name_of(name)
        found = self._things.find(text, kind_of_class(iri) if iri else "")
        if found is None:
            raise self._things.nothing(text)
        return found

    def _class(self, name: str) -> str:
        iri = self._terms.class_named(name)
        if iri is None:
            raise _unknown("kind", name, self._terms.near(name, self._terms.classes))
        return iri

    def _property(self, name: str) -> PropertyTerm:
        term = self._terms.property(name)
        if term is None:
            raise _unknown("property", name, self._terms.near(name, self._terms.properties))
        return replace(term, datatypes=term.datatypes | {STRING}) if term.iri == LABEL else term

    def _values(self, term: PropertyTerm, row: FactRow) -> list[Value]:
        if not row.object:
            raise NameFault(message("name.empty", column="object"))
        datatype = type_named(row.object_type)
        if term.takes_things and not datatype:
            return [self._object(term, row)]
        if row.object_type and not datatype:
            raise NameFault(
                message("name.no thing", name=in_prefixes(term.iri), expected=term.expected)
            )
        first, *others = self._reading.text.languages
        has_language = not (datatype or others or term.datatype_of(row.object))
        texts = _TAGGED.findall(row.object) or [(row.object, first if has_language else "")]
        found = [term.literal(text.strip(), code, datatype) for text, code in texts]
        if None in found:
            raise _wrong_type(term, row.object)
        return [*filter(None, found)]

    def _object(self, term: PropertyTerm, row: FactRow) -> NamedNode:
        if term.iri == TYPE:
            return NamedNode(self._class(row.object))
        if term.iri in PASSAGES and not row.object.startswith("passage/"):
            return self._reading.passage(self._words_within(row))
        found = self._thing(row.object, row.object_type, "object")
        classes = self._things.classes(found) | {self._classes.get(found, "")} - {""}
        if term.classes and classes and not classes & term.classes:
            raise _wrong_type(term, row.object)
        return NamedNode(found)

    def _words_within(self, row: FactRow) -> TextSelection:
        """Return the words that are the object of a row, within those of its quotation."""
        found = sorted(self._text.places(row.object, self._words(row)))
        return self._text.selection(*found[0]) if found else self._text.find(row.object)[0]

    def _carrier(self, row: FactRow, words: tuple[TextSelection, ...]) -> Carrier:
        certainty = (row.certainty or CERTAINTIES[0]).removeprefix("rn:")
        certainty = _CERTAINTIES.get(folded(certainty), certainty)
        if certainty not in CERTAINTIES:
            raise _unknown("certainty", certainty, list(CERTAINTIES))
        voices = (self._thing(row.voice, "", "voice"),) if row.voice else ()
        carrier = Carrier(words, voices, certainty, self._reasons(row), row.set)
        if row.set and self._sets.setdefault(row.set, carrier) != carrier:
            raise NameFault(message("name.another set", name=row.set))
        return carrier

    def _reasons(self, row: FactRow) -> tuple[Literal, ...]:
        texts = _TAGGED.findall(row.reason) or [(row.reason, self._reading.text.languages[0])]
        return tuple(Literal(text.strip(), language=code) for text, code in texts if text)

    def _describe(
        self, subject: str, facts: Iterable[Fact], words: tuple[TextSelection, ...]
    ) -> None:
        for fact in facts:
            self._add(subject, fact.property, fact.value)
        if words:
            key = self._graph, subject
            entry = self._entries[key]
            self._entries[key] = replace(entry, words=tuple(dict.fromkeys((*entry.words, *words))))

    def _add(self, subject: str, name: str, value: Value) -> None:
        key = self._graph, subject
        entry = self._entries.get(key) or Entry(_kind(subject), subject, self._graph)
        kind, says = entry.kind, dict(entry.says)
        if name == TYPE and value == NamedNode(KINDS["term"].iri):
            kind = "term"
        elif name != TYPE or value.value != KINDS[kind].iri:
            there = says.get(name, ())
            says[name] = there if value in there else (*there, value)
        if name == LABEL:
            self._things.take(subject, value.value)
        self._entries[key] = replace(entry, kind=kind, says=says)


def _kind(address: str) -> str:
    kind = kind_of_iri(address)
    return next((name for name, prefix in _ADDRESSES.items() if prefix == kind and prefix), "thing")


def _name_of(written: str) -> tuple[str, list[Literal]]:
    """Return the name of a thing and its labels, in the given languages."""
    labels = [Literal(text.strip(), language=code) for text, code in _TAGGED.findall(written)]
    return (labels[0].value, labels) if labels else (written, [Literal(written)])


def _wrong_type(term: PropertyTerm, text: str) -> NameFault:
    name = in_prefixes(term.iri)
    return NameFault(message("name.wrong type", text=text, name=name, expected=term.expected))


def _unknown(what: str, name: str, nearest: Sequence[str]) -> NameFault:
    near = message("name.did you mean", names=", ".join(nearest)) if nearest else {}
    unknown = message(f"name.unknown {what}", name=name)
    return NameFault({code: text + near.get(code, ".") for code, text in unknown.items()})


def _refuse_contacts(row: FactRow) -> None:
    """Raise NameFault if a cell to be saved contains contact details."""
    if any(map(is_contact, (row.subject, row.object, row.reason, row.voice, row.set))):
        raise NameFault(message("fault.contact"))


def _refuse_faults(
    checks: TextChecks, text: str, facts: Sequence[Fact], words: Sequence[TextSelection]
) -> None:
    """Raise NameFault where words are cut, or a value is not as they have it."""
    spans = [TextSpan(text, it.start, it.end) for it in words]
    nowhere = NamedNode(RN)
    found = [checks.cut(nowhere, nowhere, it) for it in spans if it.is_cut()]
    for fact in facts:
        if isinstance(fact.value, Literal):
            subject = NamedNode(fact.subject)
            found += checks.of_value(subject, fact.property, fact.value, spans)
    for it in found:
        raise NameFault(it.messages)
