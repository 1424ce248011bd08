"""What may go wrong at the desk: a sentence, nothing lost, and the next act works."""

from __future__ import annotations

import json
import resource
import socket
from typing import Any

from decided import lines_of
from desks import Desk, desk, fact, proposal, refused
from small_programme import TEXT, SmallProgramme

WORKSHOP = "L'Atelier du Lac prête des outils entre voisins"
PLACE = [[TEXT.index(WORKSHOP), TEXT.index(WORKSHOP) + len(WORKSHOP)]]
STATED: dict[str, Any] = {
    "words": PLACE,
    "subject": {"new": "Prêt", "class": "rn:Innovation"},
    "property": "rn:nature",
    "object": "nature/pratique",
}


def post(window: Desk, body: object) -> tuple[int, dict[str, Any]]:
    path = f"/{window.slug}/acts"
    answer = window.ask("POST", path, body, Origin=window.origin, X_Desk=window.csrf)
    return answer.status, json.loads(answer.text)


def test_hostile_acts_are_refused_and_write_nothing(small: SmallProgramme, window: Desk) -> None:
    window.act("accept", proposal=proposal(window.state(), "person")["id"])
    lines = lines_of(small.folder)
    for body, status in (
        *((content, 400) for content in (b"", b"{", b"\xff\xfe", b"[" * 100_000, b"7")),
        ({"version": window.version}, 400),
        ({"do": []}, 400),
        (b" " * (10 << 20), 413),
        ({"version": [], "do": {"act": "undo"}}, 409),
    ):
        got, said = post(window, body)
        assert got == status and said["error"], body if isinstance(body, dict) else body[:20]
    garbage = [None, 7, True, [], {}, "", " ", "\0", "a\u202eb", "\ud800", "x" * 30_000, [[1]]]
    garbage += [{"new": 1}]
    acts = {
        "state": STATED,
        "accept": {"proposal": "x"},
        "refuse": {"proposal": "x"},
        "change": {**STATED, "fact": fact(window.state(), "type")["id"]},
        "drop": {"fact": "x"},
        "name": {"thing": "x", "label": {"fr": "y"}},
        "part": {"words": [0, 3], "label": {"fr": "y"}},
        "apart": {"set": "x", "subject": "y"},
        "question": {"label": {"fr": "y"}, "readings": [{"label": {"fr": "a"}}] * 2},
        "identity": {"thing": "x", "other": "y", "decision": "same", "reason": {"fr": "z"}},
        "settle": {"difference": "x", "take": "both"},
    }
    for name, fields in acts.items():
        for field in fields:
            for value in garbage:
                status, said = window.act(name, **{**fields, field: value})
                assert 400 <= status < 500 and said["error"], (name, field, value)
    odd: list[dict[str, Any]] = [
        {"property": "rn:timeAsPrinted", "object": {"value": "x", "datatype": "no address"}},
        {"property": "dcterms:language", "object": "http://[no address"},
        {"property": "skos:altLabel", "object": {"text": "x", "lang": "x y"}},
        {"voice": {"new": "X", "class": "no class"}},
        {"set": "assertion-set/none"},
        {"reading": "reading/none"},
        {"reading": []},
        {"reading": {"new": 1}},
        {"subject": "javascript:alert(1)"},
    ]
    for fields in odd:
        status, said = window.act("state", **{**STATED, **fields})
        assert (status, bool(said["error"])) == (422, True), fields
    named = fact(window.state(), "type")["subject"]["address"]
    status, said = window.act("identity", **{**acts["identity"], "thing": named})
    assert (status, said["field"]) == (422, "other"), "it is not an address"
    for words in ([[0, 10**9]], [[5, 5]], [[-1, 3]], [[0, 2.5]], [["0", "3"]], [[22, 24]] * 99):
        assert window.act("state", **{**STATED, "words": words})[0] == 422
    assert window.act("unknown")[0] == 422
    assert lines_of(small.folder) == lines
    label = "<script>alert(1)</script> & {{ 7*7 }} \u200e«\u00a0\u202fא»"
    after = window.done("state", **{**STATED, "subject": {"new": label, "class": "rn:Innovation"}})
    assert fact(after, "nature")["subject"]["label"] == label, "what looks like code is a name"
    assert "<script>alert" not in window.ask("GET", f"/{window.slug}").text
    assert window.ask("GET", f"/{window.slug}/things?q=%3Cscript").status == 200


def test_a_lost_answer_is_asked_for_again_and_done_once(
    small: SmallProgramme, window: Desk
) -> None:
    body = {"version": window.version, "id": "act-1", "do": {"act": "state", **STATED}}
    first = post(window, body)
    count = len(lines_of(small.folder))
    again = post(window, body)
    assert (first[0], again[0], again[1]["version"]) == (200, 200, first[1]["version"])
    assert again[1]["made"] == first[1]["made"]
    assert len(lines_of(small.folder)) == count
    assert post(window, {**body, "id": "act-2"})[0] == 409


