"""What the gate of a release found, kept beside it: the next build looks only at what changed.

Only where the data are many: of few, all is looked at sooner. It is named by the release, and by
all that it was held to: ontology, shapes, checks, software. It may be removed at any time; one that
is damaged is as one that is not there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph
from pyoxigraph import BlankNode, Dataset, NamedNode

from rallynov_graph import __version__
from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.resources import checks_dir
from rallynov_graph.base.terms import Term, parsed_term
from rallynov_graph.rdf import sources
from rallynov_graph.release import release
from rallynov_graph.validation.gate import KnownInData
from rallynov_graph.validation.report import Finding, Source

if TYPE_CHECKING:
    from rallynov_graph.validation.gate import FoundInData

FROM: Final = 100_000
"""Of fewer quads, all is looked at sooner than what was found is read."""
_CATEGORY: Final = "findings-2"
"""Another number wherever findings are written otherwise."""
MOST: Final = 20_000
"""So many findings of each rule are kept; where there are more, all is looked at each time."""
_PATH: Final = NamedNode(f"{PREFIXES['sh']}path")


class KnownFindings:
    """What was found by an ontology, shapes and checks."""

    def __init__(self, ontology: Dataset, shapes: Sequence[Path]) -> None:
        """Name what was found by all that it depends on beside the data."""
        digest = hashlib.sha256(f"{__version__} {pyoxigraph.__version__}".encode())
        for statement in sorted(map(str, ontology)):
            digest.update(f"{statement}\n".encode())
        for file in (*shapes, *sorted(checks_dir().glob("*.rq"))):
            content = file.read_bytes()
            digest.update(f"{file.name} {len(content)}\n".encode() + content)
        self._name, self._shapes = digest.hexdigest(), shapes

    def of_latest(self, out: Path) -> KnownInData | None:
        """Return what is known of the latest release in a folder; None where nothing is."""
        folder = release.latest(out)
        if folder is None:
            return None
        with suppress(ReleaseError, ValueError, KeyError, TypeError, SyntaxError):
            found = release.load(folder)
            if _is_large(found):
                return found.result_cache.kept(_CATEGORY, self._name, self._reader(found))
        return None

    def keep(self, built: release.Release, found: FoundInData) -> None:
        """Keep what was found in a release, as far as it can be: a build is good without it."""
        known = found.known(built.data) if _is_large(built) else None
        if known is None or not all(map(_can_be_written, known.of_shapes)):
            return
        shapes, checks = map(_written, known.of_shapes), map(_written, known.of_checks)
        content = {"shapes": [*shapes], "checks": [*checks]}
        built.result_cache.keep(_CATEGORY, self._name, lambda: content)

    def _reader(self, found: release.Release) -> Callable[[Any], KnownInData]:
        def read(kept: Any) -> KnownInData:
            findings = _FindingReader(self._paths()).findings
            return KnownInData(found.data, findings(kept["shapes"]), findings(kept["checks"]))

        return read

    def _paths(self) -> dict[Term, Term]:
        """Return the path of each shape, as the shapes have it that are read now."""
        quads = sources.quads(self._shapes)
        return {quad.subject: quad.object for quad in quads if quad.predicate == _PATH}


def _is_large(of: release.Release) -> bool:
    return of.manifest.counts["quads"] >= FROM


def _can_be_written(finding: Finding) -> bool:
    """Return whether a finding is told without nodes that have another name the next time."""
    source = finding.source
    named = (finding.focus, finding.value, source.shape if source else None)
    return not any(isinstance(term, BlankNode) for term in named)


def _written(finding: Finding) -> dict[str, Any]:
    source = finding.source
    return {
        "severity": finding.severity,
        "shape": finding.shape,
        "focus": str(finding.focus),
        "path": finding.path,
        "value": None if finding.value is None else str(finding.value),
        "messages": dict(finding.messages),
        "place": None if finding.place is None else str(finding.place),
        "concluded": finding.concluded,
        "source": source
        and {
            "shape": str(source.shape),
            "component": source.component,
            "has path": source.path is not None,
        },
    }


class _FindingReader:
    """Reads findings that were written, with the paths of shapes."""

    def __init__(self, paths: Mapping[Term, Term]) -> None:
        self._paths = paths

    def findings(self, written: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
        """Return findings; raise ValueError, KeyError or TypeError for what is none."""
        return tuple(map(self._finding, written))

    def _finding(self, written: Mapping[str, Any]) -> Finding:
        return Finding(
            severity=written["severity"],
            shape=written["shape"],
            focus=parsed_term(written["focus"]),
            path=written["path"],
            value=_term(written["value"]),
            messages=written["messages"],
            source=self._source(written["source"]),
            place=_term(written["place"]),
            concluded=written["concluded"],
        )

    def _source(self, written: Mapping[str, Any] | None) -> Source | None:
        if written is None:
            return None
        shape = parsed_term(written["shape"])
        path = self._paths[shape] if written["has path"] else None
        return Source(shape, written["component"], path)


def _term(text: str | None) -> Term | None:
    return None if text is None else parsed_term(text)
