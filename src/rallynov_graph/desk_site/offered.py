"""The suggestions in a field of the desk: properties, things by name, earlier reasons."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import BASE, PREFIXES, in_prefixes, kind_of_iri
from rallynov_graph.desk.session.forms import SUBJECT, DeclaredForm, Field, forms_of
from rallynov_graph.desk.session.reading_session import ReadingSession
from rallynov_graph.desk.session.shown_state import ShownLabels
from rallynov_graph.desk.sets_of_facts import StatedFact, facts_of
from rallynov_graph.desk.short_terms import REASON, TYPE
from rallynov_graph.desk.terms import (
    MEASURE,
    OF_PROPERTIES,
    READ_IN,
    SOUGHT_KIND,
    STATED_UNKNOWN,
    PropertyTerm,
    PropertyUse,
    best,
    kind_of_class,
)
from rallynov_graph.desk.things import Things
from rallynov_graph.desk.words import message
from rallynov_graph.matching.words import folded

Json = dict[str, Any]
Reason = tuple[tuple[str, str], ...]
"""A reason: pairs of a language and a text."""
_SCHEME: Final = f"{PREFIXES['skos']}ConceptScheme"
_PART: Final = f"{PREFIXES['rn']}DocumentPart"
_MOST: Final = 20
_MOST_NAMED: Final = 3
_NEW_WITHOUT_PROPERTY: Final = (
    "foaf:Person org:Organization rn:Innovation rn:Stage schema:Event schema:Place rn:Testimony "
    "rn:Participation org:Membership foaf:Group rn:ReportedFigure rn:Funding"
)
"""The kinds of things that can be created as the subject of a fact."""


class Offered:
    """The suggestions of a session at one moment, in a language."""

    def __init__(self, session: ReadingSession, language: str) -> None:
        self._state, self._language = session.current(), language
        self._document, self._terms = session.document, session.document.terms
        self._shown = ShownLabels(self._document, language, [self._state.reading])

    def properties(self, subject: str, class_iri: str) -> list[Json]:
        """Return the properties of a thing, or of a new one of a class.

        Required properties come first, those that are not allowed last. A property that already has
        its only value is allowed, because two readings of a text may differ in it.
        """
        classes = {class_iri} if class_iri else set()
        given: set[str] = set()
        if subject:
            classes |= self._shown.classes(subject)
            for entry in self._state.reading.entries.values():
                given |= {*entry.facts.get(subject, {})}
        uses = self._terms.uses(classes)
        classes_of: dict[str, set[str]] = {}
        for name, every in self._terms.by_class.items():
            for it in every:
                classes_of.setdefault(it.iri, set()).add(name)
        others = sorted({*classes_of} - {*uses})
        allowed = [self._allowed(it, given) for it in uses.values()]
        free = [self._free(iri, classes_of[iri]) for iri in others]
        if not classes:
            allowed += free
        else:
            for shown in free:
                names = [self._label(it) for it in sorted(classes_of[shown["iri"]])]
                more = " …" if len(names) > _MOST_NAMED else ""
                because = self._say("said of", classes=", ".join(names[:_MOST_NAMED]) + more)
                shown |= {"allowed": False, "because": because}
        found = [
            *sorted(allowed, key=self._place),
            *(sorted(free, key=lambda it: str(it["label"]).casefold()) if classes else ()),
        ]
        counted = Counter(it["label"] for it in found)
        for it in found:
            if counted[it["label"]] > 1:
                kinds = sorted(map(self._label, classes_of[it["iri"]]))
                it["label"] += f" ({', '.join(kinds[:_MOST_NAMED])})"
        return found

    def forms(self) -> list[Json]:
        """Return the declared forms, with what each field takes."""
        return [
            {
                "form": key,
                "label": it.name[self._language],
                "words": not it.without_words,
                "fields": [self._field(it, one) for one in it.every()],
            }
            for key, it in forms_of(self._terms).items()
        ]

    def _field(self, form: DeclaredForm, of: Field) -> Json:
        use = form.use(of, self._terms)
        is_alone = len([it for it in form.every() if it.outer == of.outer]) == 1
        is_of_kind = of.name == SUBJECT and use.classes
        named = message(f"field.{of.name}")[self._language] if ":" not in of.name else ""
        return {
            **self._use(replace(use, iri=use.classes[0]) if is_of_kind else use),
            "field": of.name,
            "label": named or self._label(of.outer if is_alone else of.property),
            "demanded": use.is_demanded,
            "several": of.name in form.several,
        }

    def facts(self, typed: str, about: Collection[str]) -> list[Json]:
        """Return facts that contain the typed text, those about the given things first."""
        wanted = folded(typed).split()
        own = (it for entry in self._state.reading.of_kind("set") for it in facts_of(entry))
        told = [
            (it, self._told(it)) for it in (*self._document.other_facts, *own) if it.name != TYPE
        ]
        found = [(it, label) for it, label in told if all(w in folded(label) for w in wanted)]
        found.sort(key=lambda it: (it[0].subject not in about, it[1]))
        return [
            {"address": it.id, "label": label, "kind": kind_of_iri(it.subject), "property": it.name}
            for it, label in found[:_MOST]
        ]

    def _told(self, fact: StatedFact) -> str:
        value = self._shown.value(fact.value)
        names = map(self._shown.label, (fact.subject, fact.name))
        return " · ".join((*names, value.get("label") or value["text"]))

    def things(self, typed: str, name: str) -> Json:
        """Return the things with a name, those that a property takes first."""
        term = (self._terms.property(name) or self._terms.things_of(name)) if name else None
        if term and term.iri in (SOUGHT_KIND, READ_IN):
            return {"things": self._of_scopes(term.iri, typed), "new": []}
        own = self._document.taken_things.beside(self._state.reading)
        document = self._document.text.document
        own.searched[document].add(folded(self._shown.label(document)))
        if term and term.iri in OF_PROPERTIES:
            every = {"things": self._properties_named(typed), "new": []}
            if term.iri == STATED_UNKNOWN:
                measures = self.things(typed, MEASURE)
                every = {it: [*every[it], *measures[it]] for it in every}
            return every
        because: dict[str, str] = {}
        if term is not None:
            for address in {*own.searched, *self._document.taken_things.searched}:
                because[address] = self._because(term, address, own)
        is_list = bool(term and _SCHEME in term.named_classes)
        found = [
            it
            for it in own.search(typed, {address: not why for address, why in because.items()})
            if is_list or kind_of_iri(it.address) != "scheme"
        ]
        things = [
            self._thing(it.address, it.links, is_own=it.is_own, why=because.get(it.address, ""))
            for it in found[:_MOST]
        ]
        return {
            "things": [*things, *(self._elsewhere(term, typed) if term else ())],
            "new": [self._new(iri, term) for iri in self._new_classes(term)],
        }

    def reasons(self, typed: str) -> list[Json]:
        """Return earlier reasons that contain the typed text, those of this document first."""
        wanted = folded(typed)
        own = Counter(self._own_reasons())
        found = [(reason, True, number) for reason, number in own.most_common()]
        others = Counter(it for it in self._other_reasons() if it not in own)
        found += [(reason, False, number) for reason, number in others.most_common()]
        return [
            {"reason": dict(reason), "own": is_own, "uses": number}
            for reason, is_own, number in found
            if not wanted or any(wanted in folded(text) for _, text in reason)
        ][:_MOST]

    def _say(self, key: str, **values: object) -> str:
        return message(f"offered.{key}", **values)[self._language]

    def _label(self, iri: str) -> str:
        return self._terms.label(iri, self._language)

    def _allowed(self, use: PropertyUse, given: set[str]) -> Json:
        is_full = use.is_one and use.iri in given
        return self._use(use) | {
            "because": self._say("full") if is_full else "",
            "demanded": use.is_demanded and use.iri not in given,
            "wanted": use.is_wanted and use.iri not in given,
        }

    def _free(self, iri: str, classes: set[str]) -> Json:
        use = PropertyUse(iri)
        for name in sorted(classes):
            for it in self._terms.by_class[name]:
                use = use.with_(it) if it.iri == iri else use
        return self._use(use) | {"demanded": False, "wanted": False}

    def _use(self, use: PropertyUse) -> Json:
        accepts = [{"class": it, "label": self._label(it)} for it in use.classes]
        accepts += [{"datatype": it, "label": self._datatype(it)} for it in use.datatypes]
        return {
            "iri": use.iri,
            "name": in_prefixes(use.iri),
            "label": self._label(use.iri),
            "definition": best(self._terms.definitions.get(use.iri, {}), self._language),
            "accepts": accepts,
            "list": self._terms.lists.get(use.iri, ""),
            "one": use.is_one,
            "allowed": True,
            "because": "",
        }

    def _datatype(self, iri: str) -> str:
        name = iri.rpartition("#")[2].rpartition("/")[2]
        try:
            return message(f"datatype.{name}")[self._language]
        except KeyError:
            return in_prefixes(iri)

    def _place(self, shown: Json) -> tuple[bool, bool, bool, int, str]:
        return (
            bool(shown["because"]),
            not shown["demanded"],
            not shown["wanted"],
            -self._document.uses[shown["iri"]],
            str(shown["label"]).casefold(),
        )

    def _thing(self, address: str, links: int, *, is_own: bool = False, why: str = "") -> Json:
        shown = self._shown.thing(address)
        return {**shown, "own": is_own, "links": links, "allowed": not why, "because": why}

    def _because(self, term: PropertyTerm, address: str, own: Things) -> str:
        """Return why a thing cannot be a value of a property; the empty string if it can."""
        named = self._label(term.iri)
        wanted = self._terms.lists.get(term.iri, "")
        schemes = self._document.taken_things.schemes.get(address, set())
        if wanted and wanted not in schemes | own.schemes.get(address, set()):
            return self._say("list", name=named, expected=self._shown.label(wanted))
        classes = self._shown.classes(address)
        if term.classes and classes and not classes & term.classes:
            expected = ", ".join(map(self._label, sorted(term.named_classes)))
            return self._say("class", name=named, expected=expected)
        return ""

    def _new_classes(self, term: PropertyTerm | None) -> list[str]:
        names = sorted(term.named_classes) if term else []
        if names or (term and not term.takes_things):
            return names
        found = map(self._terms.class_named, _NEW_WITHOUT_PROPERTY.split())
        every = sorted({*self._terms.by_class} - {_PART})
        return [*dict.fromkeys((*filter(None, found), *every))]

    def _elsewhere(self, term: PropertyTerm, typed: str) -> Iterator[Json]:
        """Yield things of other sites that the data link with this property."""
        used = Counter(
            quad.object.value
            for quad in self._document.other_quads
            if quad.predicate.value == term.iri
            and isinstance(quad.object, NamedNode)
            and not quad.object.value.startswith(BASE)
        )
        for address, number in used.most_common(_MOST):
            shown = self._thing(address, number)
            if folded(typed) in folded(f"{shown['label']} {address}"):
                yield shown

    def _properties_named(self, typed: str) -> list[Json]:
        """Return properties by name, restricted to these values."""
        wanted = folded(typed)
        found = (self._thing(it, 0) for it in {*self._terms.properties.values()})
        named = [it for it in found if wanted in folded(str(it["label"]))]
        return sorted(named, key=lambda it: (len(it["label"]), it["label"], it["address"]))[:_MOST]

    def _of_scopes(self, name: str, typed: str) -> list[Json]:
        """Return the classes to look for, or the document and its parts."""
        parts = [it.address for it in self._state.reading.of_kind("part")]
        places = [self._document.text.document, *parts]
        found = [self._thing(it, 0) for it in (places if name == READ_IN else self._terms.by_class)]
        return [it for it in found if folded(typed) in folded(str(it["label"]))]

    def _new(self, iri: str, term: PropertyTerm | None) -> Json:
        of_list = self._terms.lists.get(term.iri, "") if term else ""
        is_proper = self._terms.has_proper_names(iri)
        uses = self._terms.uses([iri]).values()
        return {
            "kind": (of_list and self._document.kind_of_terms(of_list)) or kind_of_class(iri),
            "languages": [] if is_proper else [*self._document.text.languages],
            "class": iri,
            "label": self._label(iri),
            "demands": [self._label(it.iri) for it in uses if it.is_demanded],
        }

    def _own_reasons(self) -> Iterator[Reason]:
        for entry in reversed(self._state.reading.of_kind("set")):
            if reasons := entry.says.get(REASON):
                yield tuple(
                    (it.language or LANGUAGES[0], it.value)
                    for it in reasons
                    if isinstance(it, Literal)
                )

    def _other_reasons(self) -> Iterator[Reason]:
        found: dict[str, list[tuple[str, str]]] = {}
        for quad in self._document.other_quads:
            if quad.predicate.value == REASON and isinstance(quad.object, Literal):
                texts = found.setdefault(str(quad.subject), [])
                texts.append((quad.object.language or LANGUAGES[0], quad.object.value))
        yield from map(tuple, found.values())
