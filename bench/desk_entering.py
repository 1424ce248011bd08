"""A document entered at the desk from its list, by keyboard alone: proposals and facts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Final

from desk_keyboard import DeskKeyboard, Line
from newsletter import Document, Statement
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.desk.session.forms import FORMS
from rallynov_graph.desk.short_terms import TYPE
from rallynov_graph.desk.terms import expanded

NAME: Final = f"{RN}nameAsPrinted"
CONCEPT: Final = f"{PREFIXES['skos']}Concept"
SCHEME: Final = f"{PREFIXES['skos']}ConceptScheme"
PLACE: Final = f"{PREFIXES['schema']}Place"
SPACES: Final = str.maketrans("\u00a0\u202f\n", "   ")
REASON: Final = "Why it was read so stands in the list."
"""The reason in English, which the list has not."""
LANGUAGES: Final[Mapping[str, str]] = {"fr": "texte en français", "en": "texte en anglais"}
"""How the page names the languages of a text."""
FORM: Final = "[data-desk=factForm]"
FEWEST: Final = 3
"""With so many facts a form is quicker than one fact after the other."""
LABEL: Final = PREFIXES["rdfs"] + "label"


class NotStated(Exception):
    """The page does not allow stating a fact; carries the place where it stops."""


@dataclass(frozen=True)
class Wanted:
    """A fact of the list, with its addresses there."""

    subject: str
    property: str
    value: NamedNode | Literal

    @property
    def is_type(self) -> bool:
        """Whether it says what something is."""
        return self.property == TYPE


def wanted(statement: Statement) -> list[Wanted]:
    """Return the facts of a statement; a class comes first only if the thing has nothing else.

    Other facts determine the class too: a new thing has a kind.
    """
    found = [
        Wanted(it.subject.value, it.predicate.value, it.object)  # type: ignore[union-attr, arg-type]
        for it in statement.facts
    ]
    told = {it.subject for it in found if not it.is_type and it.property != NAME}
    return sorted(found, key=lambda it: it.is_type == (it.subject in told))


@dataclass
class DeskEntering:
    """A reader who enters the facts of a list, and the facts entered so far."""

    document: Document
    hand: DeskKeyboard
    addresses: dict[str, str] = field(default_factory=dict)
    """The desk's address of each thing of the list that it has."""
    missed: list[tuple[Wanted, str]] = field(default_factory=list)
    there: set[tuple[str, str, str]] = field(default_factory=set)
    """Subject, property and value of each fact, as the desk has them."""

    keys_of: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many keys the facts of each subject and property took."""

    elsewhere: dict[str, str] = field(default_factory=dict)
    """What things are called that other files or sites describe, by address."""

    def enter(self, most: int = 10**6) -> int:
        """State a number of facts that are missing; return how many of the list are stated then."""
        self.note()
        self.state_all(self.document.statements, most)
        return self.number

    def state_all(self, statements: Sequence[Statement], most: int = 10**6) -> None:
        """State a number of missing facts; note those that the page does not allow."""
        if most > len(self.every):
            self._fill_forms(statements)
        todo = ((it, fact) for it in statements for fact in wanted(it))
        for statement, fact in islice((it for it in todo if not self.has(it[1])), most):
            try:
                self.state(statement, fact)
            except NotStated as reason:
                self.missed.append((fact, str(reason)))
                self.leave()

    def _fill_forms(self, statements: Sequence[Statement]) -> None:
        """State what words say of a new thing in the form of its kind, if that takes it all."""
        for statement in statements:
            of: dict[str, list[Wanted]] = {}
            for fact in wanted(statement):
                if not fact.is_type and fact.property != NAME and not self.has(fact):
                    of.setdefault(fact.subject, []).append(fact)
            for subject, facts in of.items():
                is_new = subject in self.labels and subject not in self.addresses
                form = self._forms.get(self.kinds.get(subject, "")) if is_new else None
                names = {it["iri"] for it in form["fields"]} if form else set()
                if form and len(facts) >= FEWEST and {it.property for it in facts} <= names:
                    try:
                        self._fill(statement, form, subject, facts)
                    except NotStated:
                        self.leave()
                    self.note()

    def _fill(
        self, statement: Statement, form: Mapping[str, Any], subject: str, facts: list[Wanted]
    ) -> None:
        before, keys = set(self.there), self.hand.keys
        self.hand.select(*statement.spans)
        self.hand.press("t")
        label = form["label"]
        if not self.hand.choose("fact-form", lambda it: it.label == label, label):
            raise NotStated(f"no form {label}")
        left = len(facts)
        for at, field_ in enumerate(form["fields"]):
            values = [it.value for it in facts if it.property == field_["iri"]]
            name = f"form-field-{at}"
            if field_["field"] == "subject":
                self._thing(name, subject)
                continue
            if field_["field"] == "rdfs:label":
                self.choose_value(Literal(self.labels[subject]), LABEL, name)
                continue
            for value in values:
                self.choose_value(value, field_["iri"], name)
            left -= len(values)
            if not left:
                break
            if field_["several"] or not values:
                self.hand.press("Tab")
        self._end_form(statement)
        self._closed()
        self.note()
        for fact in facts:
            self._learn(fact, self.there - before)
        self.keys_of[subject, facts[0].property] += self.hand.keys - keys

    def _end_form(self, statement: Statement) -> None:
        if statement.certainty == "explicit" and not statement.voices:
            self.hand.press("Control+Enter")
        else:
            while not self.hand.page.evaluate("document.activeElement.name === 'certainty'"):
                self.hand.press("Tab")
            self._rest(statement)

    @cached_property
    def _forms(self) -> Mapping[str, Mapping[str, Any]]:
        """The form of each kind of thing; of two, the first."""
        found: dict[str, Mapping[str, Any]] = {}
        for it in self._asked("forms"):
            declared = FORMS.get(it["form"])
            found.setdefault(expanded(declared.class_ if declared else it["form"]), it)
        return found

    @property
    def every(self) -> list[Wanted]:
        """The facts of the list."""
        return list(dict.fromkeys(f for s in self.document.statements for f in wanted(s)))

    @property
    def number(self) -> int:
        """The number of stated facts of the list."""
        return sum(map(self.has, self.every))

    def has(self, fact: Wanted) -> bool:
        """Return whether a fact is stated."""
        return self.at_desk(fact) in self.there

    def at_desk(self, fact: Wanted) -> tuple[str, str, str]:
        """Return subject, property and value of a fact as the desk has them."""
        value = fact.value.value
        if isinstance(fact.value, NamedNode):
            value = self.addresses.get(value, value)
        else:
            value = _in_language(value, fact.value.language)
        return self.addresses.get(fact.subject, fact.subject), fact.property, value

    def note(self) -> None:
        """Read what the desk has now."""
        state = self.hand.state()
        self.things = {it["address"]: it["label"] for it in state["things"]}
        self.of_kind = {it["address"]: it["kindLabel"] for it in state["things"]}
        self.there = {said_of(it) for it in state["facts"]}
        for address, label in self.labels.items():
            if address not in self.addresses:
                self._find(address, label)

    def _find(self, address: str, label: str) -> None:
        """Take a thing of the desk for one of the list that is of the same kind and name."""
        if address in self.things and address.startswith(f"{ID}document/"):
            self.addresses[address] = address
            return
        kind = address.removeprefix(ID).partition("/")[0]
        for found, name in self.things.items():
            if name == label and found.removeprefix(ID).startswith(f"{kind}/"):
                self.addresses[address] = found

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The list's names of its things."""
        return {
            it: it.rpartition("/")[2] if it.startswith(f"{ID}scheme/") else label
            for it, label in self.document.labels.items()
        }

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """The class of each thing that the list has."""
        found = dict.fromkeys(self.document.schemes, CONCEPT)
        found |= dict.fromkeys(self.document.places, PLACE)
        found |= dict.fromkeys(self.document.schemes.values(), SCHEME)
        for fact in self.every:
            if fact.is_type:
                found.setdefault(fact.subject, fact.value.value)
        return found

    def state(self, statement: Statement, fact: Wanted) -> None:
        """State a fact; raise NotStated if the page does not allow it."""
        before, keys = set(self.there), self.hand.keys
        self.hand.select(*statement.spans)
        is_new = fact.subject in self.labels and fact.subject not in self.addresses
        if fact.is_type and is_new:
            self.name(fact.subject)
        else:
            self.hand.press("f")
            self._subject(fact.subject)
            self.say(fact)
            self.end(statement)
        self.note()
        self._learn(fact, self.there - before)
        self.keys_of[fact.subject, fact.property] += self.hand.keys - keys
        if not self.has(fact):
            raise NotStated("something else was stated")

    def say(self, fact: Wanted) -> None:
        """Choose the property and the value of a fact."""
        self._property(fact.property)
        if fact.is_type:
            self._class(fact.value.value)
        else:
            self.choose_value(fact.value, fact.property)

    def end(self, statement: Statement) -> None:
        """Enter the voice and the certainty, and state the fact; raise NotStated if that fails."""
        self._rest(statement)
        self._closed()

    def _closed(self) -> None:
        if not self.hand.stated():
            said = self.hand.page.locator(f"{FORM} .field-error").all_inner_texts()
            raise NotStated(" ".join(filter(None, said)) or "the form stays open")

    def _learn(self, fact: Wanted, new: set[tuple[str, str, str]]) -> None:
        for subject, name, value in new:
            if name != fact.property:
                continue
            self.addresses[fact.subject] = subject
            if isinstance(fact.value, NamedNode) and fact.value.value in self.labels:
                self.addresses[fact.value.value] = value

    def leave(self) -> None:
        """Go back to the text."""
        for _ in range(3):
            if self.is_open:
                self.hand.press("Escape")

    @property
    def is_open(self) -> bool:
        """Whether the form of a fact is open."""
        return self.hand.page.locator(FORM).get_attribute("hidden") is None

    def name(self, address: str, key: str = "n") -> None:
        """Say which thing the words name, in the form that a key opens."""
        self.hand.press(key)
        self._thing("fact-subject", address)
        self._closed()

    def _subject(self, address: str) -> None:
        page = self.hand.page
        there = page.evaluate("document.getElementById('fact-subject').value")
        kind = page.locator("[data-fact=subject] .field-kind").inner_text()
        if there and (there, kind) == (self._called(address), self._kind_called(address)):
            return
        if there:
            self.hand.press("Shift+Tab")
        self._thing("fact-subject", address)

    def _called(self, address: str, name: str = "") -> str:
        found = self.addresses.get(address, address)
        label = self.things.get(found) or self.labels.get(address) or self.elsewhere.get(found)
        if not label:
            label = self._labels_of_properties.get(found) or self._elsewhere(found, name)
            self.elsewhere[found] = label
        return label

    def _kind_called(self, address: str) -> str:
        return self.of_kind.get(self.addresses.get(address, address), "")

    def _elsewhere(self, address: str, name: str = "") -> str:
        """Return the name of a thing that another file or site describes."""
        words = address.rpartition("/")[2].replace("-", " ")
        asked = [{"q": words}, *({"q": q, "property": name} for q in (words, "") if name)]
        for query in asked:
            for thing in self._asked("things", **query)["things"]:
                if thing["address"] == address:
                    return str(thing["label"])
        if not address.startswith(ID):
            return address
        raise NotStated(f"nothing is offered for {address}")

    def _asked(self, path: str, **query: str) -> Any:
        page = self.hand.page
        slug = page.evaluate("document.body.dataset.slug")
        place = page.url.split(f"/{slug}")[0]
        return page.request.get(f"{place}/{slug}/{path}", params={**query, "lang": "fr"}).json()

    def _thing(self, name: str, address: str, of: str = "") -> None:
        """Choose a thing in a field, or make it there; a value has its property."""
        is_known = address in self.addresses or address not in self.labels
        label = self._called(address, of)
        if not is_known and self._is_of_words(address):
            taken = self.hand.choose(name, lambda it: it.is_new, "")
        elif is_known:
            kind = self._kind_called(address)
            taken = self.hand.choose(
                name,
                lambda it: it.label == label and not it.is_new and it.note.startswith(kind),
                label,
            )
        else:
            taken = self.hand.choose(name, lambda it: _is_new(it, label), label)
        if not taken:
            raise NotStated(f"{name} does not offer {label or address}")
        if not is_known:
            self._kind(name, self.kinds[address])

    def _is_of_words(self, address: str) -> bool:
        """Whether a thing has no name of its own and is identified by its words."""
        kind = address.removeprefix(ID).partition("/")[0]
        return kind in ("testimony", "participation", "membership", "figure", "funding", "emphasis")

    def _kind(self, name: str, iri: str) -> None:
        page = self.hand.page
        if page.locator(f"#{name}-kind").is_hidden():
            return
        label = self._labels_of_classes.get(iri)
        if not label or not self.hand.choose(f"{name}-kind", lambda it: it.label == label, label):
            raise NotStated(f"no new thing can be {iri}")

    def _class(self, iri: str) -> None:
        label = self._labels_of_classes.get(iri)
        if not label or not self.hand.choose("fact-object", lambda it: it.label == label, label):
            raise NotStated(f"{iri} is no class that is offered")

    def _property(self, iri: str) -> None:
        label = self._labels_of_properties.get(iri)
        if not label:
            raise NotStated(f"no such property: {iri}")
        if not self.hand.choose("fact-property", lambda it: it.label == label, label):
            raise NotStated(f"{iri} is not allowed here")

    @cached_property
    def _labels_of_classes(self) -> Mapping[str, str]:
        return {it["class"]: it["label"] for it in self._asked("things")["new"]}

    @cached_property
    def _labels_of_properties(self) -> Mapping[str, str]:
        return {
            TYPE: "type d’élément",
            **{it["iri"]: it["label"] for it in self._asked("properties")},
        }

    def choose_value(self, value: NamedNode | Literal, of: str, name: str = "fact-object") -> None:
        """Choose the value of a property in a field, or write it."""
        if isinstance(value, NamedNode):
            if "/passage/" in value.value:
                self._piece(value.value, name)
            else:
                self._thing(name, value.value, of)
            return
        text = value.value.translate(SPACES)
        others = [word for code, word in LANGUAGES.items() if code != (value.language or code)]
        is_it = lambda it: it.label.translate(SPACES) == text and it.note not in others  # noqa: E731
        if not self.hand.choose(name, is_it, text):
            raise NotStated(f"{text} cannot be written")

    def _piece(self, passage: str, name: str) -> None:
        """Choose the piece of the selected words that a passage is."""
        start, end = map(int, passage.split("-")[-2:])
        words = self.document.words((start, end))
        is_it = lambda it: words.startswith(it.label.removesuffix(" …"))  # noqa: E731
        if not self.hand.choose(name, is_it, ""):
            raise NotStated(f"the words from {start} to {end} are not offered")

    def _rest(self, statement: Statement) -> None:
        for at, voice in enumerate(statement.voices):
            self.hand.press("v", *["Tab"] * at)
            self._thing(f"fact-voice-{at}" if at else "fact-voice", voice)
        if statement.certainty == "explicit":
            self.hand.press("Enter")
            return
        self.hand.press({"inferred": "2", "tentative": "3"}[statement.certainty])
        self._reason(statement.reason)

    def _reason(self, reason: str) -> None:
        self.hand.page.locator("[data-fact=reasons][data-ready]").wait_for(state="attached")
        earlier = self.hand.page.locator(".earlier").all_inner_texts()
        place = next((n for n, it in enumerate(earlier, 1) if it.partition(" ")[2] == reason), 0)
        if place:
            self.hand.press(str(place), "Enter")
        else:
            self.hand.write(reason)
            for _ in range(self.hand.page.locator("[data-fact=reasonFields] textarea").count() - 1):
                self.hand.press("Tab")
                self.hand.write(REASON)
            self.hand.press("Control+Enter")


def _is_new(line: Line, label: str) -> bool:
    return line.is_new and line.label.translate(SPACES).endswith(f"« {label.translate(SPACES)} »")


def _in_language(text: str, language: str | None) -> str:
    return f"{text.translate(SPACES)}@{language or ''}"


def said_of(fact: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return subject, property and value of a fact that the desk has."""
    value = fact["value"]
    is_thing = "address" in value
    shown = value["address"] if is_thing else _in_language(value["text"], value.get("lang"))
    return fact["subject"]["address"], fact["property"]["iri"], shown


def shown(missed: list[tuple[Wanted, str]]) -> Iterator[str]:
    """Yield the missed facts, one on each line."""
    for fact, reason in missed:
        short = [it.removeprefix(ID).rpartition("#")[2] for it in (fact.subject, fact.property)]
        yield json.dumps([*short, fact.value.value, reason], ensure_ascii=False)
