"""Claims as sentences: the words of ``claim`` say how a property is read between its two ends."""

from __future__ import annotations

from typing import Final, Protocol

from rallynov_graph.base.languages import typeset
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.messages import Messages

_KNOWN: Final = (RN, *(PREFIXES[it] for it in ("dcterms", "schema", "org", "skos", "rdf", "foaf")))
_OTHER: Final = "claim.other"
"""A sentence of any property: its name stands between its two ends."""


class Claimed(Protocol):
    """What has the three terms of a claim, as a page shows them."""

    @property
    def subject(self) -> Node: ...

    @property
    def object(self) -> Node: ...

    @property
    def property(self) -> Node: ...


def sentence_key(words: Messages, claim: Claimed) -> str:
    """Return the key of the words that a claim is said in."""
    iri = claim.property.iri
    local = next((iri.removeprefix(it) for it in _KNOWN if iri.startswith(it)), "")
    key = "claim." + local
    return key if local and key in words else _OTHER


def sentence(words: Messages, claim: Claimed) -> str:
    """Return a claim as a sentence of plain text, without a full stop."""
    ends = {
        "subject": claim.subject.text,
        "property": claim.property.text,
        "object": claim.object.text,
    }
    return typeset(words[sentence_key(words, claim)].format(**ends), words.language)
