"""What conclusions rest on where no document says any of it: the thesaurus, or another source."""

from collections.abc import Iterable, Set
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import RN
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rules.rulebook import Rule

CURATION: Final = "curation"
OUTSIDE: Final = "outside"
_ASSERTED: Final = "assertion set"
_KINDS: Final = {f"{RN}CurationGraph": CURATION, f"{RN}OutsideGraph": OUTSIDE}


def named(kinds: Set[str]) -> str:
    """Return what a conclusion from graphs of these kinds rests on; nothing where a document says
    some of it, or where that is not known."""
    if not kinds or kinds - {CURATION, OUTSIDE, "ontology"}:
        return ""
    return OUTSIDE if OUTSIDE in kinds else CURATION


def of_rules(queries: PageQueries, rules: Iterable[Rule]) -> dict[str, str]:
    """Return what each rule's conclusions rest on, by its IRI.

    It is asked of the properties that a rule needs, not of each conclusion: where a document
    uses one of them, the conclusions rest on what it says.
    """
    known = [rule for rule in rules if rule.needs is not None]
    needed = sorted(set().union(*(rule.needs or () for rule in known)))
    held = {prop: _holders(queries, NamedNode(prop)) for prop in needed}
    changed = True
    while changed:
        changed = False
        for rule in known:
            found = set().union(*(held[prop] for prop in rule.needs or ()))
            head = getattr(rule.head.predicate, "value", "")
            if head in held and not found <= held[head]:
                held[head] |= found
                changed = True
    return {rule.iri: named(set().union(*(held[p] for p in rule.needs or ()))) for rule in known}


def _holders(queries: PageQueries, prop: NamedNode) -> set[str]:
    """Return the kinds of graphs that use a property; where a document does, only that."""
    if queries.ask("is_asserted", property=prop):
        return {_ASSERTED}
    rows = queries.rows("holders", property=prop).rows
    return {_KINDS[node.value] for (node,) in rows if isinstance(node, NamedNode)}
