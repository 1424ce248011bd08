"""What a change brings or heals, in data that a process holds."""

import os
import random
from collections import Counter

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

import shacl_cases
from places import TESTS
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.resources import checks_dir, ontology_dir
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.validation import gate, graph_checks
from rallynov_graph.validation.held import HeldData

GRAPHS = [NamedNode(f"https://example.org/graph/{name}") for name in "gh"]


def found(report):
    return Counter(
        (f.shape, str(f.focus), f.path, str(f.value), f.severity, str(sorted(f.messages.items())))
        for f in report
    )


def test_what_is_held_after_made_up_changes_is_what_a_whole_validation_finds():
    for seed in range(30):
        rng = random.Random(seed)
        shapes = list(parse(shacl_cases.made_up_shapes(rng), format=RdfFormat.TURTLE))
        quads = {Quad(*triple, rng.choice(GRAPHS)) for triple in shacl_cases.made_up_data(rng)}
        held = HeldData(quads, shapes)
        for _ in range(4):
            others = [Quad(*t, rng.choice(GRAPHS)) for t in shacl_cases.made_up_data(rng)]
            removed = set(rng.sample(sorted(quads, key=str), min(len(quads), rng.randrange(3))))
            added = set(rng.sample(others, min(len(others), rng.randrange(3)))) - quads
            before = found(held.findings())
            difference = held.change(removed, added)
            quads = (quads - removed) | added
            after = found(HeldData(quads, shapes).findings())
            assert found(held.findings()) == after, seed
            assert held.report() == gate.validate(quads, shapes)
            assert found(difference.brought) == after - before, seed
            assert found(difference.healed) == before - after, seed


def examples(rng):
    """Return the examples of all checks, right and wrong, in named graphs."""
    head = f"@base <{ID}> .\n" + "".join(f"@prefix {p}: <{i}> .\n" for p, i in PREFIXES.items())
    for file in sorted((TESTS / "examples").glob("*.trig")):
        for quad in parse(head + file.read_text("utf-8"), format=RdfFormat.TRIG):
            named = isinstance(quad.graph_name, NamedNode)
            yield quad if named else Quad(*quad.triple, rng.choice(GRAPHS))


def test_each_check_finds_after_changes_of_its_examples_what_it_finds_in_all_of_the_data():
    """What is at random here is which examples meet, and which term of a statement is another's."""
    rng = random.Random(int(os.environ.get("RALLYNOV_SHACL_CASES", "8")))
    every = sorted(set(examples(rng)), key=str)
    quads = set(rng.sample(every, len(every) * 3 // 4))
    shapes = list(sources.quads([ontology_dir() / "shapes.ttl"]))
    checks = graph_checks.read(checks_dir().glob("*.rq"))
    terms = building.ontology_of(ontology_dir())
    held = HeldData(quads, shapes, background=terms, checks=checks)
    for _ in range(int(os.environ.get("RALLYNOV_SHACL_CASES", "8"))):
        one, other = rng.choice(every), rng.choice(every)
        mixed = [
            Quad(one.subject, one.predicate, other.object, one.graph_name),
            Quad(*one.triple, other.graph_name),
            Quad(other.subject, one.predicate, one.object, other.graph_name),
        ]
        removed = set(rng.sample(sorted(quads, key=str), rng.randrange(20)))
        added = {*rng.sample(every, rng.randrange(20)), *mixed} - removed
        held.change(removed, added)
        quads = (quads - removed) | added
        whole = graph_checks.run(checks, [*quads, *terms], shapes)
        assert found(f for f in held.findings() if "#check-" in f.shape) == found(whole)
