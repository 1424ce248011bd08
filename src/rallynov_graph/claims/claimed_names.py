"""The things and the property that the names in a claim mean."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import PREFIXES, RN, short_iri
from rallynov_graph.base.terms import Term
from rallynov_graph.claims.checked_claim import TakenName
from rallynov_graph.claims.identity_claims import SAME
from rallynov_graph.claims.phrases import Phrase
from rallynov_graph.claims.value_texts import is_on
from rallynov_graph.matching.near_names import has_words, likeness, near
from rallynov_graph.matching.words import folded, name_words, without_article
from rallynov_graph.questions import thing_names
from rallynov_graph.questions.labels import Labels, last_part
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.finder import Finder
from rallynov_graph.search.index import NAME, NO_NAMES, in_words
from rallynov_graph.search.searching import NamedThing, Scope

LEAST: Final = 0.85
"""From this score on, a name that is not the very same can be meant: that of an acronym."""
LEAD: Final = 0.06
"""The lead that it needs over the next."""
LONGEST: Final = 400
"""A longer name is nobody's."""
_COMPARED: Final = 50
_SUGGESTED: Final = 3
_OF_THE_TEXT: Final = frozenset(
    NamedNode(name if ":" in name else f"{RN}{name}")
    for name in (
        f"{PREFIXES['schema']}Dataset",
        f"{PREFIXES['owl']}NegativePropertyAssertion",
        "AssertionSet",
        "CurationGraph",
        "DocumentPart",
        "Extraction",
        "Inference",
        "OpenQuestion",
        "ReadingScope",
        "OutsideGraph",
        "Passage",
        "Reading",
        "Rule",
        "StandingGraph",
        "ThemeOccurrence",
    )
)
"""The classes of the parts of a document and of its curation: nobody means a chapter by a name that
a thing of the rally has too. Each can be named by its address."""
_LOCAL: Final = re.compile(r"^.*[/#:](?=.)")
_BETWEEN: Final = re.compile(r"[-_\s]+")


class Relation(NamedTuple):
    """A property, and whether the claim names it inversely, from its value to its thing."""

    property: NamedNode
    backwards: bool = False
    offices: tuple[Term, ...] = ()
    """The claimed roles, offices or titles, if no property is claimed."""
    has_ended: bool = False
    """Whether the document has the office as a past one: *ancien membre*."""
    sense: str = ""
    """More of a membership: *left*, that it came to an end; *hired*, that it is no mere seat."""


_PART: Final = NamedNode(f"{RN}tookPartIn")
_SPEAKS_FOR: Final = NamedNode(f"{RN}speaksFor")
"""The ends of these are the ends of a role in an event, and of an office in an organisation."""
RELATED: Final = NamedNode(f"{PREFIXES['dcterms']}relation")
"""Stands for a relation that is no property: of those who sign with each other."""
_MEMBER_OF: Final = NamedNode(f"{PREFIXES['org']}memberOf")
_KIND_WORDS: Final = Phrase.of("programme rallye projet association").words
"""Words of the labels of events for what they are about."""
_OF_FIGURES: Final = Relation(NamedNode(f"{RN}figureOf"), backwards=True)


_NAMED_WITHIN: Final = (
    re.compile(r"[«“\"]\s*([^«»“”\"]+?)\s*[»”\"]"),
    re.compile(r"(?:l['’])?(?:[^\W\dA-ZÀ-Þ_][^\W_]*(?:\s|-|['’])+){1,6}(?=[A-ZÀ-Þ])(.+)"),
    re.compile(
        r"(?:(?:le|la|les|un|une|the) |l['’])?[^\W\d_]+ (.+)",
        re.IGNORECASE,
    ),
)
"""A name with nouns before it: *l'atelier « X »*, *la régie de quartier X*, *the workshop X*."""
_OF_A_DAY: Final = re.compile(
    r"(.+?),? (?:du|de|d['’]|en|le|on|of|in)(?: (?:le|the))? ?(\d.*|[^\W\d_]+ \d{4})", re.IGNORECASE
)
"""An event with its date: *l'atelier du 9 avril*."""
_TOLD_APART: Final = re.compile(r"(.+?)\s*\(([^()]+)\)")
"""A name with what tells it from its homonyms: *Hervé Lostanvel (Ar Vag Koz)*."""


