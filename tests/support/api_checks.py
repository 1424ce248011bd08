"""A check for schemathesis, which reads it from this file: which right values are refused."""

import schemathesis
from schemathesis import Case, CheckContext, Response


@schemathesis.check
def only_what_the_graph_lacks_is_refused(ctx: CheckContext, response: Response, case: Case) -> None:
    """A value that its schema allows is refused only where no schema can list what is right.

    Such are the names of the graph's things, and a day at which it knew nothing.
    """
    if response.status_code == 400 and case.meta and case.meta.generation.mode.is_positive:
        named = {
            it.name
            for it in case.operation.query
            if it.name == "as_of" or it.definition.get("description", "").startswith("A thing")
        }
        refused = {it["parameter"] for it in response.json()["parameters"]}
        assert refused <= named, f"refused, though the description allows it: {refused - named}"
