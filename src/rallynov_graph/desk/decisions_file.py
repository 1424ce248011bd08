"""The file of one reader's decisions about one document; acts are only ever added.

The files of a folder tell how often each reason of a proposal was right.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.whole_files import flush_to_disk, following_no_link
from rallynov_graph.desk.acts import (
    REASONS,
    Act,
    Opened,
    Recorded,
    RefusedProposal,
    Stated,
    act_in,
    counting,
)
from rallynov_graph.desk.document_reading import DocumentReading, reading_of
from rallynov_graph.desk.proposing.proposal import DecidedBefore
from rallynov_graph.desk.short_terms import ShortTerms
from rallynov_graph.desk.words import Remark, refusal, remark, unread

FOLDER: Final = "decisions"
"""The folder beside a document's files in which its readers' decisions are."""
SUFFIX: Final = ".jsonl"
SETTLED: Final = "settled"
"""The name of the file that settles what two readings differ in."""
_UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
TORN: Final = ".torn"
"""Added to the name of a file: where half a line goes that a crash left at its end."""


@dataclass(frozen=True)
class Decisions:
    """A file of decisions as it was read."""

    path: Path
    opening: Opened
    """The file's first line."""
    acts: tuple[Recorded, ...]
    torn: int | None = None
    """The incomplete last line, which does not count."""

    @property
    def name(self) -> str:
        """The name of the file without its suffix."""
        return self.path.stem

    @property
    def reading(self) -> DocumentReading:
        """The reading that results from its acts, without undone ones."""
        return reading_of(self.opening, self.acts)

    @property
    def remark(self) -> Remark | None:
        """The remark about an incomplete last line; None if it is complete."""
        if self.torn is None:
            return None
        aside = f"{self.path.name}{TORN}"
        return remark("half a line", path=self.path, line=self.torn, aside=aside)


def files_of(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob(f"*{SUFFIX}"))


def read(path: Path) -> Decisions:
    """Read a file, ignoring an incomplete last line.

    Raises SourceError with the line that cannot be read, also for another version.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError.unread(path, error) from error
    lines = content.split(b"\n")
    last = lines.pop()
    torn = None
    if last:
        if _is_whole(last) and lines:
            lines.append(last)
        else:
            torn = len(lines) + 1
    if not lines:
        raise refusal(path, "half", 1)
    first, *others = [_parsed(path, number, line) for number, line in enumerate(lines, 1)]
    try:
        opening = Opened.read(first)
    except _UNREADABLE as error:
        raise unread(path, 1, error) from error
    acts = _acts(path, opening.terms, others, str(first.get("at", "")))
    return Decisions(path, opening, tuple(acts), torn)


def _acts(
    path: Path, terms: ShortTerms, contents: Iterable[dict[str, Any]], at: str
) -> Iterator[Recorded]:
    reasons: dict[int, Any] = {}
    for number, content in enumerate(contents, 2):
        at = str(content.get("at", at))
        try:
            for key in REASONS:
                if isinstance(line := content.get(key), int):
                    content[key] = reasons[line]
                if key in content:
                    reasons.setdefault(number, content[key])
            yield Recorded(number, at, act_in(content, terms), "at" in content)
        except _UNREADABLE as error:
            raise unread(path, number, error) from error


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _parsed(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except UnicodeDecodeError as error:
        raise refusal(path, "line encoding", number) from error
    except (ValueError, RecursionError) as error:
        raise refusal(path, "no line", number) from error
    if not isinstance(content, dict):
        raise refusal(path, "no act", number)
    return content


class DecisionsWentOn(Exception):
    """Somebody else added acts to a file since it was read; nothing was added."""


def append(
    path: Path, opening: Opened, acts: Sequence[Act], at: str, *, size: int | None = None
) -> None:
    """Append acts to a file, all of them or none; a new file gets its first line.

    Writers take turns. Existing lines stay; an incomplete last line is moved to a file beside it.
    Raises SourceError if it cannot be written, for example on a full disk, and DecisionsWentOn if
    its size has changed since it was read.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if size is not None and os.fstat(file.fileno()).st_size != size:
                raise DecisionsWentOn
            _put_torn_aside(path, file.fileno())
            _add(file.fileno(), _written(path, opening, acts, at))
        if is_new:
            flush_to_disk(path.parent)
    except OSError as error:
        raise SourceError.unwritten(path, error) from error


def _written(path: Path, opening: Opened, acts: Sequence[Act], at: str) -> bytes:
    there = [line for line in path.read_bytes().split(b"\n") if line]
    if there:
        opening = Opened.read(_parsed(path, 1, there[0]))
    contents = [act.written(opening.terms) for act in ([] if there else [opening]) + [*acts]]
    if contents:
        contents[0]["at"] = at
    reasons = _reasons(path, there)
    for number, content in enumerate(contents, len(there) + 1):
        for key in REASONS:
            if content.get(key):
                first = reasons.setdefault(_dumped(content[key]), number)
                content[key] = content[key] if first == number else first
    return "".join(f"{_dumped(content)}\n" for content in contents).encode()


def _reasons(path: Path, lines: Sequence[bytes]) -> dict[str, int]:
    """Return the reasons that lines have, each with the first line that has it."""
    found: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if any(f'"{key}":{{'.encode() in line for key in REASONS):
            content = _parsed(path, number, line)
            for key in REASONS:
                if isinstance(content.get(key), dict):
                    found.setdefault(_dumped(content[key]), number)
    return found


def _dumped(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _add(descriptor: int, content: bytes) -> None:
    """Write all of a content at the end of a file, or nothing."""
    size = os.fstat(descriptor).st_size
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _put_torn_aside(path: Path, descriptor: int) -> None:
    content = path.read_bytes()
    if not content or content.endswith(b"\n"):
        return
    whole = content.rfind(b"\n") + 1
    if whole and _is_whole(content[whole:]):
        _add(descriptor, b"\n")
        return
    beside = path.with_name(path.name + TORN)
    with open(beside, "ab", opener=following_no_link) as file:
        file.write(content[whole:] + b"\n")
        file.flush()
        os.fsync(file.fileno())
    os.ftruncate(descriptor, whole)


def decided_before(folder: Path, besides: str = "") -> Mapping[str, DecidedBefore]:
    """Return the decisions in a folder, by the reason of the proposal.

    One document is left out by name, so that its second reader sees nothing of the first one's
    decisions. Raises SourceError if decisions cannot be read.
    """
    found: dict[str, DecidedBefore] = {}
    for file in sorted(folder.rglob(f"{FOLDER}/*{SUFFIX}")):
        if file.parent.parent.name == besides:
            continue
        acts = (it.act for it in counting(read(file).acts))
        decided = {
            act.proposer: isinstance(act, RefusedProposal)
            for act in acts
            if isinstance(act, Stated | RefusedProposal) and act.proposer
        }
        for name, is_refused in decided.items():
            reason = name.rpartition("/")[0]
            before = found.get(reason, DecidedBefore())
            found[reason] = DecidedBefore(
                before.accepted + (not is_refused), before.refused + is_refused
            )
    return found
