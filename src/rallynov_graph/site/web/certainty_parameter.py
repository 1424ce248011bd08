"""How sure a fact must be that a page shows it: what the address says."""

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.site.web.parameter_errors import one_of


def certainty() -> str:
    """Return the least certainty that is asked for; raise WrongParameter for an unknown one."""
    return one_of("certainty", CERTAINTIES, LEAST_SURE)
