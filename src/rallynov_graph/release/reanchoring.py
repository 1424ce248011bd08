"""Move passages from one text of a document to a better one, without changing their addresses."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.errors import RallynovError, SourceError, UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.matching.alignment import Alignment, Span
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.turtle import changed
from rallynov_graph.release import withdrawals
from rallynov_graph.release.documents import Extraction, SourceFile, extractions, matching
from rallynov_graph.release.withdrawals import is_edited, parsed, write_text
from rallynov_graph.sparql.embedded import EmbeddedStore

_OA: Final = PREFIXES["oa"]
_SOURCE: Final = _OA + "hasSource"
_LABEL: Final = PREFIXES["rdfs"] + "label"
_TYPE: Final = PREFIXES["rdf"] + "type"
_METHODS: Final = f"{ID}scheme/methodes-d-extraction"
_INTEGER: Final = NamedNode(PREFIXES["xsd"] + "integer")

Described = Mapping[str, Mapping[str, Sequence[NamedNode | Literal]]]
"""The description of each thing, by property."""


class Outcome(StrEnum):
    """The result for a passage or part."""

    SAME = "it has the same words in the new text"
    CHANGED = "some of its words are others in the new text"
    LOST = "its words are not in the new text, or at several places alike"
    OUTSIDE = "its words stand outside its part in the new text"
    WITH_OTHERS = "parts are carried together, and another one could not be placed"
    NO_POSITION = "it has no position of its own in the old text"


@dataclass(frozen=True)
class AnchoredPassage:
    """A passage or part of the old text, and the place of its words in the new one."""

    iri: str
    is_part: bool
    part: str
    """The part that it is in; empty for a part itself."""
    selector: str
    old: Span
    new: Span | None = None
    outcome: Outcome = Outcome.NO_POSITION

    @property
    def name(self) -> str:
        return self.iri.removeprefix(ID)


@dataclass(frozen=True)
class Reanchoring:
    """The passages moved to a new text, done or as a dry run."""

    old: str
    new: str
    is_new: bool
    """Whether the data did not describe the new text before."""
    carried: tuple[AnchoredPassage, ...]
    left: tuple[AnchoredPassage, ...]
    """The passages that stay in the old text, for people to check."""
    files: tuple[str, ...]
    """The files of the data that change, by their paths in the folder."""


def reanchor(
    old: SourceFile,
    new: SourceFile,
    data: Path,
    *,
    method: str = "",
    with_changed: bool = False,
    rehearse: bool = True,
) -> Reanchoring:
    """Move a text's passages to a better text of the same document.

    Words are the same if their letters are; white space and variants of apostrophes, quotation
    marks, dashes and ligatures do not count. Passages with changed words are only moved
    ``with_changed``; parts are boundaries, and are moved all or not at all. A passage without a
    place stays in the old text. A dry run changes nothing; otherwise the data files get the new
    positions and the description of the new text, but none of its words. If the process is killed
    between two files, passages remain in the old text: running it again moves them. Raises
    SourceError and UnknownNameError before anything changes.
    """
    if old.sha256 == new.sha256:
        raise SourceError(new.path, f"it is the same text as {old.path}; give the better one.")
    files = sources.files_under(data)
    quads = {file: [*sources.quads([file], relative_iris=False)] for file in files}
    every = [quad for found in quads.values() for quad in found]
    described = _described(every)
    source, target, is_new = _texts(old, new, every, withdrawals.read(data / withdrawals.FILE))
    values = _description(described, source, target, method) if is_new else ()
    found = _placed([*_passages(described, source)], Alignment(old.text, new.text), len(old.text))
    carried = tuple(it for it in found if _goes(it, with_changed))
    change = _TextChange(source.iri, target.iri, carried, values if carried else ())
    texts = {
        file: text for file in files if (text := change.of_file(file, quads[file])) is not None
    }
    if not rehearse:
        for file in sorted(texts, key=lambda file: not change.describes(quads[file])):
            write_text(file, texts[file])
    return Reanchoring(
        source.iri,
        target.iri,
        is_new,
        carried,
        tuple(it for it in found if it not in carried),
        tuple(file.relative_to(data).as_posix() for file in texts),
    )


def _texts(
    old: SourceFile, new: SourceFile, quads: Iterable[Quad], withdrawn: Container[str]
) -> tuple[Extraction, Extraction, bool]:
    """Return the old and the new text, and whether the new one has no description yet."""
    known = extractions(EmbeddedStore.of_quads(quads).pages())
    source, *others = matching(old, known, "the data")
    if others:
        raise SourceError(
            old.path, f"it is <{source.iri}> and <{others[0].iri}>: take one out of the data."
        )
    there = [it for it in known if it.sha256 == new.sha256]
    for other in there:
        if other.document != source.document:
            raise SourceError(
                new.path,
                f"it is <{other.iri}>, a text of <{other.document}>; {old.path} is one of "
                f"<{source.document}>.",
            )
    if there:
        return source, matching(new, there, "the data")[0], False
    slug = source.document.rpartition("/")[2]
    taken = {it.iri for it in known}
    numbered = (f"{ID}extraction/{slug}-{number}" for number in count(2))
    free = next(
        iri for iri in numbered if iri not in taken and withdrawals.hash_of(iri) not in withdrawn
    )
    return source, Extraction(free, source.document, new.sha256, len(new.text)), True


def _described(quads: Iterable[Quad]) -> Described:
    found: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            values = found[quad.subject.value][quad.predicate.value]
            if quad.object not in values:
                values.append(quad.object)
    return found


def _description(
    described: Described, source: Extraction, target: Extraction, method: str
) -> tuple[tuple[str, NamedNode | Literal], ...]:
    """Return the description of a new text; its name is the old one's with the method."""
    methods = {
        iri.rpartition("/")[2]: iri
        for iri, values in described.items()
        if NamedNode(_METHODS) in values.get(PREFIXES["skos"] + "inScheme", ())
    }
    if method not in methods:
        given = f"{method!r} is not a method" if method else "Say how the new text was made"
        raise UnknownNameError(f"{given}: --method is one of {', '.join(sorted(methods))}.")
    labels = _by_language(described[methods[method]].get(_LABEL, ()))
    names = (
        Literal(f"{name} ({labels.get(language, method)})", language=language)
        for language, name in _by_language(described[source.iri].get(_LABEL, ())).items()
    )
    return (
        (_TYPE, NamedNode(RN + "Extraction")),
        *((_LABEL, name) for name in names),
        (PREFIXES["dcterms"] + "isFormatOf", NamedNode(source.document)),
        (RN + "method", NamedNode(methods[method])),
        (RN + "sha256", Literal(target.sha256)),
        (RN + "lengthInCodePoints", Literal(str(target.length), datatype=_INTEGER)),
    )


