"""Make a new folder for the newsletters of another programme; it can be built immediately."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from rallynov_graph.base import programme
from rallynov_graph.base.errors import ProgrammeError, SourceError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.programme import PROGRAM
from rallynov_graph.base.resources import shipped_data_dir

_TEMPLATES: Final = Path(__file__).parent / "programme"
_TEXT: Final = "exemple.txt"
_PLACES: Final = {
    programme.FILE: programme.FILE,
    "data/dataset.trig": "dataset.trig",
    "data/curation/thesaurus.trig": "thesaurus.trig",
    "data/documents/exemple/exemple.trig": "exemple.trig",
    "ontology/extension.ttl": "extension.ttl",
    f"texts/{_TEXT}": _TEXT,
}
"""The files of a programme, with those that they are made from."""
_LISTS: Final = "curation/lists.trig"
"""The lists of the shipped data: the program's queries, rules and checks name their terms."""
_OWN_TERMS: Final = re.compile(
    r"\n    (?:beneficiary|need|means|setting):\S+ "
    r"(?:a skos:Concept.*?|skos:broader [^\n]*)\.(?=\n)",
    re.DOTALL,
)
"""The terms that only our newsletters need."""
_AGENT: Final = re.compile(r"\n    agent:\S+ a prov:Agent.*?\.\n(?=\n|\})", re.DOTALL)
_OF_OURS: Final = (
    ("du rallye ou d’une étape", "d’un événement"),
    ("the rally or a stage", "an event"),
)
_CODES: Final = {"fr": "FRA", "en": "ENG"}
_AUTHORITY: Final = "<http://publications.europa.eu/resource/authority/language/{}>"
_IN_A_LANGUAGE: Final = r'"(?:[^"\\\n]|\\.)*"@'


@dataclass(frozen=True)
class NewProgramme:
    """The properties of a new folder."""

    base: str
    title: str
    languages: tuple[str, ...] = LANGUAGES[:1]
    issued: date = date(2000, 1, 1)
    """The date of the first release."""


def make(folder: Path, wanted: NewProgramme) -> None:
    """Make a folder with everything that a programme needs; it appears completely or not at all.

    Raises ProgrammeError if the folder is not empty, or if its base is invalid; SourceError if it
    cannot be written.
    """
    if fault := programme.fault_of_base(wanted.base):
        raise ProgrammeError(f"{fault[0].upper()}{fault[1:]}.")
    if not wanted.title.strip() or re.search(r"[\x00-\x1f\x7f]", wanted.title):
        raise ProgrammeError(
            "The title is empty or contains a character that is not text: use words."
        )
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ProgrammeError(f"{folder} exists and is not empty: name a new folder.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unfinished-") as unfinished:
            made = Path(unfinished) / "programme"
            for place, text in _files(wanted):
                (made / place).parent.mkdir(parents=True, exist_ok=True)
                (made / place).write_text(text, "utf-8")
            if folder.is_dir():
                shutil.copytree(made, folder, dirs_exist_ok=True)
            else:
                made.rename(folder)
    except OSError as error:
        raise SourceError.unwritten(folder, error) from error


def _files(wanted: NewProgramme) -> Iterator[tuple[str, str]]:
    words = _words(wanted)
    for place, name in _PLACES.items():
        yield place, _filled((_TEMPLATES / name).read_text("utf-8"), wanted, words)
    lists = _AGENT.sub("", _OWN_TERMS.sub("", _shipped_lists()))
    yield f"data/{_LISTS}", _filled(lists, wanted, {})
    readme = (_TEMPLATES / f"README.{wanted.languages[0]}.md").read_text("utf-8")
    plain = {"TITLE": wanted.title, "BASE": wanted.base}
    yield "README.md", _replaced(readme, plain)
    yield ".gitignore", "/releases/\n"


def _shipped_lists() -> str:
    text = (shipped_data_dir() / _LISTS).read_text("utf-8")
    for ours, anybodys in _OF_OURS:
        text = text.replace(ours, anybodys)
    return text


def _words(wanted: NewProgramme) -> Mapping[str, str]:
    example = (_TEMPLATES / _TEXT).read_bytes()
    return {
        "BASE": wanted.base,
        "TITLE": wanted.title.replace("\\", "\\\\").replace('"', '\\"'),
        "LANGUAGES": ", ".join(_AUTHORITY.format(_CODES[code]) for code in wanted.languages),
        "SHA256": hashlib.sha256(example).hexdigest(),
        "DATE": wanted.issued.isoformat(),
    }


def _filled(text: str, wanted: NewProgramme, words: Mapping[str, str]) -> str:
    """Return a text with the words, the languages and the base of the programme."""
    for language in LANGUAGES:
        if language not in wanted.languages:
            one = _IN_A_LANGUAGE + language
            text = re.sub(rf",\s*{one}", "", re.sub(rf"{one},\s*", "", text))
    for ours in ("id/", "dataset"):
        text = text.replace(f"<{PROGRAM}{ours}", f"<{wanted.base}{ours}")
    return _replaced(text, words)


def _replaced(text: str, words: Mapping[str, str]) -> str:
    """Return a text with placeholders replaced by words; those for language variants stay."""
    if not words:
        return text
    return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)
