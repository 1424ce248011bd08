"""What must never be in the repository."""

import re
import subprocess
from pathlib import Path

from places import ROOT

BIGGEST = 1_000_000
"""Bytes of a file that a person may have written."""
FORBIDDEN = {
    "a telephone number": re.compile(r"(?<![\w.])(?:\+33[ .]?|0)[1-9](?:[ .-]?\d\d){4}(?![\w.])"),
    "an e-mail address": re.compile(r"[\w.+-]+@(?!example\.)[\w-]+\.(?:fr|com|org|net|eu)\b"),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:home|Users|root|work)/\w"),
    "the address of a package registry": re.compile(
        r"files\.python" r"hosted|pypi\.org/simple|registry\.npm" r"js"
    ),
}


TRIAL = ROOT / "tests" / "trial"
FICTION = "01 99 00"
"""The invented document has numbers of a range that ARCEP reserves for fiction."""


def tracked() -> list[Path]:
    """Return the files under version control, none where there is no version control."""
    command = ["git", "ls-files", "-z"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / name for name in ran.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_holds_what_is_forbidden():
    found = {
        f"{what} in {path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        for text in [path.read_bytes().decode("utf-8", "ignore")]
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
        if not (path.parent == TRIAL and match[0].startswith(FICTION))
    }
    assert not found


def test_no_file_is_too_big_to_be_somebodys_work():
    assert not [path.name for path in tracked() if path.stat().st_size > BIGGEST]


def test_no_file_holds_a_sentence_of_a_document(source_texts):
    """A passage is a pointer, not a copy: twelve words in a row are a sentence's."""
    texts = set().union(*map(_runs, source_texts.values()))
    found = {
        f"{path.relative_to(ROOT)}: {' '.join(run)}"
        for path in tracked()
        for run in texts & _runs(path.read_bytes().decode("utf-8", "ignore"))
    }
    assert not found


def _runs(text: str, length: int = 12) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
