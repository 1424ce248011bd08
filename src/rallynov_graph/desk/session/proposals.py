"""The proposals for a text, the reader's decisions, and the statements of accepted ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any, Final

from rallynov_graph.base.namespaces import PREFIXES, RN, kind_of_iri
from rallynov_graph.desk.acts import Act, Recorded, RefusedProposal, Stated, counting
from rallynov_graph.desk.document_reading import DocumentReading, Key
from rallynov_graph.desk.proposing.cues import form, phrases, toponyms
from rallynov_graph.desk.proposing.known_names import KINDS, KnownNames
from rallynov_graph.desk.proposing.proposal import Candidate, Party, Proposal
from rallynov_graph.desk.proposing.weighing import propose
from rallynov_graph.desk.quotations import in_guillemets
from rallynov_graph.desk.session.asked import AskedFact, Asking, Json
from rallynov_graph.desk.session.document import KIND, ReadDocument
from rallynov_graph.desk.session.forms import FORMS, listed, named_by_kind
from rallynov_graph.desk.sets_of_facts import kinds_of
from rallynov_graph.desk.short_terms import LABEL, NAME, TYPE
from rallynov_graph.desk.terms import expanded, kind_of_class
from rallynov_graph.desk.things import Things
from rallynov_graph.desk.words import NameFault, message
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


_QUOTED: Final = {"fr": "cité", "en": "quoted"}
"""The name of the form for words that a document puts in quotation marks."""
WAITING: Final = "waiting"
ACCEPTED: Final = "accepted"
CHANGED: Final = "changed"
REFUSED: Final = "refused"
CLASSES: Final = {kind: iri for iri, kind in KINDS.items()}
"""Of what class a thing is that a proposal names."""
_FOUNDER: Final = "schema:founder"
_MEMBERSHIPS: Final = ("org:memberOf", "org:headOf", _FOUNDER)
"""Relations that are a thing of their own in the data."""
QUOTED: Final = f"{RN}quotedSegment"
PARTICIPANT: Final = f"{RN}participant"
_OF_SETS: Final = ("words", "certainty", "reason", "voice", "set")
"""The properties shared by facts that are stated together."""
_PRINTED: Final = frozenset({"person", "organisation", "innovation"})
"""Kinds of things whose printed names are stated: of a known one, that is what a proposal says."""


def proposals_of(text: str, known: KnownNames) -> tuple[Proposal, ...]:
    """Return the proposals for a text, in order; of two with the same id, the first."""
    found: dict[str, Proposal] = {}
    for it in propose(text, known):
        found.setdefault(it.id, it)
    return tuple(found.values())


def statuses(acts: Iterable[Recorded]) -> Mapping[str, str]:
    """Return the decisions about proposals, by the digits of each."""
    found: dict[str, str] = {}
    for it in counting(acts):
        act = it.act
        if isinstance(act, Stated) and act.proposer:
            found[act.proposer.rpartition("/")[2]] = CHANGED if act.is_changed else ACCEPTED
        elif isinstance(act, RefusedProposal):
            found[act.proposer.rpartition("/")[2]] = REFUSED
    return found


def proposed(
    acts: Sequence[Act], after: DocumentReading, key: Key, name: str, is_changed: bool
) -> list[Act]:
    """Return acts; the one on an entry names who proposed it."""
    _, address = key
    found = [
        replace(it, proposer=name, is_changed=is_changed)
        if isinstance(it, Stated) and it.address == address
        else it
        for it in acts
    ]
    if found != [*acts]:
        return found
    entry = after.entries[key]
    words = entry.words if entry.kind == "set" else None
    accepted = Stated(entry.kind, address, words=words, proposer=name, is_changed=is_changed)
    return [*acts, accepted]


def named_as(thing: str, reading: DocumentReading, name: str, is_changed: bool) -> Stated:
    """Return the act that takes words for the name of a thing, and states nothing of it."""
    entry = reading.entries.get((reading.first_graph, thing))
    kind = entry.kind if entry else "thing"
    return Stated(kind, thing, proposer=name, is_changed=is_changed)


@dataclass(frozen=True)
class AcceptedFacts:
    """The statements of an accepted proposal: facts about the thing of the first one."""

    facts: tuple[AskedFact, ...]
    is_changed: bool
    known: str = ""
    """The named thing, if the proposal's statement about it exists already."""
    document: str = ""
    """The name of the document, if it is described by it."""


