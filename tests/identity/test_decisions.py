"""What decisions about identity make of data, and which of them cannot be carried out."""

import pytest

from identities import DATA, HEAD, made_up, read, said
from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.identity import rewriting

pytestmark = pytest.mark.usefixtures("uncounted")


def decision(slug, kind, kept="", other="", assigned=()):
    """A decision as a file has it."""
    about = f"rn:kept <{kept}> ; " if kept else ""
    nodes = ", ".join(f"<assignment/{slug}-{n}>" for n, _ in enumerate(assigned))
    assigns = f"rn:assigned {nodes} ; " if assigned else ""
    things = "".join(
        f"<assignment/{slug}-{n}> a rn:Assignment ; rn:toThing <{thing}> "
        + "".join(f"; rn:ofSet <{graph}> " for graph in graphs)
        + ". "
        for n, (thing, *graphs) in enumerate(assigned)
    )
    return (
        f"<graph/{slug}> {{ <graph/{slug}> a rn:CurationGraph . "
        f"<decision/{slug}> a rn:IdentityDecision ; rn:identity rn:{kind} ; {about}"
        f"rn:other <{other}> ; {assigns}rdfs:label '{slug}' . {things}}}\n"
    )


@pytest.fixture
def decided(tmp_path):
    """Data after decisions, with what gave way."""

    def carried_out(*decisions, text=DATA):
        data = made_up(tmp_path, text)
        for number, one in enumerate(decisions):
            (data / f"decision-{number}.trig").write_text(HEAD + one, "utf-8")
        quads = read(data).decided()
        return list(quads), quads

    return carried_out


SAME = decision("m", "same", "person/ada-un", "person/a-un")


def test_without_decisions_the_data_are_as_they_are_written(decided):
    quads, made = decided()
    assert quads == list(made.quads)


def test_a_merged_address_gives_way_and_its_names_stay(decided):
    quads, made = decided(SAME)
    assert said(quads, "person/a-un") == {
        ("graph/m", "rn:other", "decision/m"),
        ("graph/identity", "dcterms:isReplacedBy", "person/ada-un"),
    }
    assert said(quads, "person/ada-un") == {
        ("graph/m", "rn:kept", "decision/m"),
        ("graph/identity", "dcterms:isReplacedBy", "person/a-un"),
        ("graph/a", "rdfs:label", "Ada Un"),
        ("graph/a", "skos:altLabel", "A. Un"),
        ("graph/a", "skos:altLabel", "Ada U."),
        ("graph/a", "dcterms:description", "Juge."),
        ("graph/a", "dcterms:description", "A judge."),
        ("assertion-set/x", "rdf:type", "foaf:Person"),
        ("assertion-set/y", "rdf:type", "foaf:Person"),
        ("assertion-set/x", "rn:nameAsPrinted", "Ada Un"),
        ("assertion-set/y", "rn:nameAsPrinted", "A. Un"),
        ("assertion-set/y", "rn:participant", "participation/p"),
    }
    lost = {(it.thing.removeprefix(ID), it.quad.object.value) for it in made.curated.lost}
    assert lost == {("person/a-un", "Une juge."), ("person/a-un", "One judge.")}


def test_what_the_kept_thing_lacks_it_takes_over(decided):
    text = DATA.replace(
        '<person/ada-un> rdfs:label "Ada Un" ; dcterms:description',
        "<person/x> dcterms:description",
    )
    quads, made = decided(SAME, text=text)
    assert ("graph/a", "rdfs:label", "A. Un") in said(quads, "person/ada-un")
    assert ("graph/a", "dcterms:description", "Une juge.") in said(quads, "person/ada-un")
    assert made.curated.lost == ()


def test_a_chain_is_followed_to_its_end(decided):
    further = decision("n", "same", "person/a-un", "person/ada")
    quads, _ = decided(SAME, further)
    for former in ("person/a-un", "person/ada"):
        assert ("graph/identity", "dcterms:isReplacedBy", "person/ada-un") in said(quads, former)
    assert ("assertion-set/z", "rn:participant", "participation/q") in said(quads, "person/ada-un")


def test_two_ways_to_one_end_agree(decided):
    quads, _ = decided(
        SAME,
        decision("n", "same", "person/ada-un", "person/ada"),
        decision("o", "same", "person/a-un", "person/ada"),
    )
    assert ("assertion-set/z", "rn:participant", "participation/q") in said(quads, "person/ada-un")


SPLIT = decision(
    "s",
    "split",
    other="person/a-un",
    assigned=[("person/a-un-2", "assertion-set/y"), ("person/ada", "graph/a")],
)


