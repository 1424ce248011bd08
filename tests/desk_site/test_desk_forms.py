"""Forms that are declared: what a text says with several facts, in one act each."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import trial
from decided_trial import READER
from desks import Desk, desk
from entry_kinds import kinds
from inventory import Inventory
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.resources import data_dir, ontology_dir
from rallynov_graph.desk.session.forms import FORMS
from rallynov_graph.desk.short_terms import TYPE, slug_of
from rallynov_graph.desk.terms import Terms, expanded
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.rules import rulebook
from small_programme import SmallProgramme

TEXT = (
    "Lettre n° 2 - mars 2014\n\nAnne Orvault est trésorière de l'Atelier du Lac de 2011 à 2013.\n"
    "Luc Essart lui succède comme trésorier de l'Atelier du Lac.\n"
    "Anne Orvault anime la Veillée du 3 avril 2014. Luc Essart n'est pas venu à la Veillée.\n"
    "Anne Orvault est médiatrice à l'Atelier du Lac.\n"
    "Plus de 300 litres de soupe à la Veillée. Le Fonds du Bac finance la Veillée.\n"
    "« On répare ensemble », dit Anne Orvault. L'Atelier du Lac passe le relais au Fonds du Bac.\n"
    "On ne sait pas combien la Veillée a réuni de monde.\n"
    "L'Atelier du Lac n'organise pas la Veillée. Anne Orvault porte la Ressourcerie.\n"
    "Erratum : la Veillée a lieu le 4 avril 2014.\n"
)
PERSON, BODY = "foaf:Person", "org:Organization"
ANNE: Final = {"new": "Anne Orvault", "class": PERSON}
LUC: Final = {"new": "Luc Essart", "class": PERSON}
LAC: Final = {"new": "Atelier du Lac", "class": BODY}
BAC: Final = {"new": "Fonds du Bac", "class": BODY}


def term(fr: str) -> dict[str, Any]:
    return {"new": {"fr": fr}, "class": "skos:Concept"}


def value(text: str) -> dict[str, str]:
    return {"value": text}


FILLED: Final = {
    "event": (
        "Veillée du 3 avril 2014",
        {"rdfs:label": value("Veillée"), "schema:startDate": value("2014-04-03")},
    ),
    "membership": (
        "Anne Orvault est trésorière de l'Atelier du Lac de 2011 à 2013",
        {
            "org:member": ANNE,
            "org:organization": LAC,
            "org:role": term("trésorier"),
            "org:memberDuring/rn:edtfDate": value("2011/2013"),
            "org:memberDuring/rn:dateAsPrinted": value("de 2011 à 2013"),
        },
    ),
    "succession": (
        "Luc Essart lui succède comme trésorier de l'Atelier du Lac",
        {
            "org:member": LUC,
            "dcterms:replaces/org:member": "Anne Orvault",
            "org:organization": "Atelier du Lac",
            "org:role": "trésorier",
        },
    ),
    "role": (
        "Anne Orvault anime la Veillée",
        {"rn:participant": "Anne Orvault", "rn:role": term("anime"), "rn:inEvent": "Veillée"},
    ),
    "absence": (
        "Luc Essart n'est pas venu à la Veillée",
        {"rn:participant": "Luc Essart", "rn:inEvent": "Veillée"},
    ),
    "office": (
        "Anne Orvault est médiatrice à l'Atelier du Lac",
        {
            "org:heldBy": "Anne Orvault",
            "rn:nameAsPrinted": value("médiatrice"),
            "org:postIn": "Atelier du Lac",
        },
    ),
    "figure": (
        "Plus de 300 litres de soupe à la Veillée",
        {
            "rn:asPrinted": value("Plus de 300 litres"),
            "rdf:value": value("300"),
            "rn:measure": term("soupe"),
            "rn:figureOf": "Veillée",
            "rn:bound": "plus de",
            "schema:unitText": value("litre"),
        },
    ),
    "funding": (
        "Le Fonds du Bac finance la Veillée",
        {
            "schema:funder": BAC,
            "schema:fundedItem": "Veillée",
            "rn:asPrinted": value("finance"),
            "rn:fundingScope": "participation",
        },
    ),
    "words": (
        "« On répare ensemble », dit Anne Orvault",
        {
            "rn:participant": "Anne Orvault",
            "rn:mode": "cité",
            "rn:quotedSegment": "words",
            "schema:about": "Veillée",
        },
    ),
    "relay": (
        "L'Atelier du Lac passe le relais au Fonds du Bac",
        {
            "rn:relayFrom": "Atelier du Lac",
            "rn:relayTo": "Fonds du Bac",
            "rn:asPrinted": value("passe le relais"),
        },
    ),
    "denial": (
        "L'Atelier du Lac n'organise pas la Veillée",
        {
            "owl:sourceIndividual": "Veillée",
            "owl:assertionProperty": "rn:partner",
            "owl:targetIndividual": "Atelier du Lac",
        },
    ),
    "unknown": (
        "On ne sait pas combien la Veillée a réuni de monde",
        {"subject": "Veillée", "rn:statedUnknown": ["rn:figureOf", term("affluence")]},
    ),
    "erratum": ("la Veillée a lieu le 4 avril 2014", {"fact": "?", "value": value("2014-04-04")}),
    "scope": (
        "",
        {
            "rn:soughtKind": "schema:Event",
            "rn:soughtProperty": ["rn:startTime", "rn:endTime"],
            "rn:readIn": "document/lettre-1",
        },
    ),
}


def place(words: str) -> list[list[int]]:
    start = TEXT.index(words)
    return [[start, start + len(words)]] if words else []


def address(state: dict[str, Any], given: Any) -> Any:
    """Return the address of a thing that the desk calls so, and anything else as it is."""
    found = {it["label"]: it["address"] for it in state["things"]}
    return found.get(given, given) if isinstance(given, str) else given


def test_each_form_is_filled_undone_done_again_and_builds(
    small: SmallProgramme, window: Desk, tmp_path: Path
) -> None:
    assert {*FILLED} == {*FORMS}, "each form is filled"
    state = begun(small, window, "2014-03")
    for form, (words, told) in FILLED.items():
        day = [it for it in state["facts"] if it["value"].get("text") == "2014-04-03"]
        given = {**told, "fact": day[0]["id"]} if form == "erratum" else told
        values = {
            name: [
                lookup(window, name, state, one) for one in (it if isinstance(it, list) else [it])
            ]
            for name, it in given.items()
        }
        before, state = state, window.done("fill", form=form, words=place(words), values=values)
        assert len(state["facts"]) > len(before["facts"]), form
        undone = window.done("undo")
        assert [it["id"] for it in undone["facts"]] == [it["id"] for it in before["facts"]], form
        assert window.done("redo")["facts"] == state["facts"], form
    loan = {"new": {"fr": "Ressourcerie"}, "class": "rn:Innovation"}
    # A kind without a form of its own has one with all its properties, of a thing new or known.
    carried = {"subject": [loan], "rn:carriedBy": [address(state, "Anne Orvault")]}
    words = place("Anne Orvault porte la Ressourcerie")
    told = window.done("fill", form="rn:Innovation", words=words, values=carried)
    carried = {
        n: [address(told, it)]
        for n, it in (("subject", "Ressourcerie"), ("rn:partner", "Atelier du Lac"))
    }
    again = window.done("fill", form="rn:Innovation", words=words, values=carried)
    assert len(again["things"]) == len(told["things"]) and len(again["facts"]) > len(told["facts"])
    window.done("write")
    release = building.build(tmp_path / "built", data=small.root / "data")
    assert release.manifest.findings["Violation"] == 0


def begun(small: SmallProgramme, window: Desk, issued: str) -> dict[str, Any]:
    """Return the state of a letter of which the shapes miss nothing."""
    dataset = small.root / "data" / building.DATASET
    dataset.write_text(dataset.read_text("utf-8").replace(READER, "agent/curateurs"), "utf-8")
    named = f"document/{window.slug}"
    head = {"words": place("Lettre n° 2 - mars 2014"), "subject": named}
    series = {"new": "Lettre", "class": "schema:Periodical"}
    known = lookup(window, "dcterms:isPartOf", {"things": ()}, "Lettre")
    for name, it in (
        ("dcterms:isPartOf", series if known == "Lettre" else known),
        ("dcterms:issued", value(issued)),
        ("schema:issueNumber", value(issued[-1])),
    ):
        window.done("state", **head, property=name, object=it)
    return window.done("name", thing=ID + named, label={"fr": f"Lettre de {issued}"})


def test_an_erratum_takes_back_what_an_earlier_letter_said(
    small: SmallProgramme, window: Desk, tmp_path: Path
) -> None:
    begun(small, window, "2014-03")
    words, values = FILLED["event"]
    window.done("fill", form="event", words=place(words), values=values)
    window.done("write")
    (small.root / "texts" / "lettre-2.txt").write_text(f"{TEXT}.", "utf-8")
    with desk(small.root, "lettre-2", slug="lettre-2") as later:
        begun(small, later, "2014-04")
        found = later.ask("GET", "/lettre-2/facts?lang=fr&q=veill%C3%A9e+2014")
        (old,) = json.loads(found.text)
        assert old["label"] == "Veillée · date · 2014-04-03"
        asked = {"fact": [old["address"]], "value": [value("2014-04-04")]}
        words, _ = FILLED["erratum"]
        later.done("fill", form="erratum", words=place(words), values=asked)
        later.done("write")
    release = building.build(tmp_path / "built", data=small.root / "data")
    assert release.manifest.findings["Violation"] == 0
    event, day = f"<{ID}event/veillee>", '"2014-04-03"'
    gone = [it for it in release.data.read_text("utf-8").splitlines() if event in it and day in it]
    assert [f"{ID}standing/" in it for it in gone] == [True]


def lookup(window: Desk, name: str, state: dict[str, Any], given: Any) -> Any:
    """Return what a reader chooses in a field for some words."""
    if not isinstance(given, str) or ":" in given or "/" in given or given == "words":
        return given
    if (there := address(state, given)) != given:
        return there
    query = urlencode({"q": given, "property": name.rpartition("/")[2]})
    found = json.loads(window.ask("GET", f"/{window.slug}/things?lang=fr&{query}").text)
    return next((it["address"] for it in found["things"] if it["allowed"]), given)


TABLE: Final = tomllib.loads(Path(__file__).with_name("forms_of_kinds.toml").read_text("utf-8"))
PROPERTY: Final = re.compile(r"\b(?:rn|schema|dcterms|org|foaf|rdf|skos):[a-z]\w+")
LITERAL: Final = re.compile(r'"[^"]*"')


def forms_by_kind(section: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for form, every in TABLE[section].items():
        for kind in every:
            found.setdefault(kind, set()).add(form)
    return found


def taken(forms: Iterable[str]) -> set[str]:
    """Return the properties that forms take."""
    found: set[str] = set()
    for name in forms:
        if form := FORMS.get(name):
            every = form.every()
            found |= {it.inner for it in every} | {it.outer for it in every}
            found |= {*map(expanded, form.fixed)}
        elif name == "fact":
            found |= {use.iri for uses in Terms.load().by_class.values() for use in uses}
    return found - {""}


def lists() -> Iterator[Inventory]:
    yield Inventory.read(trial.TRIAL / "C.yaml", trial.FIRST)
    if folder := os.environ.get("RALLYNOV_TRIAL"):
        yield Inventory.read(Path(folder, "A.yaml"), "carnet-3", data_dir().rglob("*.trig"))


def test_each_relation_and_kind_of_entry_of_the_lists_has_a_form() -> None:
    by_relation, by_section = forms_by_kind("relations"), forms_by_kind("sections")
    for it in lists():
        for kind, one in kinds(it):
            section, _, relation = kind.partition(".")
            if section != "relations":
                assert kind.endswith(".absent") or section in by_section, kind
                continue
            named = slug_of(f"relations/{one['id']}")
            facts = [
                LITERAL.sub("", fact)
                for name, stated in it.sets.items()
                if name == named or name.startswith(f"{named}-")
                for fact in stated.facts
            ]
            wanted = {expanded(found) for found in PROPERTY.findall(" ".join(facts))}
            assert wanted <= taken(by_relation[relation]), relation


def test_each_property_of_the_ontology_has_a_form_or_is_no_fact_of_a_reader() -> None:
    every = {
        str(it.subject)[1:-1]
        for it in sources.quads([ontology_dir() / "rallynov.ttl"])
        if it.predicate.value == TYPE and it.object.value.endswith("Property")
    }
    heads = {it.head.predicate.value for it in rulebook.shipped()}
    left = every - taken(["fact", *FORMS]) - heads
    assert left == {f"{RN}{name}" for names in TABLE["none"].values() for name in names}


def test_what_a_form_cannot_state_is_said_at_its_field(window: Desk) -> None:
    words = place("Anne Orvault anime la Veillée")
    who = {"rn:participant": [ANNE]}
    for asked, field in (
        ({"form": "nothing", "values": who}, "form"),
        ({"form": "role", "values": {}}, "values"),
        ({"form": "role", "values": who}, "rn:role"),
        ({"form": "role", "values": {**who, "rn:need": [term("x")]}}, "rn:need"),
        ({"form": "role", "values": {**who, "rn:role": [LAC]}}, "rn:role"),
        ({"form": "erratum", "values": {"fact": ["0"], "value": [value("1")]}}, "fact"),
        ({"form": "scope", "values": {"rn:soughtKind": ["rn:Nothing"]}}, "rn:soughtProperty"),
    ):
        status, said = window.act("fill", words=words, **asked)
        assert (status, said["field"]) == (422, field), (asked, said)
    assert (
        window.act("fill", form="role", values={**who, "rn:role": [term("x")]})[1]["field"]
        == "words"
    )
    assert window.state()["facts"] == []
