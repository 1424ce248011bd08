"""The findings of rules in the words of the desk: the fact concerned, and possible remedies."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN, in_prefixes
from rallynov_graph.desk.document_reading import DocumentReading, Entry
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.desk.session.questions import readings_of
from rallynov_graph.desk.session.stating import Stating
from rallynov_graph.desk.sets_of_facts import StatedFact, facts_of
from rallynov_graph.desk.short_terms import CERTAINTY, LABEL, PREFERRED, REASON
from rallynov_graph.desk.terms import IN_SCHEME, NAMED_OTHERWISE, expanded
from rallynov_graph.desk.words import message
from rallynov_graph.validation.report import Finding

if TYPE_CHECKING:
    from rallynov_graph.desk.session.shown_state import ShownLabels

Json = dict[str, Any]
_AT_LEAST: Final = f"{PREFIXES['sh']}MinCountConstraintComponent"
_OF_NAMES: Final = frozenset({LABEL, PREFERRED})
_TABLE: Final = tomllib.loads(Path(__file__).with_name("remedies.toml").read_text("utf-8"))
_NOWHERE: Final = "link_leads_somewhere"
_WHY_EMPTY: Final = f"{RN}noFactReason"
_ADDRESS: Final = re.compile(r"<([^<>\s]+)>|\b([a-z][a-z-]*/[a-z0-9][a-z0-9.-]*)")
_SHOWN: Final = 50
"""How many characters of a set's words a sentence has."""
_DIGITS: Final = 10


@dataclass(frozen=True)
class _Found:
    """A finding and its subject in a reading."""

    finding: Finding
    rule: str
    """The name of the check, or of the shape."""
    focus: str
    fact: StatedFact | None
    facts: Sequence[StatedFact]
    """Those about its thing."""

    @property
    def value(self) -> str:
        """The address of its value; the empty string if it is not an address."""
        return self.finding.value.value if isinstance(self.finding.value, NamedNode) else ""


