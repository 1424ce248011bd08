"""Servers that keep answers beside the shipped data, too, although these are few."""

from forking import Forked
from rallynov_graph.release import kept_answers
from rallynov_graph.server import kept_answers_runner
from rallynov_graph.site.web import kept_pages


def start_large(*options: str) -> Forked:
    """Start a server to which each release is large."""
    return Forked("serve", *options, before=_keep_answers)


def start_keeping(*options: str) -> Forked:
    """Start one that also keeps all that it is asked, however short it took."""
    return Forked("serve", *options, before=_keep_everything)


def _keep_answers() -> None:
    kept_answers.FROM = 1  # type: ignore[misc]


def _keep_everything() -> None:
    _keep_answers()
    kept_answers_runner.KEPT_FROM = kept_pages.KEPT_FROM = 0  # type: ignore[misc]
