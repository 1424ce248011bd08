"""Every check and every shape: what it lets pass, and what it finds."""

import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, RDFS, SH, XSD, Graph, Literal, URIRef
from rdflib.term import Node

import identities
import two_letters
from places import TESTS
from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.namespaces import ID, PREFIXES, SHAPES
from rallynov_graph.base.resources import checks_dir, data_dir, ontology_dir
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.standing.settling import settled
from rallynov_graph.validation import graph_checks
from rallynov_graph.validation.graph_checks import Check
from rallynov_graph.validation.quick.rdflib_graphs import as_graph
from rallynov_graph.validation.report import Finding

EXAMPLES = TESTS / "examples"
KINDS = EXAMPLES / "kinds"
"""Things of kinds that the model has and the carnets do not speak of."""
HEAD = f"@base <{ID}> .\n" + "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
BUILT = {"no_personal_data"}
"""Checks whose examples must not be in the repository: they are made here."""
CHECKS = {check.name: check for check in graph_checks.read(checks_dir().glob("*.rq"))}


@pytest.fixture(scope="module")
def terms() -> list[Quad]:
    return list(building.ontology_of(ontology_dir()))


@pytest.fixture(scope="module")
def shapes() -> list[Quad]:
    return list(sources.quads([ontology_dir() / "shapes.ttl"]))


Run = Callable[[Check, str], list[Finding]]


@pytest.fixture(scope="module")
def run(terms: list[Quad], shapes: list[Quad]) -> Run:
    def found(check: Check, trig: str) -> list[Finding]:
        quads = parse(HEAD + trig, format=RdfFormat.TRIG)
        return graph_checks.run([check], [*quads, *terms], shapes)

    return found


def example(name: str) -> tuple[str, str]:
    passes, fails = (EXAMPLES / f"{name}.trig").read_text("utf-8").split("# fails\n")
    return passes.removeprefix("# passes\n"), fails


def test_each_check_has_an_example_and_each_example_a_check() -> None:
    assert {file.stem for file in EXAMPLES.glob("*.trig")} | BUILT == set(CHECKS)


def test_each_check_lets_pass_what_is_right_and_finds_what_is_wrong(
    run: Run, subtests: pytest.Subtests
) -> None:
    for name in sorted({*CHECKS} - BUILT):
        with subtests.test(name):
            passes, fails = example(name)
            assert run(CHECKS[name], passes) == []
            found = run(CHECKS[name], fails)
            assert found
            assert not any("{?" in text for f in found for text in f.messages.values()), "a gap"


def fictional_number(rng: random.Random) -> str:
    """Return the digits of a number in a range that ARCEP keeps for fiction."""
    start = rng.choice(["019900", "026191", "035301", "046571", "053649", "063998"])
    return start + f"{rng.randrange(10**4):04}"


def personal() -> list[str]:
    rng = random.Random(1)
    digits = fictional_number(rng)
    pairs = [digits[i : i + 2] for i in range(0, 10, 2)]
    street, code = "rue", "25000"
    return [
        digits,
        *(sep.join(pairs) for sep in (" ", ".", "-", "\u00a0", "\u202f")),
        f"appelez le {' '.join(pairs)}, merci",
        f"+33 {digits[1]} {' '.join(pairs[1:])}",
        f"+33(0){digits[1:]}",
        f"0033{digits[1:]}",
        "@".join(["ada.exemple", "example.org"]),
        "écrire à " + " @ ".join(["ada", "example.org"]),
        "ada" + " (at) " + "example.org",
        f"12 bis, {street} de l’Exemple",
        f"3 {'avenue'} Imaginaire",
        f"{code} Exempleville",
        f"{code}\u00a0Exempleville",
        f"{code} exempleville",
        f"au {code}\u202fexempleville, merci",
        f"{code} le village-d’exemple",
        f"des pots à 12000 euros, {code} saint-exemple",
        f"{code} {'nulleparts'} cedex",
        f"12 Grande {street.title()}",
        f"{street} Imaginaire, Exempleville",
        f"{digits[:2]} {digits[2:5]} {digits[5:8]} {digits[8:]}",
        "BP" + " 1234",
    ]


def test_personal_data_are_found_and_not_repeated(run: Run) -> None:
    texts = personal()
    trig = "".join(
        f'<person/p{number}> a foaf:Person ; rdfs:label "Ada" ; schema:jobTitle "{text}"@fr .'
        for number, text in enumerate(texts)
    )
    found = run(CHECKS["no_personal_data"], trig)
    assert len({finding.focus for finding in found}) == len(found) == len(texts)
    for finding in found:
        told = finding.text("fr")
        assert finding.value is None and not [text for text in texts if text in told]


