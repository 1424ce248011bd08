"""The parameters of pages that search, and the caching of their answers."""

from __future__ import annotations

from typing import Final

from flask import g, request

from rallynov_graph.matching.near_names import near
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.reader import site
from rallynov_graph.site.web.url_parameters import BadParameterError

_NEAR: Final = 5


def wanted_kind() -> str:
    """Return the kind that the address names; raise BadParameterError for an unknown one."""
    kind = request.args.get("kind", "")
    known = site().finder.kinds()
    if kind and known is not None and kind not in known:
        found = tuple(map(Node, near(kind, known, _NEAR)))
        raise BadParameterError(BadParameter("kind", "kind", found))
    return kind


def prevent_caching_without_index() -> None:
    """Forbid caching of the answer while the index of the search is still being built."""
    index_file = site().finder.index_file
    if index_file is not None and index_file.index() is None:
        g.passing = True
