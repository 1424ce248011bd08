"""The evidence note: what is claimed, what decides about it, the words, rival readings."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from awkward import WRITABLE, thing
from claims import short, short_of
from made_up_carnet import STYLED, TEXT, document, store_of
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.resources import data_dir
from rallynov_graph.release.building import build
from rallynov_graph.release.document_texts import LoadedTexts, SourceFile, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.release.release_set import versions
from rallynov_graph.site.application import create_app
from rallynov_graph.site.web.messages import load
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, read

MUTUALITE = "organisation/mutualite-francaise-franche-comte"
CARRIAGE = short("innovation/mamhique", "carriedBy", MUTUALITE)
BALANCE = short(MUTUALITE, "linkedToTheme", "theme/articulation-des-temps-de-vie")
LEGENI = short("organisation/legeni", "linkedToLargerTheme", "theme/gouvernance-et-participation")
BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def with_text(
    release: Release,
    store: EmbeddedStore,
    source_text: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> FlaskClient:
    """Somebody who asks the site that has the text of the carnet."""
    path = tmp_path_factory.mktemp("text") / "carnet.txt"
    path.write_bytes(source_text.encode())
    texts = loaded(store, [SourceFile.read(path)])
    return create_app(store.pages(), release, texts=texts).test_client()


@pytest.mark.parametrize(
    ("language", "sentence", "weak"),
    [
        ("fr", "Mutualité Française Franche-Comté porte Mamhique", "maillon faible"),
        ("en", "Mutualité Française Franche-Comté runs Mamhique", "weakest link"),
    ],
)
def test_a_note_names_the_weakest_link_and_why(
    client: FlaskClient, language: str, sentence: str, weak: str
) -> None:
    page = read(client, f"{BALANCE}?lang={language}" if language == "en" else BALANCE)
    assert faults(page, language) == []
    title = page.one("h1").text
    assert title.startswith("Mutualité Française Franche-Comté")
    (verdict,) = [p.text for p in page.all("p") if p["class"] == "note-verdict"]
    assert sentence in verdict
    assert {"fr": "le carnet le dit proposé", "en": "companies provide it"}[language] in verdict
    (weakest,) = [p.text for p in page.all("p") if weak in p.text]
    assert sentence in weakest


def test_what_is_said_outright_needs_no_reason(client: FlaskClient) -> None:
    # « en présence de Marie-Guite Dufay »
    page = read(client, short("rally/rallynov", "partner", "organisation/rifc"))
    (verdict,) = [p.text for p in page.all("p") if p["class"] == "note-verdict"]
    assert verdict.endswith("Le document le dit en toutes lettres.")
    assert not page.all("table") and "maillon" not in page.text


def test_rival_readings_say_what_becomes_of_the_claim(client: FlaskClient) -> None:
    for address in (CARRIAGE, BALANCE):
        page = read(client, address)
        assert "Qui porte Mamhique" in page.text
        rows = [row.text for row in page.all("tr")[1:]]
        assert rows == [
            "La Mutualité le porte. il tient, incertain lecture retenue",
            "Des entreprises, qui le proposent à leurs salariés. il tombe non retenue",
            "Des entreprises prestataires. il tombe non retenue",
        ]


def test_a_claim_that_has_another_reason_holds_under_every_reading(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    # Who runs the training passport is open; that Indibat is linked to its theme is not only that.
    query = f"""SELECT DISTINCT ?theme WHERE {{
      <{ID}organisation/indibat> <{RN}linkedToTheme> ?theme }}"""
    effects = set()
    for row in store.pages().select(query):
        theme = str(row["theme"])[1:-1].removeprefix(ID)
        note = read(client, short("organisation/indibat", "linkedToTheme", theme))
        effects |= {e.text.split(",")[0] for e in note.all("td") if e.text.startswith("il ")}
    assert effects == {"il tient"}


def test_what_else_is_at_stake_stands_beside_the_words(client: FlaskClient) -> None:
    page = read(client, CARRIAGE)
    provided = short("innovation/mamhique", "providedBy", "group/entreprises-proposant-mamhique")
    assert provided in {a["href"] for a in page.all("a")}
    assert [h.text for h in page.all("h3")][:2] == ["À l’appui", "Aussi en jeu"]


def test_the_words_stand_in_their_sentence(with_text: FlaskClient, source_text: str) -> None:
    answer = with_text.get(CARRIAGE)
    assert answer.headers["Cache-Control"] == "no-store"
    page = Page(answer.text)
    assert faults(page, "fr") == []
    words = " ".join(source_text[3540:3552].split())
    hours = short_of(
        f"<{ID}hours/mamhique-fin-de-semaine> <{PREFIXES['schema']}dayOfWeek> "
        f"<{PREFIXES['schema']}Saturday>"
    )
    note = read(with_text, hours)
    (quotation,) = note.all("blockquote")
    (mark,) = note.all("mark")
    assert mark.text == words and words in quotation.text
    assert len(quotation.text) > len(words) + 10, "its sentence stands around it"
    assert page.all("mark")


def test_the_page_of_a_passage_shows_its_words_in_their_sentence(
    with_text: FlaskClient, client: FlaskClient, source_text: str
) -> None:
    answer = with_text.get("/page/passage/carnet-2-3540-3552")
    assert answer.headers["Cache-Control"] == "no-store"
    page = Page(answer.text)
    assert faults(page, "fr") == []
    (mark,) = page.all("mark")
    assert mark.text == " ".join(source_text[3540:3552].split())
    assert len(page.one("blockquote").text) > len(mark.text) + 10
    without = read(client, "/page/passage/carnet-2-3540-3552")
    assert not without.all("blockquote") and "lisez-les à la place indiquée" in without.text


def test_without_the_text_a_note_says_where_the_words_are_and_how_to_see_them(
    client: FlaskClient,
) -> None:
    answer = client.get(CARRIAGE)
    assert answer.headers["Cache-Control"] == "no-cache" and answer.headers["ETag"]
    page = Page(answer.text)
    assert not page.all("blockquote")
    captions = [e.text for e in page.all("figcaption")]
    assert any("« Mamhique »" in c.replace("\u202f", " ") for c in captions)
    assert any(a["href"].startswith("/carnet/carnet-2") for a in page.all("a"))
    (told,) = [e.text for e in page.all("p") if "ne sont pas publiés ici" in e.text]
    assert told.endswith("avec votre exemplaire du document, lisez-les à la place indiquée.")
    assert "--source" not in page.text


def test_a_note_leads_to_the_other_links_of_the_same_words(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    """As many as the sets on the passages of the deciding claim say, without the claim itself."""
    page = read(client, CARRIAGE)
    start = next(i for i, e in enumerate(page.elements) if e["aria-labelledby"] == "same-source")
    links = [e for e in page.elements[start:] if e.tag == "a" and e["href"].startswith("/r/")]
    items = [e.text for e in page.elements[start:] if e.tag == "li"]
    subject, prop, value = f"{ID}innovation/mamhique", f"{RN}carriedBy", f"{ID}{MUTUALITE}"
    found = store.select(
        f"""SELECT DISTINCT ?s ?p ?o WHERE {{
          GRAPH ?said {{ <{subject}> <{prop}> <{value}> }} ?said <{RN}passage> ?passage .
          ?set <{RN}passage> ?passage . GRAPH ?set {{ ?s ?p ?o }}
          FILTER (ISIRI(?o) && ?p != <{PREFIXES["rdf"]}type>)
          FILTER (?s != <{subject}> || ?p != <{prop}>) }}"""
    ).rows
    assert 0 < len(links) == min(6, len(found))
    assert CARRIAGE not in {e["href"] for e in links}
    told = re.search(r"et (\d+) autres?", items[-1])
    assert (int(told[1]) if told else 0) == max(0, len(found) - 6)
    assert read(client, links[0]["href"]).one("h1").text in items[0]


def test_a_rival_reading_leads_to_its_question_among_the_doubts(client: FlaskClient) -> None:
    page = read(client, CARRIAGE)
    ways = [e["href"] for e in page.all("a") if e["href"].startswith("/doubts#")]
    assert ways
    ids = {e["id"] for e in read(client, "/doubts").elements}
    assert {way.partition("#")[2] for way in ways} <= ids


def test_a_part_of_the_note_is_for_a_script_and_kept_nowhere(client: FlaskClient) -> None:
    answer = client.get(f"{BALANCE}?drawer=1")
    assert answer.headers["Cache-Control"] == "no-store"
    part = Page(f"<main>{answer.text}</main>")
    assert part.faults == [] and not part.all("html") and not part.all("h1")
    assert "porte Mamhique" in part.text and BALANCE in {a["href"] for a in part.all("a")}
    assert client.get(f"{BALANCE}?drawer=wide", headers=BROWSER).status_code == 400


def test_the_evidence_of_a_cell_of_the_matrix_lists_as_many_clues_as_it_counts(
    client: FlaskClient,
) -> None:
    matrix = read(client, "/list/organisation?view=matrix")
    cells = [(a.text.partition(" ")[0], a["href"]) for a in matrix.all("a") if "td" in a.inside]
    assert {count for count, _ in cells} == {"1", "2", "3"}
    for count, href in cells:
        part = Page(f"<main>{client.get(f'{href}?drawer=1').text}</main>")
        reasons = [e.text for e in part.all("h2") + read(client, href).all("h2") if e.text]
        shown = [it for it in reasons if it.startswith("Raison ")]
        assert shown == (
            [f"Raison {n}" for n in range(1, int(count) + 1)] * 2 if count > "1" else []
        )


def test_no_kept_page_holds_words(with_text: FlaskClient, source_text: str) -> None:
    words = " ".join(source_text[3442:3718].split())[20:60]
    for path in (
        "/page/innovation/mamhique",
        f"/page/{MUTUALITE}",
        "/list/organisation?view=matrix",
        "/list/innovation",
    ):
        answer = with_text.get(path)
        assert words not in " ".join(answer.text.split()), path
        assert answer.headers["Cache-Control"] == "no-cache", path


def test_the_long_address_leads_to_the_short_one_for_good(client: FlaskClient) -> None:
    asked = {
        "subject": f"{ID}innovation/mamhique",
        "property": f"{RN}carriedBy",
        "object": ID + MUTUALITE,
    }
    more = {"lang": "en", "certainty": "explicit"}
    answer = client.get(f"/why?{urlencode(asked | more)}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{CARRIAGE}?lang=en&certainty=explicit"


def test_a_literal_has_a_note_too(client: FlaskClient, store: EmbeddedStore) -> None:
    query = f"""SELECT ?thing ?name WHERE {{
      GRAPH ?set {{ ?thing <{RN}nameAsPrinted> ?name }} ?set <{RN}certainty> ?how }} LIMIT 1"""
    ((subject, name),) = store.pages().select(query).rows
    address = short_of(f"{subject} <{RN}nameAsPrinted> {name}")
    assert isinstance(name, Literal)
    page = read(client, address)
    assert name.value.replace("'", "’") in page.one("h1").text.replace("'", "’")
    assert "est imprimé sous le nom «" in page.one("h1").text
    long = urlencode({"subject": str(subject)[1:-1], "property": f"{RN}nameAsPrinted"})
    moved = client.get(f"/why?{long}&object={quote(str(name))}")
    assert (moved.status_code, moved.headers["Location"]) == (301, address)
    assert client.get(f"/why?{long}&object={quote(chr(34) + 'open')}").status_code == 400


def test_where_no_index_is_the_long_address_answers_the_same(
    store: EmbeddedStore, client: FlaskClient
) -> None:
    unindexed = create_app(store.pages(), of_server=True).test_client()
    page = read(unindexed, "/page/innovation/mamhique")
    ways = [a["href"] for a in page.all("a") if a["class"] == "evidence"]
    assert ways and all(href.startswith("/why?subject=") for href in ways)
    (carriage,) = [href for href in ways if "carriedBy" in href and "mutualite" in href]
    note, same = read(unindexed, carriage), read(client, CARRIAGE)
    assert note.one("h1").text == same.one("h1").text
    assert [e.text for e in note.all("figcaption")] == [e.text for e in same.all("figcaption")]
    assert "adresse longue" in read(unindexed, CARRIAGE, 404, Accept="text/html").text


def test_its_files_have_the_claim_and_all_that_it_rests_on(client: FlaskClient) -> None:
    rows = json.loads(client.get(f"{BALANCE}.json").text)
    assert {row["certainty"] for row in rows} >= {"tentative", "inferred"}
    turtle = [*parse(client.get(f"{BALANCE}.ttl").data, format=RdfFormat.TURTLE)]
    assert {str(it.predicate)[1:-1].removeprefix(RN) for it in turtle} >= {"carriedBy"}
    assert client.get(f"{BALANCE}.csv").text.startswith("depth,subject,property,object")
    assert client.get(f"{BALANCE}.docx").status_code == 404


def test_a_note_is_cited_by_its_short_address(client: FlaskClient) -> None:
    (item,) = json.loads(client.get(f"/cite{CARRIAGE}.json").text)
    assert item["URL"] == f"http://localhost{CARRIAGE}"
    assert item["title"] == "Mutualité Française Franche-Comté porte Mamhique"


@pytest.mark.parametrize("claim_id", ["a" * 16, "a" * 15, "A" * 16, "0" * 16, "x" * 3000, "<b>"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_unknown_id_is_not_found_and_says_what_it_is(
    client: FlaskClient, claim_id: str, language: str
) -> None:
    address = f"/r/{quote(claim_id)}" + ("?lang=en" if language == "en" else "")
    page = read(client, address, 404, Accept="text/html")
    assert faults(page, language) == []
    assert not [e for e in page.all("b") if "main" in e.inside]
    assert "/r/" in page.text and page.all("form")
    answer = client.get(address, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_release_is_pinned_that_is_served(client: FlaskClient, release: Release) -> None:
    assert client.get(f"{CARRIAGE}?release={release.id[:16]}").status_code == 200
    for other in ("0123456789abcdef", "x", release.id[:4], "<b>"):
        page = read(client, f"{CARRIAGE}?release={quote(other)}", 404, Accept="text/html")
        assert "version" in page.text
        assert not [e for e in page.all("b") if "main" in e.inside]


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release whose data say that what was taken for another organisation is Legeni."""
    folder = tmp_path_factory.mktemp("merged")
    data = shutil.copytree(data_dir(), folder / "data")
    said = f"<{ID}organisation/le-geni> <{PREFIXES['dcterms']}isReplacedBy> "
    text = f"<{ID}curation/fusions> {{ {said} <{ID}organisation/legeni> . }}"
    (data / "curation" / "fusions.trig").write_text(text, "utf-8")
    return build(folder / "releases", data=data, checked=False)


