"""What rules find, in words of the desk: which fact it is about, and what a reader can do then."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN, in_prefixes
from rallynov_graph.desk.document_reading import DocumentReading, Entry
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.desk.session.facts import CERTAINTY, NAME, REASON, StatedFact, facts_of
from rallynov_graph.desk.session.questions import readings_of
from rallynov_graph.desk.session.stating import Stating
from rallynov_graph.desk.short_terms import TYPE
from rallynov_graph.desk.terms import IN_SCHEME, LABEL, NAMED_OTHERWISE, PREFERRED
from rallynov_graph.desk.words import message
from rallynov_graph.validation.report import Finding

if TYPE_CHECKING:
    from rallynov_graph.desk.session.shown_state import ShownLabels

Json = dict[str, Any]
_AT_LEAST: Final = f"{PREFIXES['sh']}MinCountConstraintComponent"
_OF_NAMES: Final = frozenset({LABEL, PREFERRED})
_STATED: Final[Mapping[str, str]] = {
    "organisation_has_a_kind": f"{PREFIXES['org']}classification",
    "innovation_says_what_for": f"{RN}beneficiary",
    "thing_has_a_kind": TYPE,
    "thing_is_named_where_it_is_used": NAME,
    "printed_theme_is_addressed": f"{PREFIXES['dcterms']}subject",
    "concept_has_its_place": f"{PREFIXES['skos']}broader",
}
"""The property that is to be stated where a rule finds something."""
_NEEDED: Final[Mapping[str, str]] = {
    f"{RN}roleAsPrinted": f"{RN}role",
    f"{RN}quotedSegment": f"{RN}mode",
    f"{RN}inferredPart": f"{PREFIXES['schema']}startDate",
    **{f"{RN}{it}": NAME for it in ("acronym", "expansion")},
    f"{PREFIXES['rdf']}value": f"{RN}asPrinted",
    **{f"{RN}{it}": f"{RN}asPrinted" for it in ("measure", "emphasis", "inList")},
    f"{RN}asPrinted": TYPE,
}
"""What a set must say with a property, as the check has it."""
_NAMED: Final = frozenset(
    {
        *("label_is_in_each_language", "thing_has_a_name", "name_speaks_its_languages"),
        "concept_has_distinct_names",
    }
)
_DROPPED: Final = frozenset({"property_fits_its_class", "kinds_do_not_mix", "open_list_is_said"})
_MEMBERSHIP: Final = f"{PREFIXES['org']}Membership"
_NOWHERE: Final = "link_leads_somewhere"
_WHY_EMPTY: Final = f"{RN}noFactReason"
_ADDRESS: Final = re.compile(r"<([^<>\s]+)>|\b([a-z][a-z-]*/[a-z0-9][a-z0-9.-]*)")
_SHOWN: Final = 50
"""How many characters of a set's words a sentence has."""
_DIGITS: Final = 10


@dataclass(frozen=True)
class Found:
    """A finding with what it is about in a reading."""

    finding: Finding
    rule: str
    """The name of the check, or of the shape."""
    focus: str
    fact: StatedFact | None

    @property
    def value(self) -> str:
        """The address of its value; the empty string where it is none."""
        return self.finding.value.value if isinstance(self.finding.value, NamedNode) else ""