class _Verbs(NamedTuple):
    """Phrases, passives among them, each with whether it goes from the value to its thing."""

    relations: dict[NamedNode, list[tuple[Phrase, bool]]]
    roles: list[list[tuple[Phrase, bool]]]
    """In each list, the phrases that say the same of a role."""
    senses: dict[str, list[tuple[Phrase, bool]]]
    """Those that say more of a membership."""


def _verbs() -> _Verbs:
    read = tomllib.loads(Path(__file__).with_name("verbs.toml").read_text("utf-8"))
    roles = [_said_either_way(ways) for ways in read.pop("roles").values()]
    more = read["org:memberOf"]
    senses = {
        "left": _said_either_way({"to": more["left"]}),
        "hired": _said_either_way({"from": more["hired"]}),
    }
    relations = {
        NamedNode(PREFIXES[prefix] + local): _said_either_way(ways)
        for name, ways in read.items()
        for prefix, _, local in [name.partition(":")]
    }
    return _Verbs(relations, roles, senses)


def _said_either_way(ways: Mapping[str, str]) -> list[tuple[Phrase, bool]]:
    told = [
        (Phrase.of(text), way == "from")
        for way in ("to", "from")
        for text in f"{ways.get(way, '')};{ways.get('both', '')}".split(";")
        if text.strip()
    ]
    return told + [(turned, not back) for one, back in told if (turned := one.turned)]


_VERBS: Final = _verbs()


def said_as(phrase: Phrase) -> list[tuple[frozenset[str], bool]]:
    """Return the words of roles that say the same as a phrase, and whether they say it inversely.

    A noun says what its own verb does only: a manager is no director.
    """
    found: list[tuple[frozenset[str], bool]] = []
    for group in _VERBS.roles:
        same = [
            (one.side, one.words, back)
            for one, back in group
            if one.words <= phrase.words and bool(one.noun) == bool(phrase.noun)
        ]
        fits = [it for it in same if it[0] == phrase.side]
        fits = fits or [it for it in same if it[0] == "" and phrase.side != "by"]
        found += [
            (one.words | (phrase.words - words), back)
            for _, words, back in sorted(fits, key=lambda it: -len(it[1]))[:1]
            for one, away in group
            if not away
        ]
    return [*dict.fromkeys(found)]


class RankedThing(NamedTuple):
    """A thing that a name may mean, and the similarity of its best name: 1 if identical."""

    thing: NamedThing
    score: float


