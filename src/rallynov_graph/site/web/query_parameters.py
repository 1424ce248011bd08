"""The names of things in an address, for the pages about things that a reader chooses."""

from __future__ import annotations

from typing import Final

from flask import request

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.thing_choice import Choice, iri_written
from rallynov_graph.site.web import url_parameters
from rallynov_graph.site.web.error_pages import Missing, missing, wants_page
from rallynov_graph.site.web.reader import site, view
from rallynov_graph.site.web.url_parameters import BadParameterError

LONGEST: Final = 400
"""How many characters a name or an address may have."""


def text_of(name: str) -> str:
    """Return the value of a parameter; raise BadParameterError where it is too long."""
    text = request.args.get(name, "")
    if len(text) > LONGEST:
        raise BadParameterError(BadParameter(name, "long"))
    return text


def least_certainty() -> str:
    """Return the certainty that the address asks for, the least for another graph than ours.

    Raises BadParameterError for an unknown one.
    """
    certainty = url_parameters.certainty()
    return LEAST_SURE if site().foreign else certainty


def status(*choices: Choice) -> int:
    """Return the status of a page about chosen things: 200, or 404 for an unknown name.

    Raises the error of the thing's own page where an IRI is not in the graph, and Missing where
    a program uses an unknown name.
    """
    for choice in choices:
        iri = iri_written(view(), choice.text) if choice.is_missing else None
        if iri is not None:
            kind, _, slug = (view().addresses.short(iri) or "").partition("/")
            raise missing(iri, kind, slug)
    found = not any(choice.is_missing for choice in choices)
    if not (found or wants_page()):
        raise unknown(*choices)
    return 200 if found else 404


def unknown(*choices: Choice) -> Missing:
    """Return the error of a name that means no thing or several, with the candidates."""
    return Missing(
        tuple(
            candidate.node
            for choice in choices
            if choice.chosen is None
            for candidate in choice.candidates
        )
    )
