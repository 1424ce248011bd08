"""What things and terms are called on the desk, in the language of the page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, kind_of_iri
from rallynov_graph.desk.acts import KINDS, Stated
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.implied import LABEL
from rallynov_graph.desk.session.opened_document import ReadDocument
from rallynov_graph.desk.session.vocabulary import ISSUE, best
from rallynov_graph.desk.short_terms import TYPE, Value

Json = dict[str, Any]
_TYPED: Final = ("term", "part")
"""Kinds of entries that are each of one class, which is not written down."""
_PREFERRED: Final = f"{PREFIXES['skos']}prefLabel"


class ShownLabels:
    """Names of things: those of readings, the last one first, before those of other documents."""

    def __init__(
        self, document: ReadDocument, language: str, readings: Iterable[DocumentReading]
    ) -> None:
        self._document, self._language = document, language
        self.own: dict[str, dict[str, str]] = {}
        self._classes: dict[str, set[str]] = defaultdict(set)
        for reading in readings:
            for entry in reading.entries.values():
                named = texts((*entry.says.get(LABEL, ()), *entry.says.get(_PREFERRED, ())))
                if named:
                    self.own[entry.address] = named
                if entry.kind in _TYPED:
                    self._classes[entry.address].add(KINDS[entry.kind].iri)
                for subject, said in ((entry.address, entry.says), *entry.facts.items()):
                    self._classes[subject] |= {it.value for it in said.get(TYPE, ())}

    def take(self, act: Stated) -> None:
        """Note what an act calls something that has no other name."""
        if named := texts(act.says.get(LABEL) or ()):
            self.own.setdefault(act.address, named)

    def label(self, address: str) -> str:
        """Return what something is called; the end of its address where nobody said it."""
        named = self.own.get(address) or self._document.other_labels.get(address) or {}
        return best(named, self._language) or re.split("[/#]", address)[-1]

    def ref(self, address: str) -> Json:
        """Return a thing as everything else names it."""
        return {"address": address, "label": self.label(address), "kind": kind_of_iri(address)}

    def thing(self, address: str) -> Json:
        """Return a thing with its kind in words."""
        return {**self.ref(address), "kindLabel": self.kind_label(address)}

    def value(self, value: Value) -> Json:
        """Return a value: a thing, or a text with its language and type."""
        if isinstance(value, NamedNode):
            return self.ref(value.value)
        datatype = value.datatype.value
        return {"text": value.value, "lang": value.language or "", "datatype": datatype}

    def kind_label(self, address: str) -> str:
        """Return of what kind a thing is, in words."""
        classes = self.classes(address)
        return self.label(min(classes)) if classes else kind_of_iri(address)

    def classes(self, address: str) -> frozenset[str]:
        """Return the classes of a thing, of this document and of others."""
        others = self._document.other_index.classes.get(address, set())
        found = frozenset(self._classes.get(address, set()) | others)
        is_document = address == self._document.text.document
        return frozenset({ISSUE}) if is_document and not found else found


def texts(values: Iterable[Value]) -> dict[str, str]:
    """Return texts by language."""
    return {it.language or "": it.value for it in values if isinstance(it, Literal)}
