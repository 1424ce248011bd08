"""What pages ask of a whole release, worked out before it is served and kept beside it."""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release import release_set, store_location
from rallynov_graph.release.answered_store import AnsweredStore

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release
    from rallynov_graph.site.web.in_process import Application
    from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore


def prepare(
    release: "Release",
    kind: store_location.StoreKind = store_location.StoreKind.AUTO,
    progress: Progress | None = None,
) -> None:
    """Keep beside a release what a start would work out, and first readers wait for.

    What is kept by now is taken up, what is damaged made again; nothing that is hashed changes.
    The store is where it will be served from. Raises ReleaseError where not all can be kept.
    """
    from rallynov_graph.site.preparation import before_start, most_read

    if release.result_cache.folder is None:
        raise _not_kept(release, os.strerror(errno.EACCES))
    try:
        store = store_location.of_release(release, kind).pages()
        app = as_served(release, store)
        steps, addresses = before_start(app), most_read(app)
        pages = _pages(release, store, addresses)
        for done, work in enumerate(chain(steps, pages)):
            if progress is not None:
                progress(done, len(steps) + len(addresses))
            work()
    except OSError as error:
        raise _not_kept(release, error.strerror or str(error)) from error


def _pages(
    release: "Release", store: "EmbeddedStore", addresses: Sequence[str]
) -> Iterator[Callable[[], object]]:
    """Yield the steps that keep pages; the site that makes them is made when the first is due."""
    from rallynov_graph.site.preparation import keep_page

    app = as_served(release, store)
    yield from (partial(keep_page, app, it) for it in addresses)


def as_served(release: "Release", store: "EmbeddedStore") -> "Application":
    """Return the site as a server makes it that serves this release alone, with no settings.

    Each one sees what is kept beside the release when it is made.
    """
    from rallynov_graph.site.application import create_app

    versions = release_set.versions([(release, store)])
    return create_app(AnsweredStore(store, release.kept_answers), release, versions=versions)


def _not_kept(release: "Release", reason: str) -> ReleaseError:
    return ReleaseError(
        f"{release.path}: what pages ask of the whole release could not all be kept there: "
        f"{reason}; the rest is worked out when it is asked for, or by rallynov prepare once that "
        "is mended."
    )
