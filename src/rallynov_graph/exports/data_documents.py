"""What a document of data says of itself: what it is about, whose it is, of which release."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term

VOID: Final = "http://rdfs.org/ns/void#"
A: Final = NamedNode(PREFIXES["rdf"] + "type")

_DOCUMENT: Final = NamedNode(PREFIXES["foaf"] + "Document")
_TOPIC: Final = NamedNode(PREFIXES["foaf"] + "primaryTopic")
_IN_DATASET: Final = NamedNode(VOID + "inDataset")
_VERSION: Final = NamedNode(PREFIXES["schema"] + "version")
_SOURCE: Final = PREFIXES["dcterms"] + "source"
_INHERITED: Final = (
    PREFIXES["dcterms"] + "creator",
    PREFIXES["dcterms"] + "issued",
    PREFIXES["dcterms"] + "license",
    _SOURCE,
    PREFIXES["owl"] + "versionInfo",
)
"""What is true of each document because it is of the dataset."""


@dataclass(frozen=True)
class Origin:
    """The dataset that documents are taken from; empty where it does not describe itself."""

    dataset: str = ""
    said: tuple[tuple[str, Term], ...] = ()
    release: str = ""
    """The id of the release as its folder is named."""

    def of(self, document: str, topic: str, from_data: bool = True) -> Iterator[Triple]:
        """Yield what a document of the dataset about a thing says of itself.

        What describes a term is not from the data, and so has not their sources.
        """
        this = NamedNode(document)
        yield Triple(this, A, _DOCUMENT)
        yield Triple(this, _TOPIC, NamedNode(topic))
        if self.release:
            yield Triple(this, _VERSION, Literal(self.release))
        if self.dataset and from_data:
            yield Triple(this, _IN_DATASET, NamedNode(self.dataset))
        for prop, value in self._inherited:
            if from_data or prop.value != _SOURCE:
                yield Triple(this, prop, value)

    @cached_property
    def _inherited(self) -> tuple[tuple[NamedNode, Term], ...]:
        return tuple((NamedNode(prop), value) for prop, value in self.said if prop in _INHERITED)

    def values(self, prop: str) -> tuple[Term, ...]:
        """Return the values of a property of the dataset."""
        return tuple(value for p, value in self.said if p == prop)
