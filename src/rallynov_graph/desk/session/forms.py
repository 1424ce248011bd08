"""Forms that are declared: what a text says with several facts is entered in one act."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple, cast

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, RN, in_prefixes
from rallynov_graph.desk.document_reading import Entry
from rallynov_graph.desk.session.asked import (
    ActRefused,
    AskedFact,
    AskedObject,
    AskedPassage,
    AskedText,
    AskedValue,
    Fill,
    NewThing,
)
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.desk.session.stating import Stating
from rallynov_graph.desk.sets_of_facts import StatedFact, facts_of
from rallynov_graph.desk.short_terms import LABEL, REASON, TYPE, VOICE, XSD, Value
from rallynov_graph.desk.terms import PropertyUse, Terms, expanded
from rallynov_graph.desk.things import Things
from rallynov_graph.desk.words import NameFault, message
from rallynov_graph.matching.words import unbroken

SUBJECT: Final = "subject"
FACT: Final = "fact"
"""The field of an erratum that takes what a document said."""
_VALUE: Final = "value"
_SHOWN: Final = 100
_DESCRIBED_OTHERWISE: Final = frozenset({f"{PREFIXES['skos']}Concept", f"{RN}DocumentPart"})
"""Kinds of things that have no form, since curators describe them."""
_OF_SERIES: Final = f"{PREFIXES['dcterms']}isPartOf"
_ISSUED: Final = f"{PREFIXES['dcterms']}issued"


class Field(NamedTuple):
    """A field of a form: a property of the new thing, or of one that it leads to."""

    name: str
    outer: str
    inner: str = ""

    @property
    def property(self) -> str:
        """The property whose value it takes."""
        return self.inner or self.outer


@dataclass(frozen=True)
class DeclaredForm:
    """A form as ``forms.toml`` declares it."""

    name: Mapping[str, str]
    fields: Sequence[str]
    class_: str = ""
    fixed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    copied: Sequence[str] = ()
    several: Sequence[str] = ()
    without_words: bool = False

    def every(self) -> list[Field]:
        return [Field(it, *map(expanded, it.split("/"))) for it in self.fields]

    def use(self, of: Field, terms: Terms) -> PropertyUse:
        """Return the values that a field takes, and whether it is required."""
        class_ = expanded(self.class_)
        if of.inner:
            outer = terms.property(of.outer)
            class_ = next(iter(outer.named_classes), "") if outer else ""
        found = terms.uses([class_]).get(of.property)
        term = terms.property(of.property)
        if found is None:
            classes, types = (term.named_classes, term.datatypes) if term else ((), ())
            found = PropertyUse(of.property, tuple(sorted(classes)), tuple(sorted(types)))
        first = self.fields[0] == of.name
        if self.fields[0] == SUBJECT:
            of_kind = (class_,) if first and class_ else found.classes
            return replace(found, classes=of_kind, is_demanded=first or not class_)
        is_demanded = found.is_demanded and not of.inner and of.name not in self.fixed
        return replace(found, is_demanded=is_demanded or first or self.without_words)


FORMS: Final[Mapping[str, DeclaredForm]] = {
    key: DeclaredForm(class_=it.pop("class", ""), **it)
    for key, it in tomllib.loads(Path(__file__).with_name("forms.toml").read_text("utf-8")).items()
}
"""The forms by name."""


def forms_of(terms: Terms) -> dict[str, DeclaredForm]:
    """Return the declared forms, and one for each other kind of thing with all its properties."""
    there = {expanded(it.class_) for it in FORMS.values()} | _DESCRIBED_OTHERWISE
    every = {in_prefixes(it): _form_of(it, terms) for it in terms.by_class if it not in there}
    return {**FORMS, **every}


def _form_of(kind: str, terms: Terms) -> DeclaredForm:
    uses = terms.uses([kind]).values()
    name = {code: terms.label(kind, code).capitalize() for code in LANGUAGES}
    several = [in_prefixes(it.iri) for it in uses if not it.is_one]
    fields = [SUBJECT, *(in_prefixes(it.iri) for it in uses)]
    return DeclaredForm(name, fields, kind, several=several)


class Filling:
    """A form that is filled in for a document; raises ActRefused for what cannot be stated."""

    def __init__(self, asked: Fill, stating: Stating, document: ReadDocument) -> None:
        form = forms_of(document.terms).get(asked.form)
        if form is None:
            raise ActRefused("no form", "form", name=asked.form)
        self._form, self._asked, self._stating, self._document = form, asked, stating, document
        self._fields = {it.name: it for it in form.every()}
        for name in asked.values:
            if name not in self._fields:
                raise ActRefused("no property", name, name=name)
        for it in self._fields.values():
            if form.use(it, document.terms).is_demanded and not asked.values.get(it.name):
                raise ActRefused("empty", it.name)
        if not asked.words and not form.without_words:
            raise ActRefused("no words", "words")

    def state(self) -> None:
        if FACT in self._fields:
            self._replace()
        elif self._form.without_words:
            self._describe()
        else:
            self._state_all()

    def _state_all(self) -> None:
        if self._form.fields[0] == SUBJECT:
            subject = cast("str | NewThing", self._asked.values[SUBJECT][0])
        else:
            subject = NewThing(self._label(), self._form.class_)
        led: dict[str, str] = {}
        for of, given in self._given():
            if not of.inner:
                subject = self._fact(of.name, subject, of.outer, given).subject
                continue
            if of.outer not in led:
                led[of.outer], has_it = self._led(of, str(subject), given)
                if has_it:
                    continue
            self._fact(of.name, led[of.outer], of.inner, given)

    def _given(self) -> Iterator[tuple[Field, AskedObject]]:
        """Yield fields with their values, those of the new thing itself first, and fixed ones."""
        document = self._document
        fixed = [
            (
                Field(name, expanded(name)),
                _term(called, expanded(name), document, self._stating.things),
            )
            for name, called in self._form.fixed.items()
            if not self._asked.values.get(name)
        ]
        given = [
            (it, value)
            for it in self._fields.values()
            for value in self._asked.values.get(it.name, ())
            if it.name not in (SUBJECT, "rdfs:label")
        ]
        yield from sorted((*given, *fixed), key=lambda it: bool(it[0].inner))

    def _led(self, of: Field, subject: str, given: AskedObject) -> tuple[str, bool]:
        """Return the thing that a property leads to, and whether it exists; else it is new."""
        copied = [
            (name, it)
            for name in map(expanded, self._form.copied)
            for it in self._said(subject, name)
        ]
        if isinstance(given, str):
            wanted = [(of.inner, NamedNode(given)), *copied]
            for there in self._stating.subjects(wanted):
                if there != subject:
                    self._fact(of.name, subject, of.outer, there)
                    return there, True
        term = self._document.terms.property(of.outer)
        class_ = next(iter(term.named_classes)) if term else ""
        new = NewThing(self._called(class_, [given]), class_)
        there = self._fact(of.name, subject, of.outer, new).value.value
        for name, value in copied:
            self._fact(of.name, there, name, value.value)
        return there, False

    def _said(self, subject: str, name: str) -> Iterator[Value]:
        for entry in self._stating.entries.values():
            yield from entry.facts.get(subject, {}).get(name, ())

    def _fact(
        self, name: str, subject: str | NewThing, property_: str, given: AskedObject
    ) -> StatedFact:
        asked, words = self._asked, self._asked.words
        try:
            return self._stating.state(
                AskedFact(
                    certainty=asked.certainty,
                    reason=asked.reason,
                    voice=asked.voice,
                    words=words,
                    subject=subject,
                    property=property_,
                    object=given,
                )
            )
        except ActRefused as refused:
            if refused.field in ("object", "property", "class"):
                refused.field = name
            raise

    def _label(self) -> dict[str, str]:
        if named := self._asked.values.get("rdfs:label"):
            return {"": getattr(named[0], "text", "") or getattr(named[0], "value", "")}
        return self._called(
            self._form.class_, [value for it, value in self._given() if it.name in self._fields]
        )

    def _called(self, class_: str, values: Sequence[AskedObject]) -> dict[str, str]:
        return named_by_kind(class_, [*map(self._text, values[:3])], self._document)

    def _text(self, value: AskedObject) -> str:
        match value:
            case NewThing(new):
                return next(iter(new.values()))
            case AskedText(text) | AskedValue(text):
                return text
            case AskedPassage(span):
                return unbroken(self._document.words[slice(*span)])
            case "words":
                return ""
            case address:
                things, terms = self._stating.things, self._document.terms
                found = things.address(address) or address
                return things.label(found) or terms.label(found, self._document.text.languages[0])

    def _describe(self) -> None:
        """Note what curators did: who and when are added."""
        says: dict[str, tuple[Value, ...]] = {
            expanded(name): tuple(
                self._stating.value_of(expanded(name), str(it), name) for it in given
            )
            for name, given in self._asked.values.items()
        }
        texts = self._called(self._form.class_, [v for _, v in self._given()])
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._add(
            expanded(self._form.class_),
            self._stating.literals(texts),
            {
                **says,
                f"{PREFIXES['prov']}wasAttributedTo": (NamedNode(self._stating.reader),),
                f"{PREFIXES['prov']}generatedAtTime": (
                    Literal(now, datatype=NamedNode(f"{XSD}dateTime")),
                ),
            },
        )

    def _add(
        self, class_: str, labels: Sequence[Literal], says: Mapping[str, tuple[Value, ...]]
    ) -> None:
        address = self._stating.things.new(labels[0].value, class_)
        said: dict[str, tuple[Value, ...]] = {TYPE: (NamedNode(class_),), LABEL: tuple(labels)}
        self._stating.add(Entry("thing", address, self._stating.graph, says={**said, **says}))

    def _replace(self) -> None:
        """State a value, and that it replaces one that a document gave."""
        asked = self._asked
        old = self._statement(str(asked.values[FACT][0]))
        [given] = asked.values[_VALUE]
        if not any(self._said(old.subject, TYPE)):
            for class_ in sorted(self._stating.classes(old.subject)):
                self._fact(_VALUE, old.subject, TYPE, class_)
        new = self._fact(_VALUE, old.subject, old.name, given)
        if new.entry.address == old.entry.address:
            raise ActRefused("same set", _VALUE)
        standing = "retracted" if self._is_earlier(old.entry) else "superseded"
        label = message("label.erratum", name=self._text(old.subject))
        reasons = asked.reason or message("label.replaces", **{"with": self._text(given)})
        languages = self._document.text.languages
        self._add(
            expanded(self._form.class_),
            self._stating.literals({it: label.get(it, label["en"]) for it in languages}),
            {
                f"{RN}ofSet": (NamedNode(old.entry.address),),
                f"{RN}onSubject": (NamedNode(old.subject),),
                f"{RN}onProperty": (NamedNode(old.name),),
                f"{RN}standing": (NamedNode(RN + standing),),
                f"{RN}inFavourOf": (NamedNode(new.entry.address),),
                REASON: self._stating.literals(
                    {it: reasons.get(it, next(iter(reasons.values()))) for it in languages}
                ),
            },
        )

    def _statement(self, wanted: str) -> StatedFact:
        sets = self._stating.reading().of_kind("set")
        own = (fact for entry in sets for fact in facts_of(entry))
        for it in chain(own, self._document.other_facts):
            if it.id == wanted:
                return it
        raise ActRefused("no fact", FACT)

    def _is_earlier(self, entry: Entry) -> bool:
        """Return whether a set is of an earlier document of the same series."""
        of_it = {it.value for it in entry.says.get(VOICE, ())}
        said = {(it.name, it.value) for it in self._document.other_facts if it.subject in of_it}
        here = self._document.text.document
        issued = max((it.value for it in self._said(here, _ISSUED)), default="")
        is_same = any((_OF_SERIES, it) in said for it in self._said(here, _OF_SERIES))
        return is_same and all(it.value < issued for name, it in said if name == _ISSUED)


def named_by_kind(class_: str, names: Sequence[str], document: ReadDocument) -> dict[str, str]:
    """Return the name of a new thing by language: its kind, and what its first statements name."""
    terms, kind, told = document.terms, expanded(class_), ", ".join(filter(None, names))
    return {
        code: f"{terms.label(kind, code)}{message('label.of')[code]}{told}"[:_SHOWN].rstrip()
        for code in document.text.languages
    }


def listed(called: Mapping[str, str], name: str, document: ReadDocument, things: Things) -> str:
    """Return the term with one of these names in a property's list; empty if there is none."""
    kind = document.kind_of_terms(document.terms.lists.get(name, ""))
    for it in called.values():
        with suppress(NameFault):
            if found := things.find(it, kind):
                return found
    return ""


def _term(
    called: Mapping[str, str], name: str, document: ReadDocument, things: Things
) -> str | NewThing:
    new = {code: it for code, it in called.items() if code in LANGUAGES}
    return listed(called, name, document, things) or NewThing(new, "skos:Concept")
