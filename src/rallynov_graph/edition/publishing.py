"""Publish an edition: request every address that links lead to, and write the responses as files.

Forked processes, which share the opened stores, make the pages. They end with this one.
"""

from __future__ import annotations

import gc
import os
import re
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final
from urllib.parse import quote, urlsplit

from rallynov_graph import __version__
from rallynov_graph.base import bounded_process
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import EditionError, os_error_text
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import BASE
from rallynov_graph.base.programme import PROGRAM
from rallynov_graph.base.resources import web_dir
from rallynov_graph.edition.addresses import Absent, SiteAddress, address_of_absent
from rallynov_graph.edition.deploying import server_files
from rallynov_graph.edition.folder import FileWriter, Manifest, replacing
from rallynov_graph.edition.links import (
    HOST,
    PLACE,
    ROOT,
    Rewriter,
    addresses_in,
    has_addresses,
    is_offered,
    page_of_edition,
    page_that_leads,
)
from rallynov_graph.exports import dump_files
from rallynov_graph.exports.citations import Citation
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.evidence_profile import Profile
from rallynov_graph.release import release_set, store_location
from rallynov_graph.release.attribution import UNPUBLISHED, Publication
from rallynov_graph.release.documents import SourceFile, known_to, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.release.release_set import split_path
from rallynov_graph.site import edition
from rallynov_graph.site.application import Answered, Application, answered, create_app, prepare
from rallynov_graph.site.model.addresses import CERTAINTY, UNFILTERED
from rallynov_graph.sparql.embedded import EmbeddedStore, RememberingStore

Progress = Callable[[str, int, int], object]
"""Called with the step (``downloads``, ``pages``, ``links``), the piece, and their number."""

_BEGINNINGS: Final = (
    *("/void.ttl", "/catalog.ttl", "/catalog.jsonld", "/dataset"),
    *("/dataset.nq", "/linkset", "/downloads/SHA256SUMS", "/questions.json"),
)
_BEGINNINGS_OF_ALL: Final = ("/", "/sitemap.xml", "/terms.json")
"""Those that all graphs have."""
_STATIC: Final = "static"
NOT_FOUND: Final = "404.html"
"""The page that servers show for a missing file; its links work from any address."""
_AT_ONCE: Final = 200
"""So many finished files are a piece of work."""
_GARBAGE: Final = 100_000, 50
"""The number of objects after which a process collects garbage; its memory grows with the
release."""
_MAIN: Final = re.compile(rb"<main.*</main>", re.DOTALL)
_OF_FILTER: Final = re.compile(
    rb"<input type=\"hidden\" name=\"certainty\"[^>]*>|<p [^>]*data-of-filter>.*?</p>"
)
"""Where a page contains the certainty of its address, except in links."""
_LEADS: Final = (301, 302, 303, 307, 308)
_TEXT: Final = re.compile(r"text/|.*(?:json|xml|turtle|triples|quads|trig|sparql|bibtex|research)")