class ShownFindings:
    """The findings of a reading as a page shows them, each with its remedy.

    A remedy is an act that only lacks what its reader knows.
    """

    def __init__(
        self, reading: DocumentReading, document: ReadDocument, language: str, labels: ShownLabels
    ) -> None:
        self._reading, self._document, self._language = reading, document, language
        self._labels = labels
        self._sets = {it.address: it for it in reading.of_kind("set")}

    def shown(self, findings: Iterable[Finding]) -> list[Json]:
        """Return findings, the worst first; of many links that lead nowhere, the first one."""
        once: dict[object, Finding] = {}
        findings = [*findings]
        self._facts = self._facts_about({*map(_about, findings)})
        for it in findings:
            is_nowhere = (it.shape or "").endswith(f"check-{_NOWHERE}")
            once.setdefault((it.shape, it.value) if is_nowhere else id(it), it)
        return [self._shown(it) for it in once.values()]

    def _shown(self, finding: Finding) -> Json:
        focus = _about(finding)
        fact = self._fact(finding, focus)
        rule = in_prefixes(finding.shape or "").removeprefix("rns:").removeprefix("check-")
        said = f"{finding.shape} {finding.focus} {finding.path} {finding.value} {finding.messages}"
        return {
            "id": hashlib.sha256(said.encode()).hexdigest()[:_DIGITS],
            "severity": finding.severity.lower(),
            "text": self._text(finding),
            "rule": rule,
            "subject": self._labels.ref(focus) if focus and focus not in self._sets else None,
            "set": focus if focus in self._sets else None,
            "property": finding.path,
            "fact": fact.id if fact else None,
            "remedy": self._remedy(_Found(finding, rule, focus, fact, self._facts.get(focus, []))),
        }

    def _facts_about(self, things: set[str]) -> Mapping[str, list[StatedFact]]:
        found: dict[str, list[StatedFact]] = defaultdict(list)
        for entry in self._reading.entries.values() if things else ():
            if things & entry.facts.keys() or entry.address in things:
                for fact in facts_of(entry):
                    found[fact.subject].append(fact)
        return found

    def _text(self, finding: Finding) -> str:
        """Return the message with names in the place of addresses."""
        return _ADDRESS.sub(self._named, finding.message(self._language))

    def _named(self, found: re.Match[str]) -> str:
        name = found[1] or found[2]
        address = name if ":" in name else f"{PREFIXES['id']}{name}"
        if address in self._sets:
            return self._quoted(self._words_of(self._sets[address]))
        label = self._labels.label(address)
        if found[2] and label == name.rpartition("/")[2]:
            return found[0]
        return self._quoted(label)

    def _quoted(self, text: str) -> str:
        return message("label.quoted", text=text)[self._language]

    def _words_of(self, entry: Entry) -> str:
        start, end = entry.words[0].span if entry.words else (0, 0)
        text = " ".join(self._document.shown[start:end].split())
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

    def _fact(self, finding: Finding, focus: str) -> StatedFact | None:
        """Return the fact that a finding is about; of a set, its first one."""
        if focus in self._sets:
            return next(facts_of(self._sets[focus]), None)
        facts = self._facts.get(focus, [])
        value = finding.value
        if isinstance(value, NamedNode) and value.value in self._sets:
            facts = [*facts_of(self._sets[value.value])]
            facts = [it for it in facts if it.subject == focus] or facts
        of_path = [it for it in facts if finding.path in (it.name, None)]
        of_value = [it for it in of_path if it.value == value]
        return next(iter(of_value or of_path), None)

    @cached_property
    def _stating(self) -> Stating:
        return Stating(self._reading, self._document)

    def _remedy(self, it: _Found) -> Json | None:
        """Return the remedy of a finding, or None."""
        done = _TABLE["done"].get(it.rule, "")
        if special := _SPECIAL.get(done):
            return special(self, it)
        path = it.finding.path
        if done == "name" or path in _OF_NAMES:
            return self._offered("name", act="name", thing=it.focus)
        name = expanded(_TABLE["state"].get(it.rule, ""))
        name = name or (path if it.finding.component == _AT_LEAST else "") or ""
        if name in NAMED_OTHERWISE:
            return None
        if name == IN_SCHEME and (scheme := self._list_of(it.focus)):
            act = {"act": "state", "subject": it.focus, "property": name, "object": scheme}
            return self._offered("listed", self._labels.label(scheme), **act)
        if name and it.focus not in self._sets:
            return self._state(it.focus, name)
        return self._of_fact(it)

    def _of_fact(self, it: _Found) -> Json | None:
        if it.fact is None:
            is_described = (self._reading.first_graph, it.focus) in self._reading.entries
            return self._more(it) if is_described else None
        is_dropped = _TABLE["done"].get(it.rule) == "drop"
        kind = "drop" if is_dropped and it.finding.path not in (CERTAINTY, REASON) else "change"
        return self._offered(kind, act=kind, fact=it.fact.id)

    def _question(self, it: _Found) -> Json | None:
        if it.focus not in self._sets:
            return self._of_fact(it)
        ids = [fact.id for fact in facts_of(self._sets[it.focus])]
        return self._offered("question", act="question", facts=ids)

    def _describe(self, it: _Found) -> Json | None:
        if not it.value:
            return self._of_fact(it)
        return self._offered("describe", act="state", subject=it.value)

    def _more(self, it: _Found) -> Json:
        return self._offered("more", act="state", subject=it.focus)

    def _apart(self, it: _Found) -> Json | None:
        if it.value not in self._sets:
            return self._of_fact(it)
        return self._offered("apart", act="apart", set=it.value, subject=it.focus)

    def _needed(self, it: _Found) -> Json | None:
        name = _TABLE["needed"].get(in_prefixes(it.finding.path or ""), "")
        if name == "rn:role" and expanded("org:Membership") in self._stating.classes(it.focus):
            name = "org:role"
        if not name or it.value not in self._sets:
            return self._of_fact(it)
        return self._state(it.focus, expanded(name), set=it.value)

    def _translate(self, it: _Found) -> Json | None:
        path = it.finding.path or ""
        if path in _OF_NAMES:
            return self._offered("name", act="name", thing=it.focus)
        values = [fact.value for fact in it.facts if fact.name == path]
        there = {value.language for value in values if isinstance(value, Literal)}
        lacking = [code for code in self._document.text.languages if code not in there]
        if it.focus in self._sets or not lacking:
            return self._of_fact(it)
        act = {"act": "state", "subject": it.focus, "property": path, "language": lacking[0]}
        return self._offered("translate", lacking[0], **act)

    def _why_empty(self, it: _Found) -> Json:
        if said := next((fact for fact in it.facts if fact.name == _WHY_EMPTY), None):
            return self._offered("drop", act="drop", fact=said.id)
        return self._offered("why", act="state", subject=it.focus, property=_WHY_EMPTY)

    def _part(self, it: _Found) -> Json | None:
        every = (words for entry in self._reading.entries.values() for words in entry.words)
        for words in every:
            if self._reading.passage(words).value == it.focus:
                return self._offered("part", act="part", words=[[*words.span]])
        return None

    def _drop_question(self, it: _Found) -> Json | None:
        for question in self._reading.of_kind("question"):
            parts = {question.address, *(e.address for e in readings_of(self._reading, question))}
            if it.focus in parts:
                return self._offered("drop_question", act="drop", question=question.address)
        return None

    def _list_of(self, term: str) -> str:
        """Return the list that a term is of, by the properties whose value it is."""
        entries = self._reading.entries.values()
        facts = (it for entry in entries for it in entry.stated())
        names = dict.fromkeys(it.property for it in facts if it.value.value == term)
        lists = (self._document.list_of_values(name, entries) for name in names)
        return next(filter(None, lists), "")

    def _state(self, subject: str, name: str, **more: object) -> Json:
        act = {"act": "state", "subject": subject, "property": name, **more}
        return self._offered("state", self._labels.label(name), **act)

    def _offered(self, word: str, name: str = "", **act: object) -> Json:
        about = str(act.get("subject", "")), str(act.get("property", ""))
        if act["act"] == "state" and self._stating.is_of_curators(*about):
            act["words"] = []
        return {"label": message(f"remedy.{word}", name=name)[self._language], "do": act}


_SPECIAL: Final[Mapping[str, Callable[[ShownFindings, _Found], Json | None]]] = {
    "question": ShownFindings._question,
    "describe": ShownFindings._describe,
    "more": ShownFindings._more,
    "apart": ShownFindings._apart,
    "needed": ShownFindings._needed,
    "translate": ShownFindings._translate,
    "why_empty": ShownFindings._why_empty,
    "part": ShownFindings._part,
    "drop_question": ShownFindings._drop_question,
}


def _about(finding: Finding) -> str:
    """Return the thing that a finding is about; of a nameless one, what it is part of."""
    return str(finding.within or getattr(finding.focus, "value", ""))
