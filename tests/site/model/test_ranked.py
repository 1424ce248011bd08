"""How many things have which values at each certainty: loaded once, as true as each query alone."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.namespaces import ID
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.site.model.selection.list_queries import (
    Choices,
    Selection,
    source_of_kind,
)
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

TRIG = f"""
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix : <{ID}> .
@prefix dct: <http://purl.org/dc/terms/> .
:graph1 rn:certainty rn:explicit . :graph2 rn:certainty rn:inferred .
:graph3 rn:certainty rn:tentative .
<{ID}theme/near> rn:under <{ID}theme/wide> .
<{ID}theme/far> rn:under <{ID}theme/wide> .
:graph1 {{
  <{ID}innovation/a> a rn:Innovation ; dct:subject <{ID}theme/near> .
  <{ID}innovation/c> dct:subject <{ID}theme/near> .
}}
:graph2 {{
  <{ID}innovation/b> a rn:Innovation ; dct:subject <{ID}theme/wide> .
  <{ID}innovation/a> dct:subject <{ID}theme/far> .
}}
:graph3 {{
  <{ID}innovation/a> a rn:Innovation ; dct:subject <{ID}theme/near> .
  <{ID}innovation/c> a rn:Innovation .
  <{ID}innovation/b> dct:subject <{ID}theme/near> .
}}
:curation {{ <{ID}innovation/b> dct:subject <{ID}theme/far> }}
"""


def counted(queries: PageQueries, certainty: str) -> dict[str, dict[str, int]]:
    """The counts of the innovations, by facet and by the last part of the value."""
    counts = Selection(queries, source_of_kind("innovation"), Choices(certainty)).counts()
    return {
        name: {str(term)[1:-1].rpartition("/")[2]: n for term, n in values.items()}
        for name, values in counts.items()
        if values
    }


def test_a_thing_has_a_value_as_surely_as_it_is_said_at_best() -> None:
    quads = parse(TRIG.encode(), format=RdfFormat.TRIG)
    queries = PageQueries(EmbeddedStore.of_quads(quads).pages())
    explicit, inferred, tentative = (counted(queries, how) for how in CERTAINTIES)
    assert explicit["theme"] == {"near": 1}, "b and c are not there, whatever is said of them"
    assert explicit["larger"] == {"wide": 1}
    assert inferred["theme"] == {"near": 1, "far": 2, "wide": 1}
    assert inferred["larger"] == {"wide": 2}, "each once, though it has two themes within"
    assert tentative["theme"] == {"near": 3, "far": 2, "wide": 1}
    assert tentative["larger"] == {"wide": 3}
    sure = {name.rpartition("#")[2]: n for name, n in tentative["sure"].items()}
    assert sure == {"explicit": 1, "inferred": 1, "tentative": 1}, "a is as sure as it is at best"


@pytest.mark.usefixtures("uncounted")
def test_each_count_is_that_of_the_list_with_this_value(store: EmbeddedStore) -> None:
    queries = PageQueries(store)
    for source in (source_of_kind(it.name) for it in KINDS.values() if it.facets):
        for certainty in CERTAINTIES:
            counts = Selection(queries, source, Choices(certainty)).counts()
            for name, values in counts.items():
                for term, number in sorted(values.items(), key=lambda it: (it[1], str(it[0])))[::9]:
                    chosen = Selection(queries, source, Choices(certainty, chosen={name: (term,)}))
                    things = {row["thing"] for row in store.select(chosen.things())}
                    assert number == len(things), (source, certainty, name, term)
