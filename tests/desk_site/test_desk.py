"""The desk over HTTP, in a process of its own: a reader accepts, refuses, states, undoes."""

import signal

from decided import lines_of
from desks import Desk, desk, fact, proposal
from rallynov_graph.desk.document_folder import folder_of
from small_programme import TEXT, SmallProgramme

WORKSHOP = "L'Atelier du Lac prête des outils entre voisins"
CARRIED = "https://w3id.org/rallynov/ontology#carriedBy"
INNOVATION = "rn:Innovation"


def place(words: str) -> list[list[int]]:
    start = TEXT.index(words)
    return [[start, start + len(words)]]


def test_a_document_becomes_facts(small: SmallProgramme, window: Desk) -> None:
    begun = window.state()
    assert not small.folder.path.exists(), "opening a document writes nothing"
    assert window.ask("GET", f"/{window.slug}/text").text == TEXT
    anne = proposal(begun, "person", "Anne Orvault")
    after = window.done("accept", proposal=anne["id"])
    named = fact(after, "nameAsPrinted", "Anne Orvault")
    assert named["value"]["text"] == "Anne Orvault"
    assert [anne["start"], anne["end"]] in named["words"]
    assert [it["kindLabel"] for it in after["things"]] == ["document", "personne"] and after[
        "saved"
    ]
    assert proposal(after, "person", "Anne Orvault")["status"] == "accepted"

    refused = window.done("refuse", proposal=proposal(begun, "place")["id"])
    assert proposal(refused, "place")["status"] == "refused"

    stated = window.done(
        "state",
        words=place(WORKSHOP),
        subject={"new": "Prêt d’outils", "class": INNOVATION},
        property=CARRIED,
        object={"new": {"fr": "L’Atelier du Lac"}, "class": "organisation"},
        certainty="inferred",
        reason={"fr": "Prêter est lu comme une innovation."},
    )
    carried = fact(stated, "carriedBy")
    assert carried["subject"]["kind"] == "innovation"
    assert (carried["certainty"], carried["words"]) == ("inferred", place(WORKSHOP))
    assert carried["reason"] == {"fr": "Prêter est lu comme une innovation."}
    assert fact(stated, "nameAsPrinted", "Atelier")["value"]["text"] == "L'Atelier du Lac"
    assert [[*place(WORKSHOP)[0], "inferred"]] == [
        it for it in stated["read"] if it[2] != "explicit"
    ]

    changed = window.done(
        "change",
        fact=carried["id"],
        words=place(WORKSHOP),
        subject=carried["subject"]["address"],
        property=CARRIED,
        object=carried["value"]["address"],
    )
    assert fact(changed, "carriedBy")["certainty"] == "explicit"
    dropped = window.done("drop", fact=fact(changed, "carriedBy")["id"])
    assert not [it for it in dropped["facts"] if it["property"]["iri"] == CARRIED]
    assert dropped["undo"]

    undone = window.done("undo")
    assert undone["facts"] == changed["facts"]
    redone = window.done("redo")
    assert redone["facts"] == dropped["facts"] and redone["redo"] is None
    assert small.written().count("rn:nameAsPrinted") == 2


def test_what_was_done_outlasts_a_kill(small: SmallProgramme, window: Desk) -> None:
    wanted = proposal(window.state(), "person")["id"]
    window.act("accept", proposal=wanted)
    before = window.state()
    window.act("undo")
    window.process.send_signal(signal.SIGKILL)
    assert len(lines_of(small.folder)) == 8
    file = small.folder.path / "decisions" / "curateurs.jsonl"
    with file.open("a", encoding="utf-8") as lines:
        lines.write('{"set":"half a line')
    with desk(small.root, small.slug, slug=small.slug) as again:
        found = again.state()
        assert (found["facts"], found["undo"]) == ([], None)
        assert found["redo"] == before["undo"]
        assert again.done("redo")["facts"] == before["facts"]
    assert file.with_name("curateurs.jsonl.torn").read_text("utf-8").startswith('{"set"')


def test_a_file_begins_a_document_that_is_called_after_it(small: SmallProgramme) -> None:
    file = small.root / "Lettre 2, été.txt"
    file.write_bytes("\ufeffNotre lettre\r\nde l’été, par Luc Essart.\r\n".encode())
    with desk(small.root, file, slug="lettre-2-ete") as window:
        text = window.ask("GET", f"/{window.slug}/text").text
        assert text == "Notre lettre\nde l’été, par Luc Essart.\n"
        window.done("part", words=[[0, 12]], label="titre")
    with desk(small.root, file, small.slug) as running:
        both = running.window("lettre-2-ete")
        assert both.state()["parts"][1]["label"] == "titre"
        listed = both.ask("GET", "/").text
        assert "lettre-2-ete" in listed and small.slug in listed
    folder = folder_of(small.root / "data", "lettre-2-ete")
    assert "Essart" not in "".join(lines_of(folder)), "the text is never written"
