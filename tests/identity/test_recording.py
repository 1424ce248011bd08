"""The command that writes decisions: what it writes, refuses and takes back."""

import shutil

import pytest

from identities import DATA, HEAD, made_up
from rallynov_graph.base.resources import data_dir
from rallynov_graph.release import building

GROUNDS = ("--date", "2026-11-28", "--reason", "fr=Même nom.", "--reason", "en=One name.")


@pytest.fixture
def identity(rallynov, tmp_path):
    """The command on a made-up data folder, whose path it has."""
    data = made_up(tmp_path)

    def run(verb, *arguments, grounds=GROUNDS, evidence="assertion-set/y"):
        further = () if verb in ("undo", "list") else (*grounds, "--evidence", evidence)
        return rallynov("identity", verb, *arguments, *further, "--data", data)

    run.data = data
    return run


def files(identity):
    """All files of the data, with what is in them."""
    paths = (path for path in identity.data.rglob("*") if path.is_file())
    return {path.relative_to(identity.data).as_posix(): path.read_bytes() for path in paths}


SAME = ("same", "person/ada-un", "person/a-un")
SPLIT = ("split", "person/a-un", "--assign")
WRITTEN = "identity/same-person-ada-un-a-un.trig"


def test_a_decision_is_a_file_of_its_own_and_what_gives_way_is_listed(identity):
    before = files(identity)
    ran = identity(*SAME, "--evidence", "assertion-set/x")
    assert (ran.status, ran.err) == (0, "")
    assert 'gives way (graph/a): dcterms:description "Une juge."@fr' in ran.out
    after = files(identity)
    assert after.pop(WRITTEN).decode() == (DATA / "written.trig").read_text("utf-8")
    assert after == before
    listed = identity("list").out
    assert "person/a-un is person/ada-un" in listed
    assert "agent/curateurs, 2026-11-28: One name." in listed
    assert "1 decision." in listed and "Une juge." in listed


def test_what_is_rehearsed_or_undone_leaves_nothing(identity):
    before = files(identity)
    ran = identity(*SAME, "--dry-run")
    assert ran.status == 0 and "would be written" in ran.out
    assert files(identity) == before
    identity(*SAME)
    assert identity("undo", "same-person-ada-un-a-un", "--dry-run").status == 0
    assert WRITTEN in files(identity)
    assert identity("undo", "decision/same-person-ada-un-a-un").status == 0
    assert files(identity) == before
    assert identity("list").out == "0 decisions.\n"


def test_different_and_open_are_written_alike(identity):
    assert identity("different", "person/ada-un", "person/a-un").status == 0
    assert identity("open", "person/ada", "person/a-un").status == 0
    listed = identity("list").out
    assert "person/ada-un is not person/a-un" in listed
    assert "person/ada may be person/a-un" in listed


def test_a_split_waits_until_each_graph_is_assigned(identity):
    before = files(identity)
    ran = identity("split", "person/a-un")
    assert ran.status == 2
    assert "--assign assertion-set/y=… --assign graph/a=…" in ran.err
    half = ("--assign", "assertion-set/y=person/a-un-2")
    assert "--assign graph/a=…" in identity("split", "person/a-un", *half).err
    assert files(identity) == before
    ran = identity("split", "person/a-un", *half, "--assign", "graph/a=person/ada")
    assert (ran.status, ran.err) == (0, "")
    assert "person/a-un is person/a-un-2 and person/ada" in ran.out


DIFFERENT = ("different", "person/ada-un", "person/ada")
REFUSED = (
    ((), ("same", "person/ada-un", "person/ada-du"), "did you mean person/ada"),
    ((SAME,), ("same", "person/a-un", "person/ada"), "became person/ada-un by"),
    ((SAME,), ("different", "person/ada-un", "person/a-un"), "name person/ada"),
    ((DIFFERENT,), ("open", "person/ada", "person/ada-un"), "trig, line 20) says different"),
    ((SAME,), ("undo", "same-person-ada-un-a-u"), "did you mean same-pe"),
    ((), ("undo", "x"), "see rallynov identity list"),
    ((), ("undo", "../made-up"), "Nothing was decided"),
    ((), ("split", "person/a-un", "--assign", "x"), "write a graph, ="),
    ((), (*SPLIT, "assertion-set/y=person/É", "--assign", "graph/a=person/b"), "is not an address"),
)
UNFOUNDED = (
    (GROUNDS[2:], "assertion-set/y", "--date"),
    ((*GROUNDS[2:], "--date", "28.11.2026"), "assertion-set/y", "28.11.2026"),
    (GROUNDS[:4], "assertion-set/y", "add --reason en="),
    ((*GROUNDS, "--reason", "de=Ein Name."), "assertion-set/y", "one reason in each language"),
    ((*GROUNDS, "--agent", "agent/curateur"), "assertion-set/y", "did you mean agent/curateurs"),
    (GROUNDS, "assertion-set/w", "did you mean assertion-set"),
    (GROUNDS, "person/ada", "is not evidence"),
)


