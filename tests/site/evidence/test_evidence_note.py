"""The evidence note: what is claimed, what decides about it, the words, rival readings."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal

from awkward import WRITABLE, thing
from claims import short, short_of
from made_up_carnet import STYLED, TEXT, document, store_of
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.resources import data_dir
from rallynov_graph.release.building import build
from rallynov_graph.release.documents import LoadedTexts, SourceFile, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.release.release_set import versions
from rallynov_graph.site.application import create_app
from rallynov_graph.site.web.messages import load
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, faults, inside, read

MUTUALITE = "organisation/mutualite-francaise-franche-comte"
CARRIAGE = short("innovation/mamhique", "carriedBy", MUTUALITE)
BALANCE = short(MUTUALITE, "linkedToTheme", "theme/articulation-des-temps-de-vie")
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


def test_a_note_says_the_words_who_says_them_and_the_weakest_link_in_this_order(
    client: FlaskClient,
) -> None:
    for query, parts in (
        (
            "",
            (
                "Preuve Mutualité Française Franche-Comté relève du thème Articulation",
                "incertain",
                "… horaires atypiques …",
                "Le carnet lui-même, sans citer personne",
                "carnet de route n° 2, juin 2013, « Mamhique » · situer dans le carnet",
                "2 autres passages l’appuient : titres des étapes Mutualité et Pôle, annonce",
                "Le raisonnement, en 2 maillons",
                "Mutualité Française Franche-Comté porte Mamhique incertain preuve",
                "Maillon le plus faible. Le projet illustre",
                "le carnet le dit proposé",
                "Conclu par : curateurs du graphe Rally’nov, 25 novembre 2026",
                "Mamhique a pour thème Articulation des temps de vie déduit preuve",
                "Donc Mutualité Française Franche-Comté relève du thème",
                "Lien calculé : par une innovation que l’organisation porte",
                "Question ouverte : Qui porte Mamhique ?",
                "La Mutualité le porte. Lecture retenue, fait maintenu incertain",
                "prestataires. Lecture non retenue, fait écarté",
                "Copier la citation Note complète Autres formats",
            ),
        ),
        (
            "?lang=en",
            (
                "Evidence Mutualité Française Franche-Comté is linked to the theme Work–life",
                "… horaires atypiques …",
                "Mutualité Française Franche-Comté runs Mamhique uncertain evidence",
                "Weakest link.",
                "companies provide it",
                "Concluded by: curators of the Rally’nov graph, 25 November 2026",
                "So Mutualité Française Franche-Comté is linked to the theme",
                "Open question: Who runs Mamhique?",
            ),
        ),
    ):
        page = read(client, f"{BALANCE}{query}")
        assert faults(page, "en" if query else "fr") == []
        told = page.one("article").text.replace("\u202f", " ").replace("\u00a0", " ")
        at = [told.find(part) for part in parts]
        assert -1 not in at and at == sorted(at), told
        (weakest,) = [it for it in page.all("li") if it["class"] == "is-weakest"]
        assert parts[2 if query else 7] in weakest.text
    rows = json.loads(client.get(f"{BALANCE}.json").text)
    assert {row["certainty"] for row in rows} >= {"tentative", "inferred"}
    header, row, *_ = client.get(f"{CARRIAGE}.csv").text.splitlines()
    assert header.startswith("depth,subject,property,object")
    assert row.endswith(f"{ID}agent/curateurs,2026-11-25T00:00:00Z")


def test_a_step_of_the_thesaurus_is_named_and_who_is_quoted_speaks_for_an_organisation(
    client: FlaskClient,
) -> None:
    larger = ("organisation/ages-et-vie", "linkedToLargerTheme", "theme/solidarite-et-sante")
    told = read(client, short(*larger)).one("article").text
    assert "Vieillissement se range sous Solidarité et santé thésaurus" in told
    # « inventé la colocation pour les personnes âgées » is what the two say.
    assert "Simon Vouillot, dans leurs propres mots, pour Agés et Vie" in told
    assert "3 autres passages" in told and "étape BGE (2)" in told
    assert "1 autre raisonnement mène au même fait" in told


def test_what_is_said_outright_needs_no_reason_and_was_concluded_by_nobody(
    client: FlaskClient,
) -> None:
    # « en présence de Marie-Guite Dufay »
    address = short("rally/rallynov", "partner", "organisation/rifc")
    page = read(client, address)
    told = page.one("article").text
    assert "… RIFC …" in told and "Le carnet le dit en toutes lettres." in told
    assert "Aucune question ouverte ne touche ce fait." in told
    assert not page.all("li", **{"class": "is-weakest"}) and "maillon" not in page.text
    assert "Conclu par" not in page.text
    assert client.get(f"{address}.csv").text.splitlines()[1].endswith(",,")


def test_rival_readings_say_what_becomes_of_the_claim(client: FlaskClient) -> None:
    for address in (BALANCE, CARRIAGE):
        page = read(client, address)
        start = next(n for n, it in enumerate(page.elements) if it["class"] == "note-readings")
        assert [it.text for it in inside(page, page.elements[start], "li")] == [
            "La Mutualité le porte. Lecture retenue, fait maintenu incertain",
            "Des entreprises, qui le proposent à leurs salariés. Lecture non retenue, fait écarté",
            "Des entreprises prestataires. Lecture non retenue, fait écarté",
        ]
    ways = {e["href"] for e in page.all("a") if e["href"].startswith("/doubts#")}
    ids = {e["id"] for e in read(client, "/doubts").elements}
    assert ways and {way.partition("#")[2] for way in ways} <= ids


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
        effects |= {*re.findall("maintenu|abandonné", note.one("article").text)}
    assert effects == {"maintenu"}


def test_the_words_stand_in_their_sentence_on_notes_and_passages_and_are_kept_nowhere(
    with_text: FlaskClient, client: FlaskClient, source_text: str
) -> None:
    hours = short_of(
        f"<{ID}hours/mamhique-fin-de-semaine> <{PREFIXES['schema']}dayOfWeek> "
        f"<{PREFIXES['schema']}Saturday>"
    )
    passage = "/page/passage/carnet-2-3540-3552"
    for address in (hours, passage):
        answer = with_text.get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        page = Page(answer.text)
        assert faults(page, "fr") == []
        (mark,) = page.all("mark")
        assert mark.text == " ".join(source_text[3540:3552].split())
        assert mark.text in page.one("blockquote").text
        assert len(page.one("blockquote").text) > len(mark.text) + 10
    assert "La phrase entière" not in page.text
    without = read(client, passage)
    assert not without.all("mark") and "ouvrez-le" in without.text
    words = " ".join(source_text[3442:3718].split())[20:60]
    for path in (
        "/page/innovation/mamhique",
        f"/page/{MUTUALITE}",
        "/list/organisation?view=matrix",
        "/list/innovation",
    ):
        answer = with_text.get(path)
        assert words not in " ".join(answer.text.split()), path
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=10", path


def test_without_the_text_a_note_says_where_the_words_are_and_how_to_see_them(
    client: FlaskClient,
) -> None:
    answer = client.get(CARRIAGE)
    assert (
        answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
        and answer.headers["ETag"]
    )
    told = Page(answer.text).one("article").text
    assert "… Mutualité Française Franche-Comté …" in told
    assert "La phrase entière manque ici" in told and "ouvrez-le" in told
    way = Page(answer.text).one("a", **{"href": "/docs/how-to/own-file"})
    assert way.text.startswith("Quel fichier")


def test_the_evidence_of_a_cell_of_the_matrix_lists_as_many_clues_as_it_counts(
    client: FlaskClient,
) -> None:
    matrix = read(client, "/list/organisation?view=matrix")
    cells = [(a.text.rpartition(" ")[2], a["href"]) for a in matrix.all("a") if "td" in a.inside]
    assert {count for count, _ in cells} == {"1", "2", "3"}
    for count, href in cells:
        told = re.search(r"(\d+) autres? raisonnements?", read(client, href).one("article").text)
        assert int(told[1] if told else 0) + 1 == int(count)


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


def test_an_address_leads_to_the_short_one_for_good_and_an_unknown_one_says_what_it_is(
    client: FlaskClient,
) -> None:
    asked = {"subject": f"{ID}innovation/mamhique", "property": f"{RN}carriedBy"}
    asked |= {"object": ID + MUTUALITE, "lang": "en", "certainty": "explicit"}
    answer = client.get(f"/why?{urlencode(asked)}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{CARRIAGE}?lang=en&certainty=explicit"
    for claim_id in ("a" * 16, "a" * 15, "A" * 16, "x" * 3000, "<b>"):
        page = read(client, f"/r/{quote(claim_id)}", 404, Accept="text/html")
        assert faults(page, "fr") == []
        assert not [e for e in page.all("b") if "main" in e.inside]
        assert "/r/" in page.text and page.all("form")
        answer = client.get(f"/r/{quote(claim_id)}", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_where_no_index_is_the_long_address_answers_the_same(
    store: EmbeddedStore, client: FlaskClient
) -> None:
    unindexed = create_app(store.pages(), of_server=True).test_client()
    page = read(unindexed, "/page/innovation/mamhique")
    ways = [a["href"] for a in page.all("a") if a["class"] == "evidence"]
    assert ways and all(href.startswith("/why?subject=") for href in ways)
    (carriage,) = {href for href in ways if "carriedBy" in href and "mutualite" in href}
    note, same = read(unindexed, carriage), read(client, CARRIAGE)
    shown = [it.one("article").text.partition("Les curateurs du")[0] for it in (note, same)]
    assert shown[0] == shown[1] != ""
    assert "adresse longue" in read(unindexed, CARRIAGE, 404, Accept="text/html").text


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


def test_of_two_releases_a_claim_is_found_where_it_is_said(
    merged: Release, release: Release, store: EmbeddedStore
) -> None:
    newest, earlier = EmbeddedStore.of_release(merged), release.id[:16]
    served = versions([(merged, newest.pages()), (release, store.pages())])
    client = create_app(newest.pages(), merged, versions=served).test_client()
    old = short("organisation/le-geni", "linkedToTheme", "theme/gouvernance")
    now = short("organisation/legeni", "linkedToTheme", "theme/gouvernance")
    answer = client.get(f"{old}?lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{now}?lang=en")
    answer = client.get(f"{CARRIAGE}?release={earlier}&lang=en")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/release/{earlier}{CARRIAGE}?lang=en"
    page = read(client, f"{CARRIAGE}?release=0123456789abcdef", 404, Accept="text/html")
    assert earlier in page.text

    served = versions([(release, store.pages()), (merged, newest.pages())])
    older = create_app(store.pages(), release, versions=served).test_client()
    only = short_of(
        f"<{ID}organisation/le-geni> <{PREFIXES['dcterms']}isReplacedBy> <{ID}organisation/legeni>"
    )
    page = read(older, only, 404, Accept="text/html")
    assert f"/release/{merged.id[:16]}{only}" in {a["href"] for a in page.all("a")}


def test_hostile_and_long_labels_stay_text(awkward: Release) -> None:
    app = create_app(EmbeddedStore.of_release(awkward).pages(), awkward)
    client = app.test_client()
    for name in WRITABLE:
        address = short_of(f"<{thing(name)}> <{RN}atSameStageAs> <{thing('formula')}>")
        page = read(client, address)
        assert faults(page, "fr") == [], name
        assert read(client, f"{address}?lang=en").one("h1").text


ASKED = {"subject": f"{ID}person/anne", "property": f"{RN}atSameStageAs"}
MEETING = f"/why?{urlencode(ASKED | {'object': f'{ID}person/paul'})}"


def meeting(passage: str, tmp_path: Path, *, more: str = "", text: str = TEXT) -> EmbeddedStore:
    """The made-up document, a passage of which says that two people met."""
    said = f"""
    <{ID}assertion-set/rencontre> a rn:AssertionSet ; rdfs:label "rencontre" ;
        rn:certainty rn:explicit ; rn:passage <{ID}passage/{passage}> .
    GRAPH <{ID}assertion-set/rencontre> {{ <{ID}person/anne> rn:atSameStageAs <{ID}person/paul> }}
    """
    return store_of(document(text) + more + said, tmp_path)


def test_a_reader_of_a_text_of_another_document_sees_no_words(tmp_path: Path) -> None:
    texts = LoadedTexts({f"{ID}extraction/autre": TEXT}, {f"{ID}document/autre": TEXT})
    store = meeting("essai-anne", tmp_path)
    page = read(create_app(store, of_server=True, texts=texts).test_client(), MEETING)
    assert not page.all("blockquote") and "Essai" in page.text


def test_a_passage_in_no_part_of_its_document_carries_a_claim(tmp_path: Path) -> None:
    alone = f"""
    <{ID}passage/seul> a rn:Passage ; rdfs:label "seul" ;
        oa:hasSource <{ID}extraction/essai> ; oa:hasSelector <{ID}selector/seul> .
    <{ID}selector/seul> oa:start 0 ; oa:end 3 .
    """
    store = meeting("seul", tmp_path, more=alone)
    assert "Essai" in read(create_app(store, of_server=True).test_client(), MEETING).text


def test_words_are_shown_in_their_styles_within_one_mark(tmp_path: Path) -> None:
    yes = f"""
    <{ID}passage/oui> a rn:Passage ; rdfs:label "oui" ; dcterms:isPartOf <{ID}part/deux> ;
        oa:hasSource <{ID}extraction/essai> ; oa:hasSelector <{ID}selector/oui> .
    <{ID}selector/oui> oa:start {STYLED.index("oui")} ; oa:end {STYLED.index(" fois")} .
    """
    store = meeting("oui", tmp_path, more=yes, text=STYLED)
    texts = LoadedTexts({f"{ID}extraction/essai": STYLED}, {f"{ID}document/essai": STYLED})
    client = create_app(store, of_server=True, texts=texts).test_client()
    page = read(client, MEETING)
    assert page.one("blockquote").text == (
        "Elle dit « oui au rallye » la 3ème fois ; rien d’autre."
    )
    assert page.one("mark").text == "oui au rallye » la 3ème"
    styled = [(e.tag, e.text) for e in page.elements if "mark" in e.inside]
    assert ("em", "au") in styled and ("sup", "ème") in styled


def test_every_sentence_names_both_ends() -> None:
    for words in load().values():
        sentences = words.under("claim.")
        assert len(sentences) > 30
        for key, text in sentences.items():
            assert "{subject}" in text and "{object}" in text, key
