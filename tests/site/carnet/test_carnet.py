"""The carnet: its passages in order, what was taken from each, the text where it is given."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from made_up_carnet import ADDED, AT, BETTER, MAIL, PHONE, TEXT, document, second_text, store_of
from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.release.documents import SourceFile, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.printed_text import private_spans
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Element, Page, anchor, faults, read, without_anchor


@pytest.fixture
def essay(tmp_path: Path) -> EmbeddedStore:
    return store_of(document(), tmp_path)


@pytest.fixture
def text_file(tmp_path: Path) -> SourceFile:
    path = tmp_path / "essai.txt"
    path.write_bytes(TEXT.encode())
    return SourceFile.read(path)


WHY = "/why?" + urlencode(
    {
        "subject": f"{ID}person/anne",
        "property": f"{RN}atSameStageAs",
        "object": f"{ID}person/paul",
    }
)
MEETING = f"""
<{ID}assertion-set/rencontre> a rn:AssertionSet ; rdfs:label "rencontre" ;
    rn:certainty rn:explicit ; rn:passage <{ID}passage/essai-numero>, <{ID}passage/essai-anne> .
GRAPH <{ID}assertion-set/rencontre> {{ <{ID}person/anne> rn:atSameStageAs <{ID}person/paul> }}
"""


def parts(page: Page) -> list[Element]:
    return [h for h in page.all("h2") if h["id"].startswith("part-")]


def place_of(page: Page) -> tuple[str, str]:
    """The address in the document, and its anchor, that the page of a passage leads to first."""
    there = next(a["href"] for a in page.all("a") if a["href"].startswith("/carnet/"))
    return without_anchor(there), anchor(there)


def cards(page: Page) -> list[str]:
    return [e.text for e in page.all("li") if e["id"].startswith("f-")]


def road(client: FlaskClient, address: str) -> list[Element]:
    """The links of the road beside a page to the chapters of its document."""
    html = client.get(address).text
    return Page(html.split('<nav class="chapters"')[1].split("</nav>")[0]).all("a")


def chapters_of(client: FlaskClient) -> list[str]:
    """The pages of the chapters of carnet 2, in order."""
    return [client.get(a["href"]).text for a in road(client, "/carnet/carnet-2")]


def test_a_passage_of_another_text_stands_in_its_part_without_words(
    tmp_path: Path, text_file: SourceFile
) -> None:
    path = tmp_path / "second.txt"
    path.write_bytes(BETTER.encode())
    store = store_of(document() + second_text(), tmp_path)
    texts = loaded(store, [text_file, SourceFile.read(path)])
    client = create_app(store, of_server=True, texts=texts).test_client()
    page = read(client, "/carnet/essai")
    assert faults(page, "fr") == [] and "retrouvée" in page.text
    assert ADDED not in page.text, "it is read in the text of its parts"
    assert ADDED in read(client, WHY).text
    assert [it.text for it in read(client, "/search?q=élan").all("mark")].count("Élan") == 1


def test_several_documents_are_listed(tmp_path: Path, text_file: SourceFile) -> None:
    second = f"""
    <{ID}document/autre> a schema:PublicationIssue ; rdfs:label "Autre" .
    <{ID}extraction/autre> a rn:Extraction ; dcterms:isFormatOf <{ID}document/autre> ;
        rn:sha256 "{"0" * 64}" ; rn:lengthInCodePoints 9 .
    """
    store = store_of(document() + second, tmp_path)
    texts = loaded(store, [text_file])
    client = create_app(store, of_server=True, texts=texts).test_client()
    page = read(client, "/carnet")
    assert faults(page, "fr") == []
    listed = [e.text for e in page.all("li") if e.text.startswith(("Essai", "Autre"))]
    assert listed == ["Autre", "Essai avec son texte"]
    assert "Document 2 sur 2" in read(client, "/carnet/essai").text


def test_a_file_that_is_another_text_is_refused(essay: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "autre.txt"
    path.write_text(TEXT + " ", "utf-8")
    with pytest.raises(SourceError, match="SHA-256"):
        loaded(essay, [SourceFile.read(path)])


def test_each_fact_stands_once_in_its_chapter_the_first_few_of_a_part_unfolded(
    client: FlaskClient,
) -> None:
    starts: list[int] = []
    for html in chapters_of(client):
        page = Page(html)
        starts += [int(h["id"].split("-")[1]) for h in parts(page)]
        ids = [e["id"] for e in page.elements if e["id"].startswith("f-")]
        assert len(ids) == len({*ids}) > 0
        links = [a["href"][1:] for a in page.all("a") if "said-words" in a["class"]]
        assert {*links} <= {*ids}
        for part in html.split('<section class="part"')[1:]:
            shown, _, folded = part.partition('<details class="fold">\n  <summary>')
            assert shown.count("<li id=") == 4 or "<li id=" not in folded
    assert (len(starts), starts[0], starts[-1]) == (40, 4, 6266) and starts == sorted(starts)
    page = read(client, "/carnet/carnet-2")
    assert "Un titre de rubrique, sans fait propre." in page.text
    assert "Laissé ouvert : À quel titre Christian Maucler est-il nommé" in page.text


def test_the_road_of_the_chapters_names_the_stages_in_their_order(
    client: FlaskClient,
) -> None:
    """The account of the Pôle's is interrupted by that of the Mutualité's; headings are none."""
    page = read(client, "/carnet/carnet-2")
    bar = page.one("nav", **{"class": "chapters"})
    assert "Ouverture Étape BGE Franche-Comté Étape MFQ Franche-Comté" in bar.text
    (shown,) = [e for e in page.all("ol") if "Ouverture" in e.text]
    names = ["Pôle", "Mutualité", "Pôle", "à venir", "Vesoul", "Champagnole", "Montbéliard"]
    at = 0
    for name in [*names, "Belfort", "Dole", "clôture"]:
        at = shown.text.index(name, at) + 1


def test_addresses_lead_to_their_place_in_the_document(client: FlaskClient) -> None:
    for address, status, place in (
        ("/carnet?lang=en", 303, "/carnet/carnet-2?lang=en"),
        ("/carnet/carnet-2/1471-1637", 303, "/carnet/carnet-2?page=2#p-1471-1637"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (status, place)


def test_each_passage_and_part_leads_to_its_place_in_the_carnet_and_back(
    client: FlaskClient, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = f"SELECT ?p WHERE {{ ?p a <{RN}Passage> }} ORDER BY ?p"
    passages = [str(row["p"])[1:-1].removeprefix(ID) for row in store.select(query)]
    for slug in [*passages[::20], "part/carnet-2-mamhique"]:
        there, anchor = place_of(read(client, f"/page/{slug}?lang=en"))
        assert there.startswith("/carnet/carnet-2?") and there.endswith("lang=en")
        carnet = read(client, there)
        assert anchor in {e["id"] for e in carnet.elements}
        if slug.startswith("passage"):
            assert slug.endswith(anchor.removeprefix("p"))
            assert f"/page/{slug}?lang=en" in {a["href"] for a in carnet.all("a")}
    assert "Le lire à sa place" not in read(client, "/page/stage/vesoul").text
    monkeypatch.setattr("rallynov_graph.site.model.passages.MOST", 0)
    _, anchor = place_of(read(client, "/page/passage/carnet-2-843-904"))
    assert anchor.startswith("part-"), "its part does not show it"


# With its text


def test_without_the_text_everything_is_shown_with_its_mark_and_its_position(
    essay: EmbeddedStore,
) -> None:
    alone = create_app(essay, of_server=True).test_client()
    for asked in ("", "?certainty=explicit"):
        answer = alone.get(f"/carnet/essai{asked}")
        assert cards(Page(answer.text)) == [
            "Anne Essai rdfs:label Anne Essai explicite preuve",
            "Anne Essai rdfs:comment présente déduit preuve",
        ]
        assert "<mark" not in answer.text and "Élan" not in answer.text
        assert "Les phrases du carnet ne sont pas affichées ici." in answer.text
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"


def test_with_the_text_each_passage_is_marked_and_what_is_private_blanked_out(
    essay: EmbeddedStore, text_file: SourceFile
) -> None:
    texts = loaded(essay, [text_file])
    beside = create_app(essay, of_server=True, texts=texts).test_client()
    answer = beside.get("/carnet/essai")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"noindex", "noarchive"} <= {*answer.headers["X-Robots-Tag"].split(", ")}
    assert answer.text.count("[…]") == 3, "the number, the address, and what explains it"
    page = Page(answer.text)
    assert faults(page, "fr") == []
    (words,) = [e.text for e in page.all("p") if "Tél" in e.text]
    assert words == "Tél. : […] ou […] Fin.", "though a passage cuts the number"
    targets = {e["id"] for e in page.elements if e["id"]}
    assert {f"p-{AT('<b>')}-{AT(' parle')}", "p-0-4"} <= targets and page.all("b") == []
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= targets


def test_a_reason_shows_the_words_of_its_passages(tmp_path: Path, text_file: SourceFile) -> None:
    store = store_of(document() + MEETING, tmp_path)
    without = create_app(store, of_server=True).test_client()
    assert read(without, WHY).all("blockquote") == []
    assert without.get(WHY).headers["Cache-Control"] != "no-store"
    client = create_app(store, of_server=True, texts=loaded(store, [text_file])).test_client()
    note = client.get(WHY)
    assert note.headers["Cache-Control"] == "no-store"
    found = [e.text for e in Page(note.text).all("blockquote")]
    assert found == ["Élan 𝄞 <b>Anne</b> parle."]
    assert PHONE not in note.text and MAIL not in note.text, "no number shows"
    marks = [e.text for e in Page(note.text).all("mark")]
    assert marks == ["<b>Anne</b>"], "nothing in a number is marked"


def test_facts_of_sets_that_say_the_same_of_themselves_stand_on_one_card(tmp_path: Path) -> None:
    own = {
        "a": "",
        "b": "",
        "voice": f"; rn:voice <{ID}person/anne>",
        "by": f"; prov:wasAttributedTo <{ID}agent/x>",
    }
    sets = "".join(
        f':{name} a rn:AssertionSet ; rn:certainty rn:inferred ; rn:reason "Parce que."@fr ;'
        f" rn:passage <{ID}passage/essai-elan> {more} ."
        f' GRAPH :{name} {{ <{ID}person/paul> rdfs:comment "{name}" }}\n'
        for name, more in own.items()
    )
    prov = f"@prefix prov: <{PREFIXES['prov']}> . <{ID}person/anne> a <{PREFIXES['foaf']}Person> ."
    store = store_of(f"{document()} {prov} {sets}", tmp_path)
    page = read(create_app(store, of_server=True).test_client(), "/carnet/essai")
    told = [e for e in cards(page) if "Paul" in e or "paul" in e]
    assert len(told) == 3, "another voice, and who concluded it, are cards of their own"


def test_numbers_and_addresses_are_found_in_every_dress_and_dates_are_left() -> None:
    for written in (
        *(PHONE.replace(" ", by) for by in (" ", "", ".", "\u00a0")),
        *(f"{before}{PHONE[1:]}" for before in ("+33 ", "+33 (0)", "0033")),
        "+" + " ".join(("44", "1632", "960", "123")),
        MAIL,
        MAIL.replace("@", " (at) "),
    ):
        spans = private_spans(f"Contact : {written}, merci")
        assert spans == ((10, 10 + len(written)),), written
    for text in ("le 05/09/2013 17 h 30", "11/06/13 14 h / 17 h", "1974/75", "12 000 personnes"):
        assert private_spans(text) == (), text


def test_the_text_of_the_carnet_stands_beside_its_facts(
    release: Release, store: EmbeddedStore, source_text: str, tmp_path: Path
) -> None:
    path = tmp_path / "carnet.txt"
    path.write_bytes(source_text.encode())
    texts = loaded(store, [SourceFile.read(path)])
    client = create_app(store.pages(), release, texts=texts).test_client()
    html = "".join(chapters_of(client))
    page = Page(html)
    raised = [e.text for e in page.all("sup")]
    assert raised == ["ème", "ère", "ème"]
    told = [Page(it).text for it in chapters_of(client)]
    assert not [it for it in told if "**" in it or "^{" in it]
    assert len(page.all("q")) > 20 and len(page.all("em")) > 10
    numbers = [source_text[start:end] for start, end in private_spans(source_text)]
    assert numbers and not [number for number in numbers if number in html]
    assert html.count("[…]") > len({*numbers}) // 2


# Of a long document


def many_parts(parts: int, passages: int) -> str:
    """Return a document of so many parts with so many passages, each about a stage of its own."""
    size = 10 * passages
    written = [document(TEXT).split("<part/un>")[0]]
    for part in range(parts):
        start = part * size
        written.append(
            f'<{ID}part/n{part}> a rn:DocumentPart ; rdfs:label "n{part}" ;'
            f" oa:hasSource <{ID}extraction/essai> ; oa:hasSelector <{ID}selector/n{part}> ."
            f" <{ID}selector/n{part}> oa:start {start} ; oa:end {start + size} ."
        )
        for at in range(start, start + size, 10):
            name = f"essai-{at}-{at + 9}"
            written.append(
                f'<{ID}passage/{name}> a rn:Passage ; rdfs:label "{name}" ;'
                f" dcterms:isPartOf <{ID}part/n{part}> ; oa:hasSource <{ID}extraction/essai> ;"
                f" oa:hasSelector <{ID}selector/{name}> ."
                f" <{ID}selector/{name}> oa:start {at} ; oa:end {at + 9} ."
                f" :s{at} a rn:AssertionSet ; rn:certainty rn:explicit ;"
                f" rn:passage <{ID}passage/{name}> ."
                f" GRAPH :s{at} {{ <{ID}stage/s{part}> a rn:Stage ; rdfs:label 'S{part}' ;"
                f" rn:participant <{ID}person/p{at}> }}"
            )
    return "\n".join(written)


def test_a_long_document_has_a_page_for_each_chapter_and_a_road_of_those_near(
    tmp_path: Path,
) -> None:
    client = create_app(store_of(many_parts(100, 5), tmp_path), of_server=True).test_client()
    pages = [read(client, f"/carnet/essai?page={number}") for number in (1, 79, 100)]
    for page in pages:
        assert faults(page, "fr") == []
        assert len([p for p in page.all("span") if p["class"] == "place"]) == 5
    starts = [int(h["id"].split("-")[1]) for page in pages for h in parts(page)]
    assert starts == [0, 3900, 4950]
    assert client.get("/carnet/essai?page=101").status_code == 404
    there = "/carnet/essai?page=100", "p-4990-4999"
    assert place_of(read(client, "/page/passage/essai-4990-4999")) == there
    roads = [[a.text for a in road(client, f"/carnet/essai?page={n}")] for n in (1, 79)]
    assert roads[0] == ["S0", "S1", "S2", "S99"]
    assert roads[1] == ["S0", *(f"S{n}" for n in range(76, 81)), "S99"]
