"""A parameter of an address that has a value which it does not take."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import BadRequest

from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.model.nodes import Node


class WrongParameter(BadRequest):
    """A page cannot be made with these parameters; carries which, and what is right for each."""

    def __init__(self, *wrong: Wrong) -> None:
        super().__init__()
        self.wrong = wrong


def one_of(name: str, known: tuple[str, ...], at_rest: str) -> str:
    """Return what the address says for a name; raise WrongParameter for a word not known."""
    value = request.args.get(name, at_rest)
    if value not in known:
        right = tuple(Node(word) for word in known if word)
        raise WrongParameter(Wrong(name, "one_of", right=right))
    return value