@dataclass(frozen=True)
class Sites:
    """The application of each release, by the prefix of its addresses."""

    apps: dict[str, Application]

    @classmethod
    def of(
        cls,
        releases: Sequence[Release],
        base: str,
        texts: tuple[SourceFile, ...] = (),
        catalogue: Catalogue | None = None,
        progress: Progress | None = None,
    ) -> Sites:
        """Return the applications of releases; the first one is the site itself.

        Without ``base``, pages do not state a lasting address of the edition.
        """
        for release in releases:
            _make_dumps(release, progress)
        stores = [store_location.of_release(release) for release in releases]
        versions = release_set.versions(
            (release, store.pages()) for release, store in zip(releases, stores, strict=True)
        )
        publication = Publication(PLACE) if base or PROGRAM != BASE else UNPUBLISHED
        apps = {}
        for number, (version, store) in enumerate(zip(versions, stores, strict=True)):
            pages = RememberingStore(store.pages())
            app = create_app(
                pages,
                version.release,
                catalogue=catalogue,
                texts=loaded(pages, known_to(pages, texts) if number else texts),
                earlier=release_set.compared(version.release, (), releases[number + 1 :]),
                publication=publication,
                versions=versions,
            )
            apps[version.place] = app
        return cls._prepared(apps)

    @classmethod
    def of_data(cls, store: EmbeddedStore, base: str, profile: Profile | None) -> Sites:
        """Return the application of somebody's graph, whose evidence a profile reads."""
        publication = Publication(PLACE) if base else UNPUBLISHED
        pages = RememberingStore(store.pages())
        return cls._prepared({"": create_app(pages, publication=publication, profile=profile)})

    @classmethod
    def _prepared(cls, apps: dict[str, Application]) -> Sites:
        made = cls({place: as_edition(app) for place, app in apps.items()})
        for app in apps.values():
            prepare(app)
        # The templates of each language and certainty are loaded for all processes at once.
        for place, language, certainty in product(apps, LANGUAGES, CERTAINTIES):
            made.ask(SiteAddress(f"{place}/", (), language, certainty))
        return made

    def ask(self, address: SiteAddress) -> Answered:
        place, rest = split_path(address.path)
        accept = "text/html" if address.is_page else "*/*"
        return answered(
            self.apps[place], HOST, f"{ROOT}{place}", rest, address.query_string, accept
        )

    def has(self, address: SiteAddress) -> bool:
        return split_path(address.path)[0] in self.apps

    def beginnings(self) -> Iterator[SiteAddress]:
        """Yield the addresses from which all others are found, and those without links to them."""
        yield from map(address_of_absent, Absent)
        for place, app in self.apps.items():
            yield from (SiteAddress(f"{place}{path}") for path in _BEGINNINGS_OF_ALL)
            if app.extensions["site"].foreign:
                continue
            yield from (SiteAddress(f"{place}{path}") for path in _BEGINNINGS)
            catalogue = app.extensions["site"].catalogue
            for name, language, certainty in product(catalogue, LANGUAGES, CERTAINTIES):
                yield SiteAddress(f"{place}/questions/{name}.rq", (), language, certainty)
            for former, suffix in product(catalogue.aliases, ("", ".csv")):
                yield SiteAddress(f"{place}/questions/{former}{suffix}")


def as_edition(app: Application) -> Application:
    edition.register(app, is_offered)
    return app


def _make_dumps(release: Release, progress: Progress | None) -> None:
    try:
        dump_files.stored(release, progress and partial(progress, "downloads"))
    except OSError as error:
        raise EditionError(
            f"{release.path}: its downloads cannot be made: {os_error_text(error)}",
        ) from error


@dataclass(frozen=True)
class MadeFile:
    """A written file; without a hash, its links are still to be rewritten."""

    file: str
    address: SiteAddress
    robots: str
    """Its directives for search engines."""
    citation: Citation | None
    written: tuple[str, int] | None
    """Its hash and its size."""


@dataclass
class MadeGroup:
    """The files of one address: a page in each language and certainty, with its files."""

    files: list[MadeFile] = field(default_factory=list)
    links: set[SiteAddress] = field(default_factory=set)
    single: list[SiteAddress] = field(default_factory=list)
    """Pages that say the same at every certainty."""


class PageMaker:
    """Requests pages from the application and writes the responses into an edition."""

    def __init__(self, sites: Sites, folder: FileWriter) -> None:
        self._sites, self._folder = sites, folder
        self._reported: set[SiteAddress] = set()
        """The links that the process has reported."""

    def made(self, address: SiteAddress) -> MadeGroup:
        """Return the files made for an address; raise EditionError if it fails."""
        group = MadeGroup()
        if address.is_page:
            self._make_pages(group, address)
            for file in sorted(it for it in group.links if it.is_file_of(address)):
                self._make(group, file, self._sites.ask(file))
        else:
            self._make(group, address, self._sites.ask(address))
        group.links -= self._reported
        self._reported |= group.links
        return group

    def _make_pages(self, group: MadeGroup, address: SiteAddress) -> None:
        """Make a page in each language, and for each certainty that changes its content.

        The content for a certainty changes in all languages alike, and if it is the same for the
        least and the most certain, it is the same between them. A redirection is written for each
        certainty, since its page had a file for each before.
        """
        least, between, surest = address.variants()
        answers = {least: self._sites.ask(least)}
        is_single = address.first_part in UNFILTERED
        if not is_single:
            answers[surest] = self._sites.ask(surest)
            # A graph without certainties refuses the filter.
            is_single = answers[surest].status == HTTPStatus.BAD_REQUEST or (
                answers[least].status not in _LEADS
                and _main(answers[least], least) == _main(answers[surest], surest)
            )
        for language in LANGUAGES:
            for variant in (least,) if is_single else (least, between, surest):
                of_language = replace(variant, language=language)
                answer = answers.get(of_language) or self._sites.ask(of_language)
                self._make(group, of_language, answer)
            if is_single:
                group.single.append(replace(least, language=language))

    def _make(self, group: MadeGroup, address: SiteAddress, answer: Answered) -> None:
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            asked = f"?{address.query_string}" if address.query_string else ""
            at = f"{address.path}{asked}"
            raise EditionError(f"{at} cannot be made ({answer.status}).")
        if answer.status >= HTTPStatus.BAD_REQUEST and not address.is_page:
            return
        if answer.status in _LEADS and not address.is_page:
            answer = self._sites.ask(SiteAddress.of(answer.location.removeprefix(ROOT)))
        body: bytes | None = None
        if answer.status in _LEADS:
            body = page_that_leads(answer.location, address.language).encode()
        elif _TEXT.match(answer.content_type):
            body = answer.content
        parts = answer.body if body is None else [body]
        written: tuple[str, int] | None = self._folder.write(address.file, parts)
        if body is not None and (answer.is_page or has_addresses(body)):
            written = None
            group.links |= set(filter(self._sites.has, addresses_in(body.decode())))
        group.files.append(MadeFile(address.file, address, answer.robots, answer.citation, written))