def test_windows_and_desks_do_not_overwrite_each_other(small: SmallProgramme, window: Desk) -> None:
    other = window.window(small.slug)
    first = window.done("accept", proposal=proposal(window.state(), "person")["id"])
    other.language = "en"
    status, said = other.act("state", **STATED)
    assert status == 409 and said["error"].startswith("Another window or desk")
    assert said["state"]["facts"] == first["facts"] or len(said["state"]["facts"]) == 2
    other.version = said["state"]["version"]
    assert other.act("state", **STATED)[0] == 200
    with desk(small.root, small.slug, slug=small.slug) as second:
        second.done("undo")
        status, said = other.act("undo")
        assert status == 409 and said["state"]["redo"]
        other.version = said["state"]["version"]
        assert other.act("redo")[0] == 200
        assert second.act("redo")[0] == 409


def test_a_full_disk_or_a_folder_in_the_way_loses_nothing(
    small: SmallProgramme, window: Desk
) -> None:
    window.act("accept", proposal=proposal(window.state(), "person")["id"])
    lines = lines_of(small.folder)
    size = sum(len(it.encode()) + 1 for it in lines)
    limit, endless = resource.RLIMIT_FSIZE, resource.RLIM_INFINITY
    resource.prlimit(window.process.pid, limit, (size + 20, endless))
    status, said = window.act("state", **STATED)
    assert status == 507 and "disque est plein" in said["error"]
    assert lines_of(small.folder) == lines
    resource.prlimit(window.process.pid, limit, (endless, endless))
    assert window.act("state", **STATED)[0] == 200

    folder = small.folder.path
    folder.rename(folder.with_name("away"))
    folder.write_text("in the way", "utf-8")
    status, said = window.act("state", **STATED)
    assert status == 409 and "ce n’est pas un dossier" in said["error"]
    folder.unlink()
    folder.with_name("away").rename(folder)
    assert window.act("undo")[0] == 200


def test_another_text_of_the_document_is_told_with_what_to_do(
    small: SmallProgramme, window: Desk
) -> None:
    window.act("state", **STATED)
    other = small.text.rename(small.text.with_name("lettre-9.txt"))
    other.write_text("Une autre.\n", "utf-8")
    for language, words in (("fr", "il faut le texte de document/lettre-1"), ("en", "is needed")):
        status, told = refused(small.root, small.slug, "--lang", language)
        assert status == 2 and words in told and "lettre-9" not in told, "it takes no other's text"
    other.rename(small.text)
    small.text.write_text(TEXT.replace("outils", "vélos"), "utf-8")
    for language, words in (("fr", "reportez les passages"), ("en", "move the passages")):
        status, told = refused(small.root, small.slug, "--lang", language)
        assert status == 2 and words in told
    file = small.folder.path / "decisions" / "curateurs.jsonl"
    opening = json.loads(file.read_text("utf-8").splitlines()[0])
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({**opening, "sha256": "0" * 64}) + "\n")
    answer = window.ask("GET", f"/{window.slug}/state?lang=en")
    assert (
        answer.status == 409 and "open it again with that text" in json.loads(answer.text)["error"]
    )
    assert window.act("undo")[0] == 409


NOT_OPENED = (
    (["nulle-part"], "donnez son texte avec --source"),
    (["lettre-2"], "serait-ce lettre-1 ?"),
    (["lettre-2", "--lang", "en"], "did you mean lettre-1?"),
    (["lettre-1", "--reader", "agent/settled"], "settled"),
    (["lettre-1", "--reader", "agent/é x"], "n’est pas un lecteur"),
    (["lettre-1", "lettre-2", "--document", "x"], "n’en donnez qu’un"),
    (["lettre-1", "lettre-2", "--document", "x", "--lang", "en"], "give one"),
)


def test_what_cannot_be_opened_is_a_sentence(small: SmallProgramme) -> None:
    for arguments, words in NOT_OPENED:
        status, told = refused(small.root, *arguments)
        assert status == 2 and words in told, told
    nowhere = small.root / "nulle-part"
    for language, words in (("fr", "n’a pas de données"), ("en", "has no data")):
        status, told = refused(nowhere, "lettre-1", "--lang", language)
        assert status == 2 and words in told, told
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for language, words in (("fr", "est pris"), ("en", "is taken")):
            status, told = refused(small.root, "lettre-1", "--port", port, "--lang", language)
            assert status == 2 and words in told, told
