"""What the graph says in one language alone, and where a page shows it as words of another."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import typeset
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.site.web.messages import load
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page

OTHER: Final = {"fr": "en", "en": "fr"}
PRINTED: Final = f"""
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?property WHERE {{
  {{ ?property rdfs:subPropertyOf* <{RN}asPrinted> }}
  UNION {{ ?property skos:definition ?told FILTER (CONTAINS(STR(?told), ", as printed")) }}
  FILTER (?property != <{RN}acronym>)
}}
"""
"""The properties that say a form as printed; acronyms are proper names, which have no language."""
TEXTS: Final = """
SELECT DISTINCT ?property ?text WHERE {
  { ?thing ?property ?text } UNION { GRAPH ?graph { ?thing ?property ?text } }
}
"""
"""All texts, also of what does not stand."""
_ENDS: Final = " \u202f\xa0—,·:.;()«»“”‘’\n\t"
_PLAIN: Final = PREFIXES["xsd"] + "string"
_SPOKEN: Final = PREFIXES["rdf"] + "langString"
_PART: Final = re.compile("[“”«»]")


def printed(store: EmbeddedStore) -> frozenset[str]:
    """Return the properties that say a form as printed, as the ontology has them."""
    found = (row["property"] for row in store.select(PRINTED))
    return frozenset(it.value for it in found if isinstance(it, NamedNode))


def said_only(store: EmbeddedStore) -> dict[str, frozenset[str]]:
    """Return by language what the graph says in it, and in no other, nor as a proper name."""
    tongues: dict[str, set[str]] = {}
    as_printed = printed(store)
    for prop, text in store.select(TEXTS).rows:
        if isinstance(text, Literal) and text.datatype.value in (_PLAIN, _SPOKEN):
            is_printed = isinstance(prop, NamedNode) and prop.value in as_printed
            language = text.language or ("fr" if is_printed else "")
            tongues.setdefault(text.value, set()).add(language)
    of_the_site = {
        language: {it.lower() for it in words.values()} for language, words in load().items()
    }
    return {
        language: frozenset(
            _bare(typeset(text, language))
            for text, told in tongues.items()
            if told == {language}
            and len(text) > 2
            and text.lower() not in of_the_site[OTHER[language]]
        )
        for language in OTHER
    }


def mistaken(page: Page, said: dict[str, frozenset[str]]) -> set[tuple[str, str]]:
    """Return the words of a page that are marked with a language which they are not in.

    Each with what it is marked with: the page's own, where nothing around the words says another.
    """
    return {
        (part, told)
        for text, told in page.spoken
        for part in map(_bare, (text, *_PART.split(text)))
        if told in OTHER and part in said[OTHER[told]]
    }


def _bare(text: str) -> str:
    """Return a text without what stands around its words."""
    return " ".join(text.split()).strip(_ENDS)
