"""A rule that the engine does not come to an end with."""

from made_up_rules import HEADER
from rallynov_graph.rules import inference, rulebook

_ALL_PAIRS = " . ".join(f"?x{n} ?p{n} ?y{n}" for n in range(6))
ENDLESS = f"""{HEADER}CONSTRUCT {{ ?x0 <urn:far> ?y0 }} WHERE {{
  {_ALL_PAIRS}
  FILTER (STRLEN(CONCAT(STR(?y0), STR(?y1), STR(?y2), STR(?y3), STR(?y4), STR(?y5))) < 1)
}}
"""


def put_in() -> None:
    """Let this process have that rule alone, and half a second for it."""
    rule = rulebook.parse("endless", ENDLESS)
    inference.SECONDS = 0.5  # type: ignore[misc]
    rulebook.load = lambda: (rule,)  # type: ignore[assignment]