def _main(answer: Answered, address: SiteAddress) -> bytes:
    """Return the main content of a page; its links may keep any certainty."""
    found = _MAIN.search(answer.content)
    said = found[0] if found else answer.content
    pair = f"{CERTAINTY}={address.certainty}"
    for first, more in (("?", "&amp;"), ("?", r"\u0026"), ("?", "&"), ("%3F", "%26")):
        written = pair if first == "?" else quote(pair, safe="")
        for wanted, instead in (
            (f"{first}{written}{more}", first),
            (f"{first}{written}", ""),
            (f"{more}{written}", ""),
        ):
            said = said.replace(wanted.encode(), instead.encode())
    return _OF_FILTER.sub(b"", said)


def finish(
    folder: FileWriter, rewriter: Rewriter, files: Iterable[MadeFile]
) -> list[tuple[str, tuple[str, int]]]:
    """Rewrite the links of files, and return each with its hash and its size."""
    made = []
    for it in files:
        raw = (folder.folder / it.file).read_bytes().decode()
        text = rewriter.rewritten(raw, it.address, it.citation)
        if it.file.endswith(".html"):
            text = page_of_edition(text, it.robots)
        made.append((it.file, folder.write(it.file, [text.encode()])))
    return made


@dataclass
class FoundFiles:
    """The addresses found, and the files made."""

    seen: set[SiteAddress] = field(default_factory=set)
    """The pages that were asked for, and the files that no page of theirs made."""
    linked: set[SiteAddress] = field(default_factory=set)
    """The files that links lead to."""
    raw: list[MadeFile] = field(default_factory=list)
    """Those whose links are still to be made."""
    sums: dict[str, tuple[str, int]] = field(default_factory=dict)
    single: set[SiteAddress] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """The files as a system names them that takes all letters for small ones."""

    def pages(self, links: Iterable[SiteAddress]) -> list[SiteAddress]:
        """Return the pages to request for targets of links; note the files that they link to."""
        links = [*links]
        self.linked.update(it for it in links if not it.is_page)
        wanted = dict.fromkeys(it.group for it in links if it.is_page).keys() - self.seen
        self.seen |= wanted
        return sorted(wanted)

    def files(self) -> list[SiteAddress]:
        """Return the files to request: those with a link that no page has made."""
        wanted = [it for it in self.linked - self.seen if it.file.casefold() not in self.names]
        self.seen.update(wanted)
        return sorted(it for it in wanted if not it.path.startswith(f"/{_STATIC}/"))

    def keep(self, made: MadeGroup) -> None:
        """Note the files made; raise EditionError if two addresses have the same file."""
        self.single.update(made.single)
        for it in made.files:
            self.note(it.file, it.written)
            if it.written is None:
                self.raw.append(it)

    def note(self, file: str, written: tuple[str, int] | None) -> None:
        """Note a file with its hash and size; raise EditionError if it exists already."""
        if file.casefold() in self.names:
            raise EditionError(f"{file}: two addresses of the site would have this file.")
        self.names.add(file.casefold())
        if written is not None:
            self.sums[file] = written


