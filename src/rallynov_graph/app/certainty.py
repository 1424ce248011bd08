"""How sure a fact must be that a page shows it: what the address says."""

from rallynov_graph.app.wrong import one_of
from rallynov_graph.views.evidence import CERTAINTIES


def certainty() -> str:
    """Return the least certainty that is asked for; raise WrongParameter for an unknown one."""
    return one_of("certainty", CERTAINTIES, CERTAINTIES[-1])
