"""What is answered and shown does not depend on how facts are split over assertion sets.

The gate wants some facts of a thing in one set: these, too, are parted here, unchecked.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

import trial
import two_letters
from expected import short
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.resources import data_dir
from rallynov_graph.questions.catalogue import Question, load
from rallynov_graph.release import building
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page
from split_sets import PART, split

COUNTS_SETS = {"coverage", "who_concluded"}
"""Questions about the sets themselves, of which there are then more."""


MADE: dict[str, Callable[[Path], object]] = {
    "carnet-2 and two letters": lambda it: two_letters.among(shutil.copytree(data_dir(), it)),
    "estran-7 and estran-8": trial.with_follow_up,
}


@dataclass(frozen=True)
class Corpora:
    """Documents as they were written, and with a set for each of their statements."""

    whole: Release
    parts: Release

    def stores(self) -> list[EmbeddedStore]:
        return [EmbeddedStore.of_release(it) for it in (self.whole, self.parts)]

    def sites(self) -> list[FlaskClient]:
        pairs = zip((self.whole, self.parts), self.stores(), strict=True)
        return [create_app(store.pages(), it).test_client() for it, store in pairs]


@pytest.fixture(scope="module", params=MADE)
def corpora(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Corpora:
    folder = tmp_path_factory.mktemp("split")
    whole, parts = folder / "whole", folder / "parts"
    MADE[request.param](whole)
    shutil.copytree(whole, parts)
    split(parts)
    made = (
        building.build(it.with_suffix(".made"), data=it, checked=False) for it in (whole, parts)
    )
    return Corpora(*made)


def answer(store: EmbeddedStore, question: Question, least: str) -> set[tuple[str, ...]]:
    """Return the rows of an answer, in which a part of a set has the name of the set."""
    knows = {p.name for p in question.parameters} & {"certainty"}
    rows = store.select(question.bind(dict.fromkeys(knows, NamedNode(RN + least))))
    return {tuple(re.sub(f"{PART}\\d+", "", short(cell)) for cell in row) for row in rows.rows}


@pytest.mark.parametrize("least", ["explicit", "tentative"])
def test_facts_in_one_set_or_in_many_have_the_same_answers(corpora: Corpora, least: str) -> None:
    whole, parts = corpora.stores()
    others = {
        question.name: sorted(one ^ other)
        for question in load().values()
        if question.name not in COUNTS_SETS
        for one, other in [(answer(whole, question, least), answer(parts, question, least))]
        if one != other
    }
    assert others == {}


OF_SETS = ("assertion-set", "standing", "decision", "document", "part", "passage", "selector")
"""Kinds whose pages list sets, of which there are then more."""
NAMED = re.compile(
    r"(<a [^>]*href=\"/page/assertion-set/[^>]*>[^<]*(<span[^<]*</span>)?</a>(, )?)+|[0-9a-f]{8,}"
)


def said(client: FlaskClient, path: str) -> set[str]:
    """Return the rows, entries and values of a page, without names of sets and of the release."""
    page = Page(NAMED.sub("set", client.get(path).text))
    return {it.text for it in page.elements if it.tag in ("tr", "li", "dd")}


def test_facts_in_one_set_or_in_many_are_on_the_same_pages(corpora: Corpora) -> None:
    whole, parts = corpora.sites()
    listed = re.findall(r"<loc>https?://[^/]+([^<?]+)</loc>", whole.get("/sitemap.xml").text)
    shown = re.compile(rf"/$|/doubts$|/(list|page)/(?!({'|'.join(OF_SETS)})(/|$))")
    others = {
        path: sorted(one ^ other)
        for path in filter(shown.match, listed)
        for one, other in [(said(whole, path), said(parts, path))]
        if one != other
    }
    assert others == {}
