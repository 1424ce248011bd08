"""The two things that an address names, for the pages that show two things together."""

from __future__ import annotations

from typing import Final

from flask import request

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.model.thing_choice import Choice, address_of
from rallynov_graph.site.web.certainty_parameter import certainty as certainty_of_address
from rallynov_graph.site.web.error_pages import Missing, missing
from rallynov_graph.site.web.parameter_errors import WrongParameter
from rallynov_graph.site.web.problems import wants_page
from rallynov_graph.site.web.reader import site, view

LONGEST: Final = 400
"""How many characters a name or an address may have."""


def written(name: str) -> str:
    """Return what the address says for a name; raise WrongParameter where it is too long."""
    text = request.args.get(name, "")
    if len(text) > LONGEST:
        raise WrongParameter(Wrong(name, "long"))
    return text


def certainty() -> str:
    """Return how certain the address wants what it shows to be; another graph does not say."""
    asked = certainty_of_address()
    return LEAST_SURE if site().foreign else asked


def status(*choices: Choice) -> int:
    """Return the status of a page about things that a reader named.

    Raises what is raised for the page of a thing that is not there, where one is meant by its
    address; a name that nothing bears gives 404, with the page, and to programs a problem.
    """
    for choice in choices:
        iri = address_of(view(), choice.text) if choice.is_missing else None
        if iri is not None:
            kind, _, slug = (view().addresses.short(iri) or "").partition("/")
            raise missing(iri, kind, slug)
    found = not any(choice.is_missing for choice in choices)
    if not (found or wants_page()):
        raise unknown(*choices)
    return 200 if found else 404


def unknown(*choices: Choice) -> Missing:
    """Return that a name means nothing, or too much, with the things that may be meant."""
    return Missing(tuple(it.node for c in choices if c.chosen is None for it in c.candidates))
