"""The list that a new value of a property belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.desk.document_reading import Entry
from rallynov_graph.desk.session.opened_document import ReadDocument

IN_SCHEME: Final = f"{PREFIXES['skos']}inScheme"


def list_of_values(name: str, document: ReadDocument, entries: Iterable[Entry]) -> str:
    """Return the list that the shapes name for a property, else the one of all its other values.

    The empty string where neither tells it.
    """
    if found := document.vocabulary.lists.get(name):
        return found
    every = [*entries]
    own = {it.address: it.says[IN_SCHEME] for it in every if IN_SCHEME in it.says}
    lists: set[str] = set()
    for address in (*_values(name, every), *document.values_elsewhere(name)):
        lists |= {it.value for it in own.get(address, ())}
        lists |= document.other_index.schemes.get(address, set())
    return lists.pop() if len(lists) == 1 else ""


def properties_of_value(address: str, entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the properties by which facts name a thing."""
    for entry in entries:
        for said in entry.facts.values():
            for name, values in said.items():
                if any(it.value == address for it in values):
                    yield name


def _values(name: str, entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        for said in entry.facts.values():
            yield from (it.value for it in said.get(name, ()))
