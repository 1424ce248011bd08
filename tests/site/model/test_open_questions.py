"""Which open questions touch a thing, a fact, a passage, a text."""

from dataclasses import replace

import pytest
from flask import Flask
from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.site.model import open_question_marks
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.open_question_marks import (
    OpenQuestionMark,
    in_text,
    known_to,
    touching_fact,
    touching_thing,
    touching_things,
)
from rallynov_graph.site.web.site import Site

CARNET = f"{ID}extraction/carnet-2"


@pytest.fixture
def view(app: Flask) -> GraphView:
    site: Site = app.extensions["site"]
    return GraphView(site.graph, Addresses())


def names(marks: tuple[OpenQuestionMark, ...]) -> list[str]:
    return [mark.node.iri.removeprefix(f"{ID}question/carnet-2-") for mark in marks]


def fact(subject: str, prop: str, value: str) -> Triple:
    return Triple(NamedNode(ID + subject), NamedNode(RN + prop), NamedNode(ID + value))


def test_a_thing_has_the_questions_about_it_then_those_of_its_facts(view: GraphView) -> None:
    marks = touching_thing(view, f"{ID}organisation/mutualite-francaise-franche-comte")
    assert names(marks)[0] == "quelle-mutualite"
    assert {"porteur-mamhique", "porteur-dents", "porteurs-des-etapes"} == {*names(marks)[1:]}
    assert [mark.is_about for mark in marks] == [True, False, False, False]
    assert marks[0].href == "/doubts#carnet-2-quelle-mutualite"
    assert marks[0].node.href == "/page/question/carnet-2-quelle-mutualite"


def test_the_pole_has_the_question_for_whom_three_witnesses_speak(view: GraphView) -> None:
    pole = f"{ID}organisation/pole-des-microtechniques"
    assert "temoins-du-pole" in names(touching_thing(view, pole))


def test_a_mark_leads_to_the_page_in_the_language_of_the_reader(view: GraphView) -> None:
    english = replace(view, addresses=Addresses("en"))
    (mark, *_) = touching_thing(english, f"{ID}innovation/mamhique")
    assert mark.node.text == "Who runs Mamhique?"
    assert mark.href == "/doubts?lang=en#carnet-2-porteur-mamhique"


def test_a_thing_that_no_question_touches_has_none(view: GraphView) -> None:
    legeni = f"{ID}organisation/legeni"
    assert touching_things(view, [legeni, f"{ID}nowhere/x", f"{ID}innovation/mamhique"]).keys() == {
        f"{ID}innovation/mamhique"
    }


def test_a_class_or_a_role_is_in_no_question(view: GraphView) -> None:
    """They stand in facts that a reading is taken in, which say nothing of them."""
    organisation = "http://www.w3.org/ns/org#Organization"
    assert not touching_thing(view, organisation) and not touching_thing(view, f"{ID}role/temoigne")


@pytest.mark.parametrize(
    ("subject", "prop", "value", "questions"),
    [
        (
            "innovation/mamhique",
            "carriedBy",
            "organisation/mutualite-francaise-franche-comte",
            ["porteur-mamhique"],
        ),
        (
            "organisation/mutualite-francaise-franche-comte",
            "carries",
            "innovation/mamhique",
            ["porteur-mamhique"],
        ),
        ("person/francis-ginsbourger", "tookPartIn", "stage/pole-des-microtechniques", None),
        ("innovation/bus-de-formation", "carriedBy", "organisation/indibat", []),
        ("innovation/bus-de-formation", "carriedBy", "organisation/nowhere", []),
    ],
)
def test_a_fact_is_touched_where_another_reading_may_undo_it(
    view: GraphView, subject: str, prop: str, value: str, questions: list[str] | None
) -> None:
    found = names(touching_fact(view, fact(subject, prop, value)))
    assert "presence-ginsbourger" in found if questions is None else found == questions


def test_a_question_about_one_witness_is_none_about_the_others(view: GraphView) -> None:
    stage = "stage/pole-des-microtechniques"
    found = names(touching_fact(view, fact("testimony/carnet-2-mollier", "inEvent", stage)))
    assert "presence-ginsbourger" not in found and "etape-des-temoins-invites" in found


def test_a_text_tells_where_its_questions_are_asked(view: GraphView) -> None:
    places = in_text(view, CARNET)
    starts = [where.start for where, _ in places]
    assert starts == sorted(starts)
    assert {mark.node.iri for _, mark in places} == {*known_to(view).records}
    assert in_text(view, f"{ID}extraction/nowhere") == ()


def test_where_there_are_too_many_a_mark_leads_to_the_question_itself(
    view: GraphView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_question_marks, "MOST_ON_PAGE", 29)
    (mark, *_) = touching_thing(view, f"{ID}innovation/mamhique")
    assert mark.href == "/page/question/carnet-2-porteur-mamhique"


def test_another_graph_has_no_open_questions(view: GraphView) -> None:
    foreign = replace(view, addresses=Addresses(foreign=True))
    assert not known_to(foreign).records
    assert not touching_thing(foreign, f"{ID}innovation/mamhique")
    assert not in_text(foreign, CARNET)
