"""The pages of the graph where another's server holds it: the same, whatever server that is."""

import re
from collections.abc import Iterator
from difflib import unified_diff
from functools import cache
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from pyoxigraph import parse

from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.questions.catalogue import load
from rallynov_graph.rdf.formats import GRAPHS, by_media_type
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from rallynov_graph.sparql.remote.remote_store import RemoteStore
from reading_pages import read

pytestmark = [
    pytest.mark.parametrize("elsewhere", ["oxigraph", "virtuoso"], indirect=True),
    pytest.mark.usefixtures("uncounted"),
]

NOTE = re.compile(r'href="/(?:r/[a-z2-7]{16}(?:\?[^"]*)?|why\?[^"]*)"')
"""The address of an evidence note: a short one where a release has an index of its claims."""
RELEASE = re.compile(
    r'<section aria-labelledby="news">.*?</section>\s*|<footer class="bottom">.*?</footer>'
    r'|<section class="cite".*?</section>'
    r'|"version": "[^"]*", |"distribution": \[.*?\], |<link rel="item"[^>]*>\s*',
    re.DOTALL,
)
VERSION = f"<{PREFIXES['schema']}version>"
STAMP = re.compile(r"\?v=[0-9a-f]+")
EACH_KIND = 1
LISTS = ("stage", "organisation", "person", "innovation", "theme", "place", "testimony", "event")
PLACES = [
    "/",
    "/?lang=en",
    "/questions",
    "/ontology",
    "/list",
    *(f"/list/{kind}" for kind in LISTS),
    "/between?from=organisation/legeni&to=organisation/indibat",
    "/between?from=person/marie-guite-dufay&to=stage/bge-franche-comte&certainty=inferred",
    "/between?from=no+such+name&to=theme/confiance",
    "/compare?a=theme/teletravail&b=theme/vie-au-travail&certainty=inferred",
    "/network",
    "/network.csv?kind=stage&kind=theme&centre=stage/vesoul&steps=2&certainty=explicit",
    "/builder",
    "/builder?kind=rn:Stage&1=dcterms:subject&1.is=theme/gouvernance&2=rn:status",
    "/page/stage/no-such-stage",
    "/data/stage/bge-franche-comte.trig",
    "/data/stage/bge-franche-comte.ttl",
    "/data/organisation/legeni.jsonld",
    "/ontology.nt",
    "/ontology/Stage",
    "/ontology/carriedBy?lang=en",
    "/ontology/Innovation.ttl",
    "/ontology/term?iri=https://schema.org/startDate",
    "/shapes",
    "/context.jsonld",
]


@pytest.fixture(scope="module")
def here(store: EmbeddedStore, release: Release) -> Flask:
    return create_app(store, release)


@pytest.fixture(scope="module")
def there(elsewhere: RemoteStore) -> Flask:
    return create_app(elsewhere, of_server=True)


def things(store: EmbeddedStore) -> Iterator[str]:
    """Yield the page of a thing of each kind."""
    seen: dict[str, int] = {}
    rows = store.select("SELECT DISTINCT ?s { ?s a ?c } ORDER BY ?s").rows
    for (thing,) in rows:
        iri = getattr(thing, "value", "")
        kind = iri.removeprefix(ID).partition("/")[0]
        if iri.startswith(ID) and seen.setdefault(kind, 0) < EACH_KIND:
            seen[kind] += 1
            yield f"/page/{iri.removeprefix(ID)}"


@cache
def answered(app: Flask, address: str) -> tuple[int, str, str]:
    """Return the status, type and text of a page, but for what names the release.

    Each page is asked for once: ours is the same whatever it is held against.
    """
    answer = app.test_client().get(address)
    form = by_media_type(answer.mimetype, GRAPHS)
    if form is not None and address != "/context.jsonld":
        quads = map(str, parse(answer.data, format=form.rdf))
        text = "\n".join(
            sorted(quad for quad in quads if f"{PREFIXES['schema']}version" not in quad)
        )
    else:
        text = STAMP.sub("", RELEASE.sub("", answer.get_data(as_text=True)))
        text = re.sub(r"\n(?:[ \t]*\n)+", "\n", text)
        text = NOTE.sub('href="note"', text)
    return answer.status_code, answer.mimetype, text


