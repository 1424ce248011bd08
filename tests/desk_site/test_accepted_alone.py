"""What a key alone accepts of a place or an event: no fact stands alone, none is doubled."""

from __future__ import annotations

import shutil
from pathlib import Path

from decided import lines_of, rallynov
from decided_trial import READER
from desks import Desk, desk, fact, proposal, small_desk
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.resources import data_dir
from rallynov_graph.desk.proposing.proposal import KINDS
from small_programme import TELEPHONE, SmallProgramme
from waiting import eventually

TEXT = (
    "Lettre n° 1 - mars 2014\n\nLa rencontre annuelle est annoncée à Besançon et à Trévole.\n"
    "Elle a lieu le 3 avril 2014.\n"
)
ALONE = "fact_is_said_where_its_subject_is"
BESANCON = "https://w3id.org/rallynov/id/place/besancon"


def place(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def alone(window: Desk) -> list[str]:
    """Return what the rules find that stands alone, once the data were read."""
    assert eventually(lambda: not window.state()["checking"], 120)
    return [it["text"] for it in window.state()["findings"] if it["rule"] == ALONE]


def test_a_known_place_is_accepted_and_nothing_is_stated_of_it(
    small: SmallProgramme, window: Desk
) -> None:
    place = proposal(window.state(), "place", "Besançon")
    assert place["candidates"][0]["iri"] == BESANCON
    accepted = window.done("accept", proposal=place["id"])
    assert proposal(accepted, "place", "Besançon")["status"] == "accepted"
    assert accepted["facts"] == [] and accepted["undo"] == "Besançon"
    assert BESANCON in {it["address"] for it in accepted["things"]}, "it is at hand for facts"
    assert '{"thing":"place/besancon","from":"' in lines_of(small.folder)[-1]
    status, said = window.act("name", thing=BESANCON, label={"fr": "Vesontio"})
    assert (status, said["field"]) == (422, "thing"), "its name is another file's"

    undone = window.done("undo")
    assert proposal(undone, "place", "Besançon")["status"] == "waiting"
    assert BESANCON not in {it["address"] for it in undone["things"]}
    chosen = window.done("accept", proposal=place["id"], subject="place/vesoul")
    assert proposal(chosen, "place", "Besançon")["status"] == "changed"
    status, said = window.act("accept", proposal=place["id"], subject="place/nowhere")
    assert (status, said["field"]) == (422, "subject")
    assert "besancon" not in small.written()


def test_the_kind_of_an_event_joins_the_fact_that_follows(window: Desk) -> None:
    event = proposal(window.state(), "event", "rencontre annuelle")
    named = [event["start"], event["end"]]
    accepted = window.done("accept", proposal=event["id"])
    address = fact(accepted, "type")["subject"]["address"]
    assert alone(window), "nothing else is said of it yet"

    date = {"words": [place("le 3 avril 2014")], "property": "schema:startDate"}
    date |= {"object": {"value": "2014-04-03"}}
    unsure = {"certainty": "tentative", "reason": {"fr": "« Elle » est lu comme la rencontre."}}
    window.done("state", subject=address, **date, **unsure)
    assert fact(window.state(), "type")["certainty"] == "explicit", "it does not become unsure"
    window.done("undo")

    dated = window.done("state", subject=address, **date)
    (kind,) = [it for it in dated["facts"] if it["property"]["iri"].endswith("#type")]
    assert kind["set"] == fact(dated, "startDate")["set"]
    assert kind["words"] == [*date["words"], named], "the words for its kind are kept"
    assert not alone(window)
    undone = window.done("undo")
    assert undone["facts"] == accepted["facts"]

    # Words that have its name need no more words, and a fact that is changed takes its kind along.
    whole = [place("La rencontre annuelle est annoncée")]
    said = {"property": "rn:status", "object": "status/annoncee"}
    announced = window.done("state", words=whole, subject=address, **said)
    assert fact(announced, "type")["words"] == whole
    shorter = [place("est annoncée")]
    changed = window.done(
        "change", fact=fact(announced, "status")["id"], words=shorter, subject=address, **said
    )
    assert [it["words"] for it in changed["facts"]] == [shorter, shorter]
    assert not alone(window)
    window.done("undo")
    window.done("undo")

    # An event that is there is not stated again by accepting it.
    window.done("undo")
    new = {"new": event["label"], "class": "schema:Event"}
    stated = window.done("state", subject=new, **date)
    again = window.done("accept", proposal=event["id"])
    assert again["facts"] == stated["facts"]
    assert proposal(again, "event", event["label"])["status"] == "accepted"


def test_a_known_body_that_is_only_mentioned_is_no_fault(tmp_path: Path) -> None:
    shutil.copytree(data_dir(), tmp_path / "data")
    text = tmp_path / "lettre-9.txt"
    said = "Les associations Réseau Innovation FC et Âges & Vie étaient là.\nÂges & Vie, encore.\n"
    text.write_text(f"Lettre n° 9\n\n{said}", "utf-8")
    again = text.read_text("utf-8").rindex("Âges")
    with desk(tmp_path, text, slug="lettre-9") as window:
        for name in ("Réseau Innovation FC", "Âges & Vie"):
            known = proposal(window.state(), "organisation", name)
            assert known["candidates"][0]["iri"], known
            accepted = window.done("accept", proposal=known["id"])
        assert not alone(window)
        told = [(it["property"]["iri"].rpartition("#")[2], it["set"]) for it in accepted["facts"]]
        assert sorted(name for name, _ in told) == [*["nameAsPrinted"] * 2, *["type"] * 2]
        assert len({where for _, where in told}) == 2, "a kind stands with its name"

        address = known["candidates"][0]["iri"]
        named = {"property": "rn:nameAsPrinted", "object": {"value": "Âges & Vie"}}
        named |= {"words": [[again, again + len("Âges & Vie")]], "subject": address}
        twice = window.done("state", **named)
        assert len(twice["facts"]) == 5, "of what kind it is, is said once"
        assert not alone(window)


def test_reasons_weigh_by_what_was_decided_of_them_in_other_documents(tmp_path: Path) -> None:
    """A second reader of the same document sees nothing of it."""
    talks = ("contes", "semis", "loups", "vents", "sources")
    text = "Lettre n° 1 - mars 2014\n\n" + "".join(
        f"- {day} avril, Vesoul : veillée des {it}.\n" for day, it in enumerate(talks, 2)
    )
    small = small_desk(tmp_path, text)
    other = small.root / "texts" / "lettre-2.txt"
    other.write_text(text.replace("n° 1", "n° 2"), "utf-8")
    with desk(small.root, other, small.slug, slug=small.slug) as window:
        for it in talks[:4]:
            window.done("refuse", proposal=proposal(window.state(), "event", it)["id"])
        for it in [it for it in window.state()["proposals"] if it["kind"] == "place"][:4]:
            window.done("accept", proposal=it["id"])
    with desk(small.root, other, small.slug, slug=small.slug) as window:
        assert proposal(window.state(), "event", talks[4]) and not window.state()["withheld"]
        elsewhere = window.window("lettre-2").state()
    assert "event" not in {it["kind"] for it in elsewhere["proposals"]}
    assert elsewhere["withheld"] == ["« … » près d’une date (refusée 4 fois sur 4)"]
    assert proposal(elsewhere, "place")["why"].endswith("dans ce dossier, acceptée 4 fois sur 4")
    printed = rallynov("propose", small.root, other, "--lang", "en")
    assert "“…” near a date (refused 4 times out of 4)" in printed.err
    assert '"kind": "event"' not in printed.out


def test_a_proposal_of_every_kind_is_accepted_and_what_was_accepted_builds(tmp_path: Path) -> None:
    text = (
        "Lettre n° 1 - mars 2014\n\nL'Atelier du Lac prête des outils entre voisins de Nantua.\n"
        "« On répare ensemble », dit Anne Orvault, membre de l'Atelier du Lac.\n"
        "La rencontre annuelle a lieu le 3 avril 2014 à 14h30. Elle réunit 120 habitants.\n"
        "À l'étape de Nantua, on parle de mobilité.\n"
        "L'innovation « Outils partagés » aborde la Santé. Anne Orvault : "
        f"{TELEPHONE}\n"
    )
    small = small_desk(tmp_path, text)
    dataset = small.root / "data" / "dataset.trig"
    dataset.write_text(dataset.read_text("utf-8").replace(READER, "agent/curateurs"), "utf-8")
    with desk(small.root, small.slug, slug=small.slug) as window:

        def thing(label: str) -> str:
            things = window.state()["things"]
            return next(str(it["address"]) for it in things if it["label"] == label)

        def accept(kind: str, label: str = "", **more: object) -> None:
            asked = proposal(window.state(), kind, label)["id"]
            said = window.done("accept", proposal=asked, **more)
            assert proposal(said, kind, label)["status"] in ("accepted", "changed")

        for kind in ("organisation", "person", "place", "innovation", "stage", "event"):
            accept(kind)
        accept("quotation")
        accept("relation")
        met = thing("rencontre annuelle")
        accept("date", "3 avril", subject=met, property="schema:startDate")
        accept("date", "14h30", subject=met, property="rn:startTime")
        counted = {"new": "participation à la rencontre", "class": "rn:ReportedFigure"}
        accept("figure", "120", subject=counted, property="rdf:value")
        accept("theme", subject=thing("Outils partagés"))
        contact = proposal(window.state(), "contact")["id"]
        assert window.act("accept", proposal=contact)[0] == 422, "it is refused, and never noted"
        window.done("refuse", proposal=contact)
        assert {it["kind"] for it in window.state()["proposals"]} == {*KINDS}

        # What the rules demand beside.
        def state(words: str, subject: str, name: str, value: object) -> None:
            start = text.index(words)
            said = {"words": [[start, start + len(words)]]} if words else {}
            window.done("state", subject=subject, property=name, object=value, **said)

        issue = "document/lettre-1"
        state("1", issue, "schema:issueNumber", {"value": "1"})
        state("Lettre", issue, "dcterms:isPartOf", {"new": "Lettre", "class": "schema:Periodical"})
        accept("date", "mars 2014", subject=issue, property="dcterms:issued")
        window.done("name", thing=f"{ID}{issue}", label={"fr": "Lettre 1", "en": "Letter 1"})
        figure = thing("participation à la rencontre")
        state("120 habitants", figure, "rn:asPrinted", {"value": "120"})
        state("120 habitants", figure, "rn:figureOf", met)
        state("120 habitants", figure, "rn:measure", "measure/personnes-seduites")
        state("", thing("Nantua"), "dcterms:type", "place-kind/commune")
        stage, tour = thing("étape de Nantua"), {"new": "Tour", "class": "rn:Rally"}
        state("étape de Nantua", stage, "schema:superEvent", tour)
        state("étape de Nantua", stage, "rn:status", "status/tenue")
        window.done("write")
    built = rallynov("build", small.root)
    assert built.status == 0, built.err
