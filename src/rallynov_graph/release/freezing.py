"""Writing a release folder so that it appears whole or not at all, whatever happens meanwhile."""

import filecmp
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rallynov_graph.base.errors import ReleaseError, os_error_text
from rallynov_graph.base.whole_files import (
    flush_to_disk,
    locked,
    replace_file,
    unfinished_folder,
    write_file,
)
from rallynov_graph.release.release import LATEST, MANIFEST, latest


@dataclass(frozen=True)
class Workshop:
    """A folder beside the releases, in which one release is made while no other one is."""

    out: Path
    folder: Path

    def freeze(
        self, name: str, core: Sequence[str], derived: Mapping[str, bytes], manifest: bytes
    ) -> None:
        """Put the release in its place, complete; the first one is the latest from now on.

        The core are files that lie in the workshop. Where a release of the same name is there
        already, its data stay untouched, and only what is derived from them is renewed.
        """
        target = self.out / name
        if _has(target, self.folder, core):
            _renew(self.out, target, derived, manifest)
        else:
            _place(self, target, core, {**derived, MANIFEST: manifest})
        if latest(self.out) is None:
            self.name_latest(name)

    def name_latest(self, name: str) -> None:
        """Name a release as the latest one: servers that watch the folder take it up."""
        replace_file(self.out, self.out / LATEST, f"{name}\n".encode())


@contextmanager
def workshop(out: Path) -> Iterator[Workshop]:
    """Give a workshop; makers take turns. Raises ReleaseError where it cannot be written."""
    try:
        with locked(out):
            yield Workshop(out, unfinished_folder(out))
    except OSError as error:
        raise ReleaseError(
            f"{out}: the release cannot be written: {os_error_text(error)}"
        ) from error


def _has(folder: Path, other: Path, files: Iterable[str]) -> bool:
    return all(
        (folder / name).is_file() and filecmp.cmp(folder / name, other / name, shallow=False)
        for name in files
    )


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    paths = {folder / name: content for name, content in files.items()}
    return all(path.is_file() and path.read_bytes() == paths[path] for path in paths)


def _place(shop: Workshop, target: Path, core: Iterable[str], files: Mapping[str, bytes]) -> None:
    """Put a whole folder in its place; a damaged one that has its name goes."""
    whole = unfinished_folder(shop.out) / target.name
    whole.mkdir()
    for name in core:
        (shop.folder / name).rename(whole / name)
        flush_to_disk(whole / name)
    for name, content in files.items():
        write_file(whole / name, content)
    flush_to_disk(*{(whole / name).parent for name in files})
    if target.exists():
        target.rename(unfinished_folder(shop.out) / target.name)
    whole.rename(target)
    flush_to_disk(shop.out)


def _renew(out: Path, folder: Path, derived: Mapping[str, bytes], manifest: bytes) -> None:
    """Put new derived files beside the old ones, then the manifest that names them.

    The old ones stay: whoever loaded the release before may still read them.
    """
    part = next(iter(derived)).partition("/")[0]
    if not _holds(folder, derived):
        made = unfinished_folder(out)
        for name, content in derived.items():
            write_file(made / name, content)
        flush_to_disk(made / part)
        if (folder / part).exists():
            shutil.rmtree(folder / part)
        (made / part).rename(folder / part)
    replace_file(out, folder / MANIFEST, manifest)
