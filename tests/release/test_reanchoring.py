"""Passages carried to a better text: their addresses and facts stay, what is lost is listed."""

import random
import shutil
from pathlib import Path

import pytest
from pyoxigraph import Quad

import carnet_99
from rallynov_graph.base.errors import SourceError, UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.rdf import sources
from rallynov_graph.release import withdrawals
from rallynov_graph.release.documents import SourceFile
from rallynov_graph.release.reanchoring import Outcome, Reanchoring, reanchor

OA = PREFIXES["oa"]
CARNET = Path("carnets") / "carnet-99" / "atelier.trig"
PLACES = (OA + "hasSource", OA + "start", OA + "end", PREFIXES["rdfs"] + "label")


@pytest.fixture
def old(tmp_path: Path) -> SourceFile:
    """The text of the carnet of docs/curating.md."""
    return SourceFile.read(carnet_99.written(tmp_path))


@pytest.fixture
def whole(tmp_path: Path, old: SourceFile) -> Path:
    """The shipped data and that carnet."""
    (tmp_path / "whole").mkdir()
    return carnet_99.completed(tmp_path / "whole")


@pytest.fixture
def data(tmp_path: Path, whole: Path) -> Path:
    """The lists and that carnet, as data."""
    folder = tmp_path / "data"
    (folder / CARNET).parent.mkdir(parents=True)
    shutil.copy(whole / CARNET, folder / CARNET)
    shutil.copytree(whole / "curation", folder / "curation")
    return folder


def better(tmp_path: Path, text: str) -> SourceFile:
    (tmp_path / "better.txt").write_bytes(text.encode())
    return SourceFile.read(tmp_path / "better.txt")


def quads(data: Path) -> set[Quad]:
    return {*sources.quads(sources.files_under(data), relative_iris=False)}


def words(data: Path, text: str, extraction: str) -> dict[str, str]:
    """The words of the passages and parts that lie in a text."""
    found: dict[tuple[str, str], str] = {
        (q.subject.value, q.predicate.value): q.object.value
        for q in quads(data)
        if q.predicate.value.startswith(OA)
    }
    return {
        iri.removeprefix(ID): text[
            slice(*(int(found[selector, OA + it]) for it in ("start", "end")))
        ]
        for (iri, prop), source in found.items()
        if prop == OA + "hasSource" and source == ID + extraction
        for selector in [found[iri, OA + "hasSelector"]]
    }


def outcomes(done: Reanchoring) -> dict[str, Outcome]:
    return {it.name: it.outcome for it in done.left}


def test_positions_follow_and_nothing_else_changes(
    data: Path, old: SourceFile, tmp_path: Path
) -> None:
    before, text_before = quads(data), (data / CARNET).read_text("utf-8")
    text = "Une page de titre.\n\n" + old.text.replace("'", "’").replace("\n", "\n\n")
    done = reanchor(old, better(tmp_path, text), data, method="transcription", rehearse=False)
    assert (done.is_new, done.left, done.files) == (True, (), (CARNET.as_posix(),))
    carried = words(data, text, "extraction/carnet-99-2")
    assert carried == {
        "part/carnet-99-tout": text[20:],
        "passage/carnet-99-0-24": "carnet n° 99 - mars 2014",
        "passage/carnet-99-25-73": text[46:],
    }
    assert words(data, text, "extraction/carnet-99") == {}
    gone, come = before - quads(data), quads(data) - before
    new = {q for q in come if q.subject.value == f"{ID}extraction/carnet-99-2"}
    assert {q.predicate.value for q in gone | come - new} == {*PLACES}
    assert {q.object.value for q in new} >= {
        f"{ID}document/carnet-99",
        f"{ID}method/transcription",
        "texte du carnet de route n° 99 (transcription)",
        str(len(text)),
    }
    written = (data / CARNET).read_text("utf-8")
    assert '"signes 20 à 44"@fr, "characters 20 to 44"@en' in written
    assert "extraction:carnet-99-2 a rn:Extraction ;" in written
    same = [line for line in written.splitlines() if line in text_before.splitlines()]
    assert len(same) > len(text_before.splitlines()) - 18, "its layout stays"


def test_a_rehearsal_changes_nothing_and_a_withdrawn_address_is_not_given_again(
    data: Path, old: SourceFile, tmp_path: Path
) -> None:
    before, new = (data / CARNET).read_bytes(), better(tmp_path, "x " + old.text)
    done = reanchor(old, new, data, method="transcription")
    assert len(done.carried) == 3 and done.files == (CARNET.as_posix(),)
    assert (data / CARNET).read_bytes() == before
    gone = withdrawals.hash_of(f"{ID}extraction/carnet-99-2")
    (data / withdrawals.FILE).write_text(withdrawals.text({gone}), "utf-8")
    again = reanchor(old, new, data, method="transcription")
    assert again.new == f"{ID}extraction/carnet-99-3"


def test_what_could_not_be_placed_is_listed_and_stays(
    data: Path, old: SourceFile, tmp_path: Path
) -> None:
    text = old.text.replace("mars 2014", "avril 1999 ou mai")
    new = better(tmp_path, text)
    done = reanchor(old, new, data, method="transcription", rehearse=False)
    assert outcomes(done) == {"passage/carnet-99-0-24": Outcome.LOST}
    assert [*words(data, old.text, "extraction/carnet-99")] == ["passage/carnet-99-0-24"]
    assert len(words(data, text, "extraction/carnet-99-2")) == 2
    again = reanchor(old, new, data, rehearse=False)
    assert (again.is_new, again.carried, again.files) == (False, (), ()) and again.left == done.left


