"""What a key alone accepts of a place or an event: no fact stands alone, none is doubled."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from decided import lines_of, rallynov
from decided_trial import READER, at_desk, to_enter_alone
from desks import Desk, desk, fact, proposal, small_desk
from marked_letters import read
from rallynov_graph.base.resources import data_dir
from rallynov_graph.desk.proposing.proposal import KINDS
from small_programme import TELEPHONE, SmallProgramme
from waiting import eventually

TEXT = (
    "Lettre n° 1 - mars 2014\n\nLa rencontre annuelle est annoncée à Besançon et à Trévole.\n"
    "Elle a lieu le 3 avril 2014.\n"
)
LETTERS = Path(__file__).parents[1] / "desk" / "letters"
OF_KNOWN = "L'étape se prépare.\n\n28 novembre, Besançon : clôture du Rally'nov.\n"
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
    alone_said = {"property": "rdf:type", "object": "schema:Event", "words": [named]}
    new = {"new": event["label"], "class": "schema:Event"}
    accepted = window.done("state", subject=new, **alone_said)
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

    # A name of nine words of the text is a quotation.
    long = {"new": TEXT.splitlines()[2], "class": "schema:Event"}
    said = window.done(
        "state", subject=long, property="rn:status", object="status/annoncee", words=whole
    )
    assert fact(said, "status", of="annuelle")["subject"]["label"] == f"« {long['new']} »"
    window.done("undo")

    # An event that is there is not stated again by accepting it.
    window.done("undo")
    stated = window.done("state", subject=new, **date)
    again = window.done("accept", proposal=event["id"])
    assert again["facts"] == stated["facts"]
    assert proposal(again, "event", event["label"])["status"] == "accepted"
    window.done("undo")
    window.done("undo")
    accepted = window.done("accept", proposal=event["id"])
    assert fact(accepted, "status")["value"]["label"] == "annoncée", "a fact beside its kind"
    assert not alone(window)


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
    talks = [
        "contes",
        "semis",
        "loups",
        "vents",
        "sources",
        "ponts",
        "forêts",
        "cartes",
        "quais",
        "abeilles",
        "tisserands",
    ]
    text = "Lettre n° 1 - mars 2014\n\n" + "".join(
        f"- {day} avril, Vesoul : veillée des {it}.\n" for day, it in enumerate(talks, 2)
    )
    small = small_desk(tmp_path, text)
    other = small.root / "texts" / "lettre-2.txt"
    other.write_text(text.replace("n° 1", "n° 2"), "utf-8")
    with desk(small.root, other, small.slug, slug=small.slug) as window:
        for it in talks[:-1]:
            window.done("refuse", proposal=proposal(window.state(), "event", it)["id"])
        for it in [it for it in window.state()["proposals"] if it["kind"] == "place"][:4]:
            window.done("accept", proposal=it["id"])
    with desk(small.root, other, small.slug, slug=small.slug) as window:
        assert proposal(window.state(), "event", talks[-1]) and not window.state()["withheld"]
        elsewhere = window.window("lettre-2").state()
    kinds = {it["kind"] for it in elsewhere["proposals"]}
    assert not {"event", "relation"} & kinds, "where an event is goes with it"
    assert elsewhere["withheld"] == ["« … » près d’une date (refusée 10 fois sur 10)"]
    assert proposal(elsewhere, "place")["why"].endswith("dans ce dossier, acceptée 4 fois sur 4")
    printed = rallynov("propose", small.root, other, "--lang", "en")
    assert "“…” near a date (refused 10 times out of 10)" in printed.err
    assert '"kind": "event"' not in printed.out


ROUNDS = 4
"""Twenty of each kind build as well: it takes three minutes."""
TOWNS = "Nantua Vesoul Auray Brioude Rethel Sedan Commercy Royan Redon Espalion Saverne Modane"
TOWNS += " Digoin Ussel Thiers Ambert Issoire Toul Lannion Roscoff"
SURNAMES = "Orvault Marchevin Dorbel Tavel Sorel Garnier Lenoir Riva Morin Astier"


def test_proposals_of_each_kind_are_accepted_and_what_was_accepted_builds(
    tmp_path: Path,
) -> None:
    names = SURNAMES.split()
    people = [f"{first} {name}" for first in ("Anne", "Paul") for name in names][:ROUNDS]
    towns = TOWNS.split()[:ROUNDS]
    text = "# Le Palier, lettre du parcours « Voisins de partout »\n\n*mars 2014*\n\n"
    for n, (town, who) in enumerate(zip(towns, people, strict=True), 101):
        body = f"Atelier {who.replace(' ', '')}"
        text += (
            f"L'{body} prête des outils entre voisins.\n"
            f"« On répare ensemble la rue {n} », dit {who}, membre de l'{body}.\n"
            f"À l'étape de {town}, on parle de mobilité des voisins du numéro {n}.\n"
            f"L'innovation « Outils partagés {n} » réunit {n} habitants.\n"
            f"La veillée de {who} a lieu le 3 avril 2014 à 14h{n - 90}.\n\n"
        )
    text += f"Anne Orvault : {TELEPHONE}\n"
    small = small_desk(tmp_path, text)
    dataset = small.root / "data" / "dataset.trig"
    dataset.write_text(dataset.read_text("utf-8").replace(READER, "agent/curateurs"), "utf-8")
    with desk(small.root, small.slug, slug=small.slug) as window:
        proposals = window.state()["proposals"]
        assert {it["kind"] for it in proposals} == {*KINDS}
        decided = []

        def act(name: str, **more: object) -> None:
            status, said = window.act(name, **more)
            assert status == 200, said

        def accept(kind: str, label: str, near: int, **more: object) -> None:
            found = (
                it["id"]
                for it in proposals
                if it["kind"] == kind and label in it["label"] and it["start"] >= near
            )
            decided.append(next(found))
            act("accept", proposal=decided[-1], **more)

        def say(words: str, near: int, subject: str, name: str, value: object) -> None:
            start = text.index(words, near)
            said = {"words": [[start, start + len(words)]], "subject": subject}
            act("state", **said, property=name, object=value)

        for n, (town, who) in enumerate(zip(towns, people, strict=True), 101):
            body = f"Atelier {who.replace(' ', '')}"
            near = text.index(f"L'{body} prête")
            stage, met, tools = f"étape de {town}", f"veillée de {who}", f"Outils partagés {n}"
            for kind, label in (
                *(("organisation", body), ("person", who), ("place", town), ("stage", stage)),
                *(("innovation", tools), ("event", met), ("quotation", str(n))),
                *(("relation", "membre"), ("relation", stage)),
            ):
                accept(kind, label, near)
            counted = {"new": f"décompte {n}", "class": "rn:ReportedFigure"}
            accept("figure", f"{n} habitants", near, subject=counted, property="rdf:value")
            things = {it["label"]: it["address"] for it in window.state()["things"]}
            stage, met, figure = (things[it] for it in (stage, met, counted["new"]))
            accept("theme", "mobilité", near, subject=stage)
            accept("date", "3 avril", near, subject=met, property="schema:startDate")
            accept("date", f"14h{n - 90}", near, subject=met, property="rn:startTime")

            # What the rules demand beside.
            printed = f"{n} habitants"
            say(printed, near, figure, "rn:asPrinted", {"value": str(n)})
            say(printed, near, figure, "rn:figureOf", met)
            say(printed, near, figure, "rn:measure", "measure/personnes-seduites")

        contact = next(it["id"] for it in proposals if it["kind"] == "contact")
        assert window.act("accept", proposal=contact)[0] == 422, "it is refused, and never noted"
        act("refuse", proposal=contact)
        accept("date", "mars 2014", 0)
        now = {it["id"]: it["status"] for it in window.state()["proposals"]}
        assert {now[it] for it in decided} <= {"accepted", "changed"}
        act("write")
    built = rallynov("build", small.root)
    assert built.status == 0, built.err


ASKS = {("theme", "subject"), ("date", "subject"), ("figure", "subject"), ("contact", "proposal")}
"""The kinds whose form a page opens, and what the reader must say there."""


@pytest.mark.parametrize("letter", ["estran-7", "quartiers.txt"])
def test_what_is_accepted_alone_builds(tmp_path: Path, letter: str) -> None:
    """A folder in French that has no places yet, and one in two languages that knows much."""
    slug = letter.rpartition("/")[2].removesuffix(".txt")
    if slug == letter:
        root = at_desk(to_enter_alone(tmp_path)).root
    else:
        root = tmp_path
        shutil.copytree(data_dir(), root / "data")
        (root / "texts").mkdir()
        text = root / "texts" / f"{slug}.txt"
        text.write_text(f"{read(LETTERS / letter)[0]}\n{OF_KNOWN}", "utf-8")
    with desk(root, slug, slug=slug) as window:
        for it in window.state()["proposals"]:
            status, said = window.act("accept", proposal=it["id"])
            assert status == 200 or (it["kind"], said["field"]) in ASKS, (it, said)
        window.done("write")
    built = rallynov("build", root)
    assert built.status == 0, built.err + rallynov("validate", root).out
