"""The lists of the invented documents as tables of facts, as a curator would fill them in."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from rallynov_graph.base.namespaces import ID, PREFIXES, in_prefixes
from rallynov_graph.desk.fact_table import COLUMNS
from rallynov_graph.desk.quotations import LEFT_OUT, QuotedText
from trial_documents import Document, Question, Span, Statement, folded_slug

_REASON: Final = "Why it was read so stands in the list."
Cells = Mapping[str, str]


def write(path: Path, document: Document, languages: tuple[str, ...] = ("fr", "en")) -> Path:
    """Return the file that the table of a document was written into."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(_Table(document, languages).rows())
    return path


class _Table:
    def __init__(self, document: Document, languages: tuple[str, ...]) -> None:
        self._doc, self._languages = document, languages
        self._text = QuotedText(document.text)
        alternatives = [s for q in document.questions for _, s in q.not_taken]
        self._statements = [*document.statements, *alternatives]
        gave_way = {f"{one}{end}" for one in document.gave_way for end in ("", "-printed")}
        self._named = gave_way | {*document.gave_way.values()} | {s.entry for s in alternatives}
        """Entries whose sets something else speaks of."""

    def rows(self) -> Iterator[Cells]:
        yield from self._labels()
        yield from self._terms()
        for statement in self._statements:
            yield from self._statement(statement)
        for question in self._doc.questions:
            yield from self._question(question)
        yield from self._decisions()

    def _both(self, text: str, english: str = "") -> str:
        texts = {"fr": text, "en": english or text}
        return " | ".join(f"{texts[code]}@{code}" for code in self._languages)

    def _labels(self) -> Iterator[Cells]:
        yield _said("agent/lecteur", "rdfs:label", self._both("lecteur", "reader"), "prov:Agent")
        for address, label in self._doc.labels.items():
            name = label[0] if len(label) == 1 else self._both(*label)
            yield _said(_plain(address), "rdfs:label", name)
        for address, kind in self._doc.places.items():
            kind_address = f"place-kind/{kind}"
            yield _said(_plain(address), "dcterms:type", kind_address, "schema:Place")
        for address, summary in self._doc.summaries.items():
            yield _said(_plain(address), "dcterms:description", self._both(summary))

    def _terms(self) -> Iterator[Cells]:
        for address, (scheme, label) in self._doc.terms.items():
            term, kind = _plain(address), "skos:Concept"
            yield _said(term, "skos:inScheme", _plain(scheme), kind)
            if scheme.endswith("/themes>"):
                yield _said(term, "skos:topConceptOf", _plain(scheme), kind)
            for name in ("rdfs:label", "skos:definition"):
                yield _said(term, name, self._both(label), kind)
        for scheme in sorted({scheme for scheme, _ in self._doc.terms.values()}):
            if _plain(scheme) not in self._doc.known:
                name = self._both(_plain(scheme).replace("/", " "))
                yield _said(_plain(scheme), "rdfs:label", name, "skos:ConceptScheme")

    def _words(self, spans: Iterable[Span]) -> Cells:
        pieces, numbers = [], []
        for span in spans:
            pieces.append(self._doc.text[slice(*span)])
            places = [*self._text.places(pieces[-1])]
            numbers.append(str(places.index(span) + 1) if len(places) > 1 else "")
        occurrence = ",".join(numbers) if any(numbers) else ""
        return {"quotation": LEFT_OUT.join(pieces), "occurrence": occurrence}

    def _statement(self, statement: Statement) -> Iterator[Cells]:
        shared = {
            **self._words(statement.spans),
            "voice": _plain(statement.voice),
            "certainty": statement.certainty,
            "set": statement.slug if statement.entry in self._named else "",
        }
        if statement.certainty != "explicit":
            shared["reason"] = self._both(statement.reason, _REASON)
        for subject, name, value, of_type in _facts(statement):
            is_of_words = name in ("rn:passage", "rn:quotedSegment")
            shown = self._words_of(value) if is_of_words else value
            yield {**_said(subject, name, shown), "object_type": of_type, **shared}

    def _words_of(self, passage: str) -> str:
        start, end = map(int, passage.rpartition("/")[2].split("-")[-2:])
        return self._doc.text[start:end]

    def _question(self, question: Question) -> Iterator[Cells]:
        slug = f"{self._doc.slug}-{folded_slug(question.entry)}"
        address, kind = f"question/{slug}", "rn:OpenQuestion"
        words = self._words(question.spans)
        yield {**_said(address, "rdfs:label", self._both(question.label), kind), **words}
        for about in question.about:
            yield {**_said(address, "schema:about", _plain(about), kind), **words}
        alternatives = dict(question.not_taken)
        for number, label in enumerate(question.readings):
            reading = f"reading/{slug}-{number + 1}"
            yield {**_said(address, "rn:reading", reading, kind), **words}
            yield _said(reading, "rdfs:label", self._both(label), "rn:Reading")
            if own := alternatives.get(number):
                yield self._about_set(reading, "rn:alternativeIn", own.slug, "rn:Reading")

    def _decisions(self) -> Iterator[Cells]:
        there = {s.entry: s for s in self._statements}
        for earlier, later in self._doc.gave_way.items():
            for entry in (earlier, f"{earlier}-printed"):
                if entry not in there:
                    continue
                address = f"decision/{self._doc.slug}-{folded_slug(entry)}"
                kind = "rn:StandingDecision"
                label = self._both("le document dit lui-même la nouvelle valeur")
                yield _said(address, "rdfs:label", label, kind)
                yield self._about_set(address, "rn:ofSet", there[entry].slug, kind)
                yield _said(address, "rn:standing", "rn:superseded", kind)
                yield self._about_set(address, "rn:inFavourOf", there[later].slug, kind)
                yield _said(address, "rn:reason", self._both(_REASON), kind)

    def _about_set(self, subject: str, name: str, slug: str, kind: str) -> Cells:
        return {**_said(subject, name, slug, kind), "object_type": "rn:AssertionSet"}


def _said(subject: str, name: str, value: str, kind: str = "") -> Cells:
    return {"subject": subject, "subject_type": kind, "property": name, "object": value}


def _plain(address: str) -> str:
    return address.strip("<>")


def _facts(statement: Statement) -> Iterator[tuple[str, str, str, str]]:
    """Yield subject, property, value and the type of the value, as people write them."""
    head = f"@base <{ID}> .\n" + "".join(
        f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()
    )
    facts = "\n".join(f"{s} {p} {o} ." for s, p, o in statement.facts)
    for quad in parse(f"{head}{facts}", format=RdfFormat.TURTLE):
        yield _in_cells(quad.triple)


def _in_cells(fact: Triple) -> tuple[str, str, str, str]:
    assert isinstance(fact.subject, NamedNode)
    subject, value = fact.subject.value.removeprefix(ID), fact.object
    name = in_prefixes(fact.predicate.value)
    if isinstance(value, NamedNode):
        is_ours = value.value.startswith(ID)
        return (
            subject,
            name,
            value.value.removeprefix(ID) if is_ours else in_prefixes(value.value),
            "",
        )
    assert isinstance(value, Literal)
    if value.language:
        return subject, name, f"{value.value}@{value.language}", ""
    datatype = in_prefixes(value.datatype.value)
    return subject, name, value.value, "" if datatype == "xsd:string" else datatype
