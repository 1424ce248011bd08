"""What is made beside a release, and loaded before the processes of a server are forked."""

from __future__ import annotations

from typing import Final

from flask import Flask

from rallynov_graph.site.web.in_process import answered
from rallynov_graph.site.web.site import Site

_CHEAP: Final = "/about"
"""A page that asks little."""


def prepare(app: Flask) -> None:
    """Load what the processes share that are forked from this one; make the indexes first.

    Where they cannot be kept beside a release, the log says so; what they are for works otherwise.
    """
    site = _site(app)
    if site.finder.index_file is not None:
        site.finder.index_file.index()
    if site.claims is not None:
        site.claims.prepare()
    _ = site.text_index, site.documents, site.last_modified
    # What Python loads for the first request takes longer than sending a page that is kept.
    answered(app, "localhost", "", _CHEAP, "", "text/html")


def leave(app: object) -> None:
    """Remove the temporary files of this run, where this is an application of ours."""
    searchable = _site(app).finder.index_file if isinstance(app, Flask) else None
    if searchable is not None:
        searchable.remove_temporary()


def _site(app: Flask) -> Site:
    site: Site = app.extensions["site"]
    return site
