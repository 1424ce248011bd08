"""The checks that a release was built with, without the imports that running them needs."""

from pathlib import Path

from rallynov_graph.base.resources import checks_dir
from rallynov_graph.release.release import Release, hashed
from rallynov_graph.validation import graph_checks
from rallynov_graph.validation.graph_checks import Check


def checks_of(release: Release) -> dict[str, Check | None]:
    """Return the checks of a release by name; None for one that was removed or changed since."""
    known = {f"checks/{path.name}": path for path in checks_dir().glob("*.rq")}
    texts: dict[str, Check | None] = {}
    for source in release.manifest.sources:
        if not source.path.startswith("checks/"):
            continue
        path = known.get(source.path)
        same = path is not None and hashed(path, source.path) == source
        (check,) = graph_checks.read([path]) if path is not None and same else (None,)
        texts[Path(source.path).stem] = check
    return texts