@pytest.fixture(scope="module")
def together(merged: Release, release: Release, store: EmbeddedStore) -> tuple[FlaskClient, str]:
    """Somebody who asks two releases that are served together; and the id of the earlier one."""
    newest = EmbeddedStore.of_release(merged)
    served = versions([(merged, newest.pages()), (release, store.pages())])
    app = create_app(newest.pages(), merged, versions=served)
    return app.test_client(), release.id[:16]


def test_a_claim_that_a_merge_moved_leads_to_what_it_became(
    together: tuple[FlaskClient, str],
) -> None:
    client, _ = together
    old = short("organisation/le-geni", "linkedToTheme", "theme/gouvernance")
    answer = client.get(f"{old}?lang=en")
    assert answer.status_code == 301
    now = short("organisation/legeni", "linkedToTheme", "theme/gouvernance")
    assert answer.headers["Location"] == f"{now}?lang=en"


def test_an_earlier_release_that_is_served_is_pinned(together: tuple[FlaskClient, str]) -> None:
    client, earlier = together
    answer = client.get(f"{CARRIAGE}?release={earlier}&lang=en")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/release/{earlier}{CARRIAGE}?lang=en"
    page = read(client, f"{CARRIAGE}?release=0123456789abcdef", 404, Accept="text/html")
    assert earlier in page.text


