"""What rules demand of a thing that is new with an accepted proposal, as far as the text tells it.

A stage has a status and a rally, an event a status, a place its kind, a speaker a printed name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.proposing.cues import form, phrases, toponyms
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.session.document import KIND, ReadDocument
from rallynov_graph.desk.session.forms import listed
from rallynov_graph.desk.short_terms import NAME
from rallynov_graph.desk.things import Things
from rallynov_graph.desk.words import message
from rallynov_graph.matching.words import folded, unbroken

STATUS: Final = f"{RN}status"
ROLE: Final = f"{PREFIXES['org']}role"
RALLY: Final = f"{RN}Rally"
OF: Final = f"{PREFIXES['schema']}superEvent"
ISSUED: Final = f"{PREFIXES['dcterms']}issued"
PART_OF: Final = f"{PREFIXES['dcterms']}isPartOf"
PERIODICAL: Final = f"{PREFIXES['schema']}Periodical"
_HEAD: Final = 300
"""The number of characters from a document's title in which a date is its own."""
_CHANGED: Final = ("cancelled", "postponed")

Wish = dict[str, Any]


class Demanded:
    """What rules demand of new things, as a reader would ask for it."""

    def __init__(
        self,
        document: ReadDocument,
        reading: DocumentReading,
        things: Things,
        proposals: Sequence[Proposal],
    ) -> None:
        self._document, self._reading, self._things = document, reading, things
        self._proposals = proposals

    def of(self, kind: str, thing: object, words: tuple[int, int]) -> Iterator[Wish]:
        """Yield facts about a thing that words name; none about one that is there."""
        if not isinstance(thing, Mapping):
            return
        about: Wish = {"subject": thing, "words": [[*words]]}
        if kind in ("stage", "event"):
            rally = self._rally() if kind == "stage" else None
            about["words"] += [[*rally]] if rally else []
            yield {**about, "property": STATUS, "object": self.term(STATUS, self._status(words))}
            rallies: list[object] = [*self._things.of_class(RALLY)]
            if rally:
                rallies = [{"new": self._printed(rally), "class": RALLY}]
            if kind == "stage" and len(rallies) == 1:
                yield {**about, "property": OF, "object": rallies[0]}
        elif kind == "place":
            yield {"subject": thing, "property": KIND, "object": self._kind_of_place(thing)}
        elif kind == "person" and str(thing["new"]) not in (name := self._printed(words)):
            yield {**about, "property": NAME, "object": {"value": name}}
        elif kind == "speaker" and (named := self._mention(str(thing["new"]), words)):
            printed = {"value": self._printed(named)}
            yield {**about, "words": [[*named]], "property": NAME, "object": printed}

    def of_document(self, date: Proposal) -> Iterator[Wish]:
        """Yield whose issue the document is, where its first date is near its title, and is new."""
        text = self._document.words
        here = self._reading.text.document
        there = any(here in it.facts for it in self._reading.of_kind("set"))
        there = there or bool(self._things.classes(here))
        first = min((it.start for it in self._proposals if _is_dated(it)), default=-1)
        title = form("masthead").match(text)
        if there or date.start != first or title is None or first > title.end() + _HEAD:
            return
        yield {"subject": here, "property": ISSUED}
        series = {"new": self._printed(title.span("title")), "class": PERIODICAL}
        words = [[*title.span("title")]]
        yield {"subject": "-", "property": PART_OF, "object": series, "words": words}

    def _printed(self, words: tuple[int, int]) -> str:
        return unbroken(self._document.words[slice(*words)])

    def _rally(self) -> tuple[int, int] | None:
        """Return the words that name what stages are of, or the title; None if it is known."""
        if self._things.of_class(RALLY):
            return None
        text = self._document.words
        if found := form("rally").search(text):
            return found.span()
        titled = form("masthead").match(text)
        return titled.span("title") if titled else None

    def _status(self, words: tuple[int, int]) -> str:
        """Return whether a stage was held: by the sentence of its words, or its date."""
        text = self._document.words
        starts = (text.rfind("\n\n", 0, words[0]), text.rfind(". ", 0, words[0]))
        ends = (text.find(it, words[1]) for it in ("\n\n", ". "))
        sentence = slice(max(*starts, 0), min([it for it in ends if it >= 0], default=len(text)))
        for name in _CHANGED:
            if form(name).search(text[sentence]):
                return name
        dates = [(it.start, it.candidates[0].value) for it in self._proposals if _is_dated(it)]
        near = [it for place, it in dates if sentence.start <= place < sentence.stop]
        issued = min(dates, default=(0, ""))[1]
        is_later = bool(near) and near[0][: len(issued)] > issued
        coming = is_later or form("coming").search(text[sentence])
        return "announced" if coming else "held"

    def term(self, name: str, called: str) -> object:
        """Return a term of the list of a property, or a new one."""
        labels = message(f"term.{called}")
        found = listed(labels, name, self._document, self._things)
        return found or {"new": labels, "class": f"{PREFIXES['skos']}Concept"}

    def _kind_of_place(self, thing: Mapping[str, object]) -> object:
        name = str(thing["new"])
        plain = folded(name)
        lists = {"region": "regions", "department": "departements", "country": "countries"}
        for kind, names in lists.items():
            if plain in {*map(folded, phrases(names))}:
                return self.term(KIND, kind)
        known = toponyms()
        is_commune = plain in known.every or not form("venue").match(name)
        return self.term(KIND, "commune" if is_commune else "venue")

    def _mention(self, label: str, words: tuple[int, int]) -> tuple[int, int] | None:
        """Return where a person is named nearest to words."""
        named = (
            (abs(it.start - words[0]), it.start, it.end)
            for it in self._proposals
            if it.kind == "person" and label in {one.label for one in it.candidates}
        )
        _, *found = min(named, default=(0,))
        return (found[0], found[1]) if found else None


def _is_dated(proposal: Proposal) -> bool:
    return proposal.kind == "date" and bool(proposal.candidates and proposal.candidates[0].value)
