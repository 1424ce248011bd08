"""Taking a thing out of the data: its statements, those that mention it, and its name's traces."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.errors import RallynovError, SourceError, UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf import formats, sources
from rallynov_graph.rdf.turtle_text import RemovedStatement, without_iri
from rallynov_graph.release import withdrawals

NAMES: Final = frozenset(
    f"{PREFIXES[prefix]}{name}"
    for prefix, name in (
        ("rdfs", "label"),
        ("skos", "prefLabel"),
        ("skos", "altLabel"),
        ("foaf", "name"),
    )
)
"""The properties that give a thing a name."""
_SHORTEST: Final = 4
"""A shorter name would be found in too many words."""
_EDITED: Final = (formats.TRIG, formats.TURTLE)


@dataclass(frozen=True)
class Place:
    """A line of a data file, and what stands there."""

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Withdrawal:
    """What taking a thing out changes, or has changed."""

    iri: str
    hash: str
    statements: tuple[Place, ...]
    """What was said of it."""
    mentions: tuple[Place, ...]
    """What was said of other things, and named it."""
    emptied: tuple[str, ...]
    """The graphs, assertion sets for the most part, that now say nothing."""
    traces: tuple[Place, ...]
    """What still bears its name, in words or in the address of another thing."""


def withdraw(name: str, data: Path, *, rehearse: bool = False) -> Withdrawal:
    """Return what is different after a thing was taken out of the data in a folder.

    Its hash is kept, then each file loses the statements that name the thing, in one step; every
    other statement stays, and comments and layout with it. A kill between two files leaves data
    that do not build; withdrawing again goes on. A rehearsal changes nothing. Raises
    UnknownNameError, and SourceError for a file that is not understood, before anything changes.
    """
    iri = name if ":" in name else f"{ID}{name}"
    files = sources.files_under(data)
    mark = withdrawals.hash_of(iri)
    hashes = withdrawals.read(data / withdrawals.FILE)
    quads = {file: [*sources.quads([file], relative_iris=False)] for file in files}
    naming = {file: found for file in files if (found := [q for q in quads[file] if names(q, iri)])}
    if not naming and mark not in hashes:
        raise _unknown(iri, quads.values())
    texts = {file: file.read_text("utf-8") for file in files if file not in naming}
    taken: dict[Path, tuple[RemovedStatement, ...]] = {}
    for file in naming:
        texts[file], taken[file] = _edited(file, iri, quads[file])
    if not rehearse:
        _write(data / withdrawals.FILE, withdrawals.text({*hashes, mark}))
        for file in naming:
            _write(file, texts[file])
    lost = [q for found in naming.values() for q in found]
    return Withdrawal(
        iri,
        mark,
        tuple(_places(data, taken, about=True)),
        tuple(_places(data, taken, about=False)),
        _emptied(lost, quads.values(), iri),
        tuple(_traces(data, texts, [*_names(lost, iri)], iri)),
    )


def names(quad: Quad, iri: str) -> bool:
    """Whether an IRI stands anywhere in a quad."""
    terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return any(isinstance(term, NamedNode) and term.value == iri for term in terms)


def _edited(file: Path, iri: str, quads: list[Quad]) -> tuple[str, tuple[RemovedStatement, ...]]:
    """Return a file's text without the thing; SourceError where anything else would change."""
    if formats.by_path(file) not in _EDITED or file.name.endswith(formats.COMPRESSED):
        raise SourceError(str(file), f"it names <{iri}> and is no TriG: take it out by hand")
    try:
        text, taken = without_iri(file.read_bytes().decode("utf-8"), iri)
    except RallynovError as error:
        raise SourceError(str(file), f"{error}: take <{iri}> out by hand") from error
    wanted = {quad for quad in quads if not names(quad, iri)}
    if _parsed(file, text) != wanted:
        raise SourceError(str(file), f"it is not understood: take <{iri}> out by hand")
    return text, taken


def _parsed(file: Path, text: str) -> set[Quad] | None:
    """Return the quads of a new text of a file, None where it is not RDF any more."""
    with tempfile.TemporaryDirectory(prefix="rallynov-") as folder:
        copy = Path(folder) / file.name
        copy.write_bytes(text.encode() or b"\n")
        if not text.strip():
            return set()
        try:
            return set(sources.quads([copy], relative_iris=False))
        except SourceError:
            return None


def _places(
    data: Path, taken: dict[Path, tuple[RemovedStatement, ...]], *, about: bool
) -> Iterator[Place]:
    for file, found in taken.items():
        for one in found:
            if one.is_about_thing is about:
                statement = f"{one.subject} {one.predicate} {one.object}"
                yield Place(_name(data, file), one.line, statement)


def _names(quads: Iterable[Quad], iri: str) -> Iterator[str]:
    """Yield the names that the lost statements gave the thing, and the last part of its IRI."""
    for quad in quads:
        if quad.subject == NamedNode(iri) and quad.predicate.value in NAMES:
            assert isinstance(quad.object, Literal)
            yield quad.object.value
    yield iri.rpartition("/")[2]


def _emptied(lost: list[Quad], quads: Iterable[list[Quad]], iri: str) -> tuple[str, ...]:
    left = {q.graph_name for found in quads for q in found if not names(q, iri)}
    graphs = {q.graph_name for q in lost} - left
    return tuple(sorted(g.value for g in graphs if isinstance(g, NamedNode) and g.value != iri))


def _traces(data: Path, texts: dict[Path, str], wanted: list[str], iri: str) -> Iterator[Place]:
    folded = {name.casefold() for name in wanted if len(name) >= _SHORTEST}
    for file in sorted(texts):
        for number, line in enumerate(texts[file].splitlines(), 1):
            if any(name in line.casefold() for name in folded):
                yield Place(_name(data, file), number, line.strip())


def _name(data: Path, file: Path) -> str:
    return f"data/{file.relative_to(data).as_posix()}"


def _unknown(iri: str, quads: Iterable[list[Quad]]) -> UnknownNameError:
    known = {
        term.value
        for quad in (quad for found in quads for quad in found)
        for term in (quad.subject, quad.object)
        if isinstance(term, NamedNode)
    }
    short = {name.removeprefix(ID): name for name in sorted(known)}
    meant = [short[name] for name in near(iri.removeprefix(ID), short)]
    nothing = "nothing has a name near it; copy the IRI from its page or from a file of the data."
    hint = f"did you mean {' or '.join(meant)}?" if meant else nothing
    return UnknownNameError(f"Nothing in the data is called <{iri}>: {hint}")


def _write(path: Path, text: str) -> None:
    """Give a file its new text in one step; raise SourceError where it cannot be written."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    try:
        descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as error:
        raise SourceError.unwritten(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(mode)
        Path(beside).replace(path)
    except OSError as error:
        raise SourceError.unwritten(path, error) from error
    finally:
        Path(beside).unlink(missing_ok=True)
