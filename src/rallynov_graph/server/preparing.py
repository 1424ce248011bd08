"""What pages ask of a whole release, worked out before it is served and kept beside it."""

import errno
import os
from typing import TYPE_CHECKING

from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release import release_set, store_location

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release


def prepare(
    release: "Release",
    kind: store_location.StoreKind = store_location.StoreKind.AUTO,
    progress: Progress | None = None,
) -> None:
    """Keep beside a release what a start would work out, and first readers wait for.

    What is kept by now is taken up, what is damaged made again; nothing that is hashed changes.
    The store is where it will be served from. Raises ReleaseError where not all can be kept.
    """
    from rallynov_graph.site.application import create_app
    from rallynov_graph.site.preparation import before_start

    if release.result_cache.folder is None:
        raise _not_kept(release, os.strerror(errno.EACCES))
    try:
        store = store_location.of_release(release, kind).pages()
        versions = release_set.versions([(release, store)])
        steps = before_start(create_app(store, release, versions=versions))
        for done, step in enumerate(steps):
            if progress is not None:
                progress(done, len(steps))
            step()
    except OSError as error:
        raise _not_kept(release, error.strerror or str(error)) from error


def _not_kept(release: "Release", reason: str) -> ReleaseError:
    return ReleaseError(
        f"{release.path}: what pages ask of the whole release could not all be kept there: "
        f"{reason}; the rest is worked out when it is asked for, or by rallynov prepare once that "
        "is mended."
    )
