"""The parameters that many addresses have, and the error of one that has a wrong value."""

from __future__ import annotations

from flask import request
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.error_pages import BadParameterError


def one_of(name: str, known: tuple[str, ...], default: str) -> str:
    """Return the word that a parameter of the address has; raise BadParameterError for others."""
    value = request.args.get(name, default)
    if value not in known:
        allowed = tuple(Node(word) for word in known if word)
        raise BadParameterError(BadParameter(name, "one_of", allowed=allowed))
    return value


def certainty() -> str:
    """Return the least certainty that the address asks for, of what the page shows.

    Raises BadParameterError for an unknown one.
    """
    return one_of("certainty", CERTAINTIES, LEAST_SURE)


def iri_node(iri: str, parameter: str = "") -> NamedNode:
    """Return the node of an IRI that an address holds, in its path or as a parameter.

    Raises BadRequest where it is none, BadParameterError where it is a parameter's.
    """
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise (
            BadParameterError(BadParameter(parameter, "iri")) if parameter else BadRequest()
        ) from error


__all__ = ["BadParameterError", "certainty", "iri_node", "one_of"]
