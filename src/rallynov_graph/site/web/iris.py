"""An IRI that an address holds, in its path or as a parameter."""

from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest

from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.web.parameter_errors import WrongParameter


def named(iri: str, parameter: str = "") -> NamedNode:
    """Return the node of an IRI that an address holds, in its path or as a parameter.

    Raises BadRequest where it is none, WrongParameter where it is a parameter's.
    """
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise (WrongParameter(Wrong(parameter, "iri")) if parameter else BadRequest()) from error