def test_what_is_refused_is_said_in_one_sentence_and_changes_nothing(identity):
    for done, arguments, reason in REFUSED:
        for one in done:
            assert identity(*one).status == 0
        before = files(identity)
        ran = identity(*arguments)
        assert (ran.status, ran.err.count("\n")) == (2, 1)
        assert reason in ran.err
        assert files(identity) == before
        shutil.rmtree(identity.data / "identity", ignore_errors=True)
    for grounds, evidence, reason in UNFOUNDED:
        ran = identity(*SAME, grounds=grounds, evidence=evidence)
        assert (ran.status, ran.err.count("\n")) == (2, 1)
        assert reason in ran.err
    (identity.data / "identity").write_text("no folder")
    ran = identity(*SAME)
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "cannot be written" in ran.err


def test_what_another_decision_needs_or_a_hand_wrote_is_not_undone(identity):
    identity(*SAME)
    (identity.data / WRITTEN).rename(identity.data / "by-hand.trig")
    ran = identity("undo", "same-person-ada-un-a-un")
    assert ran.status == 2
    assert "by-hand.trig, line" in ran.err and "take it out there" in ran.err
    (identity.data / "by-hand.trig").unlink()
    parts = ("assertion-set/y=person/a-un-2", "--assign", "graph/a=person/a-un-3")
    assert identity(*SPLIT, *parts).status == 0
    split = identity.data / "identity" / "split-person-a-un.trig"
    (identity.data / "identity" / "hand.trig").write_bytes(
        split.read_bytes().split(b"GRAPH")[0]
        + b"GRAPH graph:hand { graph:hand a rn:CurationGraph . decision:hand a rn:IdentityDecision"
        b" ; rn:identity rn:different ; rn:kept person:a-un-2 ; rn:other person:ada . }"
    )
    ran = identity("undo", "split-person-a-un")
    assert ran.status == 2
    assert "hand.trig, line" in ran.err and "do not mention" in ran.err
    assert split.exists()


def test_shipped_data_with_a_decision_are_a_release_and_without_it_the_former_one(
    rallynov, tmp_path, release
):
    data = shutil.copytree(data_dir(), tmp_path / "data")
    evidence = ("--evidence", "assertion-set/carnet-2-herry", "--data", data)
    pair = ("person/bruno-herry", "person/pierre-alixant")
    assert rallynov("identity", "same", *pair, *GROUNDS, *evidence).status == 0
    built = building.build(tmp_path / "releases", data=data)
    assert built.manifest.findings["Violation"] == 0
    rallynov("identity", "undo", "same-person-bruno-herry-pierre-alixant", "--data", data)
    assert building.build(tmp_path / "releases", data=data, checked=False).id == release.id


def test_reasons_are_owed_in_the_languages_that_the_dataset_declares(identity):
    declared = (
        "<graph/d> { <graph/d> a schema:Dataset ; dcterms:language"
        " <http://publications.europa.eu/resource/authority/language/DEU> . }"
    )
    (identity.data / "dataset.trig").write_text(HEAD + declared, "utf-8")
    ran = identity(*SAME)
    assert ran.status == 2 and "--reason de=…" in ran.err
    german = (*GROUNDS[:2], "--reason", "de=Ein Name.")
    assert identity(*SAME, grounds=german).status == 0
    text = (identity.data / WRITTEN).read_text("utf-8")
    assert '"Ein Name."@de' in text and "@fr" not in text and "@en" not in text
