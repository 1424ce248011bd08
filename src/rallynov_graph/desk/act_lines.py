"""Acts as lines of JSON: short keys, readable by people, the same line for the same act."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, IRIS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, kind_of_iri
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
from rallynov_graph.desk.short_terms import TYPE, ShortTerms, Value, slug_of
from rallynov_graph.desk.words import ActFault

REASONS: Final = ("why", *CERTAINTIES[1:])
"""Keys whose value may be the number of a line that has the same reason."""
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
    "scheme": f"{PREFIXES['skos']}inScheme",
    "means": f"{PREFIXES['skos']}definition",
}
"""The properties that nearly every act has, by key."""
_TEXTS: Final = frozenset({"label", "why", "summary", "means"})
"""Keys of which a plain value is a text."""
_KEY_OF: Final = {iri: key for key, iri in _OWN_KEYS.items()}
_OF_ENTRIES: Final = frozenset(
    {"at", "in", "n", "words", "says", "file", "head", "from", "changed", *_OWN_KEYS}
)
_SCHEME: Final = "scheme/"
_LESS_SURE: Final = CERTAINTIES[1:]
"""Keys that say a certainty with its reason."""
_FILE_NAME: Final = re.compile(r"\w[\w.-]*")
_IS_WORDS: Final = re.compile(r"\d+-\d+(?:[: @]|$)")
"""How a set is called that has no name but its words."""
_KINDS_OF_THINGS: Final = frozenset(
    [
        "beneficiary",
        "date-part",
        "document",
        "emphasis",
        "event",
        "figure",
        "funding",
        "group",
        "hours",
        "imprint",
        "innovation",
        "interval",
        "list",
        "measure",
        "membership",
        "method",
        "mode",
        "nature",
        "need",
        "occurrence",
        "organisation",
        "organisation-kind",
        "participation",
        "person",
        "place",
        "place-kind",
        "post",
        "rally",
        "role",
        "series",
        "setting",
        "stage",
        "status",
        "testimony",
        "theme",
    ]
)
"""Keys that name a thing by its label; none is ever taken away, for files have them."""


class ActLines:
    """Writes and reads the acts on one document; reading raises ValueError."""

    def __init__(self, text: DocumentText) -> None:
        self._terms = ShortTerms(text.document, text.languages)

    def content(self, act: Act) -> dict[str, Any]:
        """Return what a line says of an act."""
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
        return content

    def act(self, content: Mapping[str, Any]) -> Act:
        """Return the act that a line says."""
        for key, read in _READERS.items():
            if key in content:
                return read(self, content)
        kinds = [key for key in content if key in KINDS] or [
            key for key in content if key in _KINDS_OF_THINGS
        ]
        if len(kinds) != 1:
            raise ActFault("nothing known")
        return self._entry(kinds[0], content)

    def _stated(self, act: Stated) -> dict[str, Any]:
        says = dict(act.says)
        content = self._opening_of(act, says)
        content |= self._within(act.graph)
        content |= {k: v for k, v in (("file", act.file), ("head", act.head)) if v}
        content |= self._certainty(says)
        for key, iri in _OWN_KEYS.items():
            if iri in says:
                content[key] = self._own(key, says.pop(iri))
        if act.words is not None and not _IS_WORDS.match(str(content.get(act.kind, ""))):
            content["words"] = _written(act.words)
        if says:
            content["says"] = self._says(says)
        for subject, said in act.facts.items():
            content[self._subject(subject)] = self._says(said)
        if act.proposer:
            content["from"] = act.proposer
        return content | ({"changed": True} if act.is_changed else {})

    def _opening_of(self, act: Stated, says: dict[str, Any]) -> dict[str, Any]:
        """Return the key that names an entry: by its words, by its name, or by its address."""
        kind = KINDS[act.kind]
        if act.kind == "set" and act.words and (number := self._numbered(act.address, act.words)):
            return {"set": _written(act.words)} | ({"n": number} if number > 1 else {})
        label = says.get(_OWN_KEYS["label"])
        is_term = act.kind == "term" and bool(says.get(_OWN_KEYS["scheme"]))
        if (act.kind == "thing" or is_term) and label and self._named(act.address, label):
            own = self._own("label", says.pop(_OWN_KEYS["label"]))
            return {kind_of_iri(act.address): own}
        short = self._terms.short(act.address, kind.address)
        is_misread = act.kind == "set" and _IS_WORDS.match(short)
        return {act.kind: f"<{act.address}>" if is_misread else short}

    def _numbered(self, address: str, words: Sequence[TextSelection]) -> int:
        """Return which of the sets of some words an address is, 0 where it is called otherwise."""
        found = re.fullmatch(r"~(\d+-\d+)(?:-(\d+))?", self._terms.short(address, _SETS))
        if found is None or found[1] != words[0].slug or found[2] == "1":
            return 0
        return int(found[2] or 1)

    def _named(self, address: str, label: Sequence[Value]) -> bool:
        kind = kind_of_iri(address)
        slug = slug_of(label[0].value)
        return kind in _KINDS_OF_THINGS and address == f"{ID}{kind}/{slug}"

    def _subject(self, address: str) -> str:
        short = self._terms.short(address)
        return short if "/" in short or ":" in short else f"<{address}>"

    def _certainty(self, says: dict[str, Any]) -> dict[str, Any]:
        """Return a certainty with its reason, where both are said together."""
        values, reasons = (says.get(_OWN_KEYS[key]) for key in ("how", "why"))
        if not reasons or not values or len(values) != 1:
            return {}
        name = values[0].value.removeprefix(RN)
        if name not in _LESS_SURE:
            return {}
        del says[_OWN_KEYS["how"]]
        return {name: self._own("why", says.pop(_OWN_KEYS["why"]))}

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
        if key == "scheme" and isinstance(value, str):
            return value.removeprefix(_SCHEME)
        return value[1:] if key in _TEXTS and isinstance(value, str) and value[:1] == "=" else value

    def _entry(self, kind: str, content: Mapping[str, Any]) -> Stated:
        subjects = [key for key in content if "/" in key or ":" in key]
        known = {*_OF_ENTRIES, *_LESS_SURE, *subjects, kind}
        if unknown := [key for key in content if key not in known]:
            raise ActFault("key", key=unknown[0])
        says: dict[str, tuple[Value, ...] | None] = {}
        for key in _LESS_SURE:
            if key in content:
                says[_OWN_KEYS["how"]] = (NamedNode(RN + key),)
                says[_OWN_KEYS["why"]] = self._own_values("why", content[key])
        for key in content:
            if key in _OWN_KEYS:
                says[_OWN_KEYS[key]] = self._own_values(key, content[key])
        says |= self._said(content.get("says", {}))
        facts = {self._terms.iri(it): self._said(content[it]) for it in subjects}
        written = content.get("words")
        if kind in KINDS:
            address, written = self._address(kind, content, written)
        else:
            says[_OWN_KEYS["label"]] = label = self._own_values("label", content[kind])
            address = self._address_by_name(kind, label)
            kind = "term" if content.get("scheme") else "thing"
        return Stated(
            kind,
            address,
            self._graph(content),
            None if written is None else _selections(written),
            says,
            facts,
            _file_name(content["file"]) if "file" in content else "",
            content.get("head"),
            content.get("from", ""),
            content.get("changed", False),
        )

    def _address(self, kind: str, content: Mapping[str, Any], words: Any) -> tuple[str, Any]:
        """Return the address of an entry, and its words: a set may be called by these alone."""
        name = content[kind]
        if kind == "set" and isinstance(name, str) and _IS_WORDS.match(name):
            number = int(content.get("n", 1))
            slug = f"~{_selections(name)[0].slug}" + (f"-{number}" if number > 1 else "")
            return self._terms.iri(slug, _SETS), name
        if not KINDS[kind].address and "/" not in name and ":" not in name:
            raise ActFault("address", name=name)
        return self._terms.iri(name, KINDS[kind].address), words

    def _address_by_name(self, kind: str, label: Sequence[Value] | None) -> str:
        slug = slug_of(label[0].value) if label else ""
        if not slug:
            raise ActFault("unnamed", kind=kind)
        return f"{ID}{kind}/{slug}"

    def _graph(self, content: Mapping[str, Any]) -> str:
        return self._terms.iri(content["in"], "graph") if "in" in content else ""

    def _own_values(self, key: str, json_value: Any) -> tuple[Value, ...] | None:
        if json_value is None:
            return None
        if isinstance(json_value, str) and key in _TEXTS:
            return (Literal(json_value),)
        if isinstance(json_value, str) and key == "scheme" and "/" not in json_value:
            return self._terms.values(_SCHEME + json_value)
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
        return FilesSeen({_file_name(name): str(one) for name, one in content["files"].items()})

    def _settled(self, content: Mapping[str, Any]) -> Settled:
        return Settled(str(content["settled"]), str(content["taken"]))

    def _opened(self, content: Mapping[str, Any]) -> Opened:
        return opened(content)


_SETS: Final = KINDS["set"].address
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
        raise ActFault("beginning")
    if content.get("version") != VERSION:
        newer = isinstance(content.get("version"), int) and content["version"] > VERSION
        reason = "newer" if newer else "version"
        raise ActFault(reason, version=content.get("version"), known=VERSION)
    text = DocumentText(
        ID + str(content["document"]),
        ID + str(content["extraction"]),
        str(content["sha256"]),
        int(content["length"]),
        tuple(map(str, content["languages"])),
        dict(content.get("called", {})),
    )
    return Opened(text, ID + str(content["reader"]), tuple(content.get("settles", ())))


def _file_name(name: Any) -> str:
    """Return the name of a file in the folder of a document; raise ValueError for any other."""
    if not isinstance(name, str) or not _FILE_NAME.fullmatch(name):
        raise ActFault("file name", name=name)
    return name


def _written(words: Iterable[TextSelection]) -> str:
    return " ".join(map(str, words))


def _selections(written: Any) -> tuple[TextSelection, ...]:
    if not isinstance(written, str):
        raise ActFault("words", written=written)
    return tuple(map(TextSelection.read, written.split()))
