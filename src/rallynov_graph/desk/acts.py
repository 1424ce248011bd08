"""The acts of a reader of a document, and the lines of JSON that record them.

Each act says what is true of the reading from then on. A field of an act declares its key in the
line, and how its value is written in short; the first key of a kind of act is its tag.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, certainty_of
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, kind_of_iri
from rallynov_graph.desk.short_terms import (
    CERTAINTY,
    LABEL,
    REASON,
    TYPE,
    VOICE,
    ShortTerms,
    Value,
    slug_of,
)
from rallynov_graph.desk.words import ActFault

VERSION: Final = 1
"""Counts up when an older version of this software could not read the files any more."""
REASONS: Final = ("why", *CERTAINTIES[1:])
"""Keys whose value may be the number of a line that has the same reason."""
_FORMAT: Final = "rallynov decisions"
_DIGITS: Final = 6
_SELECTION: Final = re.compile(r"(\d+)-(\d+)(?::([0-9a-f]+))?(?:@(\S+))?")
_FILE_NAME: Final = re.compile(r"\w[\w.-]*")
_IS_WORDS: Final = re.compile(r"\d+-\d+(?:[: @]|$)")
"""The name of a set that is named by the positions of its words alone."""
_SCHEME: Final = "scheme/"
_THINGS: Final = (
    "beneficiary date-part document emphasis event figure funding group hours imprint innovation "
    "interval list measure membership method mode nature need occurrence organisation "
    "organisation-kind participation person place place-kind post rally role series setting stage "
    "status testimony theme"
)
_KINDS_OF_THINGS: Final = frozenset(_THINGS.split())
"""Keys that name a thing by its label; none is ever taken away, for files have them."""

Says = Mapping[str, Sequence[Value] | None]
"""Values by the address of a property; None restores the implied ones."""


def digest_of(words: str) -> str:
    """Return a digest of selected words, which does not reveal them."""
    return hashlib.sha256(words.encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class TextSelection:
    """Words of the text: their positions in code points, and their digest where it is known."""

    start: int
    end: int
    digest: str = ""
    name: str = ""
    """The name of the passage in its address, if it is not made of its positions."""

    def __str__(self) -> str:
        digest = f":{self.digest}" if self.digest else ""
        return f"{self.start}-{self.end}{digest}{f'@{self.name}' if self.name else ''}"

    @property
    def slug(self) -> str:
        """The last part of the passage's address, without the document's name."""
        return self.name or f"{self.start}-{self.end}"

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end

    @classmethod
    def read(cls, written: str) -> TextSelection:
        """Parse the short form; raise ValueError if it is not a selection."""
        found = _SELECTION.fullmatch(written)
        if found is None or int(found[1]) >= int(found[2]):
            raise ActFault("selection", written=written)
        return cls(int(found[1]), int(found[2]), found[3] or "", found[4] or "")


@dataclass(frozen=True)
class Kind:
    """A kind of entry: how its address begins, its class."""

    address: str
    iri: str


KINDS: Final[Mapping[str, Kind]] = {
    "graph": Kind("graph", f"{RN}CurationGraph"),
    "extraction": Kind("extraction", f"{RN}Extraction"),
    "part": Kind("part", f"{RN}DocumentPart"),
    "passage": Kind("passage", f"{RN}Passage"),
    "set": Kind("assertion-set", f"{RN}AssertionSet"),
    "question": Kind("question", f"{RN}OpenQuestion"),
    "reading": Kind("reading", f"{RN}Reading"),
    "term": Kind("", f"{PREFIXES['skos']}Concept"),
    "thing": Kind("", ""),
}
"""The kinds of entries by the key that names one; ``thing`` is any other."""


@dataclass(frozen=True)
class DocumentText:
    """The text of a document that was read, and the languages that the reading is written in."""

    document: str
    extraction: str
    sha256: str
    length: int
    languages: tuple[str, ...]
    called: Mapping[str, str] = field(default_factory=dict)
    """The short name of the document by language, as names of passages have it."""


@dataclass(frozen=True)
class _Form:
    """How the value of a field is written to a line and read from it."""

    write: Callable[[ShortTerms, Any], Any]
    read: Callable[[ShortTerms, Any], Any]


def _selections(_: ShortTerms, written: Any) -> tuple[TextSelection, ...]:
    if not isinstance(written, str):
        raise ActFault("words", written=written)
    return tuple(map(TextSelection.read, written.split()))


def _file_name(name: Any) -> str:
    """Return the name of a file in the folder of a document; raise ActFault for any other."""
    if not isinstance(name, str) or not _FILE_NAME.fullmatch(name):
        raise ActFault("file name", name=name)
    return name


def _text(terms: ShortTerms, values: Sequence[Value]) -> Any:
    value = terms.json(values)
    return value[1:] if isinstance(value, str) and value[:1] == "=" else value


def _text_read(terms: ShortTerms, json: Any) -> tuple[Value, ...]:
    return (Literal(json),) if isinstance(json, str) else terms.values(json)


def _certainty(terms: ShortTerms, values: Sequence[Value]) -> Any:
    is_one = len(values) == 1 and certainty_of(values[0].value)
    return certainty_of(values[0].value) if is_one else terms.json(values)


def _certainty_read(terms: ShortTerms, json: Any) -> tuple[Value, ...]:
    return (NamedNode(RN + json),) if json in CERTAINTIES else terms.values(json)


def _scheme(terms: ShortTerms, values: Sequence[Value]) -> Any:
    value = terms.json(values)
    return value.removeprefix(_SCHEME) if isinstance(value, str) else value


def _scheme_read(terms: ShortTerms, json: Any) -> tuple[Value, ...]:
    is_short = isinstance(json, str) and "/" not in json
    return terms.values(_SCHEME + json if is_short else json)


def _as_it_is(_: ShortTerms, value: Any) -> Any:
    return value


_RAW: Final = _Form(_as_it_is, _as_it_is)
_STRING: Final = _Form(_as_it_is, lambda _, json: str(json))
_ADDRESS: Final = _Form(ShortTerms.short, ShortTerms.iri)
_GRAPH: Final = _Form(lambda t, it: t.short(it, "graph"), lambda t, json: t.iri(json, "graph"))
_WORDS: Final = _Form(lambda _, words: " ".join(map(str, words)), _selections)
_VALUES: Final = _Form(ShortTerms.json, ShortTerms.values)
_TEXTS: Final = _Form(_text, _text_read)
_SAYS: Final = _Form(
    lambda t, says: {
        t.short_property(iri): None if values is None else t.json(values)
        for iri, values in says.items()
    },
    lambda t, json: {
        t.property(name): None if value is None else t.values(value) for name, value in json.items()
    },
)
_OWN: Final[Mapping[str, tuple[str, _Form]]] = {
    "a": (TYPE, _VALUES),
    "label": (LABEL, _TEXTS),
    "how": (CERTAINTY, _Form(_certainty, _certainty_read)),
    "why": (REASON, _TEXTS),
    "voice": (VOICE, _VALUES),
    "summary": (f"{PREFIXES['dcterms']}description", _TEXTS),
    "scheme": (f"{PREFIXES['skos']}inScheme", _Form(_scheme, _scheme_read)),
    "means": (f"{PREFIXES['skos']}definition", _TEXTS),
}
"""The properties that nearly every entry has, by key."""


def _keyed(key: str, form: _Form, **more: Any) -> Any:
    """Return a field that a line has under a key, unless its value is the default one."""
    return field(metadata={"key": key, "form": form}, **more)


@dataclass(frozen=True)
class Opened:
    """A file of decisions begins, or its document is read in another text from here on."""

    text: DocumentText
    reader: str = ""
    settles: tuple[str, ...] = ()
    """The names of the files that it resolves, beginning with the one that it continues."""

    @property
    def terms(self) -> ShortTerms:
        """The writer and reader of short addresses and values for the following lines."""
        return ShortTerms(self.text.document, self.text.languages)

    def written(self, _terms: ShortTerms | None = None) -> dict[str, Any]:
        """Return the content of its line."""
        text = self.text
        return {
            "format": _FORMAT,
            "version": VERSION,
            "document": text.document.removeprefix(ID),
            "extraction": text.extraction.removeprefix(ID),
            "sha256": text.sha256,
            "length": text.length,
            "languages": [*text.languages],
            "called": dict(text.called),
            "reader": self.reader.removeprefix(ID),
            **({"settles": [*self.settles]} if self.settles else {}),
        }

    @classmethod
    def read(cls, content: Mapping[str, Any], _terms: ShortTerms | None = None) -> Opened:
        """Return the act of a line; raise ValueError, also for another version or format."""
        if content.get("format") != _FORMAT:
            raise ActFault("beginning")
        if (version := content.get("version")) != VERSION:
            newer = isinstance(version, int) and version > VERSION
            raise ActFault("newer" if newer else "version", version=version, known=VERSION)
        text = DocumentText(
            ID + str(content["document"]),
            ID + str(content["extraction"]),
            str(content["sha256"]),
            int(content["length"]),
            tuple(map(str, content["languages"])),
            dict(content.get("called", {})),
        )
        return cls(text, ID + str(content["reader"]), tuple(content.get("settles", ())))


class _Line:
    """An act whose line has a key for each field."""

    def written(self, terms: ShortTerms) -> dict[str, Any]:
        """Return the content of its line."""
        content = {}
        for it in fields(self):  # type: ignore[arg-type]
            value = getattr(self, it.name)
            if "key" in it.metadata and value != it.default:
                content[it.metadata["key"]] = it.metadata["form"].write(terms, value)
        return content

    @classmethod
    def values(cls, content: Mapping[str, Any], terms: ShortTerms) -> dict[str, Any]:
        """Return the fields of the line; raise KeyError for a missing one."""
        return {
            it.name: it.metadata["form"].read(terms, content[it.metadata["key"]])
            for it in fields(cls)  # type: ignore[arg-type]
            if "key" in it.metadata and (it.metadata["key"] in content or it.default is MISSING)
        }

    @classmethod
    def read(cls, content: Mapping[str, Any], terms: ShortTerms) -> Any:
        """Return the act of a line; raise ValueError."""
        return cls(**cls.values(content, terms))


@dataclass(frozen=True)
class Dropped(_Line):
    """Something is not stated any more."""

    address: str = _keyed("drop", _ADDRESS)
    graph: str = _keyed("in", _GRAPH, default="")


@dataclass(frozen=True)
class RefusedProposal(_Line):
    """A proposal is refused. The words of a contact have no digest."""

    kind: str = _keyed("refused", _STRING)
    words: tuple[TextSelection, ...] = _keyed("words", _WORDS)
    proposer: str = _keyed("from", _STRING, default="")


@dataclass(frozen=True)
class Undone(_Line):
    """The act on a line does not count; undone itself, that act counts again."""

    line: int = _keyed("undo", _Form(_as_it_is, lambda _, json: int(json)))


@dataclass(frozen=True)
class FilesSeen(_Line):
    """Files of the data have what the acts above say: digests by name, empty for a removed file."""

    digests: Mapping[str, str] = _keyed(
        "files",
        _Form(
            lambda _, digests: dict(digests),
            lambda _, json: {_file_name(name): str(one) for name, one in json.items()},
        ),
    )


@dataclass(frozen=True)
class Settled(_Line):
    """A difference between two readings is decided: whose reading is taken."""

    difference: str = _keyed("settled", _STRING)
    taken: str = _keyed("taken", _STRING)


@dataclass(frozen=True)
class Stated(_Line):
    """The statements of an entry; those of earlier acts stay unless this one replaces them."""

    kind: str
    address: str
    graph: str = _keyed("in", _GRAPH, default="")
    """The graph that describes it; empty for the first one."""
    words: tuple[TextSelection, ...] | None = _keyed("words", _WORDS, default=None)
    says: Says = field(default_factory=dict)
    facts: Mapping[str, Says] = field(default_factory=dict)
    """By subject: what a set states."""
    file: str = _keyed("file", _Form(_as_it_is, lambda _, json: _file_name(json)), default="")
    """Of a graph: the name of its file."""
    head: str | None = _keyed("head", _RAW, default=None)
    """Of a graph: the remark at its file's head."""
    proposer: str = _keyed("from", _RAW, default="")
    is_changed: bool = _keyed("changed", _RAW, default=False)
    """Whether the reader changed the proposal."""

    def written(self, terms: ShortTerms) -> dict[str, Any]:
        """Return the content of its line."""
        says = dict(self.says)
        said = super().written(terms)
        content = self._named(terms, says)
        content |= {key: said[key] for key in ("in", "file", "head") if said.get(key)}
        content |= _with_reason(terms, says)
        for key, (iri, form) in _OWN.items():
            if iri in says:
                values = says.pop(iri)
                content[key] = None if values is None else form.write(terms, tuple(values))
        if "words" in said and not _IS_WORDS.match(str(content.get(self.kind, ""))):
            content["words"] = said["words"]
        if says:
            content["says"] = _SAYS.write(terms, says)
        for subject, facts in self.facts.items():
            short = terms.short(subject)
            is_plain = "/" in short or ":" in short
            content[short if is_plain else f"<{subject}>"] = _SAYS.write(terms, facts)
        return content | {key: said[key] for key in ("from", "changed") if key in said}

    def _named(self, terms: ShortTerms, says: dict[str, Any]) -> dict[str, Any]:
        """Return the key that names an entry: by its words, by its name, or by its address."""
        short = terms.short(self.address, KINDS[self.kind].address)
        if self.kind == "set" and self.words and (number := _number(short, self.words[0])):
            words = _WORDS.write(terms, self.words)
            return {"set": words} | ({"n": number} if number > 1 else {})
        label, kind = says.get(LABEL), kind_of_iri(self.address)
        is_thing = self.kind == "thing" or (self.kind == "term" and says.get(_OWN["scheme"][0]))
        named = f"{ID}{kind}/{slug_of(label[0].value)}" if label and is_thing else ""
        if self.address == named and kind in _KINDS_OF_THINGS:
            return {kind: _text(terms, tuple(says.pop(LABEL)))}
        is_misread = self.kind == "set" and _IS_WORDS.match(short)
        is_bare = not KINDS[self.kind].address and "/" not in short and ":" not in short
        return {self.kind: f"<{self.address}>" if is_misread or is_bare else short}

    @classmethod
    def read(cls, content: Mapping[str, Any], terms: ShortTerms) -> Stated:
        """Return the act of a line; raise ValueError."""
        kinds = [key for key in content if key in KINDS] or [
            key for key in content if key in _KINDS_OF_THINGS
        ]
        if len(kinds) != 1:
            raise ActFault("nothing known")
        (kind,) = kinds
        subjects = [key for key in content if "/" in key or ":" in key]
        known = {*_OF_ENTRIES, *subjects, kind}
        if unknown := [key for key in content if key not in known]:
            raise ActFault("key", key=unknown[0])
        says: dict[str, tuple[Value, ...] | None] = {}
        for key in CERTAINTIES[1:]:
            if key in content:
                says[CERTAINTY] = (NamedNode(RN + key),)
                says[REASON] = _own(terms, "why", content[key])
        says |= {_OWN[key][0]: _own(terms, key, content[key]) for key in content if key in _OWN}
        says |= _SAYS.read(terms, content.get("says", {}))
        facts = {terms.iri(it): _SAYS.read(terms, content[it]) for it in subjects}
        said = cls.values(content, terms)
        if kind in KINDS:
            address = _address(terms, kind, content, said)
        else:
            says[LABEL] = label = _own(terms, "label", content[kind])
            if not label or not (slug := slug_of(label[0].value)):
                raise ActFault("unnamed", kind=kind)
            address = f"{ID}{kind}/{slug}"
            kind = "term" if content.get("scheme") else "thing"
        return cls(kind, address, says=says, facts=facts, **said)