def _by_language(values: Iterable[NamedNode | Literal]) -> dict[str, str]:
    return {it.language: it.value for it in values if isinstance(it, Literal) and it.language}


def _passages(described: Described, text: Extraction) -> Iterator[AnchoredPassage]:
    """Yield the passages and parts of a text by their addresses; some may have no position."""
    has_selector, source = _OA + "hasSelector", NamedNode(text.iri)
    users = Counter(
        term.value for values in described.values() for term in values.get(has_selector, ())
    )
    for iri, values in sorted(described.items()):
        if source not in values.get(_OA + "hasSource", ()):
            continue
        selectors = [it.value for it in values.get(has_selector, ())]
        spans = [_span(described.get(it, {})) for it in selectors if users[it] == 1]
        is_placed = len(selectors) == len(spans) == 1 and spans[0] is not None
        yield AnchoredPassage(
            iri,
            NamedNode(RN + "DocumentPart") in values.get(_TYPE, ()),
            next((it.value for it in values.get(PREFIXES["dcterms"] + "isPartOf", ())), ""),
            selectors[0] if is_placed else "",
            (spans[0] if is_placed else None) or Span(0, 0),
        )


def _span(values: Mapping[str, Sequence[NamedNode | Literal]]) -> Span | None:
    start, end = (values.get(_OA + name, ()) for name in ("start", "end"))
    if len(start) != 1 or len(end) != 1 or not all(it[0].value.isdigit() for it in (start, end)):
        return None
    return Span(int(start[0].value), int(end[0].value))


def _placed(
    passages: Sequence[AnchoredPassage], alignment: Alignment, length: int
) -> tuple[AnchoredPassage, ...]:
    """Return passages and parts with their places in the new text."""
    found = [_aligned(it, alignment, length) for it in passages]
    parts = {it.iri: it for it in found if it.is_part}
    if any(part.new is None for part in parts.values()):
        others = Outcome.WITH_OTHERS
        parts = {
            iri: it if it.new is None else replace(it, new=None, outcome=others)
            for iri, it in parts.items()
        }
    return tuple(parts.get(it.iri) or _within(it, parts.get(it.part)) for it in found)


def _aligned(it: AnchoredPassage, alignment: Alignment, length: int) -> AnchoredPassage:
    if not it.selector or not 0 <= it.old.start < it.old.end <= length:
        return it
    if (same := alignment.same_words(it.old)) is not None:
        return replace(it, new=same, outcome=Outcome.SAME)
    near = alignment.changed_words(it.old)
    return replace(it, new=near, outcome=Outcome.CHANGED if near else Outcome.LOST)


