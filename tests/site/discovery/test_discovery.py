"""The dataset is found by machines: what is counted is true, what is linked is there."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import rdflib.namespace
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Dataset, Literal, NamedNode, RdfFormat, Triple, parse
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SDO, SH, VOID, Graph, URIRef
from rdflib.namespace import ClosedNamespace, DefinedNamespace

from places import suite
from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.errors import ServingError
from rallynov_graph.base.namespaces import BASE, ID, RN
from rallynov_graph.exports import dump_files, schema_org
from rallynov_graph.exports.catalogues import SPDX
from rallynov_graph.exports.dump_files import DumpFolder, StoredDump
from rallynov_graph.exports.dumps import DUMPS
from rallynov_graph.exports.packing import SUFFIXES
from rallynov_graph.rdf.formats import GRAPHS, TURTLE
from rallynov_graph.release.attribution import Publication
from rallynov_graph.release.release import Release
from rallynov_graph.server.description import Service
from rallynov_graph.server.requests import Proxies
from rallynov_graph.site.application import create_app
from rallynov_graph.site.discovery import views
from rallynov_graph.site.explore.lists.views import AS
from rallynov_graph.site.web.signposting import Link, link_header
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import DATA, Page, read

HERE = "http://localhost"
WHOLE = URIRef(f"{BASE}dataset")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = re.compile(r"""<([^>]*)>((?:; [a-z]+="[^"]*")*)(?:; title\*=UTF-8''[\w%.~-]*)?(?:, |$)""")
LASTING = Publication.of("https://data.example.org/rally", "An archive", "https://example.org/")


@pytest.fixture(scope="module")
def published(store: EmbeddedStore, release: Release) -> Flask:
    """The site of an operator who promises an address."""
    app = create_app(store.pages(), release, publication=LASTING)
    app.testing = True
    return app


STAGE = "https%3A%2F%2Fw3id.org%2Frallynov%2Fontology%23Stage"


def graph_of(client: FlaskClient, address: str, **how: Any) -> Graph:
    answer = client.get(address, headers={"Accept": "text/turtle"}, **how)
    assert answer.status_code == 200, address
    return Graph().parse(data=answer.data, format="turtle")


def links_of(answer: Any) -> list[tuple[str, str, dict[str, str]]]:
    """The links of an answer's headers: relation, target, attributes."""
    found = []
    header = ", ".join(answer.headers.getlist("Link"))
    for target, told in LINK.findall(header):
        attributes = dict(re.findall(r'; ([a-z]+)="([^"]*)"', told))
        found.append((attributes.pop("rel"), target, attributes))
    assert "".join(m[0] for m in LINK.finditer(header)) == header
    return found


def one_of_each_kind(release: Release) -> Iterator[str]:
    kinds: dict[str, str] = {}
    quads = parse(path=str(release.data), format=RdfFormat.N_QUADS)
    for quad in (quad for quad in quads if is_current(quad.graph_name)):
        iri = getattr(quad.subject, "value", "")
        if iri.startswith(ID):
            kinds.setdefault(iri.removeprefix(ID).partition("/")[0], iri)
    return iter(kinds.values())


def test_void_counts_what_the_endpoint_answers(client: FlaskClient, store: EmbeddedStore) -> None:
    void = graph_of(client, "/.well-known/void")
    queries = {
        VOID.triples: "COUNT(*)",
        VOID.distinctSubjects: "COUNT(DISTINCT ?s)",
        VOID.distinctObjects: "COUNT(DISTINCT ?o)",
        VOID.properties: "COUNT(DISTINCT ?p)",
    }
    for told, counted in queries.items():
        [[n]] = store.pages().select(f"SELECT ({counted} AS ?n) {{ ?s ?p ?o }}").rows
        assert str(void.value(WHOLE, told)) == getattr(n, "value", "")
    parts = [*void.objects(WHOLE, VOID.propertyPartition)]
    total = sum(int(void.value(part, VOID.triples)) for part in parts)
    assert total == int(void.value(WHOLE, VOID.triples))
    assert str(len({void.value(part, VOID.property) for part in parts})) == str(
        void.value(WHOLE, VOID.properties)
    )
    classes = [*void.objects(WHOLE, VOID.classPartition)]
    assert len(classes) == int(void.value(WHOLE, VOID.classes))
    [stages] = [c for c in classes if void.value(c, VOID["class"]) == URIRef(f"{RN}Stage")]
    assert int(void.value(stages, VOID.entities)) == 9