def publish(
    data: Sequence[Release] | EmbeddedStore,
    out: Path,
    base: str = "",
    texts: tuple[SourceFile, ...] = (),
    progress: Progress | None = None,
    processes: int = 0,
    catalogue: Catalogue | None = None,
    profile: Profile | None = None,
) -> Manifest:
    """Write an edition of releases, the newest first, in place of the content of ``out``.

    Of a store, it is an edition of somebody's graph, with the evidence that a profile reads.
    ``base`` is its lasting address; without it, things keep their names, and documents are named
    after their things. Raises EditionError if the edition cannot be published; the old one then
    stays.
    """
    count = processes or os.cpu_count() or 1
    address = base or BASE
    found = FoundFiles()
    with replacing(out) as folder:

        def put(file: str, content: bytes) -> None:
            found.note(file, folder.write(file, [content]))

        static = web_dir() / _STATIC
        for path in sorted(filter(Path.is_file, static.rglob("*"))):
            put(f"{_STATIC}/{path.relative_to(static).as_posix()}", path.read_bytes())
        if isinstance(data, EmbeddedStore):
            sites = Sites.of_data(data, base, profile)
        else:
            sites = Sites.of(data, base, texts, catalogue, progress)
        _make_everything(sites, PageMaker(sites, folder), found, progress, count)
        rewriter = Rewriter(address, found.single.__contains__)
        _finish_links(folder, found, rewriter, progress, count)
        for language in LANGUAGES if base else ():
            missing = SiteAddress(f"/{NOT_FOUND}", language=language)
            put(missing.file, _page_of_missing(sites, rewriter, missing))
        for file, content in server_files(address):
            put(file, content)
        data_id = edition.id_of_data(sites.apps[""].extensions["site"])
        earlier = () if isinstance(data, EmbeddedStore) else data[1:]
        made = Manifest(data_id, tuple(it.id for it in earlier), address, bool(texts), __version__)
        return folder.seal(made, found.sums)


def _page_of_missing(sites: Sites, rewriter: Rewriter, missing: SiteAddress) -> bytes:
    """Return the page that a server shows for every address without a file."""

    def is_single(address: SiteAddress) -> bool:
        return address.path == missing.path or rewriter.is_single(address)

    html = sites.ask(missing).content.decode()
    of_any_place = replace(rewriter, is_single=is_single, place=urlsplit(rewriter.base).path)
    page = replace(missing, path=missing.path.removesuffix(".html"))
    return page_of_edition(of_any_place.rewritten(html, page), "noindex").encode()


def _make_everything(
    sites: Sites, maker: PageMaker, found: FoundFiles, progress: Progress | None, count: int
) -> None:
    """Request the target of every link, until none is left."""
    made: SimpleQueue[Future[MadeGroup]] = SimpleQueue()
    done = asked = 0
    with _processes(maker.made, count) as pool:
        wanted = found.pages(sites.beginnings())
        while wanted or done < asked:
            for address in wanted:
                pool.submit(_work, address).add_done_callback(made.put)
            asked += len(wanted)
            if progress is not None:
                progress("pages", done, asked)
            group = made.get().result()
            done += 1
            found.keep(group)
            wanted = found.pages(group.links)
            if done == asked and not wanted:
                wanted = found.files()


def _finish_links(
    folder: FileWriter,
    found: FoundFiles,
    rewriter: Rewriter,
    progress: Progress | None,
    count: int,
) -> None:
    """Rewrite the links of raw files, now that pages with the same content are known."""
    pieces = [found.raw[at : at + _AT_ONCE] for at in range(0, len(found.raw), _AT_ONCE)]
    with _processes(partial(finish, folder, rewriter), count) as pool:
        for number, files in enumerate(pool.map(_work, pieces)):
            if progress is not None:
                progress("links", number, len(pieces))
            found.sums |= files


_work_of_process: Callable[[Any], Any]
"""The function of a process of ``_processes`` for a piece of work."""


@contextmanager
def _processes(work: Callable[[Any], Any], count: int) -> Iterator[ProcessPoolExecutor]:
    """Yield processes that run ``_work``; they have ended when the block is left."""
    begin = (work, os.getpid())
    pool = ProcessPoolExecutor(count, get_context("fork"), _begin, begin)
    try:
        yield pool
    except BrokenProcessPool as error:
        raise EditionError(
            "A process that makes pages was killed, perhaps because memory ran out; "
            "nothing was published."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(work: Callable[[Any], Any], parent: int) -> None:
    global _work_of_process  # noqa: PLW0603
    _work_of_process = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    bounded_process.end_with(parent)
    gc.freeze()  # what this process shares with its parent is never looked through
    gc.set_threshold(*_GARBAGE)


def _work(piece: Any) -> Any:
    return _work_of_process(piece)