def _within(it: AnchoredPassage, part: AnchoredPassage | None) -> AnchoredPassage:
    """Return a passage; without its place if that is outside its part's new place."""
    around = part.new if part else None
    if around is None or it.new is None:
        return it
    if around.start <= it.new.start and it.new.end <= around.end:
        return it
    return replace(it, outcome=Outcome.OUTSIDE)


def _goes(it: AnchoredPassage, with_changed: bool) -> bool:
    if it.new is None:
        return False
    is_changed = it.outcome is Outcome.CHANGED
    return it.outcome is Outcome.SAME or (is_changed and (it.is_part or with_changed))


class _TextChange:
    """Passages that move from one text to another, in the files that describe them.

    Everything else in the files stays, including the layout. ``described`` is the description of
    the new text by property, empty if it exists already; it is added after that of the old text.
    """

    def __init__(
        self,
        old: str,
        new: str,
        moves: Iterable[AnchoredPassage],
        described: Sequence[tuple[str, NamedNode | Literal]],
    ) -> None:
        self.old, self.new, self.described = old, new, described
        self._selectors = {it.selector: it for it in moves}
        self._passages = {it.iri for it in self._selectors.values()}

    def describes(self, quads: Iterable[Quad]) -> bool:
        return any(q.subject == NamedNode(self.old) and q.predicate.value == _TYPE for q in quads)

    def of_file(self, file: Path, quads: Sequence[Quad]) -> str | None:
        """Return the new text of a file, None if it stays; raise SourceError if unsure of it."""
        added = self.described if self.describes(quads) else ()
        expected = {self._moved(quad) for quad in quads} | {*self._description(quads, added)}
        if expected == set(quads):
            return None
        by_hand = f"change the positions in <{self.old}> by hand"
        if not is_edited(file):
            raise SourceError(str(file), f"it has passages and is not TriG: {by_hand}")
        try:
            text = changed(
                file.read_bytes().decode("utf-8"),
                self._other,
                {self.old: _statements(self.new, added)} if added else {},
            )
        except RallynovError as error:
            raise SourceError(str(file), f"{error}: {by_hand}") from error
        if parsed(file, text) != expected:
            raise SourceError(str(file), f"it is not understood: {by_hand}")
        return text

    def _other(self, subject: str, verb: str, written: str) -> str | None:
        """Return the replacement of an object, None if it stays."""
        if verb == _SOURCE and written == f"<{self.old}>" and subject in self._passages:
            return f"<{self.new}>"
        move = self._selectors.get(subject)
        if move is None or move.new is None:
            return None
        if verb == _OA + "start":
            return re.sub(rf"\b{move.old.start}\b", str(move.new.start), written, count=1)
        if verb == _OA + "end":
            return re.sub(rf"\b{move.old.end}\b", str(move.new.end), written, count=1)
        if verb == _LABEL:
            positions = rf"(\D*\b){move.old.start}(\b\D+\b){move.old.end}(\b\D*)"
            return re.sub(positions, rf"\g<1>{move.new.start}\g<2>{move.new.end}\g<3>", written)
        return None

    def _moved(self, quad: Quad) -> Quad:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            return quad
        written = f"<{value.value}>" if isinstance(value, NamedNode) else value.value
        other = self._other(subject.value, quad.predicate.value, written)
        if other is None or other == written:
            return quad
        term = NamedNode(other[1:-1]) if isinstance(value, NamedNode) else _like(value, other)
        return Quad(subject, quad.predicate, term, quad.graph_name)

    def _description(
        self, quads: Iterable[Quad], added: Sequence[tuple[str, NamedNode | Literal]]
    ) -> Iterable[Quad]:
        graphs = (q.graph_name for q in quads if q.subject == NamedNode(self.old))
        graph = next(graphs, None)
        for prop, value in added if graph is not None else ():
            yield Quad(NamedNode(self.new), NamedNode(prop), value, graph)


def _like(literal: Literal, value: str) -> Literal:
    if literal.language:
        return Literal(value, language=literal.language)
    return Literal(value, datatype=literal.datatype)


def _statements(subject: str, properties: Sequence[tuple[str, NamedNode | Literal]]) -> str:
    """Return the statements about a thing in Turtle, a property on each line, with full IRIs."""
    values: dict[str, list[str]] = {}
    for prop, value in properties:
        is_number = isinstance(value, Literal) and value.value.isdigit() and not value.language
        whole = is_number and "integer" in str(value)
        values.setdefault(prop, []).append(value.value if whole else str(value))
    lines = [f"{'a' if p == _TYPE else f'<{p}>'} {', '.join(them)}" for p, them in values.items()]
    return f"<{subject}> " + " ;\n    ".join(lines) + " ."
