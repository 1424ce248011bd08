"""People whose only role is to be a contact; their pages ask search engines not to index them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statement import StatedTriple

_PARTICIPANT: Final = RN + "participant"
_ROLE: Final = NamedNode(RN + "role")
_CONTACT: Final = NamedNode(ID + "role/contact")


def is_only_a_contact(view: GraphView, statements: Iterable[StatedTriple]) -> bool:
    """Return whether a person is mentioned only as a participant with the role of a contact.

    ``only_contacts.rq`` finds them all.
    """
    mentions = [s for s in statements if s.backwards]
    if not mentions or any(s.path != _PARTICIPANT for s in mentions):
        return False
    participations = [NamedNode(s.iri) for s in mentions]
    roles: dict[object, set[object]] = {participation: set() for participation in participations}
    for participation, _, role in view.queries.rows(
        "values", thing=participations, property=_ROLE
    ).rows:
        roles[participation].add(role)
    return all(roles_of_part == {_CONTACT} for roles_of_part in roles.values())
