"""Read files of RDF as quads; errors name the file, the line and what to do."""

import gzip
import io
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import IO, Final, Protocol, cast
from xml.parsers import expat

from pyoxigraph import Dataset, Quad, Triple, parse

from rallynov_graph.base import bounded_process
from rallynov_graph.base.bounded_process import ProcessEndedError
from rallynov_graph.base.errors import SourceError
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf import formats, syntax_faults
from rallynov_graph.rdf.formats import Format

StrPath = str | os.PathLike[str]

_CHUNK: Final = 1 << 20
_QUADS_BETWEEN_REPORTS: Final = 20_000
_LONGEST: Final = 1 << 24
"""The maximum number of characters of a value, as in the parser of the other formats."""
_MEMORY_TO_EXAMINE: Final = 1 << 29
_TOO_LONG: Final = (
    "a value or an element in it is longer than 16 MiB; keep long texts in files of their own"
)
_MOST_ATTRIBUTES: Final = 10_000
"""The maximum number of an XML element's attributes and namespaces: the parser compares each to
all."""
_DEEPEST: Final = 10
"""So many triple terms may be nested: each that is kept takes memory for all within it."""
_TRIPLE_TERM: Final = b"<<("
_TOO_DEEP: Final = {
    "fr": f"des termes-triplets y sont imbriqués sur plus de {_DEEPEST} niveaux ; donnez un nom à "
    "ceux du dedans",
    "en": f"triple terms in it are nested more than {_DEEPEST} levels deep; name those inside",
}
_DEEPEST_JSON: Final = 100
"""So many objects and lists of JSON-LD may be nested: the parser needs memory for each in each."""
_JSON_SIGN: Final = re.compile(rb'\\.?|["{}\[\]]', re.DOTALL)
_JSON_TOO_DEEP: Final = {
    "fr": f"des objets y sont imbriqués sur plus de {_DEEPEST_JSON} niveaux ; décrivez à part "
    "ceux du dedans",
    "en": f"objects in it are nested more than {_DEEPEST_JSON} levels deep; describe those inside "
    "beside them",
}
_GZIP_MAGIC: Final = b"\x1f\x8b"
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class Progress(Protocol):
    """Receives the work done and the total: bytes on disk, or items."""

    def __call__(self, done: int, total: int, /) -> object: ...


def read(
    paths: Iterable[StrPath], *, relative_iris: bool = True, progress: Progress | None = None
) -> Dataset:
    """Return the dataset of all files; the blank nodes of each file stay distinct."""
    return Dataset(quads(paths, relative_iris=relative_iris, progress=progress))


def quads(
    paths: Iterable[StrPath], *, relative_iris: bool = True, progress: Progress | None = None
) -> Iterator[Quad]:
    """Yield the quads of RDF files, one file after the other; the suffix gives the format.

    Relative IRIs are resolved against the file's own address, or are errors if they are not
    allowed. Every file is checked before the first quad is yielded. Raises SourceError.
    """
    files = [Path(path) for path in paths]
    for file in files:
        try:
            _examine(file)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(str(file), _unpacking_failed(file, error)) from error
    return chain.from_iterable(_reports(files, relative_iris, progress))


def files_under(folder: Path) -> list[Path]:
    """Return the RDF files in a folder and its subfolders, sorted by path."""
    found = (path for path in folder.rglob("*") if path.is_file() and formats.by_path(path))
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _reports(
    files: list[Path], relative_iris: bool, progress: Progress | None
) -> Iterator[Iterator[Quad]]:
    total = sum(file.stat().st_size for file in files)
    bytes_before = 0
    for file in files:
        yield _quads_of(file, relative_iris, progress, bytes_before, total)
        bytes_before += file.stat().st_size


def _quads_of(
    path: Path, relative_iris: bool, progress: Progress | None, bytes_before: int, total: int
) -> Iterator[Quad]:
    form = formats.by_path(path)
    assert form is not None and form.rdf is not None  # _examine refused all others
    with path.open("rb") as raw:
        try:
            parsed = parse(
                input=_unpacked(path, raw),
                format=form.rdf,
                base_iri=path.resolve().as_uri() if relative_iris else None,
                rename_blank_nodes=True,
            )
            if progress is None and form is not formats.RDF_XML:
                yield from parsed
                return
            for number, quad in enumerate(parsed, 1):
                if form is formats.RDF_XML and len(getattr(quad.object, "value", "")) > _LONGEST:
                    raise SourceError(str(path), _TOO_LONG)
                yield quad
                if progress and number % _QUADS_BETWEEN_REPORTS == 0:
                    progress(bytes_before + raw.tell(), total)
            if progress:
                progress(bytes_before + raw.tell(), total)
        except SyntaxError as error:
            raise syntax_faults.source_error(path, error) from error
        except MemoryError as error:
            raise SourceError(str(path), _TOO_LONG) from error
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(str(path), _unpacking_failed(path, error)) from error


def _unpacked(path: Path, raw: IO[bytes]) -> IO[bytes]:
    """Return the content, decompressed according to the suffix, without a byte order mark."""
    content: IO[bytes] = raw
    if path.name.lower().endswith(formats.COMPRESSED):
        content = cast(IO[bytes], io.BufferedReader(gzip.GzipFile(fileobj=raw, mode="rb")))
    head = content.peek(3)[:3]  # type: ignore[attr-defined]
    if head == _UTF8_MARK:
        content.read(3)
    return content


