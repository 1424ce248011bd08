"""Which open questions touch a thing, a fact, a text; pages that show them are in ``doubts``."""

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
)
from rallynov_graph.site.web.site import Site

CARNET = f"{ID}extraction/carnet-2"
MUTUALITE = "organisation/mutualite-francaise-franche-comte"
POLE = "pole-des-microtechniques"


@pytest.fixture
def view(app: Flask) -> GraphView:
    site: Site = app.extensions["site"]
    return GraphView(site.graph, Addresses())


def names(marks: tuple[OpenQuestionMark, ...]) -> list[str]:
    return [mark.node.iri.removeprefix(f"{ID}question/carnet-2-") for mark in marks]


def of_fact(view: GraphView, subject: str, prop: str, value: str) -> list[str]:
    fact = Triple(NamedNode(ID + subject), NamedNode(RN + prop), NamedNode(ID + value))
    return names(touching_fact(view, fact))


def test_a_thing_has_the_questions_about_it_then_those_of_its_facts(view: GraphView) -> None:
    marks = touching_thing(view, ID + MUTUALITE)
    assert names(marks)[0] == "quelle-mutualite"
    assert {"porteur-mamhique", "porteur-dents", "porteurs-des-etapes"} == {*names(marks)[1:]}
    assert marks[0].href == "/doubts#carnet-2-quelle-mutualite"
    assert "temoins-du-pole" in names(touching_thing(view, f"{ID}organisation/{POLE}"))
    for untouched in (f"{ID}organisation/legeni", f"{ID}role/temoigne", "http://x.org/Class"):
        assert not touching_thing(view, untouched), untouched


def test_a_fact_is_touched_where_another_reading_may_undo_it(view: GraphView) -> None:
    mamhique, bus = "innovation/mamhique", "innovation/bus-de-formation"
    assert of_fact(view, mamhique, "carriedBy", MUTUALITE) == ["porteur-mamhique"]
    assert of_fact(view, MUTUALITE, "carries", mamhique) == ["porteur-mamhique"]
    assert of_fact(view, bus, "carriedBy", "organisation/indibat") == []
    assert of_fact(view, bus, "carriedBy", "organisation/nowhere") == []
    witness = of_fact(view, "person/francis-ginsbourger", "tookPartIn", f"stage/{POLE}")
    other = of_fact(view, "testimony/carnet-2-mollier", "inEvent", f"stage/{POLE}")
    assert "presence-ginsbourger" in witness and "presence-ginsbourger" not in other
    assert "etape-des-temoins-invites" in other


def test_a_text_tells_where_its_questions_are_asked(view: GraphView) -> None:
    places = in_text(view, CARNET)
    starts = [where.start for where, _ in places]
    assert starts == sorted(starts)
    assert {mark.node.iri for _, mark in places} == {*known_to(view).records}
    assert in_text(view, f"{ID}extraction/nowhere") == ()
    foreign = replace(view, addresses=Addresses(foreign=True))
    assert not known_to(foreign).records and not in_text(foreign, CARNET)


def test_where_there_are_too_many_a_mark_leads_to_the_question_itself(
    view: GraphView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_question_marks, "MOST_ON_PAGE", 29)
    (mark, *_) = touching_thing(view, f"{ID}innovation/mamhique")
    assert mark.href == "/page/question/carnet-2-porteur-mamhique"
