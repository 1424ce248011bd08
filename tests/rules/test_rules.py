"""Each rule on a tiny graph and on the shipped data, and what the documents say of it."""

import re
from collections.abc import Iterable, Iterator

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from places import ROOT
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import ID, PREFIXES, in_prefixes
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.rules import descriptions, inference, rulebook
from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

RULES = {rule.name: rule for rule in rulebook.load()}
PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
HERE = "@prefix : <https://example.org/> .\n@prefix role: <https://w3id.org/rallynov/id/role/> .\n"
HELD = "rn:status <https://w3id.org/rallynov/id/status/tenue>"

# By rule: what a tiny graph says, and all that the rule concludes from it.
TINY = {
    "carries": (":stage rn:carriedBy :org . :stage rn:partner :other .", ":org rn:carries :stage"),
    "in_departement": (
        ":stage schema:location :town . :town schema:containedInPlace :doubs, :agglomeration . "
        ":doubs dcterms:type <https://w3id.org/rallynov/id/place-kind/departement> . "
        ":agglomeration dcterms:type :other . :fair schema:location :elsewhere .",
        ":stage rn:inDepartement :doubs",
    ),
    "in_departement_of_place": (
        ":stage schema:location :hall . :hall rn:inDepartement :doubs . "
        ":fair schema:location :elsewhere . :shop rn:inDepartement :jura .",
        ":stage rn:inDepartement :doubs",
    ),
    "place_in_departement": (
        ":hall schema:containedInPlace :town . :town schema:containedInPlace :doubs . "
        ":doubs dcterms:type <https://w3id.org/rallynov/id/place-kind/departement> . "
        ":lake schema:containedInPlace :valley . :valley schema:containedInPlace :region .",
        ":hall rn:inDepartement :doubs",
    ),
    "place_further_in_departement": (
        ":room schema:containedInPlace :hall . :hall rn:inDepartement :doubs .",
        ":room rn:inDepartement :doubs",
    ),
    "larger_theme_of_organisation": (
        ":org rn:linkedToTheme :trust . :trust rn:under :work, :life . :care rn:under :health .",
        ":org rn:linkedToLargerTheme :work . :org rn:linkedToLargerTheme :life",
    ),
    "at_same_stage": (
        ":ann a foaf:Person ; rn:tookPartIn :held, :rally . :bob a foaf:Person ; "
        "rn:tookPartIn :held, :announced . :cy a foaf:Person ; rn:tookPartIn :announced, :rally . "
        f":org rn:tookPartIn :held . :held a rn:Stage ; {HELD} . :announced a rn:Stage . "
        f":rally a rn:Rally ; {HELD} .",
        ":ann rn:atSameStageAs :bob . :bob rn:atSameStageAs :ann",
    ),
    "narrower_theme": (":trust skos:broader :work .", ":work skos:narrower :trust"),
    "related_both_ways": (
        ":trust skos:related :care . :a skos:related :b . :b skos:related :a .",
        ":care skos:related :trust",
    ),
    "speaks_for": (
        ":part rn:participant :ann, :lab ; rn:onBehalfOf :org . :ann a foaf:Person . "
        ":other rn:participant :bob . :bob a foaf:Person .",
        ":ann rn:speaksFor :org",
    ),
    "theme_above": (":trust skos:broader :work .", ":trust skos:broaderTransitive :work"),
    "theme_further_above": (
        ":trust skos:broader :work . :work skos:broaderTransitive :life .",
        ":trust skos:broaderTransitive :life",
    ),
    "theme_further_under": (
        ":trust skos:broader :work . :work rn:under :life . :life rn:under :all .",
        ":trust rn:under :life",
    ),
    "theme_under_broader": (":trust skos:broader :work .", ":trust rn:under :work"),
    "theme_under_group": (
        ":life-and-work skos:member :trust . :trust skos:broader :work .",
        ":trust rn:under :life-and-work",
    ),
    "top_term_of_scheme": (
        ":care skos:topConceptOf :themes .",
        ":themes skos:hasTopConcept :care",
    ),
    "theme_through_innovation": (
        ":bus a rn:Innovation ; rn:carriedBy :org ; dcterms:subject :trust . "
        ":not-one rn:carriedBy :other ; dcterms:subject :trust .",
        ":org rn:linkedToTheme :trust",
    ),
    "theme_through_stage": (
        ":one a rn:Stage ; rn:carriedBy :org ; dcterms:subject :trust . "
        ":two a rn:Stage ; dcterms:subject :trust .",
        ":org rn:linkedToTheme :trust",
    ),
    "theme_through_testimony": (
        ":said a rn:Testimony ; rn:onBehalfOf :org ; dcterms:subject :trust . "
        ":part a rn:Participation ; rn:onBehalfOf :other ; dcterms:subject :trust .",
        ":org rn:linkedToTheme :trust",
    ),
    "took_part_in": (
        ":part rn:participant :ann, :org ; rn:inEvent :stage ; rn:role role:temoigne . "
        ":call rn:participant :bob ; rn:inEvent :stage ; rn:role role:contact .",
        ":ann rn:tookPartIn :stage . :org rn:tookPartIn :stage",
    ),
}

