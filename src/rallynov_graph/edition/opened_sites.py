"""The applications that an edition is asked from: that of its release, and of earlier ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import EditionError, os_error_in_french, os_error_text
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import BASE
from rallynov_graph.edition.addresses_of_files import SiteAddress
from rallynov_graph.edition.file_links import HOST, PLACE, ROOT
from rallynov_graph.exports import dump_files
from rallynov_graph.release import release_set, store_location
from rallynov_graph.release.attribution import UNPUBLISHED, Publication
from rallynov_graph.release.documents import SourceFile, known_to, loaded
from rallynov_graph.release.release_set import split_path
from rallynov_graph.site import edition
from rallynov_graph.site.absent import routes as absent
from rallynov_graph.site.application import create_app
from rallynov_graph.site.preparation import prepare
from rallynov_graph.site.web.in_process import Answered, Application, answered
from rallynov_graph.sparql.embedded import RememberingStore

if TYPE_CHECKING:
    from rallynov_graph.questions.catalogue import Catalogue
    from rallynov_graph.release.release import Release

_PAGE = "text/html"
_ANY = "*/*"


@dataclass(frozen=True)
class OpenedSites:
    """The application of each release, by the place that its addresses begin with."""

    apps: dict[str, Application]

    @classmethod
    def of(
        cls,
        releases: Sequence[Release],
        base: str,
        texts: tuple[SourceFile, ...] = (),
        catalogue: Catalogue | None = None,
    ) -> OpenedSites:
        """Return the applications of releases, the first as the site itself.

        Without ``base``, nothing is promised of where the edition lies.
        """
        for release in releases:
            _make_dumps(release)
        stores = [store_location.of_release(release) for release in releases]
        versions = release_set.versions(
            (release, store.pages()) for release, store in zip(releases, stores, strict=True)
        )
        promised = bool(base) or _shipped_base() != BASE
        publication = Publication(PLACE) if promised else UNPUBLISHED
        apps = {}
        for number, (version, store) in enumerate(zip(versions, stores, strict=True)):
            pages = RememberingStore(store.pages())
            own = known_to(pages, texts) if number else texts
            app = create_app(
                pages,
                version.release,
                catalogue=catalogue,
                texts=loaded(pages, own),
                earlier=release_set.compared(version.release, (), releases[number + 1 :]),
                publication=publication,
                versions=versions,
            )
            app.extensions["site"].graph.queries.remember()
            absent.register(app)
            edition.register(app)
            prepare(app)
            apps[version.place] = app
        made = cls(apps)
        made._load_templates()
        return made

    def _load_templates(self) -> None:
        """Load the templates of each language and certainty, for all processes at once."""
        for address in self.beginnings():
            if address.path.endswith("/"):
                for language in LANGUAGES:
                    for variant in replace(address, language=language).variants():
                        self.ask(variant)

    def ask(self, address: SiteAddress) -> Answered:
        """Return what the application of its release answers at an address."""
        place, rest = split_path(address.path)
        accept = _PAGE if address.is_page else _ANY
        return answered(
            self.apps[place], HOST, f"{ROOT}{place}", rest, address.query_string, accept
        )

    def has(self, address: SiteAddress) -> bool:
        """Return whether the release of an address is one of the edition."""
        return split_path(address.path)[0] in self.apps

    def beginnings(self) -> Iterator[SiteAddress]:
        """Yield the addresses from which all others are found, and those that no link leads to."""
        for place in self.apps:
            for path in _BEGINNINGS:
                yield SiteAddress(f"{place}{path}")
            yield from self._queries(place)
            for former in self.apps[place].extensions["site"].catalogue.aliases:
                yield SiteAddress(f"{place}/questions/{former}")

    def _queries(self, place: str) -> Iterator[SiteAddress]:
        """Yield the addresses of the query of each question, which scripts ask for."""
        catalogue = self.apps[place].extensions["site"].catalogue
        for name, language, certainty in product(catalogue, LANGUAGES, CERTAINTIES):
            yield SiteAddress(f"{place}/questions/{name}.rq", (), language, certainty)


_BEGINNINGS = (
    "/",
    "/sitemap.xml",
    "/void.ttl",
    "/catalog.ttl",
    "/catalog.jsonld",
    "/dataset",
    "/dataset.nq",
    "/linkset",
    "/downloads/SHA256SUMS",
    "/terms.json",
    "/questions.json",
)


def _shipped_base() -> str:
    from rallynov_graph.base.programme import PROGRAM

    return PROGRAM


def _make_dumps(release: Release) -> None:
    try:
        dump_files.stored(release, release.path)
    except OSError as error:
        raise EditionError(
            f"{release.path}: its downloads cannot be made: {os_error_text(error)}",
            french=f"{release.path} : ses téléchargements ne peuvent pas être faits : "
            f"{os_error_in_french(error)}",
        ) from error
