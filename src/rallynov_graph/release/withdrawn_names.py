"""Names of things that were withdrawn: whoever asks for one is told so."""

from collections.abc import Iterable

from rallynov_graph.base.errors import QueryError, UnknownNameError
from rallynov_graph.questions import thing_names
from rallynov_graph.release.release import Release


def refuse_withdrawn(release: Release, texts: Iterable[str]) -> None:
    """Raise UnknownNameError where one of the texts is the address of a withdrawn thing."""
    for text in texts:
        try:
            iri = thing_names.as_iri(text.strip())
        except QueryError:
            continue
        if iri is not None and release.has_withdrawn(iri.value):
            raise UnknownNameError(
                f"{text!r} names a thing that was withdrawn: it is no longer part of the graph."
            )
