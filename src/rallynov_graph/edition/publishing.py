"""Publishes an edition: asks for all that links lead to, makes the links, lists the files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
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
from rallynov_graph.edition.file_links import LinkedText, Rewriter, page_of_edition
from rallynov_graph.edition.made_pages import MadeGroup, PageMaker, RawFile, finished
from rallynov_graph.edition.opened_sites import OpenedSites
from rallynov_graph.edition.page_processes import crew
from rallynov_graph.edition.written_files import FileWriter, replacing
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from rallynov_graph.questions.catalogue import Catalogue
    from rallynov_graph.release.documents import SourceFile
    from rallynov_graph.release.release import Release

_AT_ONCE: Final = 200
"""So many finished files are a piece of work."""
_STATIC: Final = "static"
NOT_FOUND: Final = "404.html"
"""The page that servers show where there is nothing; its links hold wherever they do."""


@dataclass
class FoundFiles:
    """The addresses that were found, and the files that were made."""

    seen: set[SiteAddress] = field(default_factory=set)
    """The pages that were asked for, and the files that no page of theirs made."""
    linked: set[SiteAddress] = field(default_factory=set)
    """The files that links lead to."""
    raw: list[RawFile] = field(default_factory=list)
    sums: dict[str, tuple[str, int]] = field(default_factory=dict)
    single: set[SiteAddress] = field(default_factory=set)
    names: dict[str, SiteAddress | None] = field(default_factory=dict)
    """Whose each file is, by its name as a system has it that takes all letters for small ones."""

    def pages(self, links: Iterable[SiteAddress]) -> list[SiteAddress]:
        """Return the pages to ask for of what links lead to; note which files they lead to."""
        wanted = []
        for link in links:
            if not link.is_page:
                self.linked.add(link)
            elif (page := link.group) not in self.seen:
                self.seen.add(page)
                wanted.append(page)
        return wanted

    def files(self) -> list[SiteAddress]:
        """Return the files to ask for: those that links lead to, and that no page has made."""
        wanted = [it for it in self.linked - self.seen if it.file.casefold() not in self.names]
        self.seen.update(wanted)
        return sorted(it for it in wanted if not it.path.startswith(f"/{_STATIC}/"))

    def keep(self, made: MadeGroup) -> None:
        """Note what was made; raise EditionError where two addresses have one file."""
        self.raw += [it for it in made.raw if self.note(it.file, it.address)]
        for file, (address, digest, size) in made.whole.items():
            self.note(file, address)
            self.sums[file] = digest, size
        self.single.update(made.single)

    def note(self, file: str, address: SiteAddress | None = None) -> bool:
        """Note whose a file is, and return whether it is new.

        Raises EditionError where another address has it.
        """
        name = file.casefold()
        if name not in self.names:
            self.names[name] = address
            return True
        if address is None or self.names[name] != address:
            raise EditionError(
                f"{file}: two addresses of the site would have this file.",
                french=f"{file} : deux adresses du site auraient ce fichier.",
            )
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
        _ask_everything(sites, PageMaker(sites, folder, address), found, progress, count)
        rewriter = Rewriter(address, found.single.__contains__)
        _finish(folder, found, rewriter, progress, count)
        if base:
            for language in LANGUAGES:
                missing = SiteAddress(f"/{NOT_FOUND}", language=language)
                _put(folder, found, missing.file, _page_of_missing(sites, rewriter, missing))
        for file, content in server_files(address):
            _put(folder, found, file, content)
        return _sealed(folder, found, releases, address, bool(texts))


def _page_of_missing(sites: OpenedSites, rewriter: Rewriter, missing: SiteAddress) -> bytes:
    """Return the page that a server shows at every address that has no file."""

    def is_single(address: SiteAddress) -> bool:
        return address.path == missing.path or rewriter.is_single(address)

    html = LinkedText.of(sites.ask(missing).content.decode())
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
    maker: PageMaker,
    found: FoundFiles,
    progress: Progress | None,
    count: int,
) -> None:
    """Ask for every address that a link leads to, until none is left."""
    with crew(maker.made, count) as workers:
        workers.add(found.pages((*sites.beginnings(), *absent_pages())))
        done = 0
        while True:
            for made in workers.results():
                found.keep(made)
                workers.add(found.pages(made.links))
                done += 1
                if progress is not None:
                    progress(done, len(found.seen))
            rest = found.files()
            if not rest:
                return
            workers.add(rest)


def _finish(
    folder: FileWriter,
    found: FoundFiles,
    rewriter: Rewriter,
    progress: Progress | None,
    count: int,
) -> None:
    """Make the links of raw files, now that it is known which pages have one file."""
    work: Callable[[list[RawFile]], list[tuple[str, str, int]]] = partial(
        _finished, folder, rewriter
    )
    rest = iter(found.raw)
    with crew(work, count) as workers:
        workers.add(iter(lambda: [*islice(rest, _AT_ONCE)], []))
        done = 0
        for files in workers.results():
            found.sums |= {file: (digest, size) for file, digest, size in files}
            done += len(files)
            if progress is not None:
                progress(done, len(found.raw))


def _finished(
    folder: FileWriter, rewriter: Rewriter, raw: list[RawFile]
) -> list[tuple[str, str, int]]:
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