def test_what_only_an_earlier_release_says_is_found_there(
    merged: Release, release: Release, store: EmbeddedStore
) -> None:
    newest = EmbeddedStore.of_release(merged)
    served = versions([(release, store.pages()), (merged, newest.pages())])
    older = create_app(store.pages(), release, versions=served).test_client()
    only = short_of(
        f"<{ID}organisation/le-geni> <{PREFIXES['dcterms']}isReplacedBy> <{ID}organisation/legeni>"
    )
    page = read(older, only, 404, Accept="text/html")
    assert f"/release/{merged.id[:16]}{only}" in {a["href"] for a in page.all("a")}


def test_every_way_to_evidence_leads_to_a_note(client: FlaskClient) -> None:
    pages = ("/page/innovation/mamhique", "/page/stage/bge-franche-comte", "/list/organisation")
    pages += ("/compare?a=organisation/legeni&b=organisation/indibat", "/ontology/carriedBy", "/")
    pages += ("/list/innovation", "/ontology/roleAsPrinted", "/list/organisation?view=matrix")
    found = set()
    for path in pages:
        ways = {a["href"] for a in read(client, path).all("a") if "data-evidence" in a.attributes}
        assert ways and all(href.startswith("/r/") for href in ways), path
        found |= ways
    assert len(found) > 100
    for address in sorted(found)[::5]:
        assert client.get(address).status_code == 200, address


