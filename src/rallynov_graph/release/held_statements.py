"""What curators wrote, and what stands of it by their decisions, kept true through changes."""

from collections.abc import Set
from itertools import chain
from pathlib import Path

from pyoxigraph import Quad

from rallynov_graph.identity.rewriting import decided
from rallynov_graph.standing.settling import settlement


class HeldStatements:
    """Written statements, and what of them stands."""

    def __init__(self, written: set[Quad], files: list[Path]) -> None:
        """Carry out the decisions; raise SourceError, with the place in these files."""
        self.written, self.files = written, files
        self._carry_out()

    def change(self, gone: Set[Quad], come: Set[Quad]) -> tuple[Set[Quad], Set[Quad]]:
        """Return which standing statements go and come as written ones do.

        Decisions are carried out anew where one of the statements bears upon them. Raises
        SourceError for a decision that cannot be carried out; then nothing is changed.
        """
        if any(map(self._depends_on, chain(gone, come))):
            return self._change_all(gone, come)
        for statements in (self.written, self.settled):
            statements.difference_update(gone)
            statements.update(come)
        return gone, come

    def _change_all(self, gone: Set[Quad], come: Set[Quad]) -> tuple[Set[Quad], Set[Quad]]:
        written, stood = self.written, self.settled
        self.written = (written - gone) | come
        try:
            self._carry_out()
        except BaseException:
            self.written = written
            raise
        return stood - self.settled, self.settled - stood

    def _carry_out(self) -> None:
        decided_quads = decided(self.written, self.files)
        standing = settlement(decided_quads, self.files)
        self.settled = set(standing.data)
        self._decided, self._standing = decided_quads, standing

    def _depends_on(self, quad: Quad) -> bool:
        return self._decided.depends_on(quad) or self._standing.depends_on(quad)
