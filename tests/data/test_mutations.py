"""What the shapes and checks of a build catch of faults put into the real data."""

import logging
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import mutations
from laboratory import DEMANDED, Laboratory
from mutations import Mutation
from rallynov_graph.base.namespaces import in_prefixes
from rallynov_graph.validation.shacl import validate

LEGAL = tomllib.loads(Path(__file__).with_name("legal_damage.toml").read_text("utf-8"))
EACH = 60
"""Faults for each operator."""
MORE = {"moved to another set": 4}
"""A set chosen at random is a near one now and then: 60 faults show their share too roughly."""


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    """rdflib tells of each ill-written value, and here most are."""
    logging.getLogger("rdflib.term").disabled = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logging.getLogger("rdflib.term").disabled = False


@pytest.fixture(scope="module")
def laboratory() -> Laboratory:
    return Laboratory()


@pytest.fixture(scope="module")
def data(laboratory: Laboratory) -> mutations.Data:
    return laboratory.data()


@pytest.mark.parametrize("operator", mutations.OPERATORS)
def test_faults_are_caught_or_explained(
    operator: str, laboratory: Laboratory, data: mutations.Data
) -> None:
    faults = mutations.chosen(data, operator, EACH * MORE.get(operator, 1))
    alive = [fault for fault in faults if laboratory.catches(fault) is None]
    assert len(faults) >= EACH
    assert 1 - len(alive) / len(faults) >= 0.95, alive
    explained = {name for names in LEGAL.get(operator, {}).values() for name in names}
    left = {in_prefixes(it.quad.predicate.value) for it in alive}
    assert left <= explained, "legal_damage.toml says why such damage is legal"
    nothing = laboratory.quads[0]
    assert laboratory.catches(Mutation("none", nothing, nothing)) is None, "no fault is left over"


def test_what_is_demanded_is_there_to_be_damaged(laboratory: Laboratory) -> None:
    """Each demand concerns a statement of the data: a misspelt one would never be tried."""
    tried = {
        (kind, demand.partition("*")[0].partition("@")[0])
        for table in DEMANDED.values()
        for kind, demands in table.items()
        for demand in demands.split()
    }
    there = set()
    for quad in laboratory.quads:
        for kind in laboratory.kinds_of(quad.subject):
            there.add((in_prefixes(kind), in_prefixes(quad.predicate.value)))
    assert tried - there == set()


def test_a_whole_validation_finds_what_the_laboratory_finds(
    laboratory: Laboratory, data: mutations.Data
) -> None:
    """One fault of each operator, all at once: each is among what a build's validation reports."""
    faults = [mutations.chosen(data, operator, 1)[0] for operator in mutations.OPERATORS]
    rules = {fault: laboratory.catches(fault) for fault in faults}
    quads = set(laboratory.quads) - {fault.removed for fault in faults}
    quads |= {fault.added for fault in faults if fault.added}
    found = validate(
        quads, laboratory.shapes, background=laboratory.ontology, checks=laboratory.checks
    )
    reported = {(finding.shape or "").partition("Shape-")[0] for finding in found.results}
    for fault, rule in rules.items():
        assert rule is not None, fault
        assert rule.removesuffix("Shape") in {r.removesuffix("Shape") for r in reported}, fault