class Remedies:
    """What mends the findings of a reading: an act that lacks no more than its reader knows."""

    def __init__(
        self,
        reading: DocumentReading,
        document: ReadDocument,
        language: str,
        label: Callable[[str], str],
    ) -> None:
        self._reading, self._document = reading, document
        self._language, self._label = language, label
        self._sets = {it.address: it for it in reading.of_kind("set")}

    @cached_property
    def _stating(self) -> Stating:
        return Stating(self._reading, self._document)

    def of(self, it: Found, facts: Sequence[StatedFact]) -> Json | None:
        """Return what mends a finding, given the facts about its thing; None where nothing does."""
        if special := _BY_RULE.get(it.rule):
            return special(self, it, facts)
        path = it.finding.path
        if it.rule in _NAMED or path in _OF_NAMES:
            return self._offered("name", act="name", thing=it.focus)
        name = _STATED.get(it.rule) or (path if it.finding.component == _AT_LEAST else "")
        if name and name in NAMED_OTHERWISE:
            return None
        if name == IN_SCHEME and (scheme := self._list_of(it.focus)):
            act = {"act": "state", "subject": it.focus, "property": name, "object": scheme}
            return self._offered("listed", self._label(scheme), **act)
        if name and it.focus not in self._sets:
            return self._state(it.focus, name)
        return self._of_fact(it)

    def _of_fact(self, it: Found) -> Json | None:
        if it.fact is None:
            is_described = (self._reading.first_graph, it.focus) in self._reading.entries
            act = {"act": "state", "subject": it.focus}
            return self._offered("more", **act) if is_described else None
        is_dropped = it.rule in _DROPPED and it.finding.path not in (CERTAINTY, REASON)
        kind = "drop" if is_dropped else "change"
        return self._offered(kind, act=kind, fact=it.fact.id)

    def _question(self, it: Found, _facts: Sequence[StatedFact]) -> Json | None:
        if it.focus not in self._sets:
            return self._of_fact(it)
        ids = [fact.id for fact in facts_of(self._sets[it.focus])]
        return self._offered("question", act="question", facts=ids)

    def _describe(self, it: Found, _facts: Sequence[StatedFact]) -> Json | None:
        if not it.value:
            return self._of_fact(it)
        return self._offered("describe", act="state", subject=it.value)

    def _more(self, it: Found, _facts: Sequence[StatedFact]) -> Json:
        return self._offered("more", act="state", subject=it.focus)

    def _apart(self, it: Found, _facts: Sequence[StatedFact]) -> Json | None:
        if it.value not in self._sets:
            return self._of_fact(it)
        return self._offered("apart", act="apart", set=it.value, subject=it.focus)

    def _needed(self, it: Found, _facts: Sequence[StatedFact]) -> Json | None:
        name = _NEEDED.get(it.finding.path or "")
        if name == f"{RN}role" and _MEMBERSHIP in self._stating.classes(it.focus):
            name = f"{PREFIXES['org']}role"
        if not name or it.value not in self._sets:
            return self._of_fact(it)
        return self._state(it.focus, name, set=it.value)

    def _translate(self, it: Found, facts: Sequence[StatedFact]) -> Json | None:
        path = it.finding.path or ""
        if path in _OF_NAMES:
            return self._offered("name", act="name", thing=it.focus)
        if it.focus in self._sets:
            return self._of_fact(it)
        there = {
            fact.value.language
            for fact in facts
            if fact.name == path and isinstance(fact.value, Literal)
        }
        lacking = next((it for it in self._document.text.languages if it not in there), None)
        if lacking is None:
            return self._of_fact(it)
        act = {"act": "state", "subject": it.focus, "property": path, "language": lacking}
        return self._offered("translate", lacking, **act)

    def _why_empty(self, it: Found, facts: Sequence[StatedFact]) -> Json:
        said = next((it for it in facts if it.name == _WHY_EMPTY), None)
        if said:
            return self._offered("drop", act="drop", fact=said.id)
        act = {"act": "state", "subject": it.focus, "property": _WHY_EMPTY}
        return self._offered("why", **act)

    def _part(self, it: Found, _facts: Sequence[StatedFact]) -> Json | None:
        for entry in self._reading.entries.values():
            for words in entry.words:
                if self._reading.passage(words).value == it.focus:
                    return self._offered("part", act="part", words=[[*words.span]])
        return None

    def _drop_question(self, it: Found, _facts: Sequence[StatedFact]) -> Json | None:
        for question in self._reading.of_kind("question"):
            parts = {question.address, *(e.address for e in readings_of(self._reading, question))}
            if it.focus in parts:
                return self._offered("drop_question", act="drop", question=question.address)
        return None

    def _list_of(self, term: str) -> str:
        """Return the list that a term is of, by the properties whose value it is."""
        entries = self._reading.entries.values()
        said = (said for entry in entries for said in entry.facts.values())
        pairs = (pair for one in said for pair in one.items())
        names = dict.fromkeys(k for k, values in pairs if any(it.value == term for it in values))
        lists = (self._document.list_of_values(name, entries) for name in names)
        return next(filter(None, lists), "")

    def _state(self, subject: str, name: str, **more: object) -> Json:
        act = {"act": "state", "subject": subject, "property": name, **more}
        return self._offered("state", self._label(name), **act)

    def _offered(self, word: str, name: str = "", **act: object) -> Json:
        about = str(act.get("subject", "")), str(act.get("property", ""))
        if act["act"] == "state" and self._stating.is_of_curators(*about):
            act["words"] = []
        return {"label": message(f"remedy.{word}", name=name)[self._language], "do": act}


_Remedy = Callable[[Remedies, Found, Sequence[StatedFact]], Json | None]
_BY_RULE: Final[Mapping[str, _Remedy]] = {
    "tentative_set_has_its_question": Remedies._question,
    _NOWHERE: Remedies._describe,
    "fact_is_said_where_its_subject_is": Remedies._more,
    "facts_of_a_set_belong_together": Remedies._apart,
    "fact_stands_with_what_it_needs": Remedies._needed,
    "text_is_in_each_language": Remedies._translate,
    "part_gives_facts_or_says_why": Remedies._why_empty,
    "passage_is_in_a_part": Remedies._part,
    "unsettled_property_is_stated": Remedies._drop_question,
    "reading_is_taken_or_not": Remedies._drop_question,
}


class ShownFindings:
    """Findings of a reading as a page shows them."""

    def __init__(
        self, reading: DocumentReading, document: ReadDocument, language: str, labels: ShownLabels
    ) -> None:
        self._reading, self._words, self._language = reading, document.shown, language
        self._labels = labels
        self._remedies = Remedies(reading, document, language, labels.label)
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
            "remedy": self._remedies.of(
                Found(finding, rule, focus, fact), self._facts.get(focus, [])
            ),
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
        text = " ".join(self._words[start:end].split())
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


def _about(finding: Finding) -> str:
    """Return the thing that a finding is about; of a nameless one, what it is part of."""
    return str(finding.within or getattr(finding.focus, "value", ""))
