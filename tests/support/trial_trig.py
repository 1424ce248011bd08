"""The invented documents as TriG: a curation graph, and a graph for each statement of the list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from rallynov_graph.base.namespaces import ID, PREFIXES
from trial_documents import Document, Question, Span, Statement, folded_slug, quoted

_DATE = '"2026-11-28T00:00:00Z"^^xsd:dateTime'
_REASON = "Why it was read so stands in the list."


def written(document: Document, *, languages: tuple[str, ...] = ("fr", "en")) -> str:
    """Return a document with all that its list states as TriG, in these languages."""
    return _Writer(document, languages).text()


class _Writer:
    def __init__(self, document: Document, languages: tuple[str, ...]) -> None:
        self._doc, self._languages = document, languages
        self._slug = document.slug
        self._statements = [
            *document.statements,
            *(s for q in document.questions for _, s in q.not_taken),
        ]

    def text(self) -> str:
        head = f"@base <{ID}> .\n" + "".join(
            f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()
        )
        curation = "\n".join(f"    {line}" for line in self._curation())
        graph = f"<graph/{self._slug}>"
        sets = "\n".join(map(self._set, self._statements))
        return f"{head}\nGRAPH {graph} {{\n{curation}\n}}\n\n{sets}"

    def _in_languages(self, text: str, english: str = "") -> str:
        texts = {"fr": text, "en": english or text}
        return ", ".join(quoted(texts[language], language) for language in self._languages)

    def _label(self, label: tuple[str, ...]) -> str:
        return quoted(label[0]) if len(label) == 1 else self._in_languages(*label)

    def _curation(self) -> Iterator[str]:
        slug = self._slug
        yield f"<graph/{slug}> a rn:CurationGraph ; rdfs:label {self._in_languages(slug)} ;"
        yield f"    prov:wasAttributedTo <agent/lecteur> ; prov:generatedAtTime {_DATE} ."
        reader = self._in_languages("lecteur", "reader")
        yield f"<agent/lecteur> a prov:Agent ; rdfs:label {reader} ."
        yield from self._extraction()
        for address, label in self._doc.labels.items():
            yield f"{address} rdfs:label {self._label(label)} ."
        for address, kind in self._doc.places.items():
            yield f"{address} a schema:Place ; dcterms:type <place-kind/{kind}> ."
        for address, summary in self._doc.summaries.items():
            yield f"{address} dcterms:description {self._in_languages(summary)} ."
        for address, (scheme, label) in self._doc.terms.items():
            names = self._in_languages(label)
            yield f"{address} a skos:Concept ; skos:inScheme {scheme} ; rdfs:label {names} ;"
            top = f" skos:topConceptOf {scheme} ;" if scheme.endswith("/themes>") else ""
            yield f"   {top} skos:prefLabel {names} ; skos:definition {names} ."
        for scheme in sorted({scheme for scheme, _ in self._doc.terms.values()}):
            if scheme.strip("<>") not in self._doc.known:
                name = self._in_languages(scheme.strip("<>").replace("/", " "))
                yield f"{scheme} a skos:ConceptScheme ; rdfs:label {name} ."
        for statement in self._statements:
            yield from self._description(statement)
        for question in self._doc.questions:
            yield from self._question(question)
        yield from self._decisions()
        for span in sorted(self._spans()):
            yield from self._passage(span)

    def _extraction(self) -> Iterator[str]:
        doc, slug = self._doc, self._slug
        label = self._in_languages(f"texte de {slug}", f"text of {slug}")
        yield f"<extraction/{slug}> a rn:Extraction ; rdfs:label {label} ;"
        yield f"    dcterms:isFormatOf <document/{slug}> ; rn:method <method/transcription> ;"
        yield f'    rn:sha256 "{doc.sha256}" ; rn:lengthInCodePoints {len(doc.text)} .'
        start = len(doc.text) - len(doc.text.lstrip())
        yield f"<part/{slug}> a rn:DocumentPart ; rdfs:label {self._in_languages('tout', 'all')} ;"
        yield f"    oa:hasSource <extraction/{slug}> ; oa:hasSelector <selector/{slug}> ."
        yield from self._selector(f"<selector/{slug}>", (start, len(doc.text.rstrip())))

    def _selector(self, address: str, span: Span) -> Iterator[str]:
        label = self._in_languages(
            f"signes {span[0]} à {span[1]}", f"characters {span[0]} to {span[1]}"
        )
        yield f"{address} a oa:TextPositionSelector ; rdfs:label {label} ;"
        yield f"    oa:start {span[0]} ; oa:end {span[1]} ."

    def _passage(self, span: Span) -> Iterator[str]:
        name = f"{self._slug}-{span[0]}-{span[1]}"
        label = self._in_languages(f"passage {name}")
        yield f"<passage/{name}> a rn:Passage ; rdfs:label {label} ;"
        yield f"    oa:hasSource <extraction/{self._slug}> ; dcterms:isPartOf <part/{self._slug}> ;"
        yield f"    oa:hasSelector <selector/{name}> ."
        yield from self._selector(f"<selector/{name}>", span)

    def _spans(self) -> set[Span]:
        found = chain.from_iterable(s.spans for s in self._statements)
        asked = chain.from_iterable(q.spans for q in self._doc.questions)
        return {*found, *asked, *self._quoted()}

    def _quoted(self) -> Iterator[Span]:
        """Yield the spans of passages that facts name."""
        prefix = f"<passage/{self._slug}-"
        for statement in self._statements:
            for _, _, value in statement.facts:
                if value.startswith(prefix):
                    first, last = value[len(prefix) : -1].split("-")
                    yield int(first), int(last)

    def _passages(self, spans: tuple[Span, ...]) -> str:
        return ", ".join(f"<passage/{self._slug}-{first}-{last}>" for first, last in spans)

    def _address(self, statement: Statement) -> str:
        return f"<assertion-set/{self._slug}-{statement.slug}>"

    def _description(self, statement: Statement) -> Iterator[str]:
        yield f"{self._address(statement)} a rn:AssertionSet ;"
        yield f"    rdfs:label {quoted(statement.entry, 'fr')} ;"
        yield f"    rn:passage {self._passages(statement.spans)} ;"
        if statement.certainty != "explicit":
            yield f"    rn:reason {self._in_languages(statement.reason, _REASON)} ;"
        voice = statement.voice or f"<document/{self._slug}>"
        yield f"    rn:certainty rn:{statement.certainty} ; rn:voice {voice} ."

    def _decisions(self) -> Iterator[str]:
        named = {s.entry: self._address(s) for s in self._statements}
        for earlier, later in self._doc.gave_way.items():
            for suffix in ("", "-printed"):
                if earlier + suffix in named:
                    favour = f"rn:superseded ; rn:inFavourOf {named[later]}"
                    label = "le document dit lui-même la nouvelle valeur"
                    yield from self._decision(earlier + suffix, named, favour, label)
        for entry in self._doc.not_taken:
            label = "un document plus ancien dit une autre valeur, qui est retenue"
            yield from self._decision(entry, named, "rn:alternative", label)

    def _decision(
        self, entry: str, named: dict[str, str], standing: str, why: str
    ) -> Iterator[str]:
        slug, label = f"{self._slug}-{folded_slug(entry)}", self._in_languages(why)
        yield f"<decision/{slug}> a rn:StandingDecision ; rdfs:label {label} ;"
        yield f"    rn:ofSet {named[entry]} ; rn:standing {standing} ;"
        yield f"    rn:reason {self._in_languages(_REASON)} ."

    def _question(self, question: Question) -> Iterator[str]:
        address = f"<question/{self._slug}-{folded_slug(question.entry)}>"
        readings = [
            f"<reading/{self._slug}-{folded_slug(question.entry)}-{number}>"
            for number in range(1, len(question.readings) + 1)
        ]
        yield f"{address} a rn:OpenQuestion ; rdfs:label {self._in_languages(question.label)} ;"
        yield f"    schema:about {', '.join(question.about)} ;"
        yield f"    rn:passage {self._passages(question.spans)} ;"
        yield f"    rn:reading {', '.join(readings)} ."
        alternatives = dict(question.not_taken)
        for number, (reading, label) in enumerate(zip(readings, question.readings, strict=True)):
            own = alternatives.get(number)
            states = f" ; rn:alternativeIn {self._address(own)}" if own else ""
            yield f"{reading} a rn:Reading ; rdfs:label {self._in_languages(label)}{states} ."

    def _set(self, statement: Statement) -> str:
        facts = "\n".join(f"    {s} {p} {o} ." for s, p, o in statement.facts)
        return f"GRAPH {self._address(statement)} {{\n{facts}\n}}\n"


def write(folder: Path, document: Document, *, languages: tuple[str, ...] = ("fr", "en")) -> Path:
    """Return the file that a document was written into, in a data folder."""
    file = folder / "carnets" / document.slug / f"{document.slug}.trig"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written(document, languages=languages), "utf-8")
    return file