def test_a_link_that_calls_or_writes_to_someone_is_found(run: Run) -> None:
    links = ("tel:", "mailto:", "MAILTO:")
    trig = "".join(f"<person/{n}> foaf:page <{scheme}x> ." for n, scheme in enumerate(links))
    assert len(run(CHECKS["no_personal_data"], trig)) == len(links)


HARMLESS = (
    "200 personnes embarquées",
    "11/06/13",
    "28 novembre 2013",
    "1974/75",
    "signes 5526 à 5603",
    "@etalab/decoupage-administratif 6.0.0",
    "12 innovations, 18 témoins, 4 étapes",
    "une place pour chacun",
    "la rue et la ville, 4 places, 3 allées",
    "le 5/09/2013 à 14 h",
    "25056",
    "20000 euros et 25000 personnes",
    "25000 repas, 12000 euro, 30000 km",
    "15000 pour la ville, 15000 dans le département",
    "25000 people, 40000 women",
    "signes 12000 à 25000, characters 12000 to 25000",
    "de 25000 à 30000\u00a0entreprises",
    "en 2013 besançon",
)


def test_figures_dates_and_codes_are_no_personal_data(run: Run) -> None:
    trig = "".join(f'<innovation/{n}> rdfs:label "{text}"@fr .' for n, text in enumerate(HARMLESS))
    assert run(CHECKS["no_personal_data"], trig) == []


# Shapes: each rule is shown a thing that has all it asks for, and the same thing made wrong.

RULES = as_graph(sources.quads([ontology_dir() / "shapes.ttl"]))
WRONG = Literal("00", datatype=XSD.hexBinary)
VALUE_RULES = (SH.datatype, SH["class"], SH.nodeKind, SH["in"], SH["or"], SH.pattern)


def targeted() -> list[tuple[Node, Node, Node]]:
    """Return each property shape with its node shape and that one's class or property."""
    return sorted(
        (rule, shape, kind)
        for target in (SH.targetClass, SH.targetSubjectsOf)
        for shape, kind in RULES.subject_objects(target)
        for rule in RULES.objects(shape, SH.property)
    )


@pytest.fixture(scope="module")
def world(terms: list[Quad], release: object) -> Graph:
    data = sources.quads([release.data])  # type: ignore[attr-defined]
    quads = [quad for quad in data if is_current(quad.graph_name)]
    # One takes back what the other says: the carnet alone has no such thing.
    letters = sources.quads(two_letters.LETTERS / f"{name}.trig" for name in two_letters.TWO)
    texts = (file.read_text("utf-8") for file in sorted(KINDS.glob("*.trig")))
    made_up = [quad for text in texts for quad in parse(HEAD + text, format=RdfFormat.TRIG)]
    unshipped = sources.quads([identities.DATA / "every-kind.trig"])
    return as_graph([*quads, *settled([*letters]), *made_up, *unshipped, *terms])


@pytest.fixture(scope="module")
def shape_of() -> Callable[[Node], object]:
    graph = ShapesGraph(RULES)
    known = {shape.node: shape for shape in graph.shapes}
    return lambda node: known[node]


def of_kind(world: Graph, kind: Node, path: Node) -> Node:
    """Return a thing of a class, or with a property, and with that of the path if any has it."""
    kinds = set(world.transitive_subjects(RDFS.subClassOf, kind))
    things = sorted({t for k in kinds for t in world.subjects(RDF.type, k)})
    things = things or sorted(world.subjects(kind))
    assert things, f"the data hold no {kind}"
    return next((t for t in things if (t, path, None) in world), things[0])


def faults(world: Graph, rule: Node, thing: Node) -> list[tuple[str, list[Node]]]:
    """Return, for each of a rule's constraints, values of the thing that break it."""
    path = RULES.value(rule, SH.path)
    values = list(world.objects(thing, path))
    wrong: list[tuple[str, list[Node]]] = []
    told = set(RULES.predicates(rule))
    if SH.minCount in told:
        wrong.append(("too few", values[: int(str(RULES.value(rule, SH.minCount))) - 1]))
    if SH.maxCount in told:
        wrong.append(("too many", [*values, *(Literal(f"{i}") for i in range(2))]))
    if told & set(VALUE_RULES):
        wrong.append(("another kind of value", [*values, WRONG]))
    if SH.uniqueLang in told:
        wrong.append(("a language twice", [Literal("a", lang="fr"), Literal("b", lang="fr")]))
    if told & {SH.qualifiedMinCount, SH.languageIn}:
        wrong.append(("a language missing", [Literal("x", lang="de")]))
    if SH.minInclusive in told:
        wrong.append(("too small", [Literal("-999", datatype=RULES.value(rule, SH.datatype))]))
    if SH.maxInclusive in told:
        wrong.append(("too large", [Literal("999", datatype=RULES.value(rule, SH.datatype))]))
    if SH.lessThan in told:
        other = world.value(thing, RULES.value(rule, SH.lessThan))
        wrong.append(("not less", [other]))
    return wrong


