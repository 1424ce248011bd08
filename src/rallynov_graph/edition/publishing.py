"""Publishes an edition: asks for all that links lead to, makes the links, lists the files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rallynov_graph import __version__
from rallynov_graph.base.errors import EditionError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import BASE
from rallynov_graph.base.resources import web_dir
from rallynov_graph.edition import edition_manifest as manifest
from rallynov_graph.edition.addresses_of_files import SiteAddress, absent_pages
from rallynov_graph.edition.deploying import server_files
from rallynov_graph.edition.edition_manifest import Manifest
from rallynov_graph.edition.file_links import Rewriter, page_of_edition
from rallynov_graph.edition.made_pages import MadeGroup, PageMaker, finished
from rallynov_graph.edition.memento import timemap_files
from rallynov_graph.edition.opened_sites import OpenedSites
from rallynov_graph.edition.page_processes import crew
from rallynov_graph.edition.written_files import FileWriter, replacing
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from rallynov_graph.questions.catalogue import Catalogue
    from rallynov_graph.release.document_texts import SourceFile
    from rallynov_graph.release.release import Release

_AT_ONCE: Final = 200
"""So many finished files are a piece of work."""
_STATIC: Final = "static"
NOT_FOUND: Final = "404.html"
"""The page that servers show where there is nothing; its links hold wherever they do."""

Raw = tuple[str, SiteAddress, str]
"""A raw file, its address, and what search engines are told of it."""


@dataclass
class FoundFiles:
    """The addresses that were found, and the files that were made."""

    seen: set[SiteAddress] = field(default_factory=set)
    raw: list[Raw] = field(default_factory=list)
    sums: dict[str, tuple[str, int]] = field(default_factory=dict)
    single: set[SiteAddress] = field(default_factory=set)
    names: dict[str, SiteAddress | None] = field(default_factory=dict)
    """Whose each file is, by its name as a system has it that takes all letters for small ones."""

    def new(self, address: SiteAddress) -> list[SiteAddress]:
        """Return the address to ask for that a link leads to; none where it was asked for."""
        wanted = address.group if address.is_page else address
        if wanted in self.seen or wanted.path.startswith(f"/{_STATIC}/"):
            return []
        self.seen.add(wanted)
        return [wanted]

    def keep(self, made: MadeGroup) -> None:
        """Note what was made; raise EditionError where two addresses have one file."""
        for file, address in made.files.items():
            if self.note(file, address):
                self.raw.append((file, address, made.robots.get(file, "")))
        for file, (address, digest, size) in made.whole.items():
            self.note(file, address)
            self.sums[file] = digest, size
        self.seen |= {it for it in made.files.values() if not it.is_page}
        self.single |= {*made.single}

    def note(self, file: str, address: SiteAddress | None = None) -> bool:
        """Note whose a file is, and return whether it is new.

        Raises EditionError where another address has it.
        """
        name = file.casefold()
        if name not in self.names:
            self.names[name] = address
            return True
        if address is None or self.names[name] != address:
            raise EditionError(f"{file}: two addresses of the site would have this file.")
        return False


def publish(
    releases: Sequence[Release],
    out: Path,
    base: str = "",
    texts: tuple[SourceFile, ...] = (),
    progress: Progress | None = None,
    processes: int = 0,
    catalogue: Catalogue | None = None,
) -> Manifest:
    """Write an edition of releases, the newest first, in the place of what ``out`` held before.

    ``base`` is its lasting address; without one, things keep their names and documents are named
    where things are. Raises EditionError where the edition cannot be published, and the old one
    then stays.
    """
    count = processes or os.cpu_count() or 1
    address = base or BASE
    with replacing(out) as folder:
        found = FoundFiles()
        sites = OpenedSites.of(releases, base, texts, catalogue)
        _put_static(folder, found)
        _ask_everything(sites, folder, found, progress, count)
        rewriter = Rewriter(address, found.single.__contains__)
        _finish(folder, found, rewriter, progress, count)
        if base:
            for language in LANGUAGES:
                missing = SiteAddress(f"/{NOT_FOUND}", language=language)
                _put(folder, found, missing.file, _page_of_missing(sites, rewriter, missing))
        for file, content in (*server_files(address), *timemap_files(releases, address)):
            _put(folder, found, file, content)
        return _sealed(folder, found, releases, address, bool(texts))


def _page_of_missing(sites: OpenedSites, rewriter: Rewriter, missing: SiteAddress) -> bytes:
    """Return the page that a server shows at every address that has no file."""

    def is_single(address: SiteAddress) -> bool:
        return address.path == missing.path or rewriter.is_single(address)

    html = b"".join(sites.ask(missing).body).decode()
    of_any_place = replace(rewriter, is_single=is_single, place=urlsplit(rewriter.base).path)
    page = replace(missing, path=missing.path.removesuffix(".html"))
    return page_of_edition(of_any_place.rewritten(html, page), "noindex").encode()


def _put(folder: FileWriter, found: FoundFiles, file: str, content: bytes) -> None:
    found.note(file)
    found.sums[file] = folder.write(file, content)


def _put_static(folder: FileWriter, found: FoundFiles) -> None:
    """Put the scripts, styles and fonts there: their names already say what is in them."""
    static = web_dir() / _STATIC
    for path in sorted(static.rglob("*")):
        if path.is_file():
            file = f"{_STATIC}/{path.relative_to(static).as_posix()}"
            _put(folder, found, file, path.read_bytes())


def _ask_everything(
    sites: OpenedSites,
    folder: FileWriter,
    found: FoundFiles,
    progress: Progress | None,
    count: int,
) -> None:
    """Ask for every address that a link leads to, until none is left."""
    with crew(PageMaker(sites, folder).made, count) as workers:
        beginnings = [*sites.beginnings(), *absent_pages()]
        workers.add(it for address in beginnings for it in found.new(address))
        for done, made in enumerate(workers.results(), 1):
            found.keep(made)
            for link in sorted(made.links, key=str):
                workers.add(found.new(link))
            if progress is not None:
                progress(done, len(found.seen))


def _finish(
    folder: FileWriter,
    found: FoundFiles,
    rewriter: Rewriter,
    progress: Progress | None,
    count: int,
) -> None:
    """Make the links of all raw files, now that it is known which pages have one file."""
    work: Callable[[list[Raw]], list[tuple[str, str, int]]] = partial(_finished, folder, rewriter)
    rest = iter(found.raw)
    with crew(work, count) as workers:
        workers.add(iter(lambda: [*islice(rest, _AT_ONCE)], []))
        done = 0
        for files in workers.results():
            found.sums |= {file: (digest, size) for file, digest, size in files}
            done += len(files)
            if progress is not None:
                progress(done, len(found.raw))


def _finished(folder: FileWriter, rewriter: Rewriter, raw: list[Raw]) -> list[tuple[str, str, int]]:
    return [*finished(folder, rewriter, raw)]


def _sealed(
    folder: FileWriter,
    found: FoundFiles,
    releases: Sequence[Release],
    base: str,
    with_text: bool,
) -> Manifest:
    """Write the list of hashes, and what names it."""
    sums = manifest.lines_of(found.sums)
    folder.write(manifest.SUMS, sums)
    made = Manifest(
        releases[0].id,
        tuple(release.id for release in releases[1:]),
        base,
        with_text,
        __version__,
        len(found.sums),
        sum(size for _, size in found.sums.values()),
        hashlib.sha256(sums).hexdigest(),
    )
    folder.write(manifest.MANIFEST, manifest.written(made))
    return made
