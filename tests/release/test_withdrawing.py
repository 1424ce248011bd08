"""A thing taken out of the data: nothing else is lost, and it does not come back."""

import os
import random
import shutil

import pytest
from pyoxigraph import NamedNode

from killing import ended_by, killed_at
from rallynov_graph.base.errors import RallynovError, SourceError, UnknownNameError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.resources import data_dir
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.turtle import without_iri
from rallynov_graph.release import building, release, withdrawals

PREFIXES = """\
@prefix : <https://example.org/> .
@prefix p: <https://example.org/p#> .

"""
GONE = "https://example.org/x"


def left(statements):
    text, _ = without_iri(PREFIXES + statements, GONE)
    assert text.startswith(PREFIXES)
    return text.removeprefix(PREFIXES)


LEFT = [
    (":a p:b :c .\n:x p:b :c .\n", ":a p:b :c .\n"),
    (":a p:b :x, :c .\n", ":a p:b :c .\n"),
    (":a p:b :c, :x .\n", ":a p:b :c .\n"),
    (":a p:b :c, :x ;\n    p:d 1.5 .\n", ":a p:b :c ;\n    p:d 1.5 .\n"),
    (":a p:b :c ;\n    p:d :x .\n", ":a p:b :c .\n"),
    (":a p:b :x ;\n    p:d :c .\n", ":a\n    p:d :c .\n"),
    (":a p:b :c ;\n    p:d :x ;\n    p:e +5 ;\n.\n", ":a p:b :c ;\n    p:e +5 ;\n.\n"),
    (":g {\n    :a p:b :x .\n}\n\n:h { :a p:b :c }\n", ":h { :a p:b :c }\n"),
    ("GRAPH :x {\n    :a p:b :c .\n}\n# remark\n", "# remark\n"),
    (":g { :a p:b :c ; p:d :x }\n", ":g { :a p:b :c . }\n"),
    ('# of :x\n:a p:b """:x ; .\n""" .\n', '# of :x\n:a p:b """:x ; .\n""" .\n'),
    (":a p:b 'x; :x .'@fr, <https://example.org/x> .\n", ":a p:b 'x; :x .'@fr .\n"),
    (":a p:b :c ; # why\n    # and\n    p:d :x .\n", ":a p:b :c . # why\n    # and\n"),
    (":xy p:b :x.y .\n", ":xy p:b :x.y .\n"),
]
RIDDLES = (":a p:b [ p:c :x ] .", "( :x ) p:b :c .", ":a p:b << :x >> .", ":a p:b", ":g { :a p:b")


def test_only_what_names_the_thing_goes_and_what_is_not_understood_is_said():
    for before, after in LEFT:
        assert left(before) == after
    for riddle in RIDDLES:
        with pytest.raises(RallynovError):
            left(riddle)


@pytest.fixture
def data(tmp_path):
    """The shipped data, of which nothing was withdrawn yet."""
    unlisted = shutil.ignore_patterns(withdrawals.FILE)
    shutil.copytree(data_dir(), tmp_path / "data", ignore=unlisted)
    return tmp_path / "data"


PERSON = f"{ID}person/sabrina-boudailler"


def test_a_thing_is_taken_out_and_its_hash_kept(data):
    written = (data / "carnets" / "carnet-2" / "a-venir.trig").read_text("utf-8").splitlines()
    named = [n for n, line in enumerate(written, 1) if "participant person:sabrina" in line]
    done = withdrawals.withdraw("person/sabrina-boudailler", data)
    assert (data / "withdrawn.txt").read_text("utf-8").splitlines()[-1] == done.hash
    assert not [
        q for q in sources.quads(sources.files_under(data)) if withdrawals.mentions(q, PERSON)
    ]
    assert [place.line for place in done.mentions] == named
    assert any("contact-sabrina-boudailler" in place.text for place in done.traces)
    assert not [p for p in data.rglob(".*") if p.is_file()]


def test_a_rehearsal_changes_nothing_whatever_goes(data):
    before = {path: path.read_bytes() for path in data.rglob("*.t*")}
    quads = sources.quads(sources.files_under(data))
    terms = {term for q in quads for term in (q.subject, q.object, q.graph_name)}
    things = [it.value for it in terms if isinstance(it, NamedNode) and it.value.startswith(ID)]
    for iri in random.Random(3).sample(sorted(things), 6):
        done = withdrawals.withdraw(iri, data, rehearse=True)
        assert done.statements or done.mentions
    assert {path: path.read_bytes() for path in data.rglob("*.t*")} == before


def test_withdrawing_twice_is_no_fault_and_an_unknown_name_is_said_with_near_ones(data):
    for name in ("person/sabrina-boudailer", "person/boudailler"):
        with pytest.raises(UnknownNameError, match=r"did you mean .*sabrina-boudailler"):
            withdrawals.withdraw(name, data)
    with pytest.raises(UnknownNameError, match="nothing has a name near it; copy the IRI"):
        withdrawals.withdraw("xyzzy:" + "0" * 90, data)
    assert not (data / "withdrawn.txt").exists()
    first = withdrawals.withdraw(PERSON, data)
    again = withdrawals.withdraw(PERSON, data)
    assert (again.hash, again.statements) == (first.hash, ())


def test_a_file_that_is_no_trig_stops_it_before_anything_changes(data):
    (data / "more.nq").write_text(f"<{PERSON}> <https://example.org/p> <{PERSON}> .\n", "utf-8")
    with pytest.raises(SourceError, match="by hand"):
        withdrawals.withdraw(PERSON, data)
    assert not (data / "withdrawn.txt").exists()


