"""The results that are computed of a whole graph before a start, at it, and right after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from flask import Flask

from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import PreparationStep, preparation_steps
from rallynov_graph.site.web.in_process import answered
from rallynov_graph.site.web.site import Site

_CHEAP: Final = "/about"
"""A page that asks little."""


def prepare(app: Flask) -> None:
    """Load what the processes share that are forked from this one."""
    site = _site(app)
    if site.finder.index_file is not None:
        site.finder.index_file.prepare()
    _ = site.text_index, site.documents, site.last_modified
    # What Python loads for the first request takes longer than sending a page that is kept.
    answered(app, "localhost", "", _CHEAP, "", "text/html")


def before_start(app: Flask) -> Sequence[PreparationStep]:
    """Return the steps that keep beside a release what its pages ask of the whole graph.

    Each step reads the kept result, or computes it where that is missing or damaged, and raises
    OSError where it cannot be kept.
    """
    site = _site(app)
    return [partial(_kept, site, step) for step in _steps_of_whole_graph(app)]


def _steps_of_whole_graph(app: Flask) -> Iterator[PreparationStep]:
    site = _site(app)
    yield from preparation_steps(app, site, GraphView(site.graph, Addresses(base=site.base)))
    if site.finder.index_file is not None:
        yield site.finder.index_file.write_beside_release


def _kept(site: Site, step: PreparationStep) -> None:
    step()
    if (error := site.graph.queries.result_cache.last_error) is not None:
        raise error


def leave(app: object) -> None:
    """Remove the temporary files of this run, where this is an application of ours."""
    searchable = _site(app).finder.index_file if isinstance(app, Flask) else None
    if searchable is not None:
        searchable.remove_temporary()


def _site(app: Flask) -> Site:
    site: Site = app.extensions["site"]
    return site
