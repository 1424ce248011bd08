"""The documents that come with the program: what each is for, and in which languages it is there.

``docs/contents.toml`` names those of the folder itself; how-to pages and explanations have folders.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.resources import deploy_dir, docs_dir

NEEDS: Final = ("tutorial", "how-to", "explanation", "reading", "writing", "running")
"""What readers come for, in the order of the list."""
_FOLDERS: Final = ("how-to", "explanation")
_FILES: Final = {".webp": "image/webp", ".ipynb": "application/x-ipynb+json"}
"""What documents link to, beside documents."""
_CONTENTS: Final = "contents.toml"
FROM_DEPLOY: Final = "deploy/"


@dataclass(frozen=True)
class Document:
    """A document in one language or both."""

    name: str
    """Its path below ``docs/``, without language and suffix: that of its page, too."""
    need: str
    files: Mapping[str, Path]
    """Its text by language."""
    summaries: Mapping[str, str] = field(default_factory=dict)
    """What it is good for, where its title does not say so."""

    def language_for(self, language: str) -> str:
        """Return the language in which readers of one get it: theirs where it is there."""
        return language if language in self.files else next(iter(self.files))


@dataclass(frozen=True)
class DocumentFile:
    """A file that documents link to."""

    path: Path
    media_type: str


@cache
def documents() -> Mapping[str, Document]:
    """Return the documents by name, by need and in the order in which they are listed."""
    told = tomllib.loads((docs_dir() / _CONTENTS).read_text("utf-8"))
    found: dict[str, Document] = {}
    for need in NEEDS:
        summaries = told.get(need, {})
        names = _names_in(need, told["order"][need]) if need in _FOLDERS else summaries
        for name in names:
            files = _files_of(name)
            if files:
                found[name] = Document(name, need, files, summaries.get(name, {}))
    return found


def _names_in(folder: str, first: Iterable[str]) -> Iterator[str]:
    """Yield the names of the documents of a folder: some first, then the others by name."""
    there = sorted(path.stem for path in (docs_dir() / folder).glob("*.md"))
    for stem in dict.fromkeys((*first, *(stem for stem in there if "." not in stem))):
        yield f"{folder}/{stem}"


def _files_of(name: str) -> dict[str, Path]:
    named = {code: f"{name}.md" if code == "en" else f"{name}.{code}.md" for code in LANGUAGES}
    paths = {code: docs_dir() / file for code, file in named.items()}
    return {code: path for code, path in paths.items() if path.is_file()}


@cache
def files() -> Mapping[str, DocumentFile]:
    """Return the files that documents link to, by their path below ``/docs/``.

    Those for who runs a site for others are shown as text, whatever they are called.
    """
    below = sorted((docs_dir() / "pictures").rglob("*")) + sorted(docs_dir().glob("notebooks/*"))
    own = {
        path.relative_to(docs_dir()).as_posix(): DocumentFile(path, _FILES[path.suffix])
        for path in below
        if path.suffix in _FILES
    }
    to_run = {
        f"{FROM_DEPLOY}{path.name}.txt": DocumentFile(path, "text/plain; charset=utf-8")
        for path in sorted(deploy_dir().iterdir())
        if path.is_file()
    }
    return own | to_run
