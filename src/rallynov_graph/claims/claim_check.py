"""Check a claim: what the graph says about it, on what evidence, and with which objections.

The only conclusions are those of the rules, and that a more precise statement implies a less
precise one: a refinement contradicts nothing. A claim is contradicted in three cases only: its
property has a single value, which is another one; it was stated and is superseded; a source denies
it. A claim that its own source took back is retracted. A claim that the graph does not state is not
false: it is not stated.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from rallynov_graph.base.certainty import (
    ALTERNATIVE,
    CERTAINTIES,
    LEAST_SURE,
    RETRACTED,
    SUPERSEDED,
    admitted,
)
from rallynov_graph.base.errors import AmbiguousNameError, UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.claims.checked_claim import (
    Because,
    CheckedClaim,
    ClaimWords,
    Objection,
    TakenName,
    Verdict,
)
from rallynov_graph.claims.claimed_names import RELATED, ClaimedNames, Relation, said_as
from rallynov_graph.claims.identity_claims import DIFFERENT, SAME, IdentityClaim
from rallynov_graph.claims.phrases import Phrase
from rallynov_graph.claims.value_texts import (
    BOUNDS,
    go_together,
    is_within,
    is_within_bound,
    says,
    typed,
)
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded, without_article
from rallynov_graph.questions import thing_names
from rallynov_graph.questions.catalogue import load
from rallynov_graph.questions.evidence_profile import STANDING
from rallynov_graph.questions.labels import Labels
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.finder import Finder
from rallynov_graph.rules import explanation, rulebook
from rallynov_graph.rules.explanation import Chain, ExplainedFact
from rallynov_graph.rules.justifications import Justification, justifying
from rallynov_graph.rules.open_questions import OpenQuestions
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.store import Store

MOST_VALUES: Final = 200
"""The number of values of a property that are compared with the claimed one."""
_MOST_RELATIONS: Final = 16
"""So many properties of one name are tried."""
_BEST_FIRST: Final = (
    *(Verdict.HOLDS, Verdict.OPEN, Verdict.RETRACTED, Verdict.CONTRADICTED, Verdict.NOT_STATED),
)
_VALUE: Final = NamedNode(PREFIXES["rdf"] + "value")
_WITHIN: Final = NamedNode(f"{PREFIXES['schema']}containedInPlace")
_OF_EACH_AROUND: Final = (_WITHIN, NamedNode(f"{PREFIXES['schema']}location"))
"""The relations that extend from a place to those that contain it; the département does not."""
_MORE_PRECISE: Final = {"fr": "dit plus précisément", "en": "said more precisely"}
_GAVE_WAY: Final = {
    SUPERSEDED: Because.SUPERSEDED,
    RETRACTED: Because.RETRACTED,
    ALTERNATIVE: Because.READING_NOT_TAKEN,
}
_TAKEN_BACK: Final = (Because.DENIED, Because.RETRACTED, Because.SUPERSEDED)
_LEFT_OPEN: Final = (
    *(Because.READING_NOT_TAKEN, Because.OPEN_QUESTION, Because.TO_BE_FIXED, Because.ANNOUNCED),
)
_MEMBER_OF: Final = NamedNode(f"{PREFIXES['org']}memberOf")
_STATUS: Final = NamedNode(f"{RN}status")
_CANCELLED: Final = f"{ID}status/annulee"
_INSTEAD: Final = {"fr": "dit autrement", "en": "said otherwise"}
_NOT_SO: Final = frozenset(
    (
        *(Because.DENIED, Because.OTHER_VALUE, Because.PAST, Because.SUPERSEDED),
        *(Because.DECIDED, Because.ANNOUNCED),
    )
)
"""The reasons for a contradiction that show the contrary of a claim."""
_MOST_RECORDED: Final = 8
_OF_HOMONYMS: Final = 0.99
"""The similarity of a name that other things have, too: reports say which of them is meant."""
_QUANTITY: Final = re.compile(r"(?:(\D+?)\s+)?(\d+(?: \d{3})*(?:[.,]\d+)?)\b\s*(.*)")
"""A number in a claim with its bound, and what it counts: *au moins 100 repas*."""
_LIMITS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    **dict.fromkeys(("au moins", "at least"), BOUNDS["au-moins"]),
    **dict.fromkeys(("plus de", "more than"), BOUNDS["plus-de"]),
    **dict.fromkeys(("au plus", "at most"), BOUNDS["au-plus"]),
    **dict.fromkeys(("moins de", "less than"), BOUNDS["moins-de"]),
    **dict.fromkeys(("environ", "about"), lambda one, other: abs(one - other) <= other / 10),
}
_BOUND_AT_END: Final = re.compile(rf"\s({'|'.join(_LIMITS)})$")
"""A bound that belongs to the number after the relation: *sert au moins*."""
_SPOKE_OF: Final = NamedNode(f"{RN}spokeOf")
_NAME: Final = NamedNode(f"{RN}nameAsPrinted")
_START: Final = NamedNode(f"{PREFIXES['schema']}startDate")
_OF_AN_OFFICE: Final = re.compile(
    r"\s(?:(?:de|à|of|at|in)(?: la\b| the\b|\b)|du|des|au|chez)\s|\s[dl]['’]|\s(?:de|à) l['’]"
)
_FIGURE_OF: Final = NamedNode(f"{RN}figureOf")
_OF_ANY: Final = Phrase.of("compte counts réunit").words
"""Words that say no more than that there are so many."""
_SEATS: Final = frozenset(
    word
    for verb in ("fonde", "dirige", "préside", "siège")
    for words, _ in said_as(Phrase.of(verb))
    if len(words) == 1
    for word in words
)
"""Words of roles that nobody is hired for."""
_A_NUMBER: Final = re.compile(r"\d")
_DATE_WITHIN: Final = re.compile(
    r"\s(?:en|le|in|on|depuis|since)\s((?:\d{1,2}(?:er)?\s)?(?:[^\W\d_]+\s)?\d{4}|\d{1,2}(?:er)?\s[^\W\d_]{3,})(?=\s|$)"
)
_OF_OWN_RULES: Final = (_SPOKE_OF, NamedNode(f"{PREFIXES['dcterms']}publisher"))
"""The properties that rules for claims conclude as they are."""
_OF_PARTICIPANTS: Final = frozenset(
    NamedNode(f"{RN}{name}") for name in ("tookPartIn", "spokeAt", "testifiedAt")
)
_QUERIES: Final = load(Path(__file__).parent / "queries")
_OWN_RULES: Final = rulebook.load(Path(__file__).parent / "rules")
"""Those by which a claim follows that no property of the graph says: of a role, of words."""


_PERSONAL: Final = tuple(NamedNode(PREFIXES["org"] + it) for it in ("holds", "memberOf"))
"""The properties that end when a later document says so."""


@dataclass(frozen=True)
class ClaimChecker:
    """Checks claims against one graph, in one language."""

    pages: PageQueries
    """The queries that pages share, on the store that answers."""
    labels: Labels
    finder: Finder
    shapes: bytes
    """The shapes that the graph is checked against; empty if there are none."""
    language: str = "fr"
    names: ClaimedNames = field(init=False)
    queries: PageQueries = field(init=False)
    """Those of claims, on the same store."""

    def __post_init__(self) -> None:
        queries = PageQueries(self.pages.store, _QUERIES)
        object.__setattr__(self, "queries", queries)
        names = ClaimedNames(queries, self.labels, self.finder, self.language)
        object.__setattr__(self, "names", names)

    @property
    def store(self) -> Store:
        """The store that is queried."""
        return self.pages.store

    def check(self, words: ClaimWords) -> CheckedClaim:
        """Return what the graph says about a claim.

        Raises UnknownNameError for an unknown name, and AmbiguousNameError for a name of several
        things, so that the user can choose.
        """
        refuse_certainty(words.certainty)
        if bound := _BOUND_AT_END.search(folded(words.relation)):
            verb = words.relation.strip()[: -len(bound[0])]
            words = replace(words, relation=verb, object=f"{bound[1]} {words.object.strip()}")
        words = self._with_name(words) or words
        if dated := self._dated(words):
            return dated
        plain = self._with_recorded(self._plain(words))
        if not self.names.is_denied(words.relation):
            return plain
        return plain if plain.phrase else self._denied(words.relation, plain)

    def _plain(self, words: ClaimWords) -> CheckedClaim:
        """Return what the graph says of a claim, whether its relation is denied or not."""
        if figures := self._figures(words):
            return self._best(figures)
        try:
            relations = self.names.relations(words.relation, words.subject, words.object)
            faults: list[UnknownNameError] = []
        except UnknownNameError as error:
            if thing_names.as_iri(words.relation.strip()):
                raise
            relations, faults = [], [error]
        readings = [(words, it) for it in relations[:_MOST_RELATIONS]]
        readings += [*self._through_events(words, relations), *self._office_in_value(words)]
        if not readings:
            return self._recorded(words, faults[0])
        checked = []
        for own, relation in readings:
            try:
                checked.append(self._checked(own, relation))
            except AmbiguousNameError as error:
                checked += self._of_each_kind(own, relation)
                faults.append(error)
            except UnknownNameError as error:
                faults.append(error)
        if not checked and _A_NUMBER.search(words.object):
            return self._of_no_number(words, faults[0])
        if not checked:
            raise faults[0]
        return self._best(checked)

    def _of_no_number(self, words: ClaimWords, error: UnknownNameError) -> CheckedClaim:
        """Return that a date or number is not stated; raise the error if the thing is unknown."""
        found = self.names.things(words.subject)
        if len(found) > 1 and not self.names.are_of_kinds(found):
            raise error
        triple = Triple(NamedNode(found[0].iri), RELATED, Literal(words.object.strip()))
        return CheckedClaim(
            *(triple, Verdict.NOT_STATED, Because.NO_RELATION, words.certainty),
            *(ExplainedFact(*triple), ()),
            taken=(found[0],),
            phrase=words.relation,
        )

    def _dated(self, words: ClaimWords) -> CheckedClaim | None:
        """Return a claim with a date in its relation: *a obtenu en 2020*; None without one.

        The date is that of the event among its things.
        """
        found = _DATE_WITHIN.search(words.relation)
        if found is None:
            return None
        rest = words.relation[: found.start()] + words.relation[found.end() :]
        plain = self.check(replace(words, relation=rest))
        if plain.verdict is not Verdict.HOLDS:
            return plain
        for it in plain.taken:
            if self.stated(NamedNode(it.iri), _START):
                own = ClaimWords(f"<{it.iri}>", rest, found[1], words.certainty)
                dated = self._checked(own, Relation(_START))
                if dated.verdict is not Verdict.HOLDS:
                    return dated
                rows = self.former(NamedNode(it.iri), _START)
                if any(_iri(row["standing"]) == f"{RN}{ALTERNATIVE}" for row in rows):
                    return replace(dated, verdict=Verdict.OPEN, because=Because.OPEN_QUESTION)
                return plain
        return replace(plain, verdict=Verdict.NOT_STATED, because=Because.NOTHING)

    def _with_name(self, words: ClaimWords) -> ClaimWords | None:
        """Return a claim with its date in the relation, if a name is there: *a reçu le prix en*."""
        told = words.relation.split()
        if not _A_NUMBER.search(words.object) or self.names.knows(words.relation):
            return None
        for at in range(1, len(told) - 1):
            with suppress(UnknownNameError):
                name = " ".join(told[at:-1])
                if any(it.score == 1 for it in self.names.things(name)):
                    relation = " ".join((*told[:at], told[-1], words.object))
                    return replace(words, relation=relation, object=name)
        return None

    def _through_events(
        self, words: ClaimWords, relations: Sequence[Relation]
    ) -> Iterator[tuple[ClaimWords, Relation]]:
        """Yield the claim of the event that its relation names: a birth, for *a été créée en*."""
        phrase = Phrase.of(words.relation)
        for end in ("subject", "object"):
            for event in self.names.events(phrase, getattr(words, end)):
                own = replace(words, **{end: f"<{event}>"})
                yield from ((own, it) for it in relations if it.offices)
                if end == "subject" and phrase.way != "by":
                    yield from ((own, Relation(it)) for it in (_START, _OF_EACH_AROUND[1]))

    def _office_in_value(self, words: ClaimWords) -> Iterator[tuple[ClaimWords, Relation]]:
        """Yield the claim of an office that stands beside its organisation: *est*, *maire de X*."""
        if Phrase.of(words.relation).words:
            return
        for found in _OF_AN_OFFICE.finditer(words.object):
            office, rest = words.object[: found.start()], words.object[found.end() :]
            own = replace(words, relation=f"{words.relation} {office} de", object=rest)
            with suppress(UnknownNameError):
                for it in self.names.relations(own.relation, own.subject, own.object):
                    yield own, it

    def _of_each_kind(self, words: ClaimWords, relation: Relation) -> list[CheckedClaim]:
        """Return the claim checked of each thing of a name, if no two are of one kind.

        Of homonyms of one kind, it is checked of the one of whom alone anything of it is said.
        """
        ends: list[list[str]] = []
        are_of_kinds = True
        for text in (words.subject, words.object):
            try:
                found = self.names.things(text)
            except UnknownNameError:
                ends.append([text])
                continue
            are_of_kinds &= self.names.are_of_kinds(found)
            ends.append([f"<{it.iri}>" for it in found] if len(found) > 1 else [text])
        checked = []
        for one, other in product(*ends):
            with suppress(UnknownNameError):
                checked.append(self._checked(replace(words, subject=one, object=other), relation))
        if are_of_kinds:
            return checked
        # A denial may be about the homonym of whom nothing is said.
        said = [it for it in checked if it.verdict is not Verdict.NOT_STATED]
        is_one = len(said) == 1 and said[0].verdict is Verdict.HOLDS
        if not is_one or self.names.is_denied(words.relation):
            return []
        taken = (
            replace(it, written=it.name, score=_OF_HOMONYMS) if it.written[0] == "<" else it
            for it in said[0].taken
        )
        return [replace(said[0], taken=tuple(taken))]

    def _left(self, words: ClaimWords) -> CheckedClaim:
        """Return the verdict on *a quitté*: only a membership that is past has come to an end."""
        now = self._checked(replace(words, relation="member of"), Relation(_MEMBER_OF))
        if Phrase.of(words.relation).is_denied:
            return replace(now, phrase=words.relation)
        if now.verdict is Verdict.CONTRADICTED and now.because is Because.PAST:
            return replace(now, verdict=Verdict.HOLDS, phrase=words.relation)
        if now.verdict is Verdict.HOLDS:
            return replace(now, verdict=Verdict.CONTRADICTED, phrase=words.relation)
        if now.verdict is Verdict.CONTRADICTED:
            now = replace(now, verdict=Verdict.NOT_STATED, because=Because.NOTHING)
        return now

    @staticmethod
    def _best(checked: Sequence[CheckedClaim]) -> CheckedClaim:
        return min(checked, key=lambda it: _BEST_FIRST.index(it.verdict))

    def _denied(self, phrase: str, plain: CheckedClaim) -> CheckedClaim:
        """Return the verdict on the denial of a claim: what holds contradicts it."""
        if plain.verdict is Verdict.HOLDS:
            return replace(plain, verdict=Verdict.CONTRADICTED, phrase=phrase)
        if plain.verdict is not Verdict.CONTRADICTED or plain.because not in _NOT_SO:
            return replace(plain, phrase=phrase)
        if plain.fact.holds:
            return replace(plain, verdict=Verdict.HOLDS, phrase=phrase)
        others = tuple(it.fact for it in plain.against if it.fact)
        sets = {of for it in plain.against for of in it.sets}
        surest = min(
            (it.certainty for it in others if it.certainty), key=CERTAINTIES.index, default=None
        )
        chains = (Chain("", _INSTEAD, surest or CERTAINTIES[0], others),) if others else ()
        evidence = () if others else explanation.described(self.store, sets)
        fact = replace(plain.fact, evidence=evidence, chains=chains)
        return replace(plain, verdict=Verdict.HOLDS, fact=fact, against=(), phrase=phrase)

    def _recorded(self, words: ClaimWords, error: UnknownNameError) -> CheckedClaim:
        """Return that a phrase names no property; raise the error if a name is unknown too."""
        try:
            ends = [self.names.things(it) for it in (words.subject, words.object)]
        except UnknownNameError:
            raise error from None
        linked = [
            it
            for it in product(*ends)
            if self.queries.rows(
                "recorded_between", one=NamedNode(it[0].iri), other=NamedNode(it[1].iri)
            ).rows
        ]
        is_clear = len(linked) == 1 or (linked and all(map(self.names.are_of_kinds, ends)))
        taken = linked[0] if is_clear else tuple(self.names.one(it) for it in ends)
        triple = Triple(NamedNode(taken[0].iri), RELATED, NamedNode(taken[1].iri))
        verdict, because = Verdict.NOT_STATED, Because.NO_RELATION
        return CheckedClaim(
            *(triple, verdict, because, words.certainty, ExplainedFact(*triple)),
            taken=taken,
            phrase=words.relation,
        )

    def _with_recorded(self, checked: CheckedClaim) -> CheckedClaim:
        """Return a claim that is not stated with what is recorded between the two things."""
        one, other = checked.subject, checked.triple.object
        if checked.verdict is not Verdict.NOT_STATED or not isinstance(other, NamedNode):
            return checked
        rows = self.queries.rows("recorded_between", one=one, other=other).rows
        facts = [_triple(*row) for row in rows[:_MOST_RECORDED]]
        found = explanation.explain_all(self.store, facts, pages=self.pages).values()
        return replace(checked, recorded=tuple(it for it in found if it.holds))

    def _figures(self, words: ClaimWords) -> list[CheckedClaim]:
        """Return the claim checked of each figure of the thing that counts what it names.

        A figure counts what the words beside the number say, if the relation is one to figures or
        in its words too; else what the relation says.
        """
        found = _QUANTITY.fullmatch(folded(words.object))
        if found is None or (found[1] and found[1] not in _LIMITS):
            return []
        try:
            things = [NamedNode(it.iri) for it in self.names.things(words.subject)]
        except UnknownNameError:
            return []
        limit, digits, counted = _LIMITS.get(found[1] or ""), found[2], Phrase.of(found[3]).words
        number = float(digits.replace(" ", "").replace(",", "."))
        rows = self.pages.rows("figures_of", thing=things).rows
        figures: dict[tuple[Term | None, Term | None, Term | None], list[str]] = {}
        for figure, measure, label, value, *dates in rows:
            if not isinstance(value, Literal) or not re.fullmatch(r"[\d.]+", value.value):
                continue
            date = next((it.value for it in dates if isinstance(it, Literal)), "")
            figures.setdefault((figure, measure, value), [date]).append(getattr(label, "value", ""))
        relation = Phrase.of(words.relation)
        labels = [it for its in figures.values() for it in its[1:]]
        close = {*near(words.relation, labels, 1, slips_only=True)}
        is_of_figures = bool(counted) and self.names.is_of_figures(words.relation)
        of_words = {
            key: frozenset().union(*(Phrase.of(it).words for it in its[1:]))
            for key, its in figures.items()
        }
        measures = {
            key[1]
            for key, of in of_words.items()
            if counted <= of
            and (
                is_of_figures
                or (relation.words and relation.words <= of)
                or close & {*figures[key]}
            )
        }
        verbs = [words for words, _ in said_as(relation)] or [relation.words]
        told = {key[1] for key, of in of_words.items() if any(it and it <= of for it in verbs)}
        of_any = measures & told if told else relation.words <= _OF_ANY or len(measures) < 2
        measures = measures & told or measures
        # Each document prints a measure in its own words: another figure may be the claimed one.
        meant = {key: its[0] for key, its in figures.items() if key[1] in measures}
        checked = []
        for (figure, measure, value), date in sorted(
            meant.items(), key=lambda it: it[1], reverse=True
        ):
            stated = float(getattr(value, "value", "nan"))
            text = digits.replace(" ", "") if limit is None else getattr(value, "value", "")
            own = replace(words, subject=f"<{_iri(figure)}>", object=text)
            one = self._checked(own, Relation(_VALUE))
            if one.verdict is Verdict.HOLDS and not of_any:
                one = replace(one, verdict=Verdict.OPEN, because=Because.OTHER_VALUE)
            if limit is not None and one.verdict is Verdict.HOLDS and not limit(stated, number):
                one = replace(one, verdict=Verdict.CONTRADICTED, because=Because.OTHER_VALUE)
            is_later = any(
                it[1] == measure and it[2] != value and later > date and not later.startswith(date)
                for it, later in meant.items()
            )
            if one.verdict is Verdict.HOLDS and is_later:
                was = relation.is_past and not relation.has_happened
                one = replace(
                    one, verdict=one.verdict if was else Verdict.OPEN, because=Because.PAST
                )
            checked.append(one)
        return checked

    def check_triple(
        self, triple: Triple, certainty: str = LEAST_SURE, offices: tuple[Term, ...] = ()
    ) -> CheckedClaim:
        """Return what the graph says about a claim given by its terms.

        If ``offices`` are given, one of them is claimed instead of the property.
        """
        return _Check(self, triple, certainty, offices).result()

    def _of_identity(self, words: ClaimWords, prop: NamedNode) -> CheckedClaim:
        """Return the decision on whether two names or addresses mean the same thing.

        A merged address is taken as written; a name that only two things have means both.
        """
        texts = (words.subject, words.object)
        found = [self.names.things(text) for text in texts]
        both = found[0] if found[0] == found[1] and len(found[0]) > 1 else []
        taken = tuple(both) if len(both) == 2 else tuple(self.names.one(it) for it in found)
        one, other = (
            thing_names.as_iri(text.strip()) or NamedNode(it.iri)
            for text, it in zip(texts, taken, strict=True)
        )
        triple = Triple(one, prop, other)
        claim = IdentityClaim(self.store, triple, texts)
        if (decided := claim.decided()) is None:
            return replace(self.check_triple(triple, words.certainty), taken=taken)
        verdict, because, fact = decided
        if verdict is Verdict.HOLDS and (later := Phrase.of(words.relation).is_later):
            verdict = self._by_age(one, texts, later)
        told = (Objection(because, fact),) if verdict is not Verdict.HOLDS else ()
        shown = fact if verdict is Verdict.HOLDS else replace(fact, evidence=(), chains=())
        return CheckedClaim(triple, verdict, because, words.certainty, shown, told, taken)

    def _by_age(self, thing: NamedNode, names: Sequence[str], later: int) -> Verdict:
        """Return whether one name of a thing is printed later than the other, as claimed."""
        facts = [Triple(thing, _NAME, it) for it in explanation.values(self.store, thing, _NAME)]
        first: dict[str, str] = {}
        for fact in explanation.explain_all(self.store, facts, pages=self.pages).values():
            periods = explanation.periods(self.store, fact)
            first[without_article(getattr(fact.object, "value", ""))] = min(
                (it.known_from for it in periods), default=""
            )
        one, other = (first.get(without_article(it), "") for it in names)
        if not one or not other or one == other:
            return Verdict.OPEN
        return Verdict.HOLDS if (one > other) == (later > 0) else Verdict.CONTRADICTED

    def _checked(self, words: ClaimWords, relation: Relation) -> CheckedClaim:
        if relation.property in (SAME, DIFFERENT):
            return self._of_identity(words, relation.property)
        if relation.sense == "left":
            return self._left(words)
        near, far = ("object", "subject") if relation.backwards else ("subject", "object")
        prop = relation.property
        at_near = self.names.fitting(self.names.things(words.subject), prop, near)
        subject_known = None if relation.backwards else self.names.one(at_near)
        value, taken = self._value(words.object, prop, far, subject_known)
        if relation.backwards:
            assert isinstance(value, NamedNode)
            one = self.names.one(at_near)
            triple, both = Triple(value, prop, NamedNode(one.iri)), (*taken, one)
        else:
            assert subject_known is not None
            triple, both = (
                Triple(NamedNode(subject_known.iri), prop, value),
                (subject_known, *taken),
            )
        checked = self.check_triple(triple, words.certainty, relation.offices)
        office = next((it for it in relation.offices if isinstance(it, NamedNode)), None)
        phrase = Phrase.of(words.relation)
        if checked.verdict in (Verdict.HOLDS, Verdict.OPEN):
            checked = self._at_its_time(checked, relation, phrase)
        if checked.because is Because.SUPERSEDED and phrase.is_past and phrase.is_planned:
            sets = [it.sets[0] for it in checked.against if it.because is Because.SUPERSEDED]
            fact = replace(checked.fact, evidence=explanation.described(self.store, sets))
            checked = replace(checked, verdict=Verdict.HOLDS, because=Because.PAST, fact=fact)
        if relation.sense == "hired" and all(
            it and not it.words.isdisjoint(_SEATS)
            for it in self._roles(checked.subject, checked.triple.object)
        ):
            checked = replace(checked, verdict=Verdict.NOT_STATED, because=Because.NOTHING)
        if relation.property == _FIGURE_OF and not phrase.words <= _OF_ANY and checked.fact.holds:
            checked = replace(checked, verdict=Verdict.OPEN, because=Because.OTHER_VALUE)
        others = [it.fact.object for it in checked.against if it.fact]
        if checked.because is Because.OTHER_VALUE and not self.names.are_alike(
            checked.triple.object, others
        ):
            checked = replace(checked, verdict=Verdict.NOT_STATED, because=Because.NOTHING)
        if office is not None:
            triple = Triple(triple.subject, office, triple.object)
        return replace(checked, triple=triple, taken=both)

    def _at_its_time(
        self, checked: CheckedClaim, relation: Relation, phrase: Phrase
    ) -> CheckedClaim:
        """Return the verdict as the tense of the claim has it."""
        ended = relation.has_ended or (
            relation.property == _MEMBER_OF
            and self._has_ended(checked.subject, checked.triple.object)
        )
        if checked.because is Because.PAST and phrase.is_past:
            return replace(checked, verdict=Verdict.HOLDS, because=Because.CONCLUDED)
        if ended and not phrase.is_past and checked.fact.holds:
            return replace(checked, verdict=Verdict.CONTRADICTED, because=Because.PAST)
        is_of_time = phrase.has_happened or phrase.is_future
        if checked.verdict is not Verdict.HOLDS or not is_of_time or phrase.is_of_plans:
            return checked
        ends = (checked.triple.subject, checked.triple.object)
        things = [it for it in ends if isinstance(it, NamedNode)]
        states = [*self.queries.rows("status_of_event", thing=things).rows]
        is_off = any(_iri(it) == _CANCELLED for (it,) in states)
        if not states or relation.property == _STATUS or (phrase.is_future and not is_off):
            return checked
        verdict = Verdict.CONTRADICTED if is_off else Verdict.OPEN
        return replace(checked, verdict=verdict, because=Because.ANNOUNCED)

    def _has_ended(self, person: NamedNode, organisation: Term) -> bool:
        """Whether each role by which a person is a member is a past one: *ancien membre*."""
        assert isinstance(organisation, NamedNode)
        roles = self._roles(person, organisation)
        return bool(roles) and all(it is not None and it.is_past for it in roles)

    def _roles(self, person: NamedNode, organisation: Term) -> list[Phrase | None]:
        """Return the roles by which a person is a member, None for one without a name."""
        assert isinstance(organisation, NamedNode)
        ends = {"subject": person, "organisation": organisation}
        rows = self.queries.rows("memberships_between", **ends).rows
        return [Phrase.of(it.value) if isinstance(it, Literal) else None for _, it in rows]

    def _value(
        self, text: str, prop: NamedNode, end: str, subject: TakenName | None
    ) -> tuple[NamedNode | Literal, tuple[TakenName, ...]]:
        """Return the value of a text at an end of a property."""
        stated = [] if subject is None else self._ever_stated(NamedNode(subject.iri), prop)
        literals = [it for it in stated if isinstance(it, Literal)]
        said = next((it for it in literals if says(text, it)), None)
        if said is not None:
            return said, ()
        try:
            taken = self.names.one(self.names.fitting(self.names.things(text), prop, end))
        except UnknownNameError:
            if literals:
                return typed(text, literals[0]), ()
            if subject is not None and self.queries.ask("has_texts", property=prop):
                return Literal(text), ()
            raise
        if literals and len(literals) == len(stated):
            return typed(text, literals[0]), ()
        return NamedNode(taken.iri), (taken,)

    def _ever_stated(self, subject: NamedNode, prop: NamedNode) -> list[Term]:
        """Return the values of a property of a thing, current ones and former ones."""
        former = (row["value"] for row in self.former(subject, prop))
        told = [*self.stated(subject, prop), *(it for it in former if it)]
        if prop == _SPOKE_OF:
            rows = self.queries.rows("words_of_testimonies", subject=subject).rows
            told += [summary for (summary,) in rows if summary]
        return told

    def explained(self, fact: Triple) -> ExplainedFact:
        """Return a fact with its evidence."""
        return explanation.explain(self.store, fact, pages=self.pages)

    def former(self, subject: NamedNode, prop: NamedNode) -> Iterator[Mapping[str, Term | None]]:
        """Yield who stated which values of a property that are no longer current."""
        known = STANDING in self.pages
        for row in self.pages.rows(STANDING, thing=subject) if known else ():
            if row["property"] == prop and row.get("way") != Literal("from"):
                yield row

    def stated(self, subject: NamedNode, prop: NamedNode) -> list[Term]:
        """Return the graph's values of a property of a thing."""
        return explanation.values(self.store, subject, prop)[:MOST_VALUES]

    @cached_property
    def _one_valued(self) -> Mapping[str, frozenset[str]]:
        return one_valued(self.shapes) if self.shapes else {}

    def has_one_value(self, thing: NamedNode, prop: NamedNode) -> bool:
        """Whether a thing can only have one value for a property."""
        classes = self._one_valued.get(prop.value, frozenset())
        return any(it in classes for it in self.labels.of([thing.value])[thing.value].classes)

    def converses(self, prop: NamedNode) -> list[NamedNode]:
        """Return the inverse properties."""
        rows = self.pages.rows("converses").rows
        return [two for one, two in rows if one == prop and isinstance(two, NamedNode)]


