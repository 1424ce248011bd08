"""A document entered at the desk from its list, by keyboard alone: proposals and facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from desk_keyboard import DeskKeyboard, Line
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.desk.short_terms import TYPE
from trial_documents import Document, Statement

NAME: Final = f"{RN}nameAsPrinted"
CONCEPT: Final = f"{PREFIXES['skos']}Concept"
PLACE: Final = f"{PREFIXES['schema']}Place"
SPACES: Final = str.maketrans("\u00a0\u202f\n", "   ")
PROPOSED: Final[Mapping[str, tuple[str, ...]]] = {
    "person": ("person/",),
    "organisation": ("organisation/",),
    "place": ("place/",),
    "innovation": ("innovation/",),
    "event": ("event/",),
}
"""How the addresses begin of what a proposal of a kind names; of others, the form asks more."""
FORM: Final = "[data-desk=factForm]"


class NotStated(Exception):
    """The page does not let a fact be stated, and where it stops."""


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
    """Return the facts of a statement, what something is first where that is all that names it.

    What else is said of it says what it is, too: a new thing has a kind.
    """
    head = f"@base <{ID}> .\n" + "".join(
        f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()
    )
    facts = "\n".join(f"{s} {p} {o} ." for s, p, o in statement.facts)
    found = [
        Wanted(it.subject.value, it.predicate.value, it.object)  # type: ignore[union-attr, arg-type]
        for it in parse(f"{head}{facts}", format=RdfFormat.TURTLE)
    ]
    told = {it.subject for it in found if not it.is_type and it.property != NAME}
    return sorted(found, key=lambda it: it.is_type == (it.subject in told))


@dataclass
class DeskEntering:
    """Someone who enters the facts of a list, and what is stated of them."""

    document: Document
    hand: DeskKeyboard
    addresses: dict[str, str] = field(default_factory=dict)
    """The desk's address of each thing of the list that it has."""
    missed: list[tuple[Wanted, str]] = field(default_factory=list)
    there: set[tuple[str, str, str]] = field(default_factory=set)
    """Subject, property and value of each fact, as the desk has them."""

    def enter(self, most: int = 10**6) -> int:
        """State so many facts that are not stated yet; return how many of the list are there."""
        self.note()
        left = most
        for statement in self.document.statements:
            for fact in wanted(statement):
                if self.has(fact):
                    continue
                if not left:
                    return self.number
                left -= 1
                try:
                    self.state(statement, fact)
                except NotStated as reason:
                    self.missed.append((fact, str(reason)))
                    self.leave()
        return self.number

    def decide(self) -> None:
        """Go through the proposals: accept those that the list has, refuse names that it has not.

        Those that need a form wait: what they say is stated by the words.
        """
        self.hand.press("j")
        for proposal in self._waiting():
            if proposal["kind"] not in (*PROPOSED, "relation"):
                self.hand.press("j")
            elif self._is_right(proposal):
                self.hand.press("a")
            else:
                self.hand.press("r")
        self.hand.settled()
        self.hand.press("j", "Escape")

    def _waiting(self) -> list[Mapping[str, Any]]:
        """Return the proposals in the order in which the page has them."""
        every = {it["id"]: it for it in self.hand.state()["proposals"]}
        order = self.hand.page.locator("li.proposal").evaluate_all(
            "all => all.map(it => it.dataset.id)"
        )
        return [every[it] for it in order if every[it]["status"] == "waiting"]

    def _is_right(self, proposal: Mapping[str, Any]) -> bool:
        if proposal["kind"] == "relation":
            ends = (proposal["subject"]["label"], proposal["object"]["label"])
            return (*ends, proposal["property"]) in self._relations
        kinds = PROPOSED[proposal["kind"]]
        return any(
            label == proposal["label"] and address.removeprefix(ID).startswith(kinds)
            for address, label in self.labels.items()
        )

    @cached_property
    def _relations(self) -> set[tuple[str, str, str]]:
        return {
            (self.labels.get(it.subject, ""), self.labels.get(it.value.value, ""), it.property)
            for it in self.every
        }

    @property
    def every(self) -> list[Wanted]:
        """The facts of the list."""
        return list(dict.fromkeys(f for s in self.document.statements for f in wanted(s)))

    @property
    def number(self) -> int:
        """How many facts of the list are stated."""
        return sum(map(self.has, self.every))

    def has(self, fact: Wanted) -> bool:
        """Return whether a fact is stated."""
        value = fact.value.value
        if isinstance(fact.value, NamedNode):
            value = self.addresses.get(value, value)
        else:
            value = value.translate(SPACES)
        return (self.addresses.get(fact.subject, fact.subject), fact.property, value) in self.there

    def note(self) -> None:
        """Read what the desk has now."""
        state = self.hand.state()
        self.things = {it["address"]: it["label"] for it in state["things"]}
        self.of_kind = {it["address"]: it["kindLabel"] for it in state["things"]}
        self.there = {_said(it) for it in state["facts"]}
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
        """What the list calls its things."""
        named = {it: label[0] for it, label in self.document.labels.items()}
        named |= {it: label for it, (_, label) in self.document.terms.items()}
        return {f"{ID}{it.strip('<>')}": label for it, label in named.items()}

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """The class of each thing that the list has."""
        found = {f"{ID}{it.strip('<>')}": CONCEPT for it in self.document.terms}
        found |= {f"{ID}{it.strip('<>')}": PLACE for it in self.document.places}
        for fact in self.every:
            if fact.is_type:
                found.setdefault(fact.subject, fact.value.value)
        return found

    def describe(self) -> None:
        """Say of what kind the places are, as curators do, without words of the text."""
        self.hand.clear()
        for address, kind in self.document.places.items():
            place = f"{ID}{address.strip('<>')}"
            value = NamedNode(f"{ID}place-kind/{kind}")
            fact = Wanted(place, f"{PREFIXES['dcterms']}type", value)
            if place in self.addresses and not self.has(fact):
                try:
                    self.state(Statement("places", (), ()), fact)
                except NotStated as reason:
                    self.missed.append((fact, str(reason)))
                    self.leave()

    def state(self, statement: Statement, fact: Wanted) -> None:
        """State a fact; raise NotStated where the page does not let it."""
        before = set(self.there)
        self.hand.select(*statement.spans)
        if fact.is_type and fact.subject not in self.addresses:
            self._name(fact)
        else:
            self.hand.press("f")
            self._subject(fact.subject)
            self._property(fact.property)
            if fact.is_type:
                self._class(fact.value.value)
            else:
                self._object(fact.value)
            self._rest(statement)
        if not self.hand.stated():
            said = self.hand.page.locator(f"{FORM} .field-error").all_inner_texts()
            raise NotStated(" ".join(filter(None, said)) or "the form stays open")
        self.note()
        self._learn(fact, self.there - before)

    def _learn(self, fact: Wanted, new: set[tuple[str, str, str]]) -> None:
        for subject, name, value in new:
            if name != fact.property:
                continue
            self.addresses[fact.subject] = subject
            if isinstance(fact.value, NamedNode) and not fact.is_type:
                self.addresses[fact.value.value] = value

    def leave(self) -> None:
        """Go back to the text."""
        for _ in range(3):
            if self.hand.page.locator(FORM).get_attribute("hidden") is not None:
                return
            self.hand.press("Escape")

    def _name(self, fact: Wanted) -> None:
        self.hand.press("n")
        self._thing("fact-subject", fact.subject, is_asked=True)

    def _subject(self, address: str) -> None:
        page = self.hand.page
        there = page.evaluate("document.getElementById('fact-subject').value")
        kind = page.locator("[data-fact=subject] .field-kind").inner_text()
        if there and (there, kind) == (self._called(address), self._kind_called(address)):
            return
        if there:
            self.hand.press("Shift+Tab")
        self._thing("fact-subject", address)

    def _called(self, address: str) -> str:
        found = self.addresses.get(address, address)
        return self.things.get(found) or self.labels.get(address) or self._elsewhere(found)

    def _kind_called(self, address: str) -> str:
        return self.of_kind.get(self.addresses.get(address, address), "")

    def _elsewhere(self, address: str) -> str:
        """Return what a thing is called that another file describes."""
        words = address.rpartition("/")[2].replace("-", " ")
        for thing in self._asked("things", q=words)["things"]:
            if thing["address"] == address:
                return str(thing["label"])
        raise NotStated(f"nothing is offered for {address}")

    def _asked(self, path: str, **query: str) -> Any:
        page = self.hand.page
        slug = page.evaluate("document.body.dataset.slug")
        place = page.url.split(f"/{slug}")[0]
        return page.request.get(f"{place}/{slug}/{path}", params={**query, "lang": "fr"}).json()

    def _thing(self, name: str, address: str, is_asked: bool = False) -> None:
        """Choose a thing in a field, or make it there."""
        is_known = address in self.addresses or address not in self.kinds
        label = self._called(address) if is_known else self.labels.get(address, "")
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
        """Return whether a thing has no name of its own: the words tell of it."""
        kind = address.removeprefix(ID).partition("/")[0]
        return kind in ("testimony", "participation", "membership", "figure", "funding", "emphasis")

    def _kind(self, name: str, iri: str) -> None:
        page = self.hand.page
        if page.locator(f"#{name}-kind").is_hidden():
            return
        kinds = {it["class"]: it["label"] for it in self._asked("things")["new"]}
        label = kinds.get(iri)
        if not label or not self.hand.choose(f"{name}-kind", lambda it: it.label == label, label):
            raise NotStated(f"no new thing can be {iri}")

    def _class(self, iri: str) -> None:
        label = {it["class"]: it["label"] for it in self._asked("things")["new"]}.get(iri)
        if not label or not self.hand.choose("fact-object", lambda it: it.label == label, label):
            raise NotStated(f"{iri} is no class that is offered")

    def _property(self, iri: str) -> None:
        label = self._labels_of_properties.get(iri)
        if not label:
            raise NotStated(f"no such property: {iri}")
        if not self.hand.choose("fact-property", lambda it: it.label == label, label):
            raise NotStated(f"{iri} is not allowed here")

    @cached_property
    def _labels_of_properties(self) -> Mapping[str, str]:
        return {TYPE: "type", **{it["iri"]: it["label"] for it in self._asked("properties")}}

    def _object(self, value: NamedNode | Literal) -> None:
        if isinstance(value, NamedNode):
            if "/passage/" in value.value:
                taken = self.hand.choose("fact-object", lambda it: True, "")
                if not taken:
                    raise NotStated("the words are not offered")
            else:
                self._thing("fact-object", value.value)
            return
        text = value.value.translate(SPACES)
        if not self.hand.choose("fact-object", lambda it: it.label.translate(SPACES) == text, text):
            raise NotStated(f"{text} cannot be written")

    def _rest(self, statement: Statement) -> None:
        if statement.voice:
            self.hand.press("v")
            self._thing("fact-voice", f"{ID}{statement.voice.strip('<>')}")
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
            self.hand.press("Control+Enter")


def _is_new(line: Line, label: str) -> bool:
    return line.is_new and line.label.translate(SPACES).endswith(f"« {label.translate(SPACES)} »")


def _said(fact: Mapping[str, Any]) -> tuple[str, str, str]:
    value = fact["value"]
    shown = value["address"] if "address" in value else value["text"].translate(SPACES)
    return fact["subject"]["address"], fact["property"]["iri"], shown


def shown(missed: list[tuple[Wanted, str]]) -> Iterator[str]:
    """Yield what was missed, one a line."""
    for fact, reason in missed:
        short = [it.removeprefix(ID).rpartition("#")[2] for it in (fact.subject, fact.property)]
        yield json.dumps([*short, fact.value.value, reason], ensure_ascii=False)