def differing(here: Flask, there: Flask, addresses: Iterator[str]) -> list[str]:
    """Return the addresses that are answered otherwise there, each with how it begins to differ."""
    found = []
    for at in addresses:
        ours, theirs = answered(here, at), answered(there, at)
        if ours != theirs:
            lines = unified_diff(ours[2].split("\n"), theirs[2].split("\n"), lineterm="", n=0)
            found.append(f"{at}: {ours[:2]} {theirs[:2]} {[*islice(lines, 3, 9)]}")
    return found


def test_the_pages_are_the_same(here: Flask, there: Flask) -> None:
    assert differing(here, there, iter(PLACES)) == []


def test_the_doubts_are_the_same_and_say_that_readings_are_not_tried(
    here: Flask, there: Flask
) -> None:
    """What a reading would change is worked out from the files of a release."""
    assert differing(here, there, iter(["/doubts.json", "/doubts.csv"])) == []
    headings = [
        [heading.text for heading in read(app.test_client(), "/doubts").all("h3")]
        for app in (here, there)
    ]
    assert headings[0] == headings[1] and len(headings[0]) > 20
    sentences = [paragraph.text for paragraph in read(there.test_client(), "/doubts").all("p")]
    assert sum("se calcule sur" in sentence for sentence in sentences) == 1


def test_the_page_of_a_thing_of_each_kind_is_the_same(
    here: Flask, there: Flask, store: EmbeddedStore
) -> None:
    assert differing(here, there, things(store)) == []


OF_TEXTS = {"concluded_of_thing", "what_depends_on_question"}
"""Rows of theirs are statements of texts with a language, which Virtuoso does not find again by
their terms: there such a row has no link to its evidence."""


def test_the_page_of_each_question_is_the_same(
    here: Flask, there: Flask, request: pytest.FixtureRequest
) -> None:
    left_out = OF_TEXTS if "virtuoso" in request.node.name else set()
    names = (name for name in load() if name not in left_out)
    assert differing(here, there, (f"/questions/{name}" for name in names)) == []
    assert differing(here, there, iter(["/questions/stages.csv", "/questions/stages.xml"])) == []


BUILT = "kind=schema:Event&1=schema:superEvent&1.how=optional&2=%5Ern:inEvent&2.how=without"
BUILT += "&2.kind=rn:Participation&2.1=rn:role&2.1.is=role/contact&2.1.is=role/ouvre"
NARROWER = "kind=rn:Innovation&1=dcterms:subject&1.is=theme/emploi-et-competences"
NARROWER += "&2=rn:beneficiary&2.how=without&2.is=beneficiary/salaries&2.is=beneficiary/enfants"


@pytest.mark.parametrize(
    "asked",
    [
        f"{BUILT}&certainty=explicit",
        BUILT,
        NARROWER.partition("&2=")[0],
        NARROWER.replace("&1.is=theme/emploi-et-competences", ""),
    ],
)
def test_a_question_that_is_built_has_the_same_answer(
    store: EmbeddedStore, elsewhere: RemoteStore, there: Flask, asked: str
) -> None:
    page = read(there.test_client(), f"/builder?{asked}")
    links = [a["href"] for a in page.all("a") if a["href"].startswith("/sparql?query=")]
    (query,) = parse_qs(urlsplit(links[0]).query)["query"]
    found = store.select(query).rows
    assert found and {*elsewhere.select(query).rows} == {*found}


def test_things_are_found_by_their_names(there: Flask) -> None:
    for text in ("rifc", "R%C3%89SEAU+innovation", "franche-comt%C3%A9+reseau"):
        found = there.test_client().get(f"/search.json?q={text}").json
        assert found["without_index"]
        assert f"{ID}organisation/rifc" in [one["iri"] for one in found["results"]]