def test_void_says_where_things_lie_and_what_they_lead_to(client: FlaskClient) -> None:
    void, catalogue = graph_of(client, "/.well-known/void"), graph_of(client, "/catalog")
    document, sparql = URIRef(f"{HERE}/.well-known/void"), URIRef(f"{HERE}/sparql")
    assert void.value(document, FOAF.primaryTopic) == WHOLE
    assert str(void.value(WHOLE, VOID.uriSpace)) == ID
    assert URIRef(f"{BASE}ontology#") in set(void.objects(WHOLE, VOID.vocabulary))
    led = {
        (void.value(it, VOID.linkPredicate), str(void.value(target, VOID.uriSpace)))
        for it in void.objects(WHOLE, VOID.subset)
        for target in void.objects(it, VOID.objectsTarget)
    }
    assert (SDO.sameAs, "http://www.wikidata.org/") in led
    assert not [site for _, site in led if site.startswith(BASE)]
    for example in void.objects(WHOLE, VOID.exampleResource):
        assert client.get(f"/{str(example).removeprefix(BASE)}").status_code == 303
    assert void.value(WHOLE, VOID.sparqlEndpoint) == sparql
    assert URIRef(f"{HERE}/catalog") in set(void.objects())
    assert catalogue.value(sparql, RDF.type) == DCAT.DataService
    assert document in set(catalogue.objects())
    service = Graph().parse(data=Service((), None, merged=True).written(str(sparql), TURTLE))
    descriptions = ("/.well-known/void", "/catalog", "/.well-known/sparql-examples")
    seen = {str(iri) for iri in service.objects(sparql, rdflib.RDFS.seeAlso)}
    assert seen == {f"{HERE}{path}" for path in descriptions}


def test_the_whole_is_had_as_a_file_that_is_what_is_said(
    client: FlaskClient, release: Release
) -> None:
    void, catalogue = graph_of(client, "/.well-known/void"), graph_of(client, "/catalog")
    dump = URIRef(f"{HERE}/dataset.nq")
    assert dump in set(void.objects(WHOLE, VOID.dataDump))
    answer = client.get("/dataset.nq")
    assert answer.data == release.data.read_bytes()
    assert answer.mimetype == "application/n-quads"
    [distribution] = catalogue.subjects(DCAT.downloadURL, dump)
    assert int(catalogue.value(distribution, DCAT.byteSize)) == len(answer.data)
    digest = hashlib.sha256(answer.data).hexdigest()
    assert digest in {str(value) for value in catalogue.objects()}


def test_every_dump_is_listed_with_what_is_known_of_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, dcat_ap: Graph
) -> None:
    files = {f"{d.file}{SUFFIXES.get(how, '')}": (d, how) for d in DUMPS for how in d.packings}
    made = DumpFolder(
        Path("x"),
        tuple(StoredDump(d.name, how, "0" * 64, 7) for d, how in files.values()),
    )
    tags = set()
    for folder in (made, None):
        monkeypatch.setattr(dump_files, "found", lambda *_, folder=folder: folder)
        catalogue = graph_of(client, "/catalog")
        assert failures(catalogue, dcat_ap) == ""
        for file, (dump, how) in files.items():
            [it] = catalogue.subjects(DCAT.downloadURL, URIRef(f"{HERE}/downloads/{file}"))
            packed = catalogue.value(it, DCAT.compressFormat)
            assert str(packed).endswith(f"/{how}") if how else packed is None
            for known in (DCAT.byteSize, URIRef(f"{SPDX}checksum")):
                assert (catalogue.value(it, known) is not None) == bool(folder)
            media = catalogue.value(it, DCAT.mediaType)
            assert media is None or str(media).endswith(dump.form.media_type)
        tags.add(client.get("/catalog.ttl").headers["ETag"])
    assert len(tags) == 2, "other sizes are known"
    void = {*map(str, graph_of(client, "/.well-known/void").objects(WHOLE, VOID.dataDump))}
    rdf = {f"{HERE}/downloads/{file}" for file, (dump, _) in files.items() if dump.group == "rdf"}
    assert void == rdf | {f"{HERE}/dataset.nq"}