def test_each_graph_speaks_of_the_thing_it_is_assigned_to(decided):
    text = DATA.replace("<person/ada> rdfs:label", "<person/ada> skos:editorialNote")
    quads, _ = decided(SPLIT, text=text)
    assert said(quads, "person/a-un-2") == {
        ("graph/s", "rn:toThing", "assignment/s-0"),
        ("graph/identity", "dcterms:isReplacedBy", "person/a-un"),
        ("graph/a", "rdfs:label", "A. Un"),
        ("assertion-set/y", "rdf:type", "foaf:Person"),
        ("assertion-set/y", "rn:nameAsPrinted", "A. Un"),
        ("assertion-set/y", "rn:participant", "participation/p"),
    }
    assert ("graph/a", "rdfs:label", "A. Un") in said(quads, "person/ada")
    assert ("graph/a", "dcterms:description", "Une juge.") in said(quads, "person/ada")
    assert {prop for _, prop, _ in said(quads, "person/a-un")} == {
        "rn:other",
        "dcterms:isReplacedBy",
    }


REFUSED = {
    "two kinds": ([decision("m", "same", "person/ada", "organisation/o")], "two kinds"),
    "nothing to decide": (
        [decision("m", "same", "graph/a", "graph/a2")],
        "nothing that a document",
    ),
    "oneself": ([decision("m", "same", "person/ada", "person/ada")], "twice"),
    "unknown": ([decision("m", "same", "person/ada", "person/nobody")], "say nothing"),
    "a circle": ([SAME, decision("n", "same", "person/a-un", "person/ada-un")], "each other"),
    "a longer circle": (
        [
            SAME,
            decision("n", "same", "person/ada", "person/ada-un"),
            decision("o", "same", "person/a-un", "person/ada"),
        ],
        "each other",
    ),
    "two ends": ([SAME, decision("n", "same", "person/ada", "person/a-un")], "would become"),
    "same and different": (
        [SAME, decision("n", "different", "person/a-un", "person/ada-un")],
        "undo one",
    ),
    "the same by a chain, and open": (
        [
            SAME,
            decision("n", "same", "person/a-un", "person/ada"),
            decision("o", "open", "person/ada", "person/ada-un"),
        ],
        "undo one",
    ),
    "different and open": (
        [
            decision("m", "different", "person/a-un", "person/ada"),
            decision("n", "open", "person/ada", "person/a-un"),
        ],
        "undo one",
    ),
    "split and merged": ([SPLIT, SAME], "which decision/s .* splits"),
    "split twice": ([SPLIT, SPLIT.replace("/s", "/t")], "undo one"),
    "a split into one": (
        [
            decision(
                "s",
                "split",
                other="person/a-un",
                assigned=[("person/ada", "assertion-set/y", "graph/a")],
            )
        ],
        "leaves nothing for a second",
    ),
    "a split with nothing left": (
        [
            decision(
                "s",
                "split",
                other="person/a-un",
                assigned=[("person/ada", "assertion-set/y", "graph/a"), ("person/b",)],
            )
        ],
        "leaves nothing for person/b",
    ),
    "a split that keeps the address": (
        [
            decision(
                "s",
                "split",
                other="person/a-un",
                assigned=[("person/a-un", "assertion-set/y"), ("person/ada", "graph/a")],
            )
        ],
        "another address",
    ),
    "a set of which nothing is said": (
        [
            decision(
                "s",
                "split",
                other="person/a-un",
                assigned=[("person/b", "assertion-set/y"), ("person/ada", "assertion-set/x")],
            )
        ],
        "does not say of which thing speaks graph/a",
    ),
    "a set for two things": (
        [
            decision(
                "s",
                "split",
                other="person/a-un",
                assigned=[
                    ("person/b", "assertion-set/y", "graph/a"),
                    ("person/ada", "assertion-set/y"),
                ],
            )
        ],
        "give it to one",
    ),
    "a set that speaks of others": (
        [
            decision(
                "s",
                "split",
                other="person/a-un",
                assigned=[
                    ("person/b", "assertion-set/y"),
                    ("person/ada", "graph/a", "assertion-set/z"),
                ],
            )
        ],
        "nothing is said of person/a-un",
    ),
    "no conclusion": (
        ["<graph/m> { <decision/m> a rn:IdentityDecision . }"],
        "has one rn:identity",
    ),
    "a strange conclusion": ([decision("m", "alike", "person/ada", "person/a-un")], "none of same"),
    "no kept thing": ([decision("m", "same", "", "person/a-un")], "one rn:kept, and here is none"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_carried_out_is_said_with_its_place(decided, name):
    decisions, reason = REFUSED[name]
    with pytest.raises(SourceError, match=reason) as caught:
        decided(*decisions)
    assert caught.value.line
    assert caught.value.path.endswith(".trig")


def test_a_merge_of_things_that_are_linked_is_refused(decided):
    text = DATA + "<assertion-set/x> { <person/ada-un> rn:atSameStageAs <person/a-un> . }"
    with pytest.raises(SourceError, match="links to itself by rn:atSameStageAs"):
        decided(SAME, text=text)


def test_what_is_held_in_memory_does_not_grow_with_the_data(decided):
    more = "".join(f"<stage/s{n}> rn:number {n} . " for n in range(500))
    _, made = decided(SAME, text=f"{DATA}<assertion-set/z> {{ {more} }}")
    assert len(made.survey.curated) == 2
    assert len(made.curated.places) == 6
    assert isinstance(iter(made), rewriting.chain)
