"""The pages of the graph where another's server holds it: the same, whatever server that is."""

import re
from collections.abc import Iterable
from difflib import unified_diff
from functools import cache
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from pyoxigraph import parse

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.rdf.formats import GRAPHS, by_media_type
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.remote_store import RemoteStore
from reading_pages import read

pytestmark = [
    pytest.mark.parametrize("elsewhere", ["oxigraph", "virtuoso"], indirect=True),
]

NOTE = re.compile(r'href="/(?:r/[a-z2-7]{16}(?:\?[^"]*)?|why\?[^"]*)"')
"""The address of an evidence note: a short one where a release has an index of its claims."""
RELEASE = re.compile(
    r'<section aria-labelledby="news">.*?</section>\s*|<footer class="bottom">.*?</footer>'
    r'|<section class="cite".*?</details>\s*</section>'
    r'|"version": "[^"]*", |"distribution": \[.*?\], |<link rel="item"[^>]*>\s*',
    re.DOTALL,
)
STAMP = re.compile(r"\?v=[0-9a-f]+")

PAGES = [
    "/",
    "/?lang=en",
    "/questions",
    "/questions/stage_carriers",
    "/questions/themes_of_organisation?certainty=explicit",
    "/questions/stages.csv",
    "/ontology",
    "/list",
    "/list/stage",
    "/list/organisation?theme=theme/gouvernance",
    "/between?from=person/marie-guite-dufay&to=stage/bge-franche-comte&certainty=inferred",
    "/between?from=zzzz&to=theme/confiance",
    "/compare?a=theme/teletravail&b=theme/vie-au-travail&certainty=inferred",
    "/network",
    "/network.csv?kind=stage&kind=theme&centre=stage/vesoul&steps=2&certainty=explicit",
    "/builder?kind=rn:Stage&1=dcterms:subject&1.is=theme/gouvernance&2=rn:status",
    "/doubts.json",
    "/page/stage/no-such-stage",
    "/page/stage/vesoul",
    "/questions/evidence_of_fact?subject=stage/mfq-franche-comte&property=rn:startTime",
    "/page/organisation/legeni",
    "/page/person/marie-guite-dufay",
    "/page/innovation/mamhique",
    "/page/theme/gouvernance",
    f"/why?subject={ID}organisation/legeni&property={RN}linkedToLargerTheme"
    f"&object={ID}theme/gouvernance-et-participation",
    f"/why?subject={ID}person/marie-guite-dufay&property={RN}atSameStageAs"
    f"&object={ID}person/stephane-fratacci",
    "/data/stage/bge-franche-comte.trig",
    "/data/organisation/legeni.jsonld",
    "/ontology.nt",
    "/ontology/carriedBy?lang=en",
    "/ontology/Innovation.ttl",
    "/shapes",
    "/context.jsonld",
]


@pytest.fixture(scope="module")
def here(store: EmbeddedStore, release: Release) -> Flask:
    return create_app(store, release)


@pytest.fixture(scope="module")
def there(elsewhere: RemoteStore) -> Flask:
    return create_app(elsewhere, of_server=True)


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


def differing(here: Flask, there: Flask, addresses: Iterable[str]) -> list[str]:
    """Return the addresses that are answered otherwise there, each with how it begins to differ."""
    found = []
    for at in addresses:
        ours, theirs = answered(here, at), answered(there, at)
        if ours != theirs:
            lines = unified_diff(ours[2].split("\n"), theirs[2].split("\n"), lineterm="", n=0)
            found.append(f"{at}: {ours[:2]} {theirs[:2]} {[*islice(lines, 3, 9)]}")
    return found


def test_the_pages_are_the_same(here: Flask, there: Flask) -> None:
    assert differing(here, there, PAGES) == []
    for text in ("rifc", "R%C3%89SEAU+innovation", "franche-comt%C3%A9+reseau"):
        found = there.test_client().get(f"/api/search?q={text}").json
        assert f"{ID}organisation/rifc" in [one["iri"] for one in found["results"]]


BUILT = "kind=schema:Event&1=schema:superEvent&1.how=optional&2=%5Ern:inEvent&2.how=without"
BUILT += "&2.kind=rn:Participation&2.1=rn:role&2.1.is=role/contact&2.1.is=role/ouvre"


def test_a_question_that_is_built_has_the_same_answer(
    store: EmbeddedStore, elsewhere: RemoteStore, there: Flask
) -> None:
    page = read(there.test_client(), f"/builder?{BUILT}")
    links = [a["href"] for a in page.all("a") if a["href"].startswith("/sparql?query=")]
    (query,) = parse_qs(urlsplit(links[0]).query)["query"]
    found = store.select(query).rows
    assert found and {*elsewhere.select(query).rows} == {*found}