def test_hostile_and_long_labels_stay_text(awkward: Release) -> None:
    app = create_app(EmbeddedStore.of_release(awkward).pages(), awkward)
    client = app.test_client()
    for name in WRITABLE:
        address = short_of(f"<{thing(name)}> <{RN}atSameStageAs> <{thing('formula')}>")
        page = read(client, address)
        assert faults(page, "fr") == [], name
        assert read(client, f"{address}?lang=en").one("h1").text


def test_a_reader_of_a_text_of_another_document_sees_no_words(tmp_path: Path) -> None:
    meeting = f"""
    <{ID}assertion-set/rencontre> a rn:AssertionSet ; rdfs:label "rencontre" ;
        rn:certainty rn:explicit ; rn:passage <{ID}passage/essai-anne> .
    GRAPH <{ID}assertion-set/rencontre> {{ <{ID}person/anne> rn:atSameStageAs <{ID}person/paul> }}
    """
    store = store_of(document() + meeting, tmp_path)
    texts = LoadedTexts({f"{ID}extraction/autre": TEXT}, {f"{ID}document/autre": TEXT})
    client = create_app(store, of_server=True, texts=texts).test_client()
    asked = {
        "subject": f"{ID}person/anne",
        "property": f"{RN}atSameStageAs",
        "object": f"{ID}person/paul",
    }
    page = read(client, f"/why?{urlencode(asked)}")
    assert not page.all("blockquote") and "Essai" in page.text


