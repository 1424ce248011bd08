"""The queries of the pages, bound to the terms a page is about and asked of a store."""

from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.questions.catalogue import Catalogue, load
from rallynov_graph.resources import queries_dir
from rallynov_graph.store import Solutions, Store

Given = NamedNode | Literal | Iterable[NamedNode | Literal]
"""One term for a parameter, or several that it takes in turn."""

FOLDER: Final = "pages"


class PageQueries:
    """What pages ask of a store; each query is a file that is plain SPARQL and runs as it is."""

    def __init__(self, store: Store, catalogue: Catalogue | None = None) -> None:
        self.store = store
        self._catalogue = load(queries_dir() / FOLDER) if catalogue is None else catalogue
        self._kept: dict[str, Solutions] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._catalogue

    def rows(self, name: str, **given: Given) -> Solutions:
        """Return the solutions of a query for these terms, none where a parameter has no term.

        What is asked about the whole graph is asked once: the graph does not change.
        """
        if not given:
            if name not in self._kept:
                self._kept[name] = self.store.select(self.text(name))
            return self._kept[name]
        values = _listed(given)
        if not all(values.values()):
            return Solutions((), ())
        return self.store.select(self.text(name, **values))

    def ask(self, name: str, **given: Given) -> bool:
        """Return the truth of a query for these terms."""
        return self.store.ask(self.text(name, **given))

    def text(self, name: str, **given: Given) -> str:
        """Return a query as it is asked, its parameters in place."""
        question = self._catalogue.question(name)
        written = {
            block: " ".join(str(term) for term in terms)
            for parameter, terms in _listed(given).items()
            for block in question.parameter(parameter).blocks
        }
        text = question.text
        for start, end in sorted(written, reverse=True):
            text = f"{text[:start]}{written[start, end]}{text[end:]}"
        return text


def readable(query: str) -> str:
    """Return a query without the header lines of its file, as a person is shown it."""
    lines = [line for line in query.splitlines() if not line.startswith("#+")]
    return "\n".join(lines).strip() + "\n"


def _listed(given: Mapping[str, Given]) -> dict[str, list[NamedNode | Literal]]:
    return {
        name: [terms] if isinstance(terms, NamedNode | Literal) else [*terms]
        for name, terms in given.items()
    }
