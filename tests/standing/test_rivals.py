"""Each fact of the shipped release gets rivals that do not stand: no answer changes but theirs.

The two releases have the same descriptions of graphs, so that what differs is what lies in them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

import rivals
from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import RN
from rallynov_graph.exports.dumps import DUMPS
from rallynov_graph.questions import thing_names
from rallynov_graph.questions.catalogue import Question, load
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore


@pytest.fixture(scope="module")
def both(release: Release, tmp_path_factory: pytest.TempPathFactory) -> rivals.Rivals:
    return rivals.frozen(release, tmp_path_factory.mktemp("rivals"))


@pytest.fixture(scope="module")
def stores(both: rivals.Rivals) -> list[EmbeddedStore]:
    """One without rivals, one with them."""
    return [EmbeddedStore.of_release(both.without), EmbeddedStore.of_release(both.beside)]


@pytest.fixture(scope="module")
def clients(both: rivals.Rivals, stores: list[EmbeddedStore]) -> list[FlaskClient]:
    releases = (both.without, both.beside)
    return [create_app(s, r).test_client() for s, r in zip(stores, releases, strict=False)]


def test_the_facts_have_rivals(both: rivals.Rivals, stores: list[EmbeddedStore]) -> None:
    facts = (
        f"""SELECT DISTINCT ?s ?p ?o {{ ?set a <{RN}AssertionSet> . GRAPH ?set {{ ?s ?p ?o }} }}"""
    )
    of_all = [
        len(store.select(facts.replace("AssertionSet", kind)))
        for store, kind in (
            (stores[0], "AssertionSet"),
            (stores[1], "StandingGraph"),
            (stores[0], "StandingGraph"),
        )
    ]
    assert of_all[1] - of_all[2] > 2 * of_all[0] > 1000
    counts = both.without.manifest.counts, both.beside.manifest.counts
    assert counts[0]["triples"] == counts[1]["triples"]


def asked(question: Question) -> str:
    """Return a question about its example; however unsure an answer is, it counts."""
    given = {p.name: thing_names.as_iri(p.example) for p in question.parameters if p.example}
    if any(p.name == "certainty" for p in question.parameters):
        given["certainty"] = NamedNode(RN + LEAST_SURE)
    return question.bind({name: term for name, term in given.items() if term is not None})


def test_no_question_answers_otherwise_but_those_about_standing(
    stores: list[EmbeddedStore],
) -> None:
    without, beside = stores
    texts = {question.name: asked(question) for question in load().values()}
    changed = {name for name, it in texts.items() if without.select(it) != beside.select(it)}
    # Errata are what was taken back, and the rivals are of that standing.
    errata = "contradictions_between_documents"
    assert changed == {"announced_and_then", "what_was_said_before", errata}


PAGES = (  # the doubts show errata, as the question does
    *("/", "/carnet/carnet-2", "/void.ttl", "/ontology/Stage", "/search?q=xyzzy"),
    *(f"/list/{kind}.csv" for kind in ("stage", "organisation", "person", "innovation", "theme")),
    *(f"/list/stage?{how}" for how in ("view=map", "view=timeline", "sort=links")),
    *("/list/organisation?view=matrix", "/list/testimony.csv", "/list/place.ttl", "/network"),
    *("/list/organisation.csv?certainty=explicit", "/list/innovation?certainty=inferred"),
    *(f"/data/stage/vesoul.{suffix}" for suffix in ("ttl", "jsonld", "csv")),
    *("/page/stage/vesoul", "/page/theme/innovation", "/page/person/bruno-herry"),
    *("/questions/stages.csv", "/compare?a=stage/vesoul", "/builder?of=stage"),
    *("/between?from=person/bruno-herry&to=organisation/indibat", "/r/m5ftmp6jonfxbmnk"),
    "/reconcile?queries=%7B%22a%22%3A%7B%22query%22%3A%22BGE%22%7D%7D",
)


BEFORE = re.compile(
    r'<details class="fold">\s*<summary>[^\n]*\s*<section class="before".*?</details>\n',
    re.DOTALL,
)
"""What a page tells about standing."""
VARYING = re.compile(r'\?v=\w+|[\d,\s]+ [kM]o\b|"\d+ B"|"[0-9a-f]{64}"')
"""How large the files of a release are, and what they are checked by."""


def nameless(text: str, release: Release) -> str:
    """A text without what names its release, and without what it tells about standing."""
    for length in (64, 16, 8):
        text = text.replace(release.id[:length], "")
    return re.sub(r"\n\s*\n", "\n", VARYING.sub("", BEFORE.sub("", text)))


def changed(pages: Iterable[str], clients: list[FlaskClient], both: rivals.Rivals) -> Iterator[str]:
    """The pages that are not the same, or are not there."""
    for page in pages:
        answers = [client.get(page) for client in clients]
        releases = both.without, both.beside
        texts = [
            nameless(answer.get_data(as_text=True), release)
            for answer, release in zip(answers, releases, strict=True)
        ]
        if texts[0] != texts[1] or {answer.status_code for answer in answers} != {200}:
            yield page


def test_no_page_changes(clients: list[FlaskClient], both: rivals.Rivals) -> None:
    assert [*changed(PAGES, clients, both)] == []


def dumped(name: str, release: Release) -> bytes:
    [dump] = (dump for dump in DUMPS if dump.name == name)
    file = io.BytesIO()
    dump.write(release, file, None)
    return file.getvalue()


def test_what_is_current_only_is_exported_as_it_was(both: rivals.Rivals) -> None:
    for name in ("ttl", "nt", "gexf", "csljson"):
        first, second = (
            nameless(dumped(name, release).decode(), release)
            for release in (both.without, both.beside)
        )
        assert first == second, name
    one, other = (
        zipfile.ZipFile(io.BytesIO(dumped("csv", release)))
        for release in (both.without, both.beside)
    )
    assert one.namelist() == other.namelist()
    tables = {name for name in one.namelist() if name.endswith(".csv")}
    assert {name for name in tables if one.read(name) != other.read(name)} == {"facts.csv"}
