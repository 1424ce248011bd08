"""The certainties: one order, that of the data, and spelled in no other place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from places import ROOT
from rallynov_graph.base.certainty import (
    CERTAINTIES,
    IRIS,
    LEAST_SURE,
    SUREST,
    admitted,
    certainty_of,
    less_sure,
    surest,
    weakest,
)
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.resources import package_queries
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

SOURCE = ROOT / "src/rallynov_graph"
WORDS = {
    "claims/claim_words.py",
    "desk/table_import.py",
    "rules/descriptions.py",
    "rules/explanation_text.py",
    "questions/parameters.py",
}
"""Modules that say what each certainty is called: by its name, in no order."""
NO_CERTAINTY = {"desk/proposing/annotation_page.py"}
"""Modules in which the word means another thing: a part of a date that is not printed."""
ABOUT_ONE = {
    "interpretation_has_its_author_and_date.rq",
    "tentative_facts.rq",
    "tentative_set_has_its_question.rq",
    "what_depends_on_question.rq",
}
"""Queries about the things of one certainty, whatever is surer or less sure."""
SPELLED = re.compile(rf"""["']({"|".join(CERTAINTIES)})["']""")
IN_SPARQL = re.compile(rf"\brn:({'|'.join(CERTAINTIES)})\b")
AT_REST = re.compile(r"VALUES \?\w+ \{ rn:(\w+) \}|default rn:(\w+)")
WEAKEST = re.compile(r"IF \((.*?), rn:(\w+), IF \((.*?), rn:(\w+), rn:(\w+)\)\)")
"""How a query says which of several certainties is the weakest."""
RANKED = re.compile(r"VALUES \(\?\w+ (\?\w+(?: \?\w+)*)\) \{ ((?:\(rn:\w+(?: \"\d\")+\) )+)\}")
"""How a query gives certainties a rank, so that it can take the least or the greatest."""
NEUTRAL = re.compile(rf"COALESCE\((\?\w+), rn:{SUREST}\)")
"""What is not stated makes nothing less sure."""


def rank_rows(reversed_too: bool) -> str:
    """Return the ranks of the certainties in our order, the other way round, too, if asked for."""
    most = len(CERTAINTIES) + 1
    ranks = [(n, f'"{n}" "{most - n}"' if reversed_too else f'"{n}"') for n in range(1, most)]
    return "".join(f"(rn:{CERTAINTIES[n - 1]} {rank}) " for n, rank in ranks)


def test_the_order_is_that_of_the_data(store: EmbeddedStore) -> None:
    told = store.select(f"SELECT ?one ?other {{ ?one <{RN}admits> ?other }}").rows
    expected = {
        (NamedNode(RN + one), NamedNode(RN + other))
        for one in CERTAINTIES
        for other in admitted(one)
    }
    assert {(one, other) for one, other in told} == expected


def test_each_certainty_admits_itself_and_what_is_surer() -> None:
    assert admitted(SUREST) == (SUREST,) and admitted(LEAST_SURE) == CERTAINTIES
    for name in CERTAINTIES:
        assert (*admitted(name), *less_sure(name)) == CERTAINTIES


def test_the_surest_and_the_weakest_of_none_is_none() -> None:
    assert surest(CERTAINTIES) == SUREST and weakest(CERTAINTIES) == LEAST_SURE
    assert surest(()) is None and weakest(()) is None


def test_a_certainty_is_known_by_its_iri_alone() -> None:
    assert [*map(certainty_of, IRIS)] == [*CERTAINTIES]
    assert certainty_of(f"{RN}certain") == certainty_of(SUREST) == ""


def test_no_module_spells_a_certainty() -> None:
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if SPELLED.search(path.read_text("utf-8"))
    }
    assert found == {"base/certainty.py", *WORDS, *NO_CERTAINTY}


def test_every_certainty_is_called_something() -> None:
    for name in WORDS:
        assert {*SPELLED.findall((SOURCE / name).read_text("utf-8"))} == {*CERTAINTIES}, name


def test_no_template_spells_a_certainty() -> None:
    templates = [
        path
        for path in (ROOT / "web").rglob("*.html")
        if not {"node_modules", "static"} & {*path.parts}
    ]
    assert len(templates) > 20
    assert [it.name for it in templates if SPELLED.search(it.read_text("utf-8"))] == []


@pytest.mark.parametrize("path", package_queries(), ids=lambda path: path.stem)
def test_queries_ask_by_what_is_admitted_not_by_name(path: Path) -> None:
    """But for what a question has at rest, and for the weakest of a row: see decision 1."""
    text = path.read_text("utf-8")
    at_rest = {name for found in AT_REST.findall(text) for name in found}
    assert at_rest & {*CERTAINTIES} <= {LEAST_SURE}
    text = NEUTRAL.sub(r"\1", AT_REST.sub("", text))
    for found in WEAKEST.finditer(text):
        condition, weak, other, *surer = found.groups()
        assert (weak, *surer) == CERTAINTIES[::-1]
        assert condition.replace(f"rn:{weak} IN", f"rn:{surer[0]} IN", 1) == other or not (
            IN_SPARQL.search(condition) or IN_SPARQL.search(other)
        )
    for names, rows in RANKED.findall(text):
        assert rows == rank_rows(reversed_too=" " in names)
    left = IN_SPARQL.findall(RANKED.sub("", WEAKEST.sub("", text)))
    assert left == [] or path.name in ABOUT_ONE
