"""What decisions about identity make of data, and which of them cannot be carried out."""

import pytest

from identities import DATA, HEAD, made_up, said
from rallynov_graph.base.errors import SourceError, in_french
from rallynov_graph.base.namespaces import ID
from rallynov_graph.identity.recording import DataFolder
from rallynov_graph.release import building

MADE_UP = (DATA / "made-up.trig").read_text("utf-8")


def decision(words: str) -> str:
    """Return a decision as a file has it: its slug, kind, what is kept, the other, and its parts.

    A part is a new address, =, and the graphs that speak of it.
    """
    slug, kind, kept, other, *parts = words.split()
    about = f"rn:kept <{kept}> ; " if kept != "-" else ""
    assigns, things = "", ""
    for number, part in enumerate(parts):
        thing, _, graphs = part.partition("=")
        node = f"<assignment/{slug}-{number}>"
        of_sets = "".join(f"; rn:ofSet <{it}> " for it in graphs.split(",") if it)
        assigns += f"rn:assigned {node} ; "
        things += f"{node} a rn:Assignment ; rn:toThing <{thing}> {of_sets}. "
    return (
        f"<graph/{slug}> {{ <graph/{slug}> a rn:CurationGraph . "
        f"<decision/{slug}> a rn:IdentityDecision ; rn:identity rn:{kind} ; {about}"
        f"rn:other <{other}> ; {assigns}rdfs:label '{slug}' . {things}}}\n"
    )


@pytest.fixture
def decided(tmp_path):
    """Data after decisions, with what gave way."""

    def carried_out(*decisions, text=MADE_UP):
        folder = tmp_path / str(len([*tmp_path.iterdir()]))
        folder.mkdir()
        data = made_up(folder, text)
        for number, one in enumerate(decisions):
            written = one if one.startswith("<") else decision(one)
            (data / f"decision-{number}.trig").write_text(HEAD + written, "utf-8")
        quads = DataFolder(data, building.written(data)).decided()
        return list(quads), quads

    return carried_out


SAME = "m same person/ada-un person/a-un"


def test_a_merged_address_gives_way_and_its_names_stay(decided):
    quads, made = decided()
    assert quads == list(made.quads), "without decisions the data are as they are written"
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
    named = '<person/ada-un> rdfs:label "Ada Un" ; dcterms:description'
    quads, made = decided(SAME, text=MADE_UP.replace(named, "<person/x> dcterms:description"))
    assert ("graph/a", "rdfs:label", "A. Un") in said(quads, "person/ada-un")
    assert ("graph/a", "dcterms:description", "Une juge.") in said(quads, "person/ada-un")
    assert made.curated.lost == ()


def test_a_chain_is_followed_to_its_end_and_two_ways_to_one_end_agree(decided):
    further = "n same person/a-un person/ada"
    quads, _ = decided(SAME, further)
    for former in ("person/a-un", "person/ada"):
        assert ("graph/identity", "dcterms:isReplacedBy", "person/ada-un") in said(quads, former)
    assert ("assertion-set/z", "rn:participant", "participation/q") in said(quads, "person/ada-un")
    quads, _ = decided(SAME, further, "o same person/ada-un person/ada")
    assert ("assertion-set/z", "rn:participant", "participation/q") in said(quads, "person/ada-un")


SPLIT = "s split - person/a-un person/a-un-2=assertion-set/y person/ada=graph/a"


def test_each_graph_speaks_of_the_thing_it_is_assigned_to(decided):
    text = MADE_UP.replace("<person/ada> rdfs:label", "<person/ada> skos:editorialNote")
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


SPLITS = "s split - person/a-un"
REFUSED = (
    ("two kinds", "m same person/ada organisation/o"),
    ("nothing that a document", "m same graph/a graph/a2"),
    ("twice", "m same person/ada person/ada"),
    ("do not mention", "m same person/ada person/nobody"),
    ("each other", SAME, "n same person/a-un person/ada-un"),
    ("each other", SAME, "n same person/ada person/ada-un", "o same person/a-un person/ada"),
    ("would become", SAME, "n same person/ada person/a-un"),
    ("undo one", SAME, "n different person/a-un person/ada-un"),
    ("undo one", SAME, "n same person/a-un person/ada", "o open person/ada person/ada-un"),
    ("undo one", "m different person/a-un person/ada", "n open person/ada person/a-un"),
    ("which decision/s .* splits", SPLIT, SAME),
    ("undo one", SPLIT, SPLIT.replace("s ", "t ", 1)),
    ("leaves nothing for a second", f"{SPLITS} person/ada=assertion-set/y,graph/a"),
    ("leaves nothing for person/b", f"{SPLITS} person/ada=assertion-set/y,graph/a person/b="),
    ("another address", f"{SPLITS} person/a-un=assertion-set/y person/ada=graph/a"),
    ("speaks graph/a", f"{SPLITS} person/b=assertion-set/y person/ada=assertion-set/x"),
    ("to one", f"{SPLITS} person/b=assertion-set/y,graph/a person/ada=assertion-set/y"),
    (
        "nothing is said of person/a-un",
        f"{SPLITS} person/b=assertion-set/y person/ada=graph/a,assertion-set/z",
    ),
    ("rn:identity is missing; once only", "<graph/m> { <decision/m> a rn:IdentityDecision . }"),
    ("not one of same", "m alike person/ada person/a-un"),
    ("rn:kept is missing; once only", "m same - person/a-un"),
)


def test_what_cannot_be_carried_out_is_said_with_its_place(decided):
    for reason, *decisions in REFUSED:
        with pytest.raises(SourceError, match=reason) as caught:
            decided(*decisions)
        assert caught.value.line
        assert caught.value.path.endswith(".trig")
        *_, english = caught.value.reason.split(": ", 1)
        assert english not in in_french(caught.value.reason)
    linked = "<assertion-set/x> { <person/ada-un> rn:atSameStageAs <person/a-un> . }"
    with pytest.raises(SourceError, match="links to itself by rn:atSameStageAs"):
        decided(
            SAME, text=MADE_UP.replace("<assertion-set/x> {", f"{linked}\n<assertion-set/x> {{")
        )


def test_what_is_held_in_memory_does_not_grow_with_the_data(decided):
    more = "".join(f"<stage/s{n}> rn:number {n} . " for n in range(500))
    _, made = decided(SAME, text=f"{MADE_UP}<assertion-set/z> {{ {more} }}")
    assert (len(made.survey.curated), len(made.curated.places)) == (2, 6)