@pytest.fixture(scope="module")
def dcat_ap() -> Graph:
    """The official shapes of DCAT-AP 3, without the shapes of properties that they only name."""
    shapes = Graph()
    for name in ("dcat-ap-SHACL.ttl", "ranges.ttl"):
        shapes.parse(suite("dcat-ap") / name, format="turtle")
    for shape, part in [*shapes.subject_objects(SH.property)]:
        if (part, SH.path, None) not in shapes:
            shapes.remove((shape, SH.property, part))
    shapes.remove((None, SH["class"], RDFS.Resource))  # RDFS says it of everything.
    return shapes


def failures(catalogue: Graph, shapes: Graph) -> str:
    conforms, _, text = validate(catalogue, shacl_graph=shapes, advanced=False, inference="none")
    return "" if conforms else str(text)


def test_the_catalogue_is_what_dcat_ap_wants_and_names_operator_and_curators(
    client: FlaskClient, published: Flask, dcat_ap: Graph
) -> None:
    curators, archive = URIRef(f"{ID}agent/curateurs"), URIRef("https://example.org/")
    ours, theirs = graph_of(client, "/catalog"), graph_of(published.test_client(), "/catalog")
    for catalogue, publisher in ((ours, curators), (theirs, archive)):
        assert failures(catalogue, dcat_ap) == ""
        assert set(catalogue.objects(None, DCTERMS.publisher)) == {publisher}
        assert set(catalogue.objects(None, DCTERMS.creator)) == {curators}
    assert str(theirs.value(archive, FOAF.name)) == "An archive"
    ours.remove((None, DCTERMS.publisher, None))
    assert failures(ours, dcat_ap), "it would be seen"


def test_the_document_of_the_dataset_says_what_catalogues_ask(client: FlaskClient) -> None:
    told = Graph().parse(data=client.get(f"/resource.ttl?iri={WHOLE}").data, format="turtle")
    for prop in (DCTERMS.identifier, DCTERMS.publisher, DCTERMS.spatial, DCTERMS.temporal):
        assert told.value(WHOLE, prop) is not None, prop
    distributions = {*told.objects(WHOLE, DCAT.distribution)}
    catalogue = graph_of(client, "/catalog")
    assert (
        distributions == {*catalogue.objects(WHOLE, DCAT.distribution)} and len(distributions) > 5
    )
    keywords = {*map(str, told.objects(WHOLE, DCAT.keyword))}
    (described,) = told_in(client, "/")
    assert {*described["keywords"]} == keywords > {"innovation sociale", "Franche-Comté"}


def test_a_description_is_the_same_in_every_format(client: FlaskClient) -> None:
    for path in ("/.well-known/void", "/catalog"):
        said = []
        for form in GRAPHS:
            answer = client.get(path, headers={"Accept": form.media_type})
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.data == client.get(answer.headers["Content-Location"]).data
            said.append({q.triple for q in parse(answer.data, format=form.rdf)})
        assert len(said[0]) > 50 and all(told == said[0] for told in said)
        assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


def addresses(client: FlaskClient, path: str) -> list[ElementTree.Element]:
    answer = client.get(path)
    assert answer.mimetype == "application/xml"
    return [*ElementTree.fromstring(answer.data)]