class Accepting:
    """The statements of a proposal as a reader's request, with the reader's changes."""

    def __init__(
        self,
        proposal: Proposal,
        every: Sequence[Proposal],
        document: ReadDocument,
        reading: DocumentReading,
    ) -> None:
        self._proposal, self._every, self._document = proposal, every, document
        self._reading = reading
        self._things: Things = document.other_things.beside(reading)

    def facts(self, changed: Json) -> AcceptedFacts:
        """Return the statements of a proposal with its reader's changes; raise ActRefused."""
        self._demanded = Demanded(self._document, self._reading, self._things, self._every)
        self._beside: list[Wish] = []
        self._issue = ""
        proposal, (first, *others) = self._proposal, self._wish()
        words = {"words": [[proposal.start, proposal.end]]}
        choices = {it.iri for it in proposal.candidates if it.iri}
        choices |= {*self._things.own_bearers(in_guillemets(self._printed), proposal.kind)}
        is_choice = {*changed} <= {"subject"} and changed.get("subject") in {*choices, None}
        if "property" in changed:
            others, self._issue = [], ""
        shared = {name: changed[name] for name in _OF_SETS if name in changed}
        wanted = [{**words, **first, **changed}, *({**words, **it, **shared} for it in others)]
        if not {"subject", "property", "object"} & {*changed}:
            wanted += self._beside
        facts = tuple(Asking(it, self._document.words).read(AskedFact) for it in wanted)
        is_of_kind = not {"property", "object"} & {*changed}
        known = self._known_of_kind(facts[0], choices if is_of_kind else set())
        return AcceptedFacts(() if known else facts, not is_choice, known, self._issue)

    @property
    def _printed(self) -> str:
        return printed_name(self._proposal, self._document)

    def _known_of_kind(self, fact: AskedFact, choices: set[str]) -> str:
        """Return the thing of which a fact says no more than the kind that it has already.

        The choices have the kind that is proposed, or one below it. Empty for any other fact.
        """
        is_kind = fact.property == TYPE and isinstance(fact.object, str)
        if not is_kind or not isinstance(fact.subject, str):
            return ""
        address = self._things.address(fact.subject)
        kinds = {self._document.terms.class_named(str(fact.object)) or ""}
        is_known = address in choices or kinds & self._things.classes(address)
        return address if is_known else ""

    def _wish(self) -> list[Wish]:
        """Return the facts, the later ones about the thing of the first one."""
        it = self._proposal
        if it.subject is not None and it.object is not None:
            subject, other = map(self._party, (it.subject, it.object))
            if it.property in _MEMBERSHIPS:
                ends, role = [subject, other], []
                if it.property == _FOUNDER:
                    ends, role = [other, subject], [self._demanded.term(ROLE, "founder")]
                return self._of_form("membership", ends, *ends, *role)
            said = {"subject": subject, "property": it.property, "object": other}
            return [said, *self._kinds_of_known(subject)]
        first = it.candidates[0] if it.candidates else None
        if it.kind == "theme" and first:
            term = _named(first, CLASSES["theme"], self._things)
            return [{"property": f"{PREFIXES['dcterms']}subject", "object": term}]
        if it.kind in CLASSES and first:
            named = _named(first, CLASSES[it.kind], self._things, self._printed)
            self._beside += self._demanded.of(it.kind, named, (it.start, it.end))
            if first.iri and it.kind in _PRINTED:
                name = unbroken(self._document.words[it.start : it.end])
                printed = {"property": NAME, "object": {"value": name}}
                return [{"subject": named, **printed}]
            return [{"subject": named, "property": TYPE, "object": CLASSES[it.kind]}]
        if it.kind == "quotation" and first:
            return self._testimony(first)
        if first and first.value:
            value = {"object": {"value": first.value, "datatype": first.datatype}}
            of_it, *others = [*self._demanded.of_document(it)] or [{}]
            if others:
                self._issue = in_guillemets(f"{others[0]['object']['new']}, {self._printed}")
            return [{**of_it, **value}, *others]
        return [{}]

    def _kinds_of_known(self, subject: object) -> Iterator[Wish]:
        """Yield the kind of a known thing of which no set of the document says anything yet."""
        if isinstance(subject, str) and not any(
            subject in it.facts for it in self._reading.of_kind("set")
        ):
            for name in sorted(kinds_of(subject, self._things.classes(subject))):
                yield {"subject": subject, "property": TYPE, "object": name}

    def _continued(self, person: object) -> Iterator[Wish]:
        """Yield the words as more of what a person says, if they continue an accepted quotation."""
        it, text = self._proposal, self._document.words
        for earlier in self._every:
            is_before = earlier.kind == it.kind and earlier.end < it.start
            if not is_before or not form("goes_on").fullmatch(text, earlier.end, it.start):
                continue
            passage = f"-{earlier.start}-{earlier.end}"
            for entry in self._reading.of_kind("set"):
                for subject, said in entry.facts.items():
                    quoted = any(one.value.endswith(passage) for one in said.get(QUOTED, ()))
                    is_theirs = any(one.value == person for one in said.get(PARTICIPANT, ()))
                    if quoted and is_theirs and {*entry.says} <= {LABEL}:
                        piece = [[it.start, it.end]]
                        yield {
                            "subject": subject,
                            "property": QUOTED,
                            "object": {"words": piece},
                            "words": [*([*words.span] for words in entry.words), *piece],
                            "set": entry.address,
                        }

    def _testimony(self, speaker: Candidate) -> list[Wish]:
        person = _named(speaker, CLASSES["person"], self._things)
        it = self._proposal
        if more := [*self._continued(person)]:
            return more[:1]
        self._beside += self._demanded.of("speaker", person, (it.start, it.end))
        mode = listed(_QUOTED, f"{RN}mode", self._document, self._things)
        about = about_of(self._proposal, self._document, self._reading)
        return self._of_form("words", [person], person, mode, "words", about)

    def _of_form(self, name: str, names: Sequence[object], *values: object) -> list[Wish]:
        """Return what a form states with values of its first fields, and with its fixed ones."""
        declared = FORMS[name]
        called = named_by_kind(declared.class_, [*map(self._label, names)], self._document)
        wished = [*zip((it.property for it in declared.every()), values, strict=False)]
        for key, term in declared.fixed.items():
            found = listed(term, expanded(key), self._document, self._things)
            wished.append((expanded(key), found))
        subjects = chain([{"new": called, "class": declared.class_}], repeat("-"))
        stated = ((prop, value) for prop, value in wished if value)
        return [{"subject": next(subjects), "property": p, "object": v} for p, v in stated]

    def _label(self, named: object) -> str:
        if isinstance(named, Mapping):
            return str(named["new"])
        return self._things.label(str(named)) or str(named).rpartition("/")[2]

    def _party(self, party: Party) -> object:
        spans = (it for it in self._every if (it.start, it.end) == (party.start, party.end))
        kinds = [it.kind for it in spans if it.kind in CLASSES]
        term = self._document.terms.property(expanded(self._proposal.property))
        if len(kinds) > 1 and term:
            fitting = term.classes if party is self._proposal.object else set()
            kinds.sort(key=lambda it: (CLASSES[it] not in fitting, it == "place"))
        kind = next(iter(kinds), "")
        candidate = party.candidates[0] if party.candidates else Candidate(party.label)
        thing = _named(candidate, CLASSES.get(kind, ""), self._things)
        self._beside += self._demanded.of(kind, thing, (party.start, party.end))
        return thing


