"""The standings that a statement may have, and where one that is not current lies.

What is not current has left its assertion set for a graph of its own, whose name begins with
``STANDING``. The default graph of a store leaves those graphs out; ``GRAPH ?g`` reaches them.
"""

from typing import Final

from rallynov_graph.base.namespaces import ID, RN

CURRENT: Final = "current"
SUPERSEDED: Final = "superseded"
ALTERNATIVE: Final = "alternative"
RETRACTED: Final = "retracted"
STANDINGS: Final = (CURRENT, SUPERSEDED, ALTERNATIVE, RETRACTED)
"""What a statement may be: the last three are not current."""
IRIS: Final = {RN + name: name for name in STANDINGS}
"""Their names by their IRIs."""
STANDING: Final = f"{ID}standing/"
"""How the name of each graph of statements that are not current begins."""

_MARK: Final = f"<{STANDING}".encode()


def is_current(graph: object) -> bool:
    """Return whether what lies in a graph, given by its name as a term, is current."""
    return not getattr(graph, "value", "").startswith(STANDING)


def is_current_line(graph: bytes | None) -> bool:
    """Return whether what lies in a graph, given as N-Quads write it, is current."""
    return graph is None or not graph.startswith(_MARK)
