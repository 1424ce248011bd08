"""Checks that no query can make: what they find in all that is current, as a finding each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import Quad, Triple

from rallynov_graph.base.namespaces import SHAPES
from rallynov_graph.validation.report import Finding


@dataclass(frozen=True)
class FurtherCheck:
    """A check in Python; a check in SPARQL is a file."""

    name: str
    severity: str
    find: Callable[["FurtherCheck", Iterable[Quad | Triple]], Iterable[Finding]]
    """Returns what it finds in statements."""
    properties: frozenset[str]
    """The properties that it looks at, ..."""
    concerns: Callable[[Quad | Triple], bool]
    """... and whether it looks at a statement: another one does not change what it finds."""

    @property
    def iri(self) -> str:
        """The IRI of the check in reports."""
        return f"{SHAPES}check-{self.name}"

    def findings(self, quads: Iterable[Quad | Triple]) -> Iterable[Finding]:
        """Return what it finds in statements."""
        return self.find(self, quads)
