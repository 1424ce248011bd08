"""What every page that searches reads of its address, and says of its answer."""

from __future__ import annotations

from typing import Final

from flask import g, request

from rallynov_graph.matching.near_names import near
from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.parameter_errors import WrongParameter
from rallynov_graph.site.web.reader import site

_NEAR: Final = 5


def wanted_kind() -> str:
    """Return the kind that is wanted; raise WrongParameter for one that there is not."""
    kind = request.args.get("kind", "")
    known = site().finder.kinds()
    if kind and known is not None and kind not in known:
        found = tuple(map(Node, near(kind, known, _NEAR)))
        raise WrongParameter(Wrong("kind", "kind", found))
    return kind


def take_note() -> None:
    """Let nobody keep an answer that was found without an index which will be there soon."""
    searchable = site().finder.index_file
    if searchable is not None and searchable.index() is None:
        g.passing = True
