"""The first results for the typed beginning of a search."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.questions.labels import Text
from rallynov_graph.release.finder import Finder
from rallynov_graph.search.results import Hit
from rallynov_graph.search.searching import LONGEST, Scope
from rallynov_graph.site.model.as_printed import language_of
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.told_names import kinds_of

OF_ONE: Final = 500
"""How many are shown where only one kind is wanted."""


SUGGESTED: Final = 10
"""How many suggestions there are at most."""


Fitting = Callable[[Sequence[str]], Iterable[str]]
"""Returns those of some things that fit the field in which a thing is to be named."""


def suggestions(
    view: GraphView,
    finder: Finder,
    text: str,
    theme: str,
    kind: str = "",
    fitting: Fitting | None = None,
) -> dict[str, object]:
    """Return the first results for the typed beginning of a search, of a kind or of all.

    Each names its class; for a theme, this is the word ``theme``. If only some things fit, they are
    searched among more results.
    """
    answer = finder.find(text, view.language, Scope(kind, OF_ONE if fitting else 2 * SUGGESTED))
    fit = {*fitting([hit.iri for hit in answer.hits])} if fitting else {h.iri for h in answer.hits}
    hits = [hit for hit in answer.hits if hit.iri in fit][:SUGGESTED]
    nodes = view.nodes(NamedNode(hit.iri) for hit in hits)
    kinds = kinds_of(view, (hit.iri for hit in hits), theme)
    found = [(hit, nodes[NamedNode(hit.iri)]) for hit in hits]
    return {
        "query": text[:LONGEST],
        "suggestions": [
            {
                "label": node.text,
                "language": node.language,
                "found": found_in.value,
                "found_language": found_in.language,
                "kind": hit.kind,
                "of_kind": kinds.get(hit.iri, ""),
                "shape": node.shape,
                "short": view.addresses.short_or_iri(hit.iri),
                "address": node.href,
                "iri": hit.iri,
            }
            for hit, node in found
            for found_in in (_found(view, hit, node),)
        ],
    }


def _found(view: GraphView, hit: Hit, node: Node) -> Text:
    """Return the text in which a thing was found, with the typography of names."""
    if not hit.reasons:
        return Text(node.text, node.language)
    reason = hit.reasons[0]
    return view.text(Text(reason.text, language_of(reason)))
