"""The checks as a desk reads them, which takes seconds: what is forked from here has them."""

from rallynov_graph.base.resources import checks_dir
from rallynov_graph.validation import check_reach, graph_checks

for check in graph_checks.read(checks_dir().glob("*.rq")):
    check_reach.routes(check.query)