# By rule: how many facts it concludes from the carnet with each certainty, counted in the carnet.
# Ten people are at BGE's stage, three at the MFQ's, two at the Mutualité's, three at the Pôle's
# and, tentatively, a fourth. The thesaurus has seven groups with 36 themes, two more top terms, and
# 14 narrower themes: five below the 36, six below life at work, three below the environment, two of
# them two steps. Among the beneficiaries, three are narrower than another.
SHIPPED = {
    "carries": (0, 9, 3),
    "in_departement": (7, 1, 0),
    "in_departement_of_place": (0, 0, 0),
    "place_in_departement": (0, 0, 0),
    "place_further_in_departement": (0, 0, 0),
    "larger_theme_of_organisation": (3, 22, 6),
    "at_same_stage": (0, 10 * 9 + 3 * 2 + 2 * 1 + 3 * 2, 2 * 3),
    "narrower_theme": (14 + 3, 0, 0),
    "related_both_ways": (0, 0, 0),
    "speaks_for": (6, 4, 0),
    "theme_above": (14 + 3, 0, 0),
    "theme_further_above": (2, 0, 0),
    "theme_further_under": (5 + 2, 0, 0),
    "theme_under_broader": (14 + 3, 0, 0),
    "theme_under_group": (36, 0, 0),
    "top_term_of_scheme": (36 + 2, 0, 0),
    "theme_through_innovation": (0, 8, 10),
    "theme_through_stage": (0, 9, 0),
    "theme_through_testimony": (4, 12, 2),
    "took_part_in": (10, 20, 1),
}


def quads(text: str) -> list[Quad]:
    return list(parse(f"{PROLOGUE}{HERE}{text}", format=RdfFormat.TRIG))


def without_descriptions(derived: Iterable[Quad]) -> set[str]:
    return {str(q.triple) for q in derived if q.graph_name != descriptions.DESCRIPTIONS}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_concludes_this_from_that_and_nothing_else(rule: Rule) -> None:
    given, concluded = TINY[rule.name]
    derived = inference.derive(quads(given), [rule])
    assert without_descriptions(derived) == {str(q.triple) for q in quads(f"{concluded} .")}


@pytest.fixture(scope="module")
def derived(release: Release) -> list[Quad]:
    """What the shipped release holds in inference graphs."""
    found = sources.quads([release.data])
    return [q for q in found if str(q.graph_name).startswith(f"<{ID}inference/")]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_concludes_so_much_from_the_carnet(derived: list[Quad], rule: Rule) -> None:
    graphs = [NamedNode(rule.graph(certainty)) for certainty in CERTAINTIES]
    assert tuple(sum(q.graph_name == g for q in derived) for g in graphs) == SHIPPED[rule.name]


def test_only_rules_conclude(derived: list[Quad]) -> None:
    known = {rule.graph(c) for rule in RULES.values() for c in CERTAINTIES}
    assert {q.graph_name.value for q in derived if isinstance(q.graph_name, NamedNode)} <= known


def links(store: EmbeddedStore, pattern: str) -> Iterator[tuple[object, ...]]:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    query = f"{prefixes} SELECT DISTINCT ?one ?other WHERE {{ {pattern} }}"
    yield from store.select(query).rows


def test_the_themes_of_organisations_are_those_of_the_matrix(store: EmbeddedStore) -> None:
    """The rules say what the question finds without them."""
    ways = "?via rn:carriedBy|rn:onBehalfOf ?one ; dcterms:subject ?other"
    assert set(links(store, "?one rn:linkedToTheme ?other")) == set(links(store, ways))


@pytest.mark.parametrize(
    ("concluded", "way"),
    [("skos:broaderTransitive", "skos:broader+"), ("rn:under", "(skos:broader|^skos:member)+")],
)
def test_the_themes_above_are_those_on_the_way_up(
    store: EmbeddedStore, concluded: str, way: str
) -> None:
    above = set(links(store, f"?one {concluded} ?other"))
    assert above == set(links(store, f"?one {way} ?other"))


def test_a_contact_took_part_in_nothing(store: EmbeddedStore) -> None:
    contacts = "?part rn:role <https://w3id.org/rallynov/id/role/contact> ; rn:participant ?one"
    assert list(links(store, f"{contacts} . ?one rn:tookPartIn|rn:atSameStageAs ?other")) == []


def test_each_property_that_is_concluded_is_named(store: EmbeddedStore) -> None:
    for rule in RULES.values():
        named = f"{rule.head.predicate} rdfs:label ?one, ?other"
        both = 'FILTER (LANG(?one) = "fr" && LANG(?other) = "en")'
        assert list(links(store, f"{named} {both}")), rule.name


@pytest.mark.parametrize(("name", "language"), [("rules.md", "en"), ("rules.fr.md", "fr")])
def test_the_page_of_the_rules_lists_each(name: str, language: str) -> None:
    page = (ROOT / "docs" / name).read_text("utf-8")
    listed = re.findall(r"^\| `(\w+)` \| `([\w:]+)` \| (.*) \|$", page, re.MULTILINE)
    assert listed == [
        (rule.name, in_prefixes(str(rule.head.predicate.value)), rule.about[language])
        for rule in RULES.values()
    ]
