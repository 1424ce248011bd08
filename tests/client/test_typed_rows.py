"""Terms become Python values, and answers tables with what each row rests on."""

import pickle
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pandas
import pytest
from flask.testing import FlaskClient
from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.errors import QueryError, RallynovError, UnknownNameError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.claims.row_evidence import COLUMNS
from rallynov_graph.client import Graph, Iri, OtherValue, Text
from rallynov_graph.client.typed_values import value_of
from rallynov_graph.release.release import Release
from reading_pages import read

LEGENI = "https://w3id.org/rallynov/id/organisation/legeni"
STAGES = """\
PREFIX rn: <https://w3id.org/rallynov/ontology#>
SELECT ?stage { ?stage a rn:Stage } ORDER BY ?stage"""


@pytest.fixture(scope="module")
def graph(release: Release) -> Graph:
    return Graph.of_release(release.path)


def literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + datatype))


VALUES = [
    (literal("2013-06-21", "date"), date(2013, 6, 21)),
    (literal("2013-06-21+02:00", "date"), date(2013, 6, 21)),
    (literal("2013-04-08T09:30:00Z", "dateTime"), datetime(2013, 4, 8, 9, 30, tzinfo=UTC)),
    (literal("09:30:00", "time"), time(9, 30)),
    (literal("2013", "gYear"), 2013),
    (literal("12", "integer"), 12),
    (literal("12", "unsignedShort"), 12),
    (literal("1.50", "decimal"), Decimal("1.50")),
    (literal("1.5E0", "double"), 1.5),
    (literal("true", "boolean"), True),
    (literal("2013-06", "gYearMonth"), OtherValue("2013-06", PREFIXES["xsd"] + "gYearMonth")),
    (literal("2013-02-30", "date"), OtherValue("2013-02-30", PREFIXES["xsd"] + "date")),
    (literal("douze", "integer"), OtherValue("douze", PREFIXES["xsd"] + "integer")),
    (literal("9" * 5000, "integer"), OtherValue("9" * 5000, PREFIXES["xsd"] + "integer")),
    (literal("oui", "boolean"), OtherValue("oui", PREFIXES["xsd"] + "boolean")),
    (Literal("étape", language="fr"), Text("étape", "fr")),
    (NamedNode(LEGENI), Iri(LEGENI)),
    (BlankNode("b"), OtherValue("_:b")),
    (None, None),
]


def test_a_term_is_the_value_that_its_datatype_means() -> None:
    for term, value in VALUES:
        found = value_of(term)  # type: ignore[arg-type]
        assert (found, type(found)) == (value, type(value))
        assert getattr(found, "__dict__", {}) == getattr(value, "__dict__", {})
        again = pickle.loads(pickle.dumps(found))
        assert (again, getattr(again, "__dict__", {})) == (found, getattr(found, "__dict__", {}))


def test_a_row_names_things_texts_and_how_sure_it_is(graph: Graph) -> None:
    answer = graph.ask("themes_of_organisation", organisation="legeni")
    assert {row["organisation"] for row in answer} == {LEGENI}
    organisation, label = answer[0]["organisation"], answer[0]["theme_label"]
    assert isinstance(organisation, Iri) and organisation.short == "organisation/legeni"
    assert isinstance(label, Text) and label.language == "fr"
    assert [it and it.certainty for it in answer.evidence].count("explicit") == 1


def test_a_former_question_has_the_columns_it_had_and_is_cited(graph: Graph) -> None:
    answer = graph.ask("innovations_by_need", need="se déplacer")
    assert answer.columns[0] == "need" and "innovations_by_need" not in graph.questions
    assert all(answer.evidence) and answer.sha256 in answer.citation()
    for name in ("agenda", "departements_visited", "figures_as_of"):
        assert len(evidence := graph.ask(name).evidence) > 4 and all(evidence), name


def test_a_table_has_certainty_evidence_passages_and_citation(graph: Graph) -> None:
    table = graph.frame("themes_of_organisation", organisation="legeni")
    assert [*table.columns[-6:]] == [*COLUMNS]
    assert (table.certainty >= "inferred").all() and (table.certainty == "explicit").sum() == 1
    said = table[table.certainty == "explicit"].iloc[0]
    assert said.passages == "passage/carnet-2-1641-1836"
    assert said.evidence.startswith("http://127.0.0.1:8000/r/") and said.evidence in said.citation
    assert graph.release is not None and graph.release.id[:16] in said.citation
    assert "how" not in table.columns


def test_a_column_has_the_type_of_its_values(graph: Graph) -> None:
    table = graph.frame(
        "SELECT ?whole ?day ?text ?truth ?half { VALUES (?whole ?day ?text ?truth ?half) "
        '{ (1 "2013-06-21"^^<http://www.w3.org/2001/XMLSchema#date> "a"@fr true 0.5) '
        "(UNDEF UNDEF UNDEF UNDEF 2) } }"
    )
    assert table.dtypes.map(str).to_dict() == {
        "whole": "Int64",
        "day": table.day.dtype.name,
        "text": "object",
        "truth": "boolean",
        "half": "float64",
    }
    assert table.day[0] == pandas.Timestamp("2013-06-21") and table.text[0].language == "fr"
    assert table.iloc[1][["whole", "day", "truth"]].isna().all()


