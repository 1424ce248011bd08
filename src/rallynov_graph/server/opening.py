"""Open what is served: stores with their pages, of releases or of any files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rallynov_graph.questions.evidence_profile import Profile
from rallynov_graph.release import release_set, store_location
from rallynov_graph.release.attribution import UNPUBLISHED, Publication
from rallynov_graph.release.documents import SourceFile, known_to, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.release.release_set import EarlierRelease, Version
from rallynov_graph.server.endpoint import QueryRunner
from rallynov_graph.server.pages import WSGI
from rallynov_graph.sparql.embedded import EmbeddedStore


def pages(
    store: EmbeddedStore,
    release: "Release | None",
    texts: tuple[SourceFile, ...] = (),
    since: "Sequence[EarlierRelease]" = (),
    publication: Publication = UNPUBLISHED,
    versions: Sequence[Version] = (),
    profile: Profile | None = None,
) -> WSGI:
    """Return the pages of a store; without a release, those of another program's graph.

    Raises SourceError for a file that is not a text of the store, or is given twice.
    """
    from rallynov_graph.site.application import create_app, prepare

    pages_store = store.pages()
    app = create_app(
        pages_store,
        release,
        texts=loaded(pages_store, texts),
        earlier=since,
        publication=publication,
        versions=versions,
        profile=profile,
    )
    prepare(app)
    return app


@dataclass(frozen=True)
class Opened:
    """The served content: a store for visitors' queries, or a relay to another server."""

    store: EmbeddedStore | None = None
    pages: WSGI | None = None
    release: "Release | None" = None
    relay: Callable[[], QueryRunner] | None = None
    earlier: tuple["Opened", ...] = ()
    """Releases that stay readable beside it, each under its id."""

    @property
    def all(self) -> tuple["Opened", ...]:
        """This one and the earlier ones."""
        return (self, *self.earlier)

    def leave(self) -> None:
        """Remove the temporary files made while it was served."""
        from rallynov_graph.site.application import leave

        leave(self.pages)


def of_releases(
    releases: "Sequence[Release]",
    compared: Sequence[Path] = (),
    kind: store_location.StoreKind = store_location.StoreKind.AUTO,
    texts: tuple[SourceFile, ...] = (),
    publication: Publication = UNPUBLISHED,
) -> Opened:
    """Return releases for serving: the first as the site, the others under their ids.

    Each is compared with those after it; if the folders ``compared`` are given, only the first is,
    with those in them. Raises ReleaseError, and SourceError for a file that is not a text of the
    first.
    """
    stores = [store_location.of_release(release, kind) for release in releases]
    versions = release_set.versions(
        (release, store.pages()) for release, store in zip(releases, stores, strict=True)
    )
    opened = []
    for number, (release, store) in enumerate(zip(releases, stores, strict=True)):
        folders = () if number else compared
        since = release_set.compared(release, folders, releases[number + 1 :])
        own = texts if not number else known_to(store.pages(), texts)
        own_pages = pages(store, release, own, since, publication, versions)
        opened.append(Opened(store, own_pages, release))
    return replace(opened[0], earlier=tuple(opened[1:]))
