"""Each rule on a tiny graph and on the shipped data, and what the documents say of it."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from places import TESTS
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.rules import inference, provenance, rulebook
from rallynov_graph.sparql.embedded import EmbeddedStore

RULES = {rule.name: rule for rule in rulebook.load()}
PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
HERE = "@prefix : <https://example.org/> .\n" + "".join(
    f"@prefix {it}: <https://w3id.org/rallynov/id/{it}/> .\n" for it in ("role", "status")
)
EXPECTED = tomllib.loads((TESTS / "rules" / "rules.toml").read_text("utf-8"))
"""What each rule concludes from a tiny graph, and how much from the carnet."""


def quads(text: str) -> list[Quad]:
    return list(parse(f"{PROLOGUE}{HERE}{text}", format=RdfFormat.TRIG))


def without_descriptions(derived: Iterable[Quad]) -> set[str]:
    return {str(q.triple) for q in derived if q.graph_name != provenance.OF_RULES}


def test_a_rule_concludes_this_from_that_and_nothing_else() -> None:
    assert {*EXPECTED} == {*RULES}
    for name, expected in EXPECTED.items():
        derived = inference.derive(quads(expected["given"]), [RULES[name]])
        concluded = {str(q.triple) for q in quads(expected["concluded"])}
        assert without_descriptions(derived) == concluded, name


@pytest.fixture(scope="module")
def derived(release: Release) -> list[Quad]:
    """What the shipped release holds in inference graphs."""
    found = sources.quads([release.data])
    return [q for q in found if str(q.graph_name).startswith(f"<{ID}inference/")]


def test_a_rule_concludes_so_much_from_the_carnet_and_only_rules_conclude(
    derived: list[Quad],
) -> None:
    counted = Counter(str(quad.graph_name)[1:-1] for quad in derived)
    expected = {
        RULES[name].graph(certainty): number
        for name, expected in EXPECTED.items()
        for certainty, number in zip(CERTAINTIES, expected["carnet"], strict=True)
        if number
    }
    assert counted == expected


def links(store: EmbeddedStore, pattern: str) -> Iterator[tuple[object, ...]]:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    query = f"{prefixes} SELECT DISTINCT ?one ?other WHERE {{ {pattern} }}"
    yield from store.select(query).rows


SAME = {
    "rn:linkedToTheme": "^(rn:carriedBy|rn:onBehalfOf)/dcterms:subject",
    "skos:broaderTransitive": "skos:broader+",
    "rn:under": "(skos:broader|^skos:member)+",
}
"""What is concluded, and the way on which a question finds it without the rules."""


def test_the_rules_say_what_a_question_finds_without_them(store: EmbeddedStore) -> None:
    for concluded, way in SAME.items():
        found = set(links(store, f"?one {concluded} ?other"))
        assert found == set(links(store, f"?one {way} ?other")) != set()
    contacts = "?part rn:role <https://w3id.org/rallynov/id/role/contact> ; rn:participant ?one"
    took_part = f"{contacts} . ?one rn:tookPartIn|rn:atSameStageAs ?other"
    assert list(links(store, took_part)) == [], "a contact took part in nothing"


def test_each_property_that_is_concluded_is_named(store: EmbeddedStore) -> None:
    for rule in RULES.values():
        named = f"{rule.head.predicate} rdfs:label ?one, ?other"
        both = 'FILTER (LANG(?one) = "fr" && LANG(?other) = "en")'
        assert list(links(store, f"{named} {both}")), rule.name