def test_the_evidence_is_that_of_the_site(graph: Graph, client: FlaskClient) -> None:
    for name in ("who_runs_what", "who_met_whom", "open_questions"):
        page = read(client, f"/questions/{name}")
        shown = [link["href"] for link in page.all("a") if link["class"] == "evidence"]
        ours = [f"/r/{it.claim}" for it in graph.ask(name).evidence if it]
        assert ours == [address.partition("?")[0] for address in shown if "/r/" in address]


def test_what_is_not_explicit_has_its_reason_in_the_readers_language(release: Release) -> None:
    english = Graph.of_release(release.path, language="en", site="https://example.org/graph/")
    answer = english.ask("stage_carriers", certainty="inferred")
    inferred = [it for it in answer.evidence if it and it.certainty == "inferred"]
    assert all(it.reasons and it.passages for it in inferred) and inferred
    assert inferred[0].address.startswith("https://example.org/graph/r/")
    assert "(inferred). Rally'nov graph, version" in inferred[0].citation


def test_open_questions_that_touch_an_answer_stand_beside_it(graph: Graph) -> None:
    answer = graph.ask("stage_carriers")
    assert "question/carnet-2-porteurs-des-etapes" in [it.short for it in answer.open_questions]


WRONG = [
    (lambda g: g.ask("theme_of_organisation"), UnknownNameError, "themes_of_organisation"),
    (lambda g: g.ask("zzz"), UnknownNameError, "Graph.questions lists all"),
    (lambda g: g.ask("stages", certainy="explicit"), UnknownNameError, "certainty"),
    (lambda g: g.ask("stages", certainty="sure"), UnknownNameError, "explicit"),
    (
        lambda g: g.ask("themes_of_organisation", organisation="Legenni"),
        UnknownNameError,
        "Legeni",
    ),
    (lambda g: g.query("SELECT ?s { ?s ?p }"), QueryError, "1"),
    (lambda g: g.query("ASK {}"), QueryError, "not a SELECT"),
    (lambda g: g.query("DELETE WHERE { ?s ?p ?o }"), QueryError, "update"),
    (lambda g: g.query("SELECT * { SERVICE <http://a> {} }"), QueryError, "SERVICE"),
    (lambda g: g.is_true("ASK " + "{" * 3000 + "}" * 3000), QueryError, "too deeply"),
    (lambda g: g.query("SELECT ?s { ?s ?p ?o }", page=5), QueryError, "ORDER BY"),
    (lambda g: g.query(STAGES, page=0), QueryError, "1 to 100000"),
    (lambda g: g.ask("stages").citation("docx"), UnknownNameError, "bib"),
    (lambda g: Graph.of_release("/nowhere"), RallynovError, "does not exist"),
    (lambda g: Graph.at("ftp://example.org/x"), QueryError, "http"),
    (lambda g: Graph.at("http://example.org", language="de"), UnknownNameError, "fr"),
]


def test_what_cannot_be_answered_is_told_in_a_sentence(graph: Graph) -> None:
    for ask, error, words in WRONG:
        with pytest.raises(error, match=words):
            ask(graph)  # type: ignore[operator]


def test_nothing_found_is_a_table_without_rows(graph: Graph) -> None:
    table = graph.frame("SELECT ?s ?o { ?s <https://example.org/none> ?o }")
    assert [*table.columns] == ["s", "o"] and table.empty
    table = graph.frame("who_met_whom", person="person/jose-monteiro", certainty="explicit")
    assert table.empty and [*table.columns[-6:]] == [*COLUMNS] and "how" not in table
    assert (
        graph.ask("themes_of_organisation", organisation="Legeni", certainty="explicit")
        .frame(evidence=False)
        .columns[-1]
        == "how"
    )


def test_a_missing_pandas_is_told_with_what_to_install(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(RallynovError, match=r"pip install 'rallynov-graph\[pandas\]'"):
        graph.frame("stages")
    assert len(graph.ask("stages")) > 5


def test_pages_are_the_whole_in_its_order(graph: Graph) -> None:
    whole = graph.query(STAGES)
    assert graph.query(STAGES, page=4).solutions == whole.solutions
    assert graph.query(f"{STAGES} LIMIT 5 OFFSET 2", page=2)[:] == whole[2:7]
    bounded = f"{STAGES} OFFSET 1 VALUES ?stage {{ <{whole[0]['stage']}> <{whole[1]['stage']}> }}"
    assert graph.query(f"{bounded} # the end", page=1)[:] == whole[1:2]