DATA = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <https://example.org/> .
:graph {
    :one rdfs:label "Ace" ; :knows :two .
    :two rdfs:label "a place" ; :knows :one .
    :three rdfs:label "the palace of One" ; :knows :two .
}
"""


def test_what_is_gone_stays_so_and_is_seen_however_it_is_spelt(tmp_path):
    file, listed = tmp_path / "all.trig", tmp_path / withdrawals.FILE
    for spelling, name in ((r"<https://example.org/\u006fne>", "one"), (r":o\-ne", "o-ne")):
        file.write_text(f"{DATA}:other {{ :four :knows {spelling} . }}\n", "utf-8")
        before = file.read_bytes()
        try:
            withdrawals.withdraw(f"https://example.org/{name}", tmp_path)
        except SourceError:
            assert file.read_bytes() == before
        else:
            assert b"four" not in file.read_bytes()
        listed.unlink(missing_ok=True)
    file.write_text(DATA, "utf-8")
    file.chmod(0o640)
    one = withdrawals.withdraw("https://example.org/one", tmp_path)
    assert one.traces == (), "« Ace » is in « place » and in « palace », « One » is in « none »"
    assert file.stat().st_mode & 0o777 == 0o640, "who may read it still may"
    two = withdrawals.withdraw("https://example.org/two", tmp_path)
    assert withdrawals.read(listed) == {one.hash, two.hash}


@pytest.fixture
def withdrawal(standins):
    """The second stage of the stand-in is withdrawn."""
    withdrawals.withdraw("https://example.org/two", standins.data)
    return standins


def built(tmp_path, sources_):
    return building.build(tmp_path / "out", data=sources_.data, ontology=sources_.ontology)


def test_a_release_knows_what_was_withdrawn(tmp_path, standins):
    assert not built(tmp_path, standins).has_withdrawn("https://example.org/two")
    withdrawals.withdraw("https://example.org/two", standins.data)
    made = release.load(built(tmp_path, standins).path)
    assert made.has_withdrawn("https://example.org/two")
    assert not made.has_withdrawn("https://example.org/one")
    assert "data/withdrawn.txt" in [source.path for source in made.manifest.sources]
    assert made.manifest.derived + "/withdrawn.txt" in [file.path for file in made.manifest.files]


def test_what_was_withdrawn_does_not_come_back(tmp_path, withdrawal):
    with (withdrawal.data / "carnets" / "1" / "more.trig").open("w", encoding="utf-8") as file:
        file.write("@prefix : <https://example.org/> .\n:said {\n    :two :in :here .\n}\n")
    with pytest.raises(SourceError, match=r"line 3: <https://example.org/two> was withdrawn"):
        built(tmp_path, withdrawal)


def test_a_kill_at_any_moment_leaves_whole_files_and_data_that_do_not_build(tmp_path, standins):
    """The list is written first: nothing is half withdrawn without anybody noticing."""
    more = standins.data / "more.trig"
    more.write_text("<https://example.org/g> { <x:a> <x:b> <https://example.org/two> }\n", "utf-8")
    files = (more, standins.stages)
    before = {file: file.read_bytes() for file in files}
    shutil.copytree(standins.data, tmp_path / "copy")
    withdrawals.withdraw("https://example.org/two", tmp_path / "copy")
    after = {f: (tmp_path / "copy" / f.relative_to(standins.data)).read_bytes() for f in files}
    for number in range(1, 60):

        def work(at=number):
            killed_at(at, standins.data)
            withdrawals.withdraw("https://example.org/two", standins.data)

        ended = ended_by(work)
        assert all(file.read_bytes() in (before[file], after[file]) for file in files)
        if any(file.read_bytes() != before[file] for file in files):
            assert (standins.data / withdrawals.FILE).exists()
        if not os.WIFSIGNALED(ended):
            break
    assert number > 5
    assert {file: file.read_bytes() for file in files} == after


def test_a_list_that_is_none_is_refused(tmp_path, standins):
    (standins.data / withdrawals.FILE).write_text("# a remark\n\nJean\n", "utf-8")
    with pytest.raises(SourceError, match="line 3: it is not a SHA-256"):
        built(tmp_path, standins)


def test_the_command_says_what_went_and_what_is_left(rallynov, data):
    ran = rallynov("withdraw", "person/sabrina-boudailler", "--data", data, "--dry-run")
    assert ran.status == 0
    assert "1 would be removed, about something else:" in ran.out
    assert "rn:participant person:sabrina-boudailler" in ran.out
    ran = rallynov("withdraw", PERSON, "--data", data)
    assert f"<{PERSON}> is withdrawn as {withdrawals.hash_of(PERSON)}." in ran.out
    assert rallynov("withdraw", "person/nobody-at-all", "--data", data).status == 2


def test_the_command_line_says_that_a_thing_was_withdrawn(rallynov, tmp_path, withdrawal):
    made, one = built(tmp_path, withdrawal).path, "https://example.org/one"
    two = "https://example.org/two"
    own = tmp_path / "own.rq"
    own.write_text("#+ param: thing iri\nASK { VALUES ?thing { UNDEF } ?thing ?p ?o }", "utf-8")
    asked = [
        ("why", two, "rdf:type", "rn:Stage"),
        ("why", one, "rn:partOf", f"<{two}>"),
        ("query", own, "--param", f"thing={two}"),
    ]
    for command in asked:
        ran = rallynov(*command, "--release", made, "--lang", "en")
        assert (ran.status, ran.out) == (2, "")
        assert "names a thing that was withdrawn" in ran.err
        assert ran.err.count("\n") == 1