@dataclass(frozen=True)
class _Check:
    """A claim given by its terms, while it is checked."""

    checker: ClaimChecker
    triple: Triple
    certainty: str
    offices: tuple[Term, ...] = ()
    """The claimed roles or offices, if no property is claimed."""

    def result(self) -> CheckedClaim:
        """Return the verdict with all its evidence."""
        verdict, because, against = self._verdict()
        fact = self._refined if because is Because.REFINED and self._refined else self._fact
        return CheckedClaim(
            self.triple,
            verdict,
            because,
            self.certainty,
            fact,
            tuple(against),
            periods=explanation.periods(self.checker.store, fact),
            stated=tuple(self._stated),
        )

    def _verdict(self) -> tuple[Verdict, Because, Sequence[Objection]]:
        former, denied = [*self._former()], [*self._denials()]
        unsettled = [*self._questions()]
        every = [*denied, *former, *unsettled]
        if self._fact.holds:
            return self._of_fact(every, unsettled)
        if self._refined is not None:
            return self._of_refined(self._refined, every)
        taken_back = next((it for it in every if it.because in _TAKEN_BACK), None)
        if taken_back is not None:
            retracted = taken_back.because is Because.RETRACTED
            verdict = Verdict.RETRACTED if retracted else Verdict.CONTRADICTED
            return verdict, taken_back.because, [*every, *self._others()]
        others = [*self._others()]
        left_open = next((it for it in every if it.because in _LEFT_OPEN), None)
        if left_open is not None:
            return Verdict.OPEN, left_open.because, [*every, *others]
        if not others:
            return Verdict.NOT_STATED, Because.NOTHING, every
        sure = all(self._is_admitted(it.fact) for it in others if it.fact)
        if len(others) > 1 or not sure:
            return Verdict.OPEN, Because.LESS_SURE if not sure else Because.OTHER_VALUE, others
        return Verdict.CONTRADICTED, Because.OTHER_VALUE, others

    def _of_fact(
        self, every: Sequence[Objection], unsettled: Sequence[Objection]
    ) -> tuple[Verdict, Because, Sequence[Objection]]:
        """Return the verdict from the fact itself."""
        if not self._is_admitted(self._fact):
            return Verdict.OPEN, Because.LESS_SURE, every
        if self._bound in BOUNDS:
            return Verdict.OPEN, Because.BOUNDED, every
        if self._is_past:
            return Verdict.OPEN, Because.PAST, every
        hanging = [it for it in unsettled if self._hangs_on(it.question, *self._rests_on)]
        if hanging:
            return Verdict.OPEN, Because.OPEN_QUESTION, every
        stated = Because.STATED if self._fact.evidence else Because.CONCLUDED
        return Verdict.HOLDS, stated, [*every, *self._untaken()]

    def _of_refined(
        self, refined: ExplainedFact, every: Sequence[Objection]
    ) -> tuple[Verdict, Because, Sequence[Objection]]:
        """Return the verdict from a more precise fact."""
        if not self._is_admitted(refined):
            return Verdict.OPEN, Because.LESS_SURE, every
        said = refined.chains[0].premises[0].triple
        questions = OpenQuestions.read(self.checker.pages).by_fact.get(said, ())
        if any(self._hangs_on(it, said) for it in questions):
            return Verdict.OPEN, Because.OPEN_QUESTION, every
        return Verdict.HOLDS, Because.REFINED, every

    @property
    def _is_past(self) -> bool:
        """Whether a later document replaces the claimed office or membership."""
        people = [
            one.subject
            for one in self._same
            if (one.predicate in _PERSONAL or self.offices) and isinstance(one.subject, NamedNode)
        ]
        claimed = {self.triple.object, self.triple.subject, *self.offices}
        rows = self.checker.pages.rows("past_links", person=people) if people else ()
        return any(row["value"] in claimed for row in rows)

    def _is_admitted(self, fact: ExplainedFact) -> bool:
        """Whether a fact is as certain as required; one without a certainty always is."""
        return fact.certainty is None or fact.certainty in admitted(self.certainty)

    @cached_property
    def _fact(self) -> ExplainedFact:
        found = self.checker.explained(self.triple)
        if not self.offices and found.holds:
            return found
        ways = justifying(self.checker.store, [self.triple], _OWN_RULES)
        chains = [self._chain(it) for it in ways if self._is_claimed(it)]
        held = [] if self._has_not_taken_place else [it for it in chains if it.premises]
        held.sort(key=lambda it: CERTAINTIES.index(it.certainty))
        return replace(found, evidence=(), chains=tuple(held))

    def _chain(self, way: Justification) -> Chain:
        """Return the chain by which a claim follows from a rule for claims only."""
        facts = tuple(self._explained(*it) for it in way.premises)
        weakest = CERTAINTIES[max(it.rank for it in facts)]
        return Chain("", way.rule.labels, weakest, facts)

    def _is_claimed(self, way: Justification) -> bool:
        """Whether a rule for claims leads to the claimed role or office, or to the property."""
        if way.rule.name == "title_of_member":
            memberships = self.checker.queries.rows("organisations_of", thing=self._subject).rows
            if len(memberships) > 1:
                return False
        terms = {term for it in way.premises for term in (it.subject, it.object)}
        return not terms.isdisjoint(self.offices) or self.triple.predicate in _OF_OWN_RULES

    @cached_property
    def _has_not_taken_place(self) -> bool:
        """Whether the claim is about participation in an event that has not taken place."""
        subject, event = self._subject, self.triple.object
        return (
            self.triple.predicate in _OF_PARTICIPANTS
            and isinstance(event, NamedNode)
            and self.checker.queries.ask("has_not_taken_place", subject=subject, event=event)
        )

    @cached_property
    def _stated(self) -> list[Term]:
        return self.checker.stated(self._subject, self.triple.predicate)

    @cached_property
    def _refined(self) -> ExplainedFact | None:
        """The claim as it follows from a more precise fact; None if there is none."""
        for value in self._stated:
            said = self._explained(self._subject, self.triple.predicate, value)
            way = self._way_up(value, frozenset())
            if way is not None and said.holds:
                premises = (said, *way)
                weakest = CERTAINTIES[max(it.rank for it in premises)]
                chain = Chain("", _MORE_PRECISE, weakest, premises)
                claimed = self._subject, self.triple.predicate, self.triple.object
                return ExplainedFact(*claimed, chains=(chain,))
        return None

    def _way_up(self, value: Term, below: frozenset[Term]) -> tuple[ExplainedFact, ...] | None:
        """Return the steps from a value to the claimed one that contains it, or None."""
        claimed = self.triple.object
        if isinstance(claimed, Literal) and isinstance(value, Literal):
            return () if is_within(value, claimed) else None
        if self.triple.predicate not in _OF_EACH_AROUND:
            return None
        if not isinstance(value, NamedNode) or value in below:
            return None
        for around in self.checker.stated(value, _WITHIN):
            step = self._explained(value, _WITHIN, around)
            more = () if around == claimed else self._way_up(around, below | {value})
            if more is not None:
                return (step, *more)
        return None

    def _explained(self, subject: NamedNode, prop: NamedNode, value: Term) -> ExplainedFact:
        return self.checker.explained(Triple(subject, prop, value))

    @property
    def _subject(self) -> NamedNode:
        assert isinstance(self.triple.subject, NamedNode)
        return self.triple.subject

    @cached_property
    def _same(self) -> tuple[Triple, ...]:
        """The claim, and its inverse forms."""
        value = self.triple.object
        if not isinstance(value, NamedNode):
            return (self.triple,)
        turned = self.checker.converses(self.triple.predicate)
        return (self.triple, *(Triple(value, it, self._subject) for it in turned))

    @property
    def _rests_on(self) -> tuple[Triple, ...]:
        """What an open question may touch: the claim, or the facts from which an office follows."""
        if not self.offices:
            return self._same
        return tuple(it.triple for chain in self._fact.chains for it in chain.premises)

    def _former(self) -> Iterator[Objection]:
        """Yield who stated the claim if it is no longer current."""
        for one in self._same:
            assert isinstance(one.subject, NamedNode)
            rows = self.checker.former(one.subject, one.predicate)
            found = (_objection(row) for row in rows if row["value"] == one.object)
            yield from dict.fromkeys(found)
        if not self._fact.holds:
            for one in self._same:
                yield from self._formerly_concluded(one)

    def _untaken(self) -> Iterator[Objection]:
        """Yield other values of a single-valued property that readings not taken give."""
        for one in self._same:
            assert isinstance(one.subject, NamedNode)
            if not self.checker.has_one_value(one.subject, one.predicate):
                continue
            for row in self.checker.former(one.subject, one.predicate):
                objection, value = _objection(row), row["value"]
                if objection.because is not Because.READING_NOT_TAKEN or value is None:
                    continue
                if value != one.object and not self._go_together(one.object, value):
                    fact = self._explained(one.subject, one.predicate, value)
                    yield replace(objection, fact=fact)

    def _formerly_concluded(self, claim: Triple) -> Iterator[Objection]:
        """Yield superseded facts from which a rule would conclude the claim."""
        known = _OWN_RULES if self.offices else rulebook.shipped()
        rules = [it for it in known if it.head.predicate == claim.predicate]
        ends = [it for it in (claim.subject, claim.object) if isinstance(it, NamedNode)]
        rows = [*self.checker.queries.rows("former_around", thing=ends)] if rules else []
        former: dict[Triple, list[Mapping[str, Term | None]]] = {}
        for row in rows:
            former.setdefault(_triple(row["subject"], row["property"], row["value"]), []).append(
                row
            )
        if not former:
            return
        named = {it for fact in former for it in (fact.subject, fact.object, *ends)}
        around = self.checker.pages.rows(
            "statements", thing=sorted({it for it in named if isinstance(it, NamedNode)}, key=str)
        )
        facts = {*former, *(_triple(s, p, o) for s, p, o, _ in around.rows)}
        store = EmbeddedStore.of_quads(Quad(*fact) for fact in facts)
        for way in justifying(store, [claim], rules):
            for premise in way.premises if not self.offices or self._is_claimed(way) else ():
                yield from map(_objection, former.get(premise, ()))

    def _denials(self) -> Iterator[Objection]:
        for one in self._same:
            assert isinstance(one.subject, NamedNode)
            for row in self.checker.queries.rows(
                "denials", subject=one.subject, property=one.predicate
            ):
                if row["value"] == one.object:
                    yield Objection(Because.DENIED, sets=(_iri(row["graph"]),))

    def _questions(self) -> Iterator[Objection]:
        """Yield the open questions that touch the claim, and facts to be confirmed."""
        found = OpenQuestions.read(self.checker.pages)
        touching = dict.fromkeys(it for one in self._rests_on for it in found.by_fact.get(one, ()))
        if not self._fact.holds and not self.offices:
            touching |= dict.fromkeys(
                record.iri
                for record in found.records.values()
                for one in self._same
                if one.predicate in record.properties and one.subject in record.about
            )
        for iri in touching:
            yield Objection(Because.OPEN_QUESTION, question=iri)
        subject, prop = self._subject, self.triple.predicate
        if not self._fact.holds and self.checker.queries.ask(
            "to_be_fixed", subject=subject, property=prop
        ):
            yield Objection(Because.TO_BE_FIXED)
        if not self._fact.holds and self._has_not_taken_place:
            yield Objection(Because.ANNOUNCED)

    def _hangs_on(self, question: str, *facts: Triple) -> bool:
        """Whether another reading of a question would remove one of some facts."""
        found = OpenQuestions.read(self.checker.pages)
        record = found.records.get(question)
        if record is None:
            return False
        doubtful = {fact.triple for fact in record.doubtful} | found.falling[question]
        return any(one in doubtful for one in facts)

    def _others(self) -> Iterator[Objection]:
        """Yield the other values of a single-valued property."""
        for one in self._same:
            assert isinstance(one.subject, NamedNode)
            if not self.checker.has_one_value(one.subject, one.predicate):
                continue
            for value in self.checker.stated(one.subject, one.predicate):
                if value != one.object and not self._go_together(one.object, value):
                    other = Triple(one.subject, one.predicate, value)
                    fact = self.checker.explained(other)
                    yield Objection(Because.OTHER_VALUE, fact)

    @cached_property
    def _bound(self) -> str:
        """Return how the document bounds the claimed number; the empty string if it does not."""
        if self.triple.predicate != _VALUE:
            return ""
        rows = self.checker.queries.rows("bound_of_figure", subject=self._subject).rows
        return next((_iri(bound).rpartition("/")[2] for (bound,) in rows), "")

    def _go_together(self, claimed: Term, stated: Term) -> bool:
        """Whether both values can be true.

        Examples are a town and a place in it, a month and one of its days, a number and a bound for
        it.
        """
        if isinstance(claimed, Literal) and isinstance(stated, Literal):
            if self._bound in BOUNDS:
                return is_within_bound(claimed, stated, self._bound)
            return go_together(claimed, stated)
        if isinstance(claimed, NamedNode) and isinstance(stated, NamedNode):
            return self.checker.queries.ask("is_within", one=claimed, other=stated)
        return True


