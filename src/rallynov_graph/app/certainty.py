"""How sure a fact must be that a page shows it: what the address says."""

from flask import request
from werkzeug.exceptions import BadRequest

from rallynov_graph.views.evidence import CERTAINTIES


def certainty() -> str:
    """Return the least certainty that is asked for; raise BadRequest for an unknown one."""
    value = request.args.get("certainty", CERTAINTIES[-1])
    if value not in CERTAINTIES:
        raise BadRequest
    return value
