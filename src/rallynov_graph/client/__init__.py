"""The graph from a program or a notebook: any SPARQL endpoint, or a release folder.

>>> from rallynov_graph.client import Graph
>>> graph = Graph.at("http://127.0.0.1:8000")
>>> answer = graph.ask("themes_of_organisation", organisation="Legeni")
>>> answer.frame()

``docs/how-to/pandas.md`` shows it.
"""

from rallynov_graph.base.errors import (
    AmbiguousNameError,
    EndpointError,
    QueryError,
    RallynovError,
    ReleaseError,
    UnknownNameError,
)
from rallynov_graph.claims.row_evidence import RowEvidence
from rallynov_graph.client.answer import Answer
from rallynov_graph.client.graph import Graph
from rallynov_graph.client.typed_values import Iri, OtherValue, Text, Value

__all__ = [
    "AmbiguousNameError",
    "Answer",
    "EndpointError",
    "Graph",
    "Iri",
    "OtherValue",
    "QueryError",
    "RallynovError",
    "ReleaseError",
    "RowEvidence",
    "Text",
    "UnknownNameError",
    "Value",
]
