"""The findings of a validation as they come: counted all, kept as many as one reads."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from rallynov_graph.validation.report import Finding, More

A_RULE: Final = 100
"""How many findings of a rule are kept; the report says how many more there are."""

Key = tuple[str, ...]
"""What findings of a rule are put in order by."""
Made = Callable[[], Finding]


@dataclass
class Collection:
    """Findings by rule: the first ones in a fixed order, and the number of all.

    Which ones are kept does not depend on the order in which they come.
    """

    most: int = A_RULE
    first: frozenset[str] = frozenset()
    """The things, as N-Triples write them, whose findings are kept before those of others."""
    _found: Counter[tuple[str, str]] = field(default_factory=Counter)
    _kept: dict[tuple[str, str], list[tuple[Key, Made]]] = field(default_factory=dict)

    def add(self, severity: str, rule: str, key: Key, make: Made) -> None:
        """Count a finding, and keep what makes it while it is among the first of its rule."""
        of_rule = severity, rule
        self._found[of_rule] += 1
        key = ("" if key[0] in self.first else "other", *key)
        kept = self._kept.setdefault(of_rule, [])
        kept.append((key, make))
        if len(kept) >= 2 * self.most:
            _shorten(kept, self.most)

    def add_finding(self, finding: Finding) -> None:
        """Count a finding that is made already."""
        component = finding.source.component if finding.source else ""
        path, value = finding.path or "", "" if finding.value is None else str(finding.value)
        key = (str(finding.focus), path, value, component)
        self.add(finding.severity, finding.shape or "", key, lambda: finding)

    def findings(self) -> list[Finding]:
        """Return the findings that are kept."""
        for kept in self._kept.values():
            _shorten(kept, self.most)
        return [make() for kept in self._kept.values() for _, make in kept]

    def settled(self) -> "Collection":
        """Return the same with its findings made: what they are made from is let go."""
        for kept in self._kept.values():
            _shorten(kept, self.most)
            kept[:] = [(key, _always(make())) for key, make in kept]
        return self

    def more(self) -> tuple[More, ...]:
        """Return how many more findings there are of each rule that has too many."""
        return tuple(
            More(severity, rule, number - self.most)
            for (severity, rule), number in sorted(self._found.items())
            if number > self.most
        )


def _always(finding: Finding) -> Made:
    return lambda: finding


def _shorten(kept: list[tuple[Key, Made]], most: int) -> None:
    kept.sort(key=lambda one: one[0])
    del kept[most:]