def test_robots_are_led_to_a_map_in_both_languages_with_the_date_of_the_data(
    client: FlaskClient, release: Release
) -> None:
    found = addresses(client, "/sitemap.xml")
    assert len(found) > 300
    locations = [url.findtext(f"{SITEMAP}loc") or "" for url in found]
    assert len({*locations}) == len(locations)
    assert {url.findtext(f"{SITEMAP}lastmod") for url in found} == {release.manifest.issued}
    for url in found:
        others = {link.get("hreflang"): link.get("href") for link in url if link.get("hreflang")}
        assert {*others} == {"fr", "en"}
        assert url.findtext(f"{SITEMAP}loc") in others.values()
    for location in locations[::17]:
        assert client.get(location.removeprefix(HERE)).status_code == 200, location
    assert f"{HERE}/page/stage/vesoul?lang=en" in locations
    robots = client.get("/robots.txt").text
    assert f"Sitemap: {HERE}/sitemap.xml\n" in robots and "/data" not in robots
    for without_end in ("/sparql", "/compare?", "/between?", "/*?try=", "/*&"):
        assert f"Disallow: {without_end}" in robots


def test_who_is_only_a_contact_is_not_offered_to_search_engines(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    locations = {url.findtext(f"{SITEMAP}loc") for url in addresses(client, "/sitemap.xml")}
    people = store.select(f"SELECT DISTINCT ?p {{ ?p a <{FOAF.Person}> }}").rows
    paths = ["/page/" + str(p).strip("<>").removeprefix(ID) for (p,) in people]
    hidden = [p for p in paths if "noindex" in client.get(p).headers.get("X-Robots-Tag", "")]
    assert hidden
    assert {path for path in paths if f"{HERE}{path}" not in locations} == {*hidden}
    for page in (read(client, path) for path in hidden):
        assert page.all("meta", name="robots", content="noindex")
        assert page.all("script", type=DATA) == []


def test_a_long_map_is_in_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {url.findtext(f"{SITEMAP}loc") for url in addresses(client, "/sitemap.xml")}
    monkeypatch.setattr(views, "MOST_THINGS", 50)
    parts = [part.findtext(f"{SITEMAP}loc") or "" for part in addresses(client, "/sitemap.xml")]
    assert len(parts) > 2
    found = [
        url.findtext(f"{SITEMAP}loc")
        for part in parts
        for url in addresses(client, part.removeprefix(HERE))
    ]
    assert len(found) == len({*found}) and {*found} == whole


def test_whom_to_tell_of_a_weakness_is_said_where_the_operator_says_it(
    client: FlaskClient, store: EmbeddedStore, release: Release
) -> None:
    path = "/.well-known/security.txt"
    assert client.get(path).status_code == 404
    told = Publication.of(contact="https://example.org/security")
    answer = create_app(store, release, publication=told).test_client().get(path)
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "https://example.org/security"
    assert datetime.now(UTC) < datetime.fromisoformat(fields["Expires"])
    assert fields["Canonical"].endswith(path)


@pytest.mark.parametrize("below", ["", "/rally"])
def test_every_link_of_a_page_and_of_a_document_leads_somewhere(
    client: FlaskClient, release: Release, below: str
) -> None:
    how: dict[str, Any] = {"base_url": f"{HERE}{below}"}
    paths = [f"/page/{iri.removeprefix(ID)}" for iri in [*one_of_each_kind(release)][::4]]
    paths += ["/", "/list/passage?page=2", "/list/passage.ttl", "/ontology", "/shapes", "/context"]
    paths += ["/ontology/Stage", "/data/stage/vesoul.nt", "/data/stage/vesoul", "/catalog"]
    targets = set()
    for path in (*paths, "/dataset.nq", "/downloads/rallynov.nt"):
        links = links_of(client.get(path, follow_redirects=True, **how))
        relations = {rel for rel, *_ in links}
        assert {"type", "author", "license"} <= relations, path
        assert "cite-as" not in relations, "nobody promises that it lasts"
        targets |= {target for _, target, _ in links if target.startswith(HERE)}
    assert len(targets) > 100
    for target in targets:
        assert target.startswith(f"{HERE}{below}/")
        address = target.removeprefix(f"{HERE}{below}")
        assert client.get(address, follow_redirects=True, **how).status_code == 200, target
    led = client.get("/id/stage/vesoul", headers={"Accept": "text/turtle"}, **how)
    assert led.headers["Location"] == f"{below}/data/stage/vesoul.ttl"
    assert f"Disallow: {below}/sparql" in client.get("/robots.txt", **how).text


def test_a_page_says_what_it_is_about_and_where_it_belongs(client: FlaskClient) -> None:
    links = links_of(client.get("/page/stage/vesoul?lang=en"))
    told = {(rel, target) for rel, target, _ in links}
    assert ("type", "https://schema.org/AboutPage") in told
    assert ("type", "https://schema.org/Event") in told
    assert ("author", f"{HERE}/id/agent/curateurs") in told
    assert ("license", "https://creativecommons.org/licenses/by/4.0/") in told
    assert ("collection", f"{HERE}/list/stage?lang=en") in told
    for rel in ("describedby", "alternate"):
        types = {about["type"] for r, _, about in links if r == rel}
        assert types == {form.media_type for form in GRAPHS}
    page = read(client, "/page/stage/vesoul?lang=en")
    heads = {(e["rel"], e["href"]) for e in page.all("link")}
    assert {pair for pair in told if pair[0] != "alternate"} <= heads


def linkset(client: FlaskClient, path: str) -> dict[str, set[tuple[str, str]]]:
    """The links of each context of a linkset, by the address that they are of."""
    answer = client.get(path)
    assert answer.mimetype == "application/linkset+json"
    return {
        context["anchor"]: {
            (rel, target["href"])
            for rel, targets in context.items()
            if rel != "anchor"
            for target in targets
        }
        for context in json.loads(answer.text)["linkset"]
    }


def test_the_set_of_links_says_the_same_as_the_headers(client: FlaskClient) -> None:
    contexts = linkset(client, "/linkset/page/stage/vesoul")
    assert len(contexts) == 1 + len(GRAPHS)
    for path in ("/page/stage/vesoul", "/data/stage/vesoul.ttl", "/data/stage/vesoul.nq"):
        told = {(rel, target) for rel, target, _ in links_of(client.get(path))}
        assert told == contexts[f"{HERE}{path}"]
    ((anchor, listed),) = linkset(client, "/linkset").items()
    home = client.get(anchor.removeprefix(HERE))
    assert listed == {(rel, target) for rel, target, _ in links_of(home)}
    for path in ("/list/stage", "/list/passage?page=2", f"/list?class={STAGE}"):
        page = client.get(path)
        told = {(rel, target) for rel, target, _ in links_of(page)}
        (at,) = [target for rel, target in told if rel == "linkset"]
        ((anchor, listed),) = linkset(client, at.removeprefix(HERE)).items()
        items = {target for rel, target in listed if rel == "item"}
        assert anchor == f"{HERE}{path}" and listed - {("item", it) for it in items} == told
        things = {a["href"] for a in Page(page.text).all("a") if a["href"].startswith("/page/")}
        assert items and items <= {f"{HERE}{thing}" for thing in things}
        for item in [*items][:3]:
            back = [target for _, target, _ in links_of(client.get(item.removeprefix(HERE)))]
            assert any(target.startswith(f"{HERE}/list/") for target in back)


def test_the_first_page_of_a_list_is_read_at_the_address_of_the_list(client: FlaskClient) -> None:
    for path in ("/list/passage", "/list/theme", f"/list?class={STAGE}"):
        mark = "&" if "?" in path else "?"
        asked = f"{path}{mark}page=1&certainty=explicit&lang=en"
        answer = client.get(asked)
        assert answer.status_code == 301 and answer.headers["Vary"] == "Accept"
        assert answer.location == f"{path}{mark}certainty=explicit&lang=en"
        if path != "/list/theme":  # a tree, which has one page
            assert client.get(asked, headers={"Accept": "text/turtle"}).status_code == 200


def test_a_long_address_makes_no_header_that_is_refused() -> None:
    links = [Link("alternate", f"https://e.org/{'x' * 900}{n}") for n in range(6)]
    short = Link("license", "https://e.org/é")
    assert link_header((*links, short)) == '<https://e.org/%C3%A9>; rel="license"'
    assert link_header((Link("license", "x" * 9000),)) == ""


def test_lists_lead_from_page_to_page_for_people_and_for_machines(client: FlaskClient) -> None:
    first, second = (links_of(client.get(f"/list/passage{n}")) for n in ("", "?page=2"))
    steps = [{r: t for r, t, _ in links if r in ("next", "prev")} for links in (first, second)]
    assert steps[0] == {"next": f"{HERE}/list/passage?page=2"}
    assert steps[1] == {"prev": f"{HERE}/list/passage", "next": f"{HERE}/list/passage?page=3"}
    found, pages, address = set(), 0, "/list/passage.ttl"
    whole = URIRef(f"{HERE}/list/passage")
    while address:
        told = graph_of(client, address)
        [page] = told.subjects(RDF.type, URIRef(f"{AS}CollectionPage"))
        assert told.value(page, URIRef(f"{AS}partOf")) == whole
        found |= set(told.objects(page, URIRef(f"{AS}items")))
        total = int(told.value(whole, URIRef(f"{AS}totalItems")))
        following = told.value(page, URIRef(f"{AS}next"))
        header = [t for r, t, _ in links_of(client.get(address)) if r == "next"]
        assert bool(following) == bool(header)
        address = header[0].removeprefix(HERE) if header else ""
        pages += 1
    assert pages == 4 and len(found) == total > 150
    negotiated = client.get("/list/stage", headers={"Accept": "text/turtle"})
    assert negotiated.data == client.get("/list/stage.ttl").data


def told_in(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    [script] = read(client, path).all("script", type=DATA)
    told = json.loads(script.text)
    assert told["@context"] == "https://schema.org/"
    graph: list[dict[str, Any]] = told["@graph"]
    return graph


def names_in(value: Any) -> Iterator[str]:
    """Every property and class that is named in JSON-LD."""
    if isinstance(value, list):
        for one in value:
            yield from names_in(one)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "@type":
                yield inner
            elif not key.startswith("@"):
                yield key
            yield from names_in(inner)


def test_what_search_engines_are_told_is_in_their_own_words(
    client: FlaskClient, release: Release
) -> None:
    paths = ["/", *(f"/page/{iri.removeprefix(ID)}" for iri in one_of_each_kind(release))]
    used = set()
    for path in paths:
        answer = client.get(path)
        if answer.status_code == 200 and "noindex" not in answer.headers.get("X-Robots-Tag", ""):
            used |= {*names_in(told_in(client, path))}
    assert {"Event", "Place", "DefinedTerm", "Organization", "startDate", "name"} <= used
    assert [name for name in used if name not in SDO] == []
    assert "stardDate" not in SDO, "the list of words is closed"


def test_search_engines_are_told_nothing_that_is_only_supposed(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    [_, stage] = told_in(client, "/page/stage/bge-franche-comte")
    assert stage["@type"] == "Event" and stage["startDate"] == "2013-04-08"
    [dataset] = told_in(client, "/?lang=en")
    assert dataset["@type"] == "Dataset" and dataset["isAccessibleForFree"] is True
    supposed = store.pages().select(
        f"SELECT ?s ?o {{ GRAPH ?g {{ ?s <{SDO.startDate}> ?o }} ?g <{RN}certainty> <{RN}tentative>"
        f" FILTER NOT EXISTS {{ GRAPH ?h {{ ?s <{SDO.startDate}> ?o }} ?h <{RN}certainty> ?how"
        f" FILTER (?how != <{RN}tentative>) }} }}"
    )
    for thing, _ in supposed.rows:
        [_, told] = told_in(client, "/page/" + str(thing).strip("<>").removeprefix(ID))
        assert "startDate" not in told


def test_a_hostile_name_ends_no_script() -> None:
    name = '</script><script>alert("1")</script><!--'
    told = schema_org.written([schema_org.node("Thing", "https://e.org/", {"name": name})])
    assert "<" not in told and json.loads(told)["@graph"][0]["name"] == name


def test_under_a_lasting_address_everything_is_named_by_it(published: Flask) -> None:
    client, base = published.test_client(), "https://data.example.org/rally/"
    for path in ("/page/stage/vesoul", "/data/stage/vesoul.ttl"):
        answer = client.get(path, base_url="http://10.0.0.1:8000/below")
        links = links_of(answer)
        ours = [target for rel, target, _ in links if rel not in ("type", "license")]
        assert [target for target in ours if not target.startswith(base)] == []
        assert "10.0.0.1" not in answer.text and "10.0.0.1" not in answer.headers["Link"]
        if path.startswith("/page"):
            assert f"{base}id/stage/vesoul" in [it for rel, it, _ in links if rel == "cite-as"]
    void = graph_of(client, "/.well-known/void", base_url="http://10.0.0.1/below")
    assert URIRef(f"{base}sparql") in set(void.objects())
    assert f"Sitemap: {base}sitemap.xml" in client.get("/robots.txt").text


def test_a_host_that_is_none_names_nothing(client: FlaskClient, published: Flask) -> None:
    for host in ('a"><b', "a b", "", "user@host", "a/b?c", "a:port", "x" * 300):
        for path in ("/data/stage/vesoul.ttl", "/page/stage/vesoul", "/catalog", "/sitemap.xml"):
            answer = client.get(path, headers={"Host": host, "Accept": "text/turtle, text/html"})
            assert (answer.status_code, "Link" in answer.headers) == (400, False), (host, path)
    lasting = published.test_client().get("/catalog", headers={"Host": "a b"})
    assert lasting.status_code == 200


def test_the_graph_of_others_has_documents_and_no_catalogue() -> None:
    text = "<https://e.org/a> a <https://e.org/C> ; <https://e.org/p> <https://e.org/b> ."
    quads = parse(text.encode(), format=RdfFormat.TURTLE)
    client = create_app(EmbeddedStore.of_quads(quads).pages()).test_client()
    told = graph_of(client, "/data?iri=https://e.org/a")
    document = URIRef(f"{HERE}/data?iri=https%3A%2F%2Fe.org%2Fa")
    assert set(told.objects(document, FOAF.primaryTopic)) == {URIRef("https://e.org/a")}
    assert not [*told.objects(document, DCTERMS.license)]
    assert "author" not in {
        rel for rel, *_ in links_of(client.get("/resource?iri=https://e.org/a"))
    }
    assert read(client, "/resource?iri=https://e.org/a").all("script", type=DATA) == []
    assert client.get("/sitemap.xml").status_code == 200
    assert graph_of(client, "/list.ttl?class=https://e.org/C")


def test_things_with_other_names_are_led_to_as_well(release: Release) -> None:
    base = "https://graph.example.org/rally/"
    data = release.data.read_bytes().replace(BASE.encode() + b"id/", f"{base}id/".encode())
    moved = EmbeddedStore.of_quads(parse(data, format=RdfFormat.N_QUADS)).pages()
    client = create_app(moved, release, base=base).test_client()
    answer = client.get("/data/stage/vesoul.ttl")
    told = Dataset(parse(answer.data, format=RdfFormat.TURTLE))
    topic = [q.object for q in told if q.predicate.value.endswith("primaryTopic")]
    assert topic == [NamedNode(f"{base}id/stage/vesoul")]
    bib = client.get("/cite/page/stage/vesoul.bib", base_url="http://10.0.0.1:8000")
    assert f"url = {{{base}page/stage/vesoul}}" in bib.text
    links = {rel: target for rel, target, _ in links_of(client.get("/page/stage/vesoul"))}
    assert links["cite-as"] == f"{base}id/stage/vesoul"
    assert links["author"] == f"{base}id/agent/curateurs"
    assert ("<" + base + "id/>") not in answer.text


NOT_LASTING = (
    "data.example.org",
    "ftp://e.org/",
    "https://e.org/?a",
    "https://e.org/#a",
    "https://",
)


def test_what_an_operator_cannot_promise_is_refused() -> None:
    for promised, words in (
        *(((it,), "cannot be a lasting address") for it in NOT_LASTING),
        (("", "An archive", "not an address"), "not a web address"),
        (("", "", "https://example.org/"), "--publisher"),
    ):
        with pytest.raises(ServingError, match=words):
            Publication.of(*promised)
    for contact in ("somebody", "http://example.org/", "https://a b"):
        with pytest.raises(ServingError, match="begins with https:"):
            Publication.of(contact=contact)
    assert Publication.of("https://e.org/a") == Publication("https://e.org/a/")


def test_a_proxy_that_is_named_says_at_which_address_it_was_asked() -> None:
    trusted = Proxies(("10.0.0.0/31",))
    for header, value, expected in (
        (b"x-forwarded-host", "data.example.org", ("data.example.org", "")),
        (b"x-forwarded-host", "a.example.org:8443, b", ("a.example.org:8443", "")),
        (b"x-forwarded-host", "[::1]:80", ("[::1]:80", "")),
        (b"x-forwarded-host", 'a"><script>', ("here", "")),
        (b"x-forwarded-host", "user@a/b", ("here", "")),
        (b"x-forwarded-prefix", "/rally/", ("here", "/rally")),
        (b"x-forwarded-prefix", "/a/b", ("here", "/a/b")),
        (b"x-forwarded-prefix", "/../x", ("here", "")),
        (b"x-forwarded-prefix", "//evil.example.org", ("here", "")),
        (b"x-forwarded-prefix", "rally", ("here", "")),
        (b"x-forwarded-prefix", "/a b", ("here", "")),
    ):
        pairs = [(b"host", b"here"), (header, value.encode())]
        for proxy, told in (("10.0.0.1", expected), ("10.0.0.2", ("here", ""))):
            scope = {"headers": pairs, "client": (proxy, 1), "scheme": "http"}
            found = trusted.as_requested(scope)
            host = dict(found["headers"])[b"host"].decode()
            assert (host, found.get("root_path", "")) == told, value
    for clients, client in (("192.0.2.1", "192.0.2.1"), ("x, 192.0.2.7,10.0.0.1", "192.0.2.7")):
        pairs = [(b"x-forwarded-for", clients.encode()), (b"x-forwarded-proto", b"https")]
        scope = {"headers": pairs, "client": ("10.0.0.1", 1), "scheme": "http"}
        found = trusted.as_requested(scope)
        assert (found["client"][0], found["scheme"]) == (client, "https")


CLOSED: dict[str, Any] = {
    str(space): space
    for space in vars(rdflib.namespace).values()
    if isinstance(space, ClosedNamespace)
    or (isinstance(space, type(DefinedNamespace)) and getattr(space, "_NS", None) is not None)
}
LATER = {f"{DCAT}version"}
"""Terms that are younger than the lists of rdflib."""


def misspelt(triples: Iterator[Triple] | set[Triple]) -> set[str]:
    """Properties and classes that their vocabularies do not have, as far as rdflib lists those."""
    used = {t.predicate.value for t in triples}
    used |= {
        t.object.value
        for t in triples
        if t.predicate.value == str(RDF.type) and isinstance(t.object, NamedNode)
    }
    spaces = {iri: iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used - LATER}
    return {
        iri
        for iri, space in spaces.items()
        if space in CLOSED and iri.removeprefix(space) not in CLOSED[space]
    }


def test_every_term_of_others_is_spelt_as_its_vocabulary_has_it(
    client: FlaskClient, release: Release
) -> None:
    triples = {q.triple for q in parse(path=str(release.data), format=RdfFormat.N_QUADS)}
    triples |= {q.triple for q in parse(path=str(release.ontology), format=RdfFormat.N_TRIPLES)}
    for path in ("/void.nt", "/catalog.nt", "/list/stage.nt", "/data/stage/vesoul.nt"):
        triples |= {q.triple for q in parse(client.get(path).data, format=RdfFormat.N_TRIPLES)}
    assert misspelt(triples) == set()
    wrong = Triple(NamedNode("https://e.org/"), NamedNode(str(DCTERMS) + "titel"), Literal("x"))
    assert misspelt({wrong}) == {str(DCTERMS) + "titel"}