@dataclass(frozen=True)
class ClaimedNames:
    """Reads the names in claims, for one graph and one language."""

    queries: PageQueries
    """The queries of claims."""
    labels: Labels
    finder: Finder
    language: str

    @cached_property
    def _known(self) -> Mapping[str, list[Relation]]:
        """The properties by the folded names in which each may be claimed."""
        known: dict[str, dict[Relation, None]] = {}
        rows = self.queries.rows("names_of_relations").rows
        unlabelled = (prop for prop, _, label in rows if label is None)
        described = self.labels.of(it.value for it in unlabelled if isinstance(it, NamedNode))
        for prop, way, label in rows:
            assert isinstance(prop, NamedNode)
            relation = Relation(prop, way == Literal("from"))
            names = [it.value for it in described[prop.value].names] if label is None else []
            names += [label.value] if isinstance(label, Literal) else []
            local = _LOCAL.sub("", prop.value)
            names += [] if relation.backwards else [local, in_words(local)]
            for name in names:
                known.setdefault(folded(name), {})[relation] = None
        return {name: [*of] for name, of in known.items()}

    @cached_property
    def _by_words(self) -> Mapping[frozenset[str], list[tuple[Phrase, Relation]]]:
        """The properties by the words of the phrases in which each may be claimed."""
        found: dict[frozenset[str], list[tuple[Phrase, Relation]]] = {}
        known = {it.property for its in self._known.values() for it in its}
        told = [
            (one, it, it.backwards)
            for name, its in self._known.items()
            for one in (Phrase.of(name),)
            for it in its
        ]
        told += [(one.turned, it, not back) for one, it, back in told if one.turned]
        told += [
            (one, Relation(prop), back)
            for prop, its in _VERBS.relations.items()
            if prop in known
            for one, back in its
        ]
        for phrase, it, back in told:
            found.setdefault(phrase.words, []).append((phrase, it._replace(backwards=back)))
        return found

    def _fitting(self, phrase: Phrase) -> list[tuple[int, bool, Relation]]:
        """Return the properties that a phrase names: how well, and whether their name denies."""
        found = self._by_words.get(phrase.words, ())
        return [(fit, one.is_denied, it) for one, it in found if (fit := phrase.fits(one))]

    def knows(self, text: str) -> bool:
        """Whether a phrase names a property."""
        return bool(self._fitting(Phrase.of(text)))

    def is_denied(self, text: str) -> bool:
        """Whether a relation is denied, and no property has that name: *n’est pas membre de*."""
        phrase = Phrase.of(text)
        return phrase.is_denied and not any(denies for _, denies, _ in self._fitting(phrase))

    def relations(self, text: str, *ends: str) -> list[Relation]:
        """Return the properties that a relation may mean, also if misspelt; raise UnknownNameError.

        Tenses, agreement and a denial make no difference. The name of one end of the claim may be a
        part of the name of an office.
        """
        wanted, known = text.strip(), self._known
        if given := thing_names.at_iri(wanted, self.queries.store, "property"):
            return [Relation(given)]
        phrase = Phrase.of(wanted)
        denies = phrase.is_denied and not self.is_denied(wanted)
        fits = [(fit, it) for fit, of, it in self._fitting(phrase) if of == denies]
        found = [*known.get(folded(wanted), ())]
        found += [it for _, it in sorted(fits, key=lambda it: -it[0])]
        found += self._offices(phrase, ends)
        if phrase.is_later and SAME in (it.property for it in found):
            found = [Relation(SAME)]
        of_senses = [
            Relation(_MEMBER_OF, back, sense=sense)
            for sense, its in _VERBS.senses.items()
            for one, back in its
            if phrase.fits(one)
        ]
        found = of_senses + [it for it in found if not of_senses or it.offices]
        if not found:
            found = [it for name in near(wanted, known, 1, slips_only=True) for it in known[name]]
        if not found:
            hint = near(wanted, known, _SUGGESTED)
            meant = f"did you mean {' or '.join(hint)}?" if hint else "describe_schema lists them."
            raise UnknownNameError(f"No property is called {text!r}: {meant}", hint, text)
        return [*dict.fromkeys(found)]

    def is_of_figures(self, text: str) -> bool:
        """Whether a relation is one that things have to their figures: *compte*."""
        phrase = Phrase.of(text)
        return _OF_FIGURES in self._known.get(folded(text), ()) or any(
            bool(phrase.words) and it == _OF_FIGURES for _, _, it in self._fitting(phrase)
        )

    def _offices(self, phrase: Phrase, ends: Sequence[str]) -> Iterator[Relation]:
        """Yield the roles, offices and titles that a phrase names.

        The name of an office may include the name of its organisation.
        """
        of_ends = frozenset().union(*(Phrase.of(it).words for it in ends))
        wanted = [(phrase.words, phrase.way == "by"), *said_as(phrase)]
        found: dict[tuple[NamedNode, bool, bool], dict[Term, None]] = {}
        for office, label, kind in self.queries.rows("names_of_offices").rows:
            if not office or not isinstance(label, Literal) or not phrase.words:
                continue
            named = Phrase.of(label.value)
            prop = _PART if kind == Literal("part") else _SPEAKS_FOR
            if prop == _PART and phrase.way == "with":
                prop = RELATED
            for words, backwards in wanted:
                if not words <= named.words <= words | of_ends:
                    continue
                found.setdefault((prop, backwards, named.is_past), {})[office] = None
                if kind == Literal("office") and phrase.is_bare and len(wanted) == 1:
                    found.setdefault((prop, True, named.is_past), {})[office] = None
        for (prop, backwards, has_ended), offices in found.items():
            yield Relation(prop, backwards, tuple(offices), has_ended)

    def events(self, phrase: Phrase, thing: str) -> list[str]:
        """Return the events about a thing that a phrase names: its birth, for *a été créée en*."""
        try:
            nodes = [NamedNode(it.iri) for it in self.things(thing)]
        except UnknownNameError:
            return []
        of_end, said = Phrase.of(thing).words | _KIND_WORDS, said_as(phrase)
        return [
            event.value
            for event, label in self.queries.rows("events_about", thing=nodes).rows
            if isinstance(event, NamedNode) and isinstance(label, Literal)
            for named in (Phrase.of(label.value).words,)
            if any(words <= named <= words | of_end for words, _ in said)
        ]

    def things(self, text: str) -> list[TakenName]:
        """Return the things that a name means: several if they have the same name.

        Parts of the text and things of curation are only meant if nothing else is. Raises
        UnknownNameError, with near names, if nothing has this name.
        """
        wanted = text.strip()
        if given := thing_names.at_iri(wanted, self.queries.store):
            return [TakenName(text, given.value, self.name_of(given.value))]
        scored = self.ranked(wanted)
        taken = _meant(wanted, self._of_the_world(scored))
        for form in _NAMED_WITHIN:
            if not taken and (named := form.search(wanted)):
                within = self._of_the_world(self.ranked(named[1]))
                taken = [it for it in within if it.score == 1.0]
        if not taken and (dated := _OF_A_DAY.fullmatch(wanted)):
            with suppress(UnknownNameError):
                return self._of_day(text, dated[1], dated[2])
        if not taken and (apart := _TOLD_APART.fullmatch(wanted)):
            return self._told_apart(text, self.things(apart[1]), apart[2])
        taken = taken or _meant(wanted, scored) or self._of_the_world(self._by_address(wanted))
        if not taken:
            raise self._unknown(text, scored)
        return [self._taken(text, it) for it in taken]

    def _told_apart(self, text: str, found: list[TakenName], by: str) -> list[TakenName]:
        """Return the things that a word, or the name of a thing linked to them, tells apart."""
        nodes, said = [NamedNode(it.iri) for it in found], {*name_words(by)}
        rows = self.queries.rows("names_around", thing=nodes).rows
        meant = {
            thing
            for thing, name in rows
            if isinstance(name, Literal) and said <= {*name_words(name.value)}
        }
        taken = [it for it in found if NamedNode(it.iri) in meant]
        if not taken:
            raise self._unknown(text, self.ranked(text))
        return taken

    def _of_day(self, text: str, name: str, day: str) -> list[TakenName]:
        """Return the events of a name, or with its words, on a day, or in a month or year."""
        said, scored, found = Phrase.of(name).words, self.ranked(name), list[TakenName]()
        with suppress(UnknownNameError):
            found = self.things(name)
        found += [
            self._taken(text, it)
            for it in self._of_the_world(scored)
            if any(said <= Phrase.of(its.value).words for its in it.thing.texts)
        ]
        nodes = [NamedNode(it) for it in dict.fromkeys(it.iri for it in found)]
        rows = self.queries.rows("days_of_events", thing=nodes).rows if nodes else ()
        of_day = {it for it, date in rows if isinstance(date, Literal) and is_on(day, date)}
        taken = {it.iri: it for it in found if NamedNode(it.iri) in of_day}
        if not taken:
            raise self._unknown(text, scored)
        return [*taken.values()]

    def _by_address(self, text: str) -> list[RankedThing]:
        """Return the things whose address ends with a name, without spaces or hyphens."""
        ending = Literal(_BETWEEN.sub("", text.lower()))
        rows = self.queries.rows("things_by_address", ending=ending).rows if ending.value else ()
        iris = [it.value for (it,) in rows if isinstance(it, NamedNode)]
        return [RankedThing(NamedThing(iri, "", ()), 1.0) for iri in iris]

    def fitting(self, found: list[TakenName], prop: NamedNode, end: str) -> list[TakenName]:
        """Return which of several things with the same name fit at an end of a property.

        If none fits, all are returned: a claim may be about something without an example in the
        graph.
        """
        if len(found) < 2:
            return found
        return [it for it in found if self.fits(NamedNode(it.iri), prop, end)] or found

    def fits(self, value: NamedNode, prop: NamedNode, end: str) -> bool:
        """Whether a thing is of a kind of those at an end of a property."""
        rows = self.queries.rows("classes_of_ends", property=prop).rows
        kinds = {tuple(kind) for at, *kind in rows if at == Literal(end)}
        return not kinds.isdisjoint(self._kinds([value]))

    def are_alike(self, value: Term, others: Sequence[Term]) -> bool:
        """Whether a value could take the place of others: one is of its kind, or it is no thing."""
        if not isinstance(value, NamedNode):
            return True
        things = [it for it in others if isinstance(it, NamedNode)]
        return not self._kinds([value]).isdisjoint(self._kinds(things))

    def _kinds(self, things: Sequence[NamedNode]) -> set[tuple[Term | None, ...]]:
        rows = self.queries.rows("kinds_of_things", thing=things).rows if things else ()
        return {tuple(kind) for _, *kind in rows}

    def are_of_kinds(self, found: Sequence[TakenName]) -> bool:
        """Whether no two of several things with a name are of one kind: the claim tells them."""
        nodes = [NamedNode(it.iri) for it in found]
        stated = self.queries.rows("kinds_of_things", thing=nodes).rows
        kinds = {thing: frozenset(kind for it, kind, _ in stated if it == thing) for thing in nodes}
        return len(found) < 2 or (all(kinds.values()) and len({*kinds.values()}) == len(found))

    def is_of(self, iri: str, kinds: AbstractSet[str]) -> bool:
        """Whether a thing is of one of some classes or lists."""
        rows = self.queries.rows("kinds_of_things", thing=NamedNode(iri)).rows
        return any(getattr(kind, "value", "") in kinds for _, *of in rows for kind in of)

    def one(self, found: list[TakenName]) -> TakenName:
        """Return the only thing with a name; raise AmbiguousNameError, which names them all."""
        if len(found) > 1:
            nodes = [NamedNode(it.iri) for it in found]
            raise thing_names.ambiguous(found[0].written, nodes, self.queries.store, self.language)
        return found[0]

    def name_of(self, iri: str) -> str:
        name = self.labels.of([iri])[iri].name(self.language)
        return last_part(iri) if name is None else name.value

    def ranked(self, text: str) -> list[RankedThing]:
        """Return the things that a text may name, with their best similarity, best first."""
        if not text or len(text) > LONGEST:
            return []
        words, written = name_words(text), {folded(text), without_article(text)}
        found = (
            RankedThing(thing, _score(words, written, thing))
            for thing in self.finder.named(text, Scope(most=_COMPARED))
        )
        return sorted(found, key=lambda it: (-it.score, it.thing.iri))

    def _of_the_world(self, scored: Sequence[RankedThing]) -> list[RankedThing]:
        """Return the things that are neither parts of a text nor things of its curation."""
        nodes = [NamedNode(it.thing.iri) for it in scored]
        stated = self.queries.rows("kinds_of_things", thing=nodes).rows
        of_the_text = {thing for thing, kind, _ in stated if kind in _OF_THE_TEXT}
        return [it for it in scored if NamedNode(it.thing.iri) not in of_the_text]

    def _taken(self, text: str, found: RankedThing) -> TakenName:
        iri = found.thing.iri
        return TakenName(text, iri, self.name_of(iri), round(found.score, 3))

    def _unknown(self, text: str, scored: Sequence[RankedThing]) -> UnknownNameError:
        nearest = {short_iri(it.thing.iri): it.thing.iri for it in scored[:_SUGGESTED]}
        listed = [f"{it} ({self.name_of(iri)})" for it, iri in nearest.items()]
        hint = (
            f"did you mean {' or '.join(listed)}?"
            if listed
            else "find_thing searches for it by other words."
        )
        return UnknownNameError(f"Nothing is called {text[:LONGEST]!r}: {hint}", [*nearest], text)


def _score(words: Sequence[str], written: set[str], thing: NamedThing) -> float:
    """Return the similarity of a thing's best name; 1 if it is identical."""
    best = 0.0
    for text in thing.texts:
        if text.role in NO_NAMES:
            continue
        if {folded(text.value), without_article(text.value)} & written:
            return 1.0
        best = max(best, likeness(words, name_words(text.value)))
    return min(best, 0.999)


def _meant(text: str, scored: Sequence[RankedThing]) -> list[RankedThing]:
    """Return the things with the name, else the nearest ones, else those with all its words."""
    same = [it for it in scored if it.score == 1.0]
    return same or _clear(scored) or _having_words(text, scored)


def _clear(scored: Sequence[RankedThing]) -> list[RankedThing]:
    """Return the best of several different things, and those that come close."""
    if not scored or scored[0].score < LEAST:
        return []
    return [it for it in scored if scored[0].score - it.score < LEAD]


def _having_words(text: str, scored: Sequence[RankedThing]) -> list[RankedThing]:
    """Return the things whose name has each word of a text: a surname alone names the person."""
    return [
        it
        for it in scored
        if any(has_words(text_of.value, text) for text_of in it.thing.texts if text_of.role == NAME)
    ]
