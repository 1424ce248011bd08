"""The basis of conclusions that no document says any of: the thesaurus, or another source."""

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


def basis_of_kinds(kinds: Set[str]) -> str:
    """Return the basis of a conclusion from graphs of these kinds: curation or outside.

    It is the empty string where a document says some of it, or where that is not known.
    """
    if not kinds or kinds - {CURATION, OUTSIDE, "ontology"}:
        return ""
    return OUTSIDE if OUTSIDE in kinds else CURATION


def bases_of_rules(queries: PageQueries, rules: Iterable[Rule]) -> dict[str, str]:
    """Return the basis of each rule's conclusions, by its IRI.

    The properties that a rule needs decide it, not each conclusion: where a document uses one of
    them, the conclusions rest on the document.
    """
    known_rules = [rule for rule in rules if rule.needs is not None]
    needed = sorted(set().union(*(rule.needs or () for rule in known_rules)))
    kinds_of = {prop: _holders(queries, NamedNode(prop)) for prop in needed}
    changed = True
    while changed:
        changed = False
        for rule in known_rules:
            found = set().union(*(kinds_of[prop] for prop in rule.needs or ()))
            head = getattr(rule.head.predicate, "value", "")
            if head in kinds_of and not found <= kinds_of[head]:
                kinds_of[head] |= found
                changed = True
    return {
        rule.iri: basis_of_kinds(set().union(*(kinds_of[p] for p in rule.needs or ())))
        for rule in known_rules
    }


def _holders(queries: PageQueries, prop: NamedNode) -> set[str]:
    """Return the kinds of graphs that use a property; only assertion sets where one does."""
    if queries.ask("is_asserted", property=prop):
        return {_ASSERTED}
    rows = queries.rows("holders", property=prop).rows
    return {_KINDS[node.value] for (node,) in rows if isinstance(node, NamedNode)}