def test_a_passage_in_no_part_of_its_document_carries_a_claim(tmp_path: Path) -> None:
    meeting = f"""
    <{ID}passage/seul> a rn:Passage ; rdfs:label "seul" ;
        oa:hasSource <{ID}extraction/essai> ; oa:hasSelector <{ID}selector/seul> .
    <{ID}selector/seul> oa:start 0 ; oa:end 3 .
    <{ID}assertion-set/seul> a rn:AssertionSet ; rdfs:label "seul" ;
        rn:certainty rn:explicit ; rn:passage <{ID}passage/seul> .
    GRAPH <{ID}assertion-set/seul> {{ <{ID}person/anne> rn:atSameStageAs <{ID}person/paul> }}
    """
    client = create_app(store_of(document() + meeting, tmp_path), of_server=True).test_client()
    asked = {"subject": f"{ID}person/anne", "object": f"{ID}person/paul"}
    page = read(client, f"/why?{urlencode(asked | {'property': f'{RN}atSameStageAs'})}")
    assert "Essai" in page.text


def test_words_are_shown_in_their_styles_within_one_mark(tmp_path: Path) -> None:
    start, end = STYLED.index("oui"), STYLED.index(" fois")
    meeting = f"""
    <{ID}passage/oui> a rn:Passage ; rdfs:label "oui" ; dcterms:isPartOf <{ID}part/deux> ;
        oa:hasSource <{ID}extraction/essai> ;
        oa:hasSelector <{ID}selector/oui> .
    <{ID}selector/oui> oa:start {start} ; oa:end {end} .
    <{ID}assertion-set/oui> a rn:AssertionSet ; rdfs:label "oui" ;
        rn:certainty rn:explicit ; rn:passage <{ID}passage/oui> .
    GRAPH <{ID}assertion-set/oui> {{ <{ID}person/anne> rn:atSameStageAs <{ID}person/paul> }}
    """
    store = store_of(document(STYLED) + meeting, tmp_path)
    text = STYLED
    texts = LoadedTexts({f"{ID}extraction/essai": text}, {f"{ID}document/essai": text})
    client = create_app(store, of_server=True, texts=texts).test_client()
    asked = {"subject": f"{ID}person/anne", "object": f"{ID}person/paul"}
    page = read(client, f"/why?{urlencode(asked | {'property': f'{RN}atSameStageAs'})}")
    (quotation,) = page.all("blockquote")
    assert quotation.text == "Elle dit « oui au rallye » la 3ème fois ; rien d’autre."
    (mark,) = page.all("mark")
    assert mark.text == "oui au rallye » la 3ème"
    styled = [(e.tag, e.text) for e in page.elements if "mark" in e.inside]
    assert ("em", "au") in styled and ("sup", "ème") in styled
    carnet = client.get("/carnet/essai").text
    assert ">oui au rallye\u202f» la 3ème</a>" in carnet, "a passage is named as it is printed"


