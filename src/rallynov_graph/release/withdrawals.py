"""Withdraw a thing: remove its statements and those that mention it from the data's files.

Withdrawn things are listed by the hashes of their IRIs, so that the list names nobody.

The list is in the data folder, with one SHA-256 of an IRI on each line; a line that begins with
``#`` is a comment. It is part of each release, so that a server can answer that a thing is gone.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.errors import RallynovError, SourceError, UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.whole_files import replacing_file
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf import formats, sources
from rallynov_graph.rdf.turtle import RemovedStatement, without_iri

FILE: Final = "withdrawn.txt"
"""The list in a data folder and in a release."""
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
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_REMARK: Final = "# SHA-256 of the IRIs of withdrawn things. Written by rallynov withdraw.\n"


def hash_of(iri: str) -> str:
    return hashlib.sha256(iri.encode()).hexdigest()


def read(path: Path) -> frozenset[str]:
    """Return the hashes of a list, none if there is no file; raise SourceError."""
    if not path.exists():
        return frozenset()
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise SourceError.unread(path, error) from error
    except UnicodeDecodeError as error:
        raise SourceError(str(path), "it is not encoded in UTF-8; save it as UTF-8") from error
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#") and not _HASH.fullmatch(line.strip()):
            raise SourceError(str(path), "it is not a SHA-256 in hexadecimal", number)
    return frozenset(line.strip() for line in lines if _HASH.fullmatch(line.strip()))


def text(hashes: Iterable[str]) -> str:
    return _REMARK + "".join(f"{digest}\n" for digest in sorted(set(hashes)))


@dataclass(frozen=True)
class FileLine:
    """A line of a data file, and its text or statement."""

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Withdrawal:
    """The changes by a withdrawal, done or as a dry run."""

    iri: str
    hash: str
    statements: tuple[FileLine, ...]
    """The removed statements about it."""
    mentions: tuple[FileLine, ...]
    """The removed statements about other things that named it."""
    emptied: tuple[str, ...]
    """The graphs, mostly assertion sets, that are empty now."""
    traces: tuple[FileLine, ...]
    """The remaining lines with its name, in words or in the address of another thing."""


def withdraw(name: str, data: Path, *, rehearse: bool = False) -> Withdrawal:
    """Withdraw a thing from the data in a folder, and return the changes.

    Its hash is recorded, then the statements that name the thing are removed from each file in one
    step; all other statements, comments and layout stay. If the process is killed between two
    files, the data do not build; running it again completes it. A dry run changes nothing. Raises
    UnknownNameError, and SourceError for a file that is not understood, before anything changes.
    """
    iri = name if ":" in name else f"{ID}{name}"
    files = sources.files_under(data)
    digest = hash_of(iri)
    hashes = read(data / FILE)
    quads = {file: [*sources.quads([file], relative_iris=False)] for file in files}
    mentioning = {
        file: quads_of_file
        for file in files
        if (quads_of_file := [q for q in quads[file] if mentions(q, iri)])
    }
    if not mentioning and digest not in hashes:
        raise _unknown(iri, quads.values())
    texts = {file: file.read_text("utf-8") for file in files if file not in mentioning}
    removed: dict[Path, tuple[RemovedStatement, ...]] = {}
    for file in mentioning:
        texts[file], removed[file] = _edited(file, iri, quads[file])
    if not rehearse:
        write_text(data / FILE, text({*hashes, digest}))
        for file in mentioning:
            write_text(file, texts[file])
    removed_quads = [q for quads_of_file in mentioning.values() for q in quads_of_file]
    return Withdrawal(
        iri,
        digest,
        tuple(_places(data, removed, about=True)),
        tuple(_places(data, removed, about=False)),
        _emptied(removed_quads, quads.values(), iri),
        tuple(_traces(data, texts, [*_names(removed_quads, iri)], iri)),
    )


def mentions(quad: Quad, iri: str) -> bool:
    terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return any(isinstance(term, NamedNode) and term.value == iri for term in terms)


def _edited(file: Path, iri: str, quads: list[Quad]) -> tuple[str, tuple[RemovedStatement, ...]]:
    """Return a file's text without the thing; raise SourceError if anything else would change."""
    if not is_edited(file):
        raise SourceError(str(file), f"it names <{iri}> and is not TriG: take it out by hand")
    try:
        text, removed = without_iri(file.read_bytes().decode("utf-8"), iri)
    except RallynovError as error:
        raise SourceError(str(file), f"{error}: take <{iri}> out by hand") from error
    expected = {quad for quad in quads if not mentions(quad, iri)}
    if parsed(file, text) != expected:
        raise SourceError(str(file), f"it is not understood: take <{iri}> out by hand")
    return text, removed


def is_edited(file: Path) -> bool:
    """Whether a file is Turtle or TriG that can be edited as text."""
    return formats.by_path(file) in _EDITED and not file.name.endswith(formats.COMPRESSED)


def parsed(file: Path, text: str) -> set[Quad] | None:
    """Return the quads of a file's new text, None if it is no longer valid RDF."""
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
    data: Path, removed: dict[Path, tuple[RemovedStatement, ...]], *, about: bool
) -> Iterator[FileLine]:
    for file, statements in removed.items():
        for statement in statements:
            if statement.is_about_thing is about:
                text = f"{statement.subject} {statement.predicate} {statement.object}"
                yield FileLine(_name(data, file), statement.line, text)


def _names(quads: Iterable[Quad], iri: str) -> Iterator[str]:
    """Yield the names that the removed statements gave the thing, and the last part of its IRI."""
    for quad in quads:
        if quad.subject == NamedNode(iri) and quad.predicate.value in NAMES:
            assert isinstance(quad.object, Literal)
            yield quad.object.value
    yield iri.rpartition("/")[2]


def _emptied(removed_quads: list[Quad], quads: Iterable[list[Quad]], iri: str) -> tuple[str, ...]:
    graphs_left = {
        q.graph_name for quads_of_file in quads for q in quads_of_file if not mentions(q, iri)
    }
    graphs = {q.graph_name for q in removed_quads} - graphs_left
    return tuple(sorted(g.value for g in graphs if isinstance(g, NamedNode) and g.value != iri))


def _traces(data: Path, texts: dict[Path, str], wanted: list[str], iri: str) -> Iterator[FileLine]:
    folded = {name.casefold() for name in wanted if len(name) >= _SHORTEST}
    for file in sorted(texts):
        for number, line in enumerate(texts[file].splitlines(), 1):
            if any(name in line.casefold() for name in folded):
                yield FileLine(_name(data, file), number, line.strip())


def _name(data: Path, file: Path) -> str:
    return f"data/{file.relative_to(data).as_posix()}"


def _unknown(iri: str, quads: Iterable[list[Quad]]) -> UnknownNameError:
    known = {
        term.value
        for quad in (quad for quads_of_file in quads for quad in quads_of_file)
        for term in (quad.subject, quad.object)
        if isinstance(term, NamedNode)
    }
    short = {name.removeprefix(ID): name for name in sorted(known)}
    suggestions = [short[name] for name in near(iri.removeprefix(ID), short)]
    nothing = "nothing has a name near it; copy the IRI from its page or from a file of the data."
    hint = f"did you mean {' or '.join(suggestions)}?" if suggestions else nothing
    return UnknownNameError(f"Nothing in the data is called <{iri}>: {hint}")


def write_text(path: Path, text: str) -> None:
    """Replace the text of a file in one step; raise SourceError if it cannot be written."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    try:
        with replacing_file(path, mode) as file:
            file.write(text.encode())
    except OSError as error:
        raise SourceError.unwritten(path, error) from error
