"""Acts as lines of JSON: short keys, readable by people, the same line for the same act."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import IRIS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.desk.acts import (
    KINDS,
    Act,
    DocumentText,
    Dropped,
    FilesSeen,
    Opened,
    RefusedProposal,
    Says,
    Settled,
    Stated,
    TextSelection,
    Undone,
)
from rallynov_graph.desk.short_terms import TYPE, ShortTerms, Value

VERSION: Final = 1
"""Counts up when an older version of this software could not read the files any more."""
_FORMAT: Final = "rallynov decisions"
_OWN_KEYS: Final = {
    "a": TYPE,
    "label": f"{PREFIXES['rdfs']}label",
    "how": f"{RN}certainty",
    "why": f"{RN}reason",
    "voice": f"{RN}voice",
    "summary": f"{PREFIXES['dcterms']}description",
}
"""The properties that nearly every act has, by key."""
_TEXTS: Final = frozenset({"label", "why", "summary"})
"""Keys of which a plain value is a text."""
_KEY_OF: Final = {iri: key for key, iri in _OWN_KEYS.items()}
_OF_ENTRIES: Final = frozenset(
    {"at", "in", "words", "says", "facts", "file", "head", "from", "changed", *_OWN_KEYS}
)


class ActLines:
    """Writes and reads the acts on one document; reading raises ValueError."""

    def __init__(self, document: str) -> None:
        self._terms = ShortTerms(document)

    def line(self, act: Act, at: str = "") -> str:
        """Return an act as a line; without a time it is done when the one above it was."""
        content: dict[str, Any] = {}
        match act:
            case Opened():
                content = _opening(act)
            case Stated():
                content = self._stated(act)
            case Dropped():
                content = {"drop": self._terms.short(act.address), **self._within(act.graph)}
            case RefusedProposal():
                content = {"refused": act.kind, "words": _written(act.words), "from": act.proposer}
            case Undone():
                content = {"undo": act.line}
            case FilesSeen():
                content = {"files": dict(act.digests)}
            case Settled():
                content = {"settled": act.difference, "taken": act.taken}
        if at:
            content["at"] = at
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    def act(self, content: Mapping[str, Any]) -> Act:
        """Return the act that a line says."""
        for key, read in _READERS.items():
            if key in content:
                return read(self, content)
        kinds = [key for key in content if key in KINDS]
        if len(kinds) != 1:
            raise ValueError("it says nothing that this version knows")
        return self._entry(kinds[0], content)

    def _stated(self, act: Stated) -> dict[str, Any]:
        kind = KINDS[act.kind]
        content: dict[str, Any] = {act.kind: self._terms.short(act.address, kind.address)}
        content |= self._within(act.graph)
        content |= {k: v for k, v in (("file", act.file), ("head", act.head)) if v}
        says = dict(act.says)
        for key, iri in _OWN_KEYS.items():
            if iri in says:
                content[key] = self._own(key, says.pop(iri))
        if act.words is not None:
            content["words"] = _written(act.words)
        if says:
            content["says"] = self._says(says)
        if act.facts:
            content["facts"] = {
                self._terms.short(subject): self._says(said) for subject, said in act.facts.items()
            }
        if act.proposer:
            content["from"] = act.proposer
        return content | ({"changed": True} if act.is_changed else {})

    def _within(self, graph: str) -> dict[str, str]:
        return {"in": self._terms.short(graph, "graph")} if graph else {}

    def _says(self, says: Says) -> dict[str, Any]:
        return {
            self._terms.short_property(iri): None if values is None else self._terms.json(values)
            for iri, values in says.items()
        }

    def _own(self, key: str, values: Iterable[Value] | None) -> Any:
        if values is None:
            return None
        found = tuple(values)
        if len(found) == 1 and key == "how" and found[0].value in IRIS:
            return found[0].value.removeprefix(RN)
        value = self._terms.json(found)
        return value[1:] if key in _TEXTS and isinstance(value, str) and value[:1] == "=" else value

    def _entry(self, kind: str, content: Mapping[str, Any]) -> Stated:
        if unknown := [key for key in content if key not in _OF_ENTRIES and key != kind]:
            raise ValueError(f"{unknown[0]!r} is no key of this version")
        says: dict[str, tuple[Value, ...] | None] = {}
        for key in content:
            if key in _OWN_KEYS:
                says[_OWN_KEYS[key]] = self._own_values(key, content[key])
        says |= self._said(content.get("says", {}))
        facts = {
            self._terms.iri(subject): self._said(said)
            for subject, said in content.get("facts", {}).items()
        }
        return Stated(
            kind,
            self._terms.iri(content[kind], KINDS[kind].address),
            self._graph(content),
            _selections(content["words"]) if "words" in content else None,
            says,
            facts,
            content.get("file", ""),
            content.get("head"),
            content.get("from", ""),
            content.get("changed", False),
        )

    def _graph(self, content: Mapping[str, Any]) -> str:
        return self._terms.iri(content["in"], "graph") if "in" in content else ""

    def _own_values(self, key: str, json_value: Any) -> tuple[Value, ...] | None:
        if json_value is None:
            return None
        if isinstance(json_value, str) and key in _TEXTS:
            return (Literal(json_value),)
        if isinstance(json_value, str) and key == "how" and RN + json_value in IRIS:
            return (NamedNode(RN + json_value),)
        return self._terms.values(json_value)

    def _said(self, content: Mapping[str, Any]) -> dict[str, tuple[Value, ...] | None]:
        return {
            self._terms.property(name): None if value is None else self._terms.values(value)
            for name, value in content.items()
        }

    def _dropped(self, content: Mapping[str, Any]) -> Dropped:
        return Dropped(self._terms.iri(content["drop"]), self._graph(content))

    def _refused(self, content: Mapping[str, Any]) -> RefusedProposal:
        return RefusedProposal(
            str(content["refused"]), _selections(content["words"]), str(content.get("from", ""))
        )

    def _undone(self, content: Mapping[str, Any]) -> Undone:
        return Undone(int(content["undo"]))

    def _files(self, content: Mapping[str, Any]) -> FilesSeen:
        return FilesSeen({str(name): str(one) for name, one in content["files"].items()})

    def _settled(self, content: Mapping[str, Any]) -> Settled:
        return Settled(str(content["settled"]), str(content["taken"]))

    def _opened(self, content: Mapping[str, Any]) -> Opened:
        return opened(content)


_READERS: Final[Mapping[str, Callable[[ActLines, Mapping[str, Any]], Act]]] = {
    "format": ActLines._opened,
    "drop": ActLines._dropped,
    "refused": ActLines._refused,
    "undo": ActLines._undone,
    "files": ActLines._files,
    "settled": ActLines._settled,
}


def _opening(act: Opened) -> dict[str, Any]:
    text = act.text
    content: dict[str, Any] = {
        "format": _FORMAT,
        "version": VERSION,
        "document": text.document.removeprefix(ID),
        "extraction": text.extraction.removeprefix(ID),
        "sha256": text.sha256,
        "length": text.length,
        "languages": [*text.languages],
        "called": dict(text.called),
        "reader": act.reader.removeprefix(ID),
    }
    return content | ({"settles": [*act.settles]} if act.settles else {})


def opened(content: Mapping[str, Any]) -> Opened:
    """Return the opening of a file; raise ValueError, of another version or format too."""
    if content.get("format") != _FORMAT:
        raise ValueError("it does not begin as a file of decisions does")
    if content.get("version") != VERSION:
        newer = isinstance(content.get("version"), int) and content["version"] > VERSION
        advice = "update rallynov" if newer else "it is none that there ever was"
        raise ValueError(f"its version is {content.get('version')!r}, not {VERSION}: {advice}")
    text = DocumentText(
        ID + str(content["document"]),
        ID + str(content["extraction"]),
        str(content["sha256"]),
        int(content["length"]),
        tuple(map(str, content["languages"])),
        dict(content.get("called", {})),
    )
    return Opened(text, ID + str(content["reader"]), tuple(content.get("settles", ())))


def _written(words: Iterable[TextSelection]) -> str:
    return " ".join(map(str, words))


def _selections(written: Any) -> tuple[TextSelection, ...]:
    if not isinstance(written, str):
        raise ValueError(f"{written!r} names no words")
    return tuple(map(TextSelection.read, written.split()))
