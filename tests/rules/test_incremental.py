"""What rules conclude from facts that change is what they conclude from the changed facts."""

import os
import random
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from made_up_rules import EXAMPLE, rule
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.rules import changes as module
from rallynov_graph.rules import inference
from rallynov_graph.rules.changes import IncrementalInference

CASES = int(os.environ.get("RALLYNOV_SHACL_CASES", "20"))
TYPE = NamedNode(f"{PREFIXES['rdf']}type")
SET, CERTAINTY = NamedNode(f"{RN}AssertionSet"), NamedNode(f"{RN}certainty")
GRAPHS = [NamedNode(f"{EXAMPLE}graph/{name}") for name in "abcde"]
CERTAINTIES = [NamedNode(RN + name) for name in ("explicit", "inferred", "tentative", "odd")]
THINGS = [NamedNode(EXAMPLE + name) for name in "abcdef"]


RULES = (
    rule("step", "?x :far ?y", "?x :near ?y"),
    rule("further", "?x :far ?z", "?x :near ?y . ?y :far ?z"),
    rule("back", "?y :near ?x", "?x :near ?y . ?x a :Thing . FILTER (?x != ?y)"),
    rule("beside", "?x :beside ?y", "?x :far ?z . ?y :far ?z . ?z a :Thing"),
    rule("named", "?x :called ?name", "?x :beside ?y . BIND (STR(?y) AS ?name)"),
    rule("kind", "?x a :Thing", "?x :called ?name . ?x :beside ?x"),
)
PROPERTIES = [NamedNode(EXAMPLE + name) for name in ("near", "far", "beside", "other")]


def fact(rng: random.Random) -> Quad:
    """Return a statement that may be a premise or a conclusion, or that says how sure one is."""
    graph, thing = rng.choice(GRAPHS), rng.choice(THINGS)
    match rng.randrange(8):
        case 0:
            return Quad(rng.choice(GRAPHS), CERTAINTY, rng.choice(CERTAINTIES), graph)
        case 1:
            return Quad(rng.choice(GRAPHS), TYPE, SET, graph)
        case 2:
            return Quad(thing, TYPE, NamedNode(f"{EXAMPLE}Thing"), graph)
        case 3:
            name = Literal(rng.choice(THINGS).value)
            return Quad(thing, NamedNode(f"{EXAMPLE}called"), name, graph)
    return Quad(thing, rng.choice(PROPERTIES), rng.choice(THINGS), graph)


def changes(rng: random.Random, facts: set[Quad]) -> Iterator[tuple[set[Quad], set[Quad]]]:
    """Yield some random changes of facts, after each of which the facts are changed so."""
    for _ in range(5):
        gone = set(rng.sample(sorted(facts, key=str), min(len(facts), rng.randrange(4))))
        come = {fact(rng) for _ in range(rng.randrange(4))} - facts
        facts -= gone
        facts |= come
        yield gone, come


def test_after_made_up_changes_rules_conclude_what_they_do_from_all_facts() -> None:
    for seed in range(CASES):
        rng = random.Random(seed)
        facts = {fact(rng) for _ in range(rng.randrange(20))}
        held = IncrementalInference(facts, RULES)
        for gone, come in changes(rng, facts):
            before = held.all()
            changed = held.change([*gone], [*come])
            after = set(inference.derive(facts, RULES))
            assert held.all() == after, seed
            assert changed == (before - after, after - before), seed


def test_conclusions_do_not_hold_each_other_up() -> None:
    rules = [rule("both", "?y :near ?x", "?x :near ?y"), *RULES[:2]]
    said = Quad(THINGS[0], PROPERTIES[0], THINGS[1], GRAPHS[0])
    held = IncrementalInference([said], rules)
    assert held.all()
    held.change([said], [])
    assert held.all() == set()


def test_what_cannot_be_followed_is_left_to_all_rules_at_once() -> None:
    nameless = Quad(BlankNode("b"), PROPERTIES[0], THINGS[1], GRAPHS[0])
    assert IncrementalInference([], RULES).change([], [nameless]) is None
    hub = [
        Quad(NamedNode(f"{EXAMPLE}{number}"), PROPERTIES[0], THINGS[0], GRAPHS[0])
        for number in range(module.MOST + 1)
    ]
    assert IncrementalInference([], RULES[:1]).change([], hub) is None
