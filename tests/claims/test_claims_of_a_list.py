"""Claims on what two lists say: none gets a wrong verdict, and what holds has its passage."""

import importlib
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest

from list_claims import Claim, claims
from listed import LISTS, NO_TRIAL, THIRD, Listed, read
from places import ROOT
from rallynov_graph.base.errors import AmbiguousNameError, UnknownNameError
from rallynov_graph.claims.claim_check import ClaimChecker
from rallynov_graph.claims.claim_report import grounds_of
from rallynov_graph.site.application import create_app


@cache
def made(slug: str) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims(read(slug)):
        found[claim.kind].append(claim)
    return found


@pytest.fixture(scope="module")
def checkers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ClaimChecker]:
    sys.path.insert(0, str(ROOT / "bench"))
    try:
        bench = importlib.import_module("claim_verdicts")
    finally:
        sys.path.pop(0)
    listed = [Listed(slug, tmp_path_factory.mktemp(slug)) for slug in LISTS]
    sites = {it.slug: create_app(it.store.pages(), it.release) for it in listed}
    return {slug: bench.checker(site) for slug, site in sites.items()}


def _kinds() -> Iterator[object]:
    for slug in LISTS:
        for kind in made(slug):
            yield pytest.param(slug, kind)
    if THIRD not in LISTS:
        yield NO_TRIAL


@pytest.mark.parametrize(("slug", "kind"), [*_kinds()])
def test_no_claim_on_what_a_list_says_gets_a_wrong_verdict(
    checkers: dict[str, ClaimChecker], slug: str, kind: str
) -> None:
    wrong = []
    for claim in made(slug)[kind]:
        try:
            checked = checkers[slug].check(claim.words)
        except (AmbiguousNameError, UnknownNameError) as error:
            wrong.append((claim.words, str(error)))
            continue
        if checked.verdict not in claim.verdicts:
            wrong.append((claim.words, f"{checked.verdict}, {checked.because}"))
        grounds = grounds_of(checked.fact) if checked.verdict == "holds" else []
        if checked.verdict == "holds" and not any(it.evidence.passages for it in grounds):
            wrong.append((claim.words, "it holds without a passage"))
    assert wrong == []


@pytest.mark.skipif(THIRD not in LISTS, reason="RALLYNOV_TRIAL does not say where the list is")
def test_sixty_claims_or_more_are_made_on_the_third_carnet() -> None:
    assert sum(map(len, made(THIRD).values())) >= 60