def _examine(path: Path) -> None:
    """Raise SourceError if a file cannot be RDF in the format of its suffix."""
    if path.is_dir():
        raise SourceError(
            str(path), "it is a folder; name the files in it, for example with a * and a suffix"
        )
    if not path.exists():
        raise SourceError(str(path), f"there is no such file{_file_hint(path)}")
    form = formats.by_path(path)
    if form is None:
        known = " ".join(suffix for known in formats.RDF for suffix in known.suffixes)
        raise SourceError(
            str(path), f"its suffix names no format; rename it to end in one of {known}"
        )
    with path.open("rb") as raw:
        content = _unpacked(path, raw)
        if reason := _not_text(content.read(_CHUNK)):
            raise SourceError(str(path), reason)
        raw.seek(0)
        if form is formats.RDF_XML:
            _examine_xml(path, _unpacked(path, raw))
        elif form is formats.JSON_LD:
            _examine_json(path, _unpacked(path, raw))
        elif _has_triple_terms(_unpacked(path, raw)):
            _examine_triple_terms(path, form)


def _not_text(head: bytes) -> str | None:
    """Return why the first bytes of a file are not UTF-8 text, None if they are."""
    if not head.strip():
        return "it is empty; there is nothing to read"
    if head.startswith(_GZIP_MAGIC):
        return f"it is compressed; let its name end in {formats.COMPRESSED}"
    if head.startswith(_WIDE_MARKS):
        return "it is encoded in UTF-16 or UTF-32; save it as UTF-8"
    if b"\0" in head:
        return "it is a binary file, not a text; name a file of RDF"
    return None


def _has_triple_terms(content: IO[bytes]) -> bool:
    last = b""
    while chunk := content.read(_CHUNK):
        if _TRIPLE_TERM in last + chunk:
            return True
        last = chunk[1 - len(_TRIPLE_TERM) :]
    return False


def _examine_triple_terms(path: Path, form: Format) -> None:
    """Raise SourceError if triple terms are nested too deeply.

    The parser crashes at some 16,000 levels, so a separate process checks.
    """

    def deepest() -> int:
        with path.open("rb") as raw, suppress(SyntaxError):
            for quad in parse(_unpacked(path, raw), form.rdf, base_iri="x:"):
                term, depth = quad.object, 0
                while isinstance(term, Triple) and depth <= _DEEPEST:
                    term, depth = term.object, depth + 1
                if depth > _DEEPEST:
                    return depth
        return 0

    try:
        depth = bounded_process.run(deepest, memory=_MEMORY_TO_EXAMINE)
    except ProcessEndedError:
        depth = _DEEPEST + 1
    if depth > _DEEPEST:
        raise SourceError(str(path), _TOO_DEEP["en"], reasons=_TOO_DEEP)


def _examine_json(path: Path, content: IO[bytes]) -> None:
    """Raise SourceError if JSON is nested too deeply; the parser finds all other errors."""
    depth, is_text, left = 0, False, b""
    while chunk := content.read(_CHUNK):
        sign = b""
        for sign in _JSON_SIGN.findall(left + chunk):
            if sign == b'"':
                is_text = not is_text
            elif not is_text:
                depth += (sign in b"{[") - (sign in b"}]")
            if depth > _DEEPEST_JSON:
                raise SourceError(str(path), _JSON_TOO_DEEP["en"], reasons=_JSON_TOO_DEEP)
        left = b"\\" if sign == b"\\" else b""


def _examine_xml(path: Path, content: IO[bytes]) -> None:
    """Raise SourceError if XML is not well-formed, or if its entities expand too much.

    The RDF parser does not notice a truncated file; expat does.
    """
    parser = expat.ParserCreate()
    are_triple_terms: list[bool] = []
    """Whether each of the elements that are open holds a triple term."""
    depth = 0

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        are_triple_terms.append("Triple" in attributes.values())
        depth += are_triple_terms[-1]
        if depth > _DEEPEST:
            raise SourceError(
                str(path), _TOO_DEEP["en"], parser.CurrentLineNumber, reasons=_TOO_DEEP
            )
        if len(attributes) > _MOST_ATTRIBUTES:
            reason = f"an element in it has more than {_MOST_ATTRIBUTES} namespaces or attributes"
            raise SourceError(str(path), reason, parser.CurrentLineNumber)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= are_triple_terms.pop()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        bytes_fed = 0
        while chunk := content.read(_CHUNK):
            parser.Parse(chunk, False)
            bytes_fed += len(chunk)
            if bytes_fed - parser.CurrentByteIndex > _LONGEST:
                raise SourceError(str(path), _TOO_LONG)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        reason += "; is the file complete?" if error.code in _XML_ENDS_EARLY else "; correct it"
        raise SourceError(
            str(path), f"not well-formed XML: {reason}", error.lineno, error.offset + 1
        ) from error


_XML_ENDS_EARLY: Final = (
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
)


def _unpacking_failed(path: Path, error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "you may not read it; change its permissions"
    if path.name.lower().endswith(formats.COMPRESSED):
        return f"it cannot be decompressed ({error}); is the file complete?"
    return f"it cannot be read: {getattr(error, 'strerror', None) or error}"


def _stem(name: str) -> str:
    """Return the name of a file without its suffixes."""
    return name.partition(".")[0]


def _file_hint(path: Path) -> str:
    """Return a hint at an RDF file with a similar name in the same folder."""
    if not path.parent.is_dir():
        return f", nor a folder {path.parent}; is its path right?"
    names = sorted(p.name for p in path.parent.iterdir() if formats.by_path(p))
    stems: dict[str, list[str]] = {}
    for name in names:
        stems.setdefault(_stem(name), []).append(name)
    suggestions = [name for stem in near(_stem(path.name), stems, 1) for name in stems[stem]]
    suggestions = near(path.name, suggestions, 1) or suggestions
    return (
        f"; did you mean {path.with_name(suggestions[0])}?"
        if suggestions
        else "; is its path right?"
    )