def refuse_certainty(certainty: str) -> None:
    """Raise UnknownNameError for a text that is not a certainty."""
    if certainty not in CERTAINTIES:
        known = ", ".join(CERTAINTIES)
        raise UnknownNameError(f"{certainty!r} is not a certainty: there are {known}.", CERTAINTIES)


def _objection(row: Mapping[str, Term | None]) -> Objection:
    """Return the objection that a superseded statement makes to a claim."""
    standing = getattr(row["standing"], "value", "").removeprefix(RN)
    because = _GAVE_WAY.get(standing, Because.SUPERSEDED)
    named = tuple(it for it in (_iri(row.get("set")), _iri(row.get("taker"))) if it)
    return Objection(because, sets=named, question=_iri(row.get("question")))


def _triple(subject: Term | None, prop: Term | None, value: Term | None) -> Triple:
    return Triple(subject, prop, value)  # type: ignore[arg-type]


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def one_valued(shapes: bytes) -> Mapping[str, frozenset[str]]:
    """Return the classes whose things have at most one value of a property, by property."""
    store = EmbeddedStore.of_quads(parse(shapes, format=RdfFormat.TURTLE))
    found: dict[str, set[str]] = defaultdict(set)
    for prop, of_class in PageQueries(store, _QUERIES).rows("one_valued").rows:
        found[_iri(prop)].add(_iri(of_class))
    return {prop: frozenset(classes) for prop, classes in found.items()}