def test_changed_words_are_carried_where_that_is_asked_for(
    data: Path, old: SourceFile, tmp_path: Path
) -> None:
    text = old.text.replace("outils", "0utils")
    new = better(tmp_path, text)
    done = reanchor(old, new, data, method="transcription")
    assert outcomes(done) == {"passage/carnet-99-25-73": Outcome.CHANGED}
    part = next(it for it in done.carried if it.is_part)
    assert part.outcome is Outcome.CHANGED, "a part is its bounds"
    whole = reanchor(old, new, data, method="transcription", with_changed=True, rehearse=False)
    assert whole.left == ()
    assert "0utils" in words(data, text, "extraction/carnet-99-2")["passage/carnet-99-25-73"]


def test_parts_are_carried_together_or_not_at_all(
    data: Path, old: SourceFile, tmp_path: Path
) -> None:
    done = reanchor(old, better(tmp_path, old.text[:24] * 9), data, method="transcription")
    assert outcomes(done)["part/carnet-99-tout"] is Outcome.LOST
    second = f"""
    GRAPH <{ID}graph/carnet-99> {{
        <{ID}part/carnet-99-fin> a <https://w3id.org/rallynov/ontology#DocumentPart> ;
            <{OA}hasSource> <{ID}extraction/carnet-99> ; <{OA}hasSelector> <{ID}selector/fin> .
        <{ID}selector/fin> <{OA}start> 0 ; <{OA}end> 24 .
    }}
    """
    (data / "more.trig").write_text(second, "utf-8")
    done = reanchor(old, better(tmp_path, old.text[:24] + " " * 9), data, method="transcription")
    assert outcomes(done)["part/carnet-99-fin"] is Outcome.WITH_OTHERS
    assert outcomes(done)["part/carnet-99-tout"] is Outcome.LOST
    assert [it.name for it in done.carried] == ["passage/carnet-99-0-24"]


def test_whatever_is_put_in_between_passages_keep_their_words(
    data: Path, old: SourceFile, tmp_path: Path
) -> None:
    before, written = words(data, old.text, "extraction/carnet-99"), (data / CARNET).read_bytes()
    first, second = old.text.split("\n")
    for seed in range(5):
        noise = ["".join(random.Random(seed + n).choices("XYZ W\n", k=15 * n)) for n in range(3)]
        text = f"\n{noise[0]}\n{first}\n{noise[1]}\n{second}\n\n{noise[2]}\n"
        (data / CARNET).write_bytes(written)
        done = reanchor(old, better(tmp_path, text), data, method="transcription", rehearse=False)
        carried = words(data, text, "extraction/carnet-99-2")
        passages = {iri: it for iri, it in carried.items() if iri.startswith("passage")}
        assert passages == {iri: before[iri] for iri in passages}
        assert {*carried} | {*outcomes(done)} == {*before} and len(passages) == 2


REFUSED = [
    ("{}", {}, SourceError, r"better\.txt.*the same text as .*carnet-99\.txt"),
    ("x {}", {}, UnknownNameError, "--method is one of programme, reconnaissance"),
    ("x {}", {"method": "magie"}, UnknownNameError, "'magie' is not a method"),
]


def test_what_cannot_be_done_is_refused_before_anything_changes(
    data: Path, old: SourceFile, tmp_path: Path
) -> None:
    before = quads(data)
    for text, options, error, says in REFUSED:
        new = better(tmp_path, text.format(old.text))
        with pytest.raises(error, match=says):
            reanchor(old, new, data, rehearse=False, **options)
    assert quads(data) == before


def test_a_text_of_another_document_is_refused(data: Path, old: SourceFile, tmp_path: Path) -> None:
    new = better(tmp_path, "Tout autre chose.")
    other = f"""
    <{ID}extraction/x> a <https://w3id.org/rallynov/ontology#Extraction> ;
        <http://purl.org/dc/terms/isFormatOf> <{ID}document/x> ;
        <https://w3id.org/rallynov/ontology#sha256> "{new.sha256}" ;
        <https://w3id.org/rallynov/ontology#lengthInCodePoints> 17 .
    """
    (data / "other.trig").write_text(other, "utf-8")
    with pytest.raises(SourceError, match=f"<{ID}extraction/x>, a text of <{ID}document/x>"):
        reanchor(old, new, data, rehearse=False)
    with pytest.raises(SourceError, match=r"better\.txt.*no text of the data has that.*carnet-99"):
        reanchor(better(tmp_path, "Rien de connu."), old, data, rehearse=False)


def test_the_command_tells_first_and_writes_when_it_is_told_to(
    rallynov, data: Path, whole: Path, old: SourceFile, tmp_path: Path
) -> None:
    new = better(tmp_path, old.text.replace("'", "’"))
    before = (data / CARNET).read_bytes()
    options = ("reanchor", old.path, new.path, "--data", data, "--method", "transcription")
    ran = rallynov(*options)
    assert ran.status == 0 and "3 of 3 passages and parts would be moved" in ran.out
    assert (data / CARNET).read_bytes() == before and "Atelier" not in ran.out
    ran = rallynov(*options, "--write")
    assert ran.status == 0 and f"{CARNET.as_posix()} is changed." in ran.out
    shutil.copy(data / CARNET, whole / CARNET)
    checked = rallynov("validate", *sources.files_under(whole))
    assert checked.status == 0, checked.out
    back = rallynov("reanchor", new.path, old.path, "--data", data)
    assert back.status == 0, "to a text that is described"
    assert rallynov("reanchor", old.path, "nowhere.txt", "--data", data).status == 2