def printed_name(proposal: Proposal, document: ReadDocument) -> str:
    return unbroken(proposal.label or document.words[proposal.start : proposal.end])


def about_of(proposal: Proposal, document: ReadDocument, reading: DocumentReading) -> str:
    """Return the subject of words: the nearest innovation in their paragraph.

    It is the empty string if there is none.
    """
    text = document.words
    start = text.rfind("\n\n", 0, proposal.start) + 1
    end = text.find("\n\n", proposal.end)
    near = [
        (_distance(words.span, proposal), subject)
        for entry in reading.of_kind("set")
        for words in entry.words
        if words.start < (end if end >= 0 else len(text)) and start < words.end
        for subject in entry.facts
        if kind_of_iri(subject) == "innovation"
    ]
    return min(near, default=(0, ""))[1]


def _distance(span: tuple[int, int], proposal: Proposal) -> int:
    """Return how many signs are between words and a proposal."""
    start, end = span
    return max(0, proposal.start - end, start - proposal.end)


def _named(candidate: Candidate, class_iri: str, things: Things, name: str = "") -> object:
    """Return a candidate by its address: a new thing's of that name, or its own."""
    kind = KINDS.get(class_iri) or kind_of_class(class_iri)
    name, label = (in_guillemets(it) for it in (name or candidate.label, candidate.label))
    if own := things.own_bearers(name, kind):
        return own[0]
    if candidate.iri:
        return candidate.iri
    try:
        found = things.find(label, kind)
    except NameFault:
        found = None
    return found or {"new": label, "class": class_iri}