def test_each_shape_lets_pass_what_is_right_and_finds_what_is_wrong(
    world: Graph, shape_of: Callable[[Node], object], subtests: pytest.Subtests
) -> None:
    for rule, _, kind in targeted():
        with subtests.test(str(rule).removeprefix(SHAPES)):
            hold_shape(rule, kind, world, shape_of)


def hold_shape(rule: Node, kind: Node, world: Graph, shape_of: Callable[[Node], object]) -> None:
    path = RULES.value(rule, SH.path)
    thing = of_kind(world, kind, path)
    values = list(world.objects(thing, path))
    judge = shape_of(rule)

    def conforms() -> bool:
        return bool(judge.validate(SHACLExecutor(), world, focus=thing)[0])  # type: ignore[attr-defined]

    assert conforms(), "the shipped data do not pass"
    wrong = faults(world, rule, thing)
    assert wrong, "no example can fail: the shape asks for nothing"
    try:
        for name, instead in wrong:
            world.remove((thing, path, None))
            for value in instead:
                world.add((thing, path, value))
            assert not conforms(), name
    finally:
        world.remove((thing, path, None))
        for value in values:
            world.add((thing, path, value))


def test_no_shape_is_left_out() -> None:
    """Those that no node shape targets are parts of ReasonShape."""
    shown = {node for row in targeted() for node in row[:2]}
    named = {
        node for kind in (SH.NodeShape, SH.PropertyShape) for node in RULES.subjects(RDF.type, kind)
    }
    parts = {"ReasonShape", "SaidInSoManyWords", "ReasonGiven"}
    assert {str(n).removeprefix(SHAPES) for n in named - shown} == parts


REASONS = {
    "rn:certainty rn:explicit": True,
    'rn:certainty rn:inferred ; rn:reason "Lu."@fr, "Read."@en': True,
    "rn:certainty rn:inferred": False,
    'rn:certainty rn:inferred ; rn:reason "Lu."@fr': True,
    "rn:certainty rn:tentative": False,
    "rn:label rn:explicit": False,
}


def test_a_set_that_is_not_explicit_gives_its_reason(shape_of: Callable[[Node], object]) -> None:
    judge = shape_of(URIRef(SHAPES + "ReasonShape"))
    focus = URIRef(ID + "assertion-set/a")
    for said, passes in REASONS.items():
        trig = HEAD + f"<assertion-set/a> a rn:AssertionSet ; {said} ."
        data = as_graph(parse(trig, format=RdfFormat.TRIG))
        assert judge.validate(SHACLExecutor(), data, focus=focus)[0] is passes, said  # type: ignore[attr-defined]


def copied(quad: Quad, number: int) -> Quad:
    """Return a statement of a copy of the data, in which only lists and terms are the same."""

    def renamed(term: object) -> object:
        iri = term.value if isinstance(term, NamedNode) else ""
        shared = f"^{ID}(scheme|status|date-part)/"
        other = iri.startswith(ID) and not re.match(shared, iri)
        return NamedNode(f"{iri}-{number}") if other else term

    return Quad(
        *(renamed(t) for t in (quad.subject, quad.predicate, quad.object, quad.graph_name))  # type: ignore[arg-type]
    )


RUN = """\
import sys
from pathlib import Path
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.base.resources import checks_dir, ontology_dir
from rallynov_graph.validation import graph_checks
data, terms = sources.quads([Path(sys.argv[1])]), building.ontology_of(ontology_dir())
checks = graph_checks.read(checks_dir().glob("*.rq"))
graph_checks.run(checks, [*data, *terms], sources.quads([ontology_dir() / "shapes.ttl"]))
"""


def test_no_check_compares_all_with_all(tmp_path: Path) -> None:
    """Four times the data take some seconds; a check that compares all with all takes hours."""
    data = list(sources.quads(sources.files_under(data_dir())))
    many = tmp_path / "many.nq"
    serialize((copied(q, n) for n in range(4) for q in data), str(many), format=RdfFormat.N_QUADS)
    subprocess.run([sys.executable, "-c", RUN, str(many)], check=True, timeout=120)