_OF_ENTRIES: Final = frozenset(
    {"at", "in", "n", "words", "says", "file", "head", "from", "changed", *_OWN, *CERTAINTIES[1:]}
)
"""The keys of an entry, except its name and its facts."""


def _own(terms: ShortTerms, key: str, json: Any) -> tuple[Value, ...] | None:
    found: tuple[Value, ...] | None = None if json is None else _OWN[key][1].read(terms, json)
    return found


def _with_reason(terms: ShortTerms, says: dict[str, Any]) -> dict[str, Any]:
    """Return a certainty with its reason, where both are said together."""
    values, reasons = says.get(CERTAINTY), says.get(REASON)
    name = certainty_of(values[0].value) if values and len(values) == 1 else ""
    if not reasons or name not in CERTAINTIES[1:]:
        return {}
    del says[CERTAINTY]
    return {name: _text(terms, tuple(says.pop(REASON)))}


def _number(short: str, words: TextSelection) -> int:
    """Return the number of a set among those with the same words, 0 if it has another name."""
    found = re.fullmatch(r"~(\d+-\d+)(?:-(\d+))?", short)
    is_so_called = found is not None and found[1] == words.slug and found[2] != "1"
    return int(found[2] or 1) if found is not None and is_so_called else 0


def _address(terms: ShortTerms, kind: str, content: Mapping[str, Any], said: dict[str, Any]) -> str:
    """Return the address of an entry; a set may be named by its words alone."""
    name, begins = content[kind], KINDS[kind].address
    if kind == "set" and isinstance(name, str) and _IS_WORDS.match(name):
        said["words"] = _selections(terms, name)
        number = int(content.get("n", 1))
        return terms.iri(f"~{said['words'][0].slug}" + f"-{number}" * (number > 1), begins)
    if not begins and "/" not in name and ":" not in name:
        raise ActFault("address", name=name)
    return terms.iri(name, begins)


Act = Opened | Stated | Dropped | RefusedProposal | Undone | FilesSeen | Settled
_KEYED: Final = (Dropped, RefusedProposal, Undone, FilesSeen, Settled)
_BY_TAG: Final[Mapping[str, Any]] = {
    "format": Opened,
    **{fields(it)[0].metadata["key"]: it for it in _KEYED},
}


def act_in(content: Mapping[str, Any], terms: ShortTerms) -> Act:
    """Return the act that a line says; raise ValueError."""
    kind = next((act for tag, act in _BY_TAG.items() if tag in content), Stated)
    found: Act = kind.read(content, terms)
    return found


@dataclass(frozen=True)
class Recorded:
    """An act with its place in the file, and when it was done."""

    line: int
    at: str
    act: Act
    begins: bool = field(default=False, compare=False)
    """Whether it is the first of the acts that were done together."""


def counting(acts: Iterable[Recorded]) -> list[Recorded]:
    """Return the acts that count: without those undone, and without the undoing."""
    every = list(acts)
    undone: set[int] = set()
    for it in reversed(every):
        if isinstance(it.act, Undone) and it.line not in undone:
            undone.add(it.act.line)
    return [it for it in every if it.line not in undone and not isinstance(it.act, Undone)]