def test_another_graph_has_no_notes(store: EmbeddedStore) -> None:
    foreign = create_app(store).test_client()
    assert foreign.get(CARRIAGE).status_code == 404
    assert foreign.get(f"{CARRIAGE}.ttl").status_code == 404


def test_every_sentence_names_both_ends() -> None:
    for words in load().values():
        sentences = words.under("claim.")
        assert len(sentences) > 30
        for key, text in sentences.items():
            assert "{subject}" in text and "{object}" in text, key


def test_most_claims_have_a_sentence_of_their_own(store: EmbeddedStore) -> None:
    query = f"""SELECT ?property (COUNT(*) AS ?n) WHERE {{
      GRAPH ?set {{ ?s ?property ?o }} ?set <{RN}certainty> ?how }} GROUP BY ?property"""
    known = load()["fr"].under("claim.")
    spoken = total = 0
    for prop, n in store.pages().select(query).rows:
        assert isinstance(prop, NamedNode) and isinstance(n, Literal)
        local = prop.value.replace("#", "/").rpartition("/")[2]
        total += int(n.value)
        spoken += int(n.value) if local in known else 0
    assert spoken > 0.7 * total


@pytest.mark.parametrize(
    ("language", "concluded"),
    [
        ("fr", "Lu et conclu par : curateurs du graphe Rally’nov, 25 novembre 2026."),
        ("en", "Read and concluded by: curators of the Rally’nov graph, 25 November 2026."),
    ],
)
def test_a_note_says_who_concluded_what_the_carnet_does_not_say(
    client: FlaskClient, language: str, concluded: str
) -> None:
    page = read(client, f"{CARRIAGE}?lang={language}" if language == "en" else CARRIAGE)
    assert faults(page, language) == []
    shown = [p.text for p in page.all("p") if "concluded" in (p["class"] or "")]
    assert shown and set(shown) == {concluded}
    _, row, *_ = client.get(f"{CARRIAGE}.csv").text.splitlines()
    assert row.endswith(f"{ID}agent/curateurs,2026-11-25T00:00:00Z")


def test_what_the_carnet_says_outright_was_concluded_by_nobody(client: FlaskClient) -> None:
    said = short("rally/rallynov", "partner", "organisation/rifc")
    assert "conclu par" not in client.get(said).text
    assert client.get(f"{said}.csv").text.splitlines()[1].endswith(",,")
