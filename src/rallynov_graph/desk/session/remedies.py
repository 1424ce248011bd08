"""What a reader can do at the desk about what rules find."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.session.lists_of_terms import (
    IN_SCHEME,
    list_of_values,
    properties_of_value,
)
from rallynov_graph.desk.session.opened_document import ReadDocument
from rallynov_graph.desk.session.question_readings import readings_of
from rallynov_graph.desk.session.stated_facts import LABEL, StatedFact, facts_of
from rallynov_graph.desk.session.stating import CERTAINTY, REASON, Stating
from rallynov_graph.desk.session.vocabulary import NAMED_OTHERWISE
from rallynov_graph.desk.short_terms import TYPE
from rallynov_graph.desk.words import message
from rallynov_graph.validation.report import Finding

Json = dict[str, Any]
_AT_LEAST: Final = f"{PREFIXES['sh']}MinCountConstraintComponent"
_DCTERMS: Final = PREFIXES["dcterms"]
_OF_NAMES: Final = frozenset({LABEL, f"{PREFIXES['skos']}prefLabel"})
_STATED: Final[Mapping[str, str]] = {
    "organisation_has_a_kind": f"{PREFIXES['org']}classification",
    "innovation_says_what_for": f"{RN}beneficiary",
    "thing_has_a_kind": TYPE,
    "thing_is_named_where_it_is_used": f"{RN}nameAsPrinted",
    "printed_theme_is_addressed": f"{_DCTERMS}subject",
    "concept_has_its_place": f"{PREFIXES['skos']}broader",
}
"""The property that is to be stated where a rule finds something."""
_NEEDED: Final[Mapping[str, str]] = {
    f"{RN}roleAsPrinted": f"{RN}role",
    f"{RN}quotedSegment": f"{RN}mode",
    f"{RN}inferredPart": f"{PREFIXES['schema']}startDate",
    **{f"{RN}{it}": f"{RN}nameAsPrinted" for it in ("acronym", "expansion")},
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
_ALONE: Final = "fact_is_said_where_its_subject_is"
_QUESTION: Final = "tentative_set_has_its_question"
_UNTIED: Final = "facts_of_a_set_belong_together"
_INCOMPLETE: Final = "fact_stands_with_what_it_needs"
_UNTRANSLATED: Final = "text_is_in_each_language"
_EMPTY_PART: Final = "part_gives_facts_or_says_why"
_NO_PART: Final = "passage_is_in_a_part"
_OF_QUESTIONS: Final = frozenset({"unsettled_property_is_stated", "reading_is_taken_or_not"})


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
        said = next((it for it in facts if it.name == f"{RN}noFactReason"), None)
        if said:
            return self._offered("drop", act="drop", fact=said.id)
        act = {"act": "state", "subject": it.focus, "property": f"{RN}noFactReason"}
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
        entries = self._reading.entries
        names = dict.fromkeys(properties_of_value(term, entries.values()))
        lists = (list_of_values(name, self._document, entries.values()) for name in names)
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
    _QUESTION: Remedies._question,
    _NOWHERE: Remedies._describe,
    _ALONE: Remedies._more,
    _UNTIED: Remedies._apart,
    _INCOMPLETE: Remedies._needed,
    _UNTRANSLATED: Remedies._translate,
    _EMPTY_PART: Remedies._why_empty,
    _NO_PART: Remedies._part,
    **dict.fromkeys(_OF_QUESTIONS, Remedies._drop_question),
}
