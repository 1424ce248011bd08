"""People who are nothing else than somebody to ask: search engines are asked to pass over them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statements import Statement

_PARTICIPANT: Final = RN + "participant"
_ROLE: Final = NamedNode(RN + "role")
_CONTACT: Final = NamedNode(ID + "role/contact")


def is_only_a_contact(view: GraphView, statements: Iterable[Statement]) -> bool:
    """Tell whether all that points to a person are parts that it takes as a contact.

    ``only_contacts.rq`` finds them all.
    """
    mentions = [s for s in statements if s.backwards]
    if not mentions or any(s.path != _PARTICIPANT for s in mentions):
        return False
    parts = [NamedNode(s.iri) for s in mentions]
    roles: dict[object, set[object]] = {part: set() for part in parts}
    for part, _, role in view.queries.rows("values", thing=parts, property=_ROLE).rows:
        roles[part].add(role)
    return all(them == {_CONTACT} for them in roles.values())
