"""What rules find, in words of the desk: which fact it is about, and what heals it."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.desk.document_reading import DocumentReading, Entry
from rallynov_graph.desk.session.remedies import Found, Remedies
from rallynov_graph.desk.session.stated_facts import StatedFact, facts_of
from rallynov_graph.desk.words import message
from rallynov_graph.validation.report import Finding

Json = dict[str, Any]
_ADDRESS: Final = re.compile(r"<([^<>\s]+)>|\b([a-z][a-z-]*/[a-z0-9][a-z0-9.-]*)")
_SHOWN: Final = 50
"""How many characters of a set's words a sentence has."""
_DIGITS: Final = 10
_NOWHERE: Final = "link_leads_somewhere"

Label = Callable[[str], str]


class ShownFindings:
    """Findings of a reading as a page shows them."""

    def __init__(
        self,
        reading: DocumentReading,
        words: str,
        language: str,
        label: Label,
        ref: Callable[[str], Json],
        remedies: Remedies,
    ) -> None:
        self._reading, self._words, self._language = reading, words, language
        self._remedies = remedies
        self._label, self._ref = label, ref
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
            "subject": self._ref(focus) if focus and focus not in self._sets else None,
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
        label = self._label(address)
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
