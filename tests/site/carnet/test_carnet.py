"""The carnet: its passages in order, what was taken from each, the text where it is given."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from made_up_carnet import AT, MAIL, PHONE, TEXT, document, store_of
from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.release.document_texts import SourceFile, loaded
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.passages import private_data
from rallynov_graph.site.model.passages.marked_text import segments
from rallynov_graph.site.model.passages.source import Position
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, read
from second_text import ADDED, BETTER, second_text
from servers import fork, serving

MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def essay(tmp_path: Path) -> EmbeddedStore:
    return store_of(document(), tmp_path)


@pytest.fixture
def text_file(tmp_path: Path) -> SourceFile:
    path = tmp_path / "essai.txt"
    path.write_bytes(TEXT.encode())
    return SourceFile.read(path)


@pytest.fixture
def beside(essay: EmbeddedStore, text_file: SourceFile) -> FlaskClient:
    """The site of the made-up document, its text given."""
    texts = loaded(essay, [text_file])
    return create_app(essay, of_server=True, texts=texts).test_client()


@pytest.fixture
def alone(essay: EmbeddedStore) -> FlaskClient:
    """The site of the made-up document without its text."""
    return create_app(essay, of_server=True).test_client()


def cards(page: Page) -> list[str]:
    return [e.text for e in page.all("li") if "card" in e["class"].split()]


def test_the_only_document_is_what_the_tab_leads_to(client: FlaskClient) -> None:
    answer = client.get("/carnet?lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/carnet/carnet-2?lang=en")


def test_a_passage_of_another_text_stands_in_its_part_without_words(
    tmp_path: Path, text_file: SourceFile
) -> None:
    path = tmp_path / "second.txt"
    path.write_bytes(BETTER.encode())
    store = store_of(document() + second_text(), tmp_path)
    texts = loaded(store, [text_file, SourceFile.read(path)])
    client = create_app(store, of_server=True, texts=texts).test_client()
    meeting = {
        "subject": f"{ID}person/anne",
        "property": f"{RN}atSameStageAs",
        "object": f"{ID}person/paul",
    }
    page = read(client, "/carnet/essai")
    assert faults(page, "fr") == [] and "retrouvée" in page.text
    assert ADDED not in page.text, "it is read in the text of its parts"
    assert ADDED in read(client, f"/why?{urlencode(meeting)}").text
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
    listed = [e.text for e in page.all("li") if "Essai" in e.text or "Autre" in e.text]
    assert listed == ["Autre", "Essai avec son texte"]
    assert "Document 2 sur 2" in read(client, "/carnet/essai").text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_part_of_the_carnet_is_there_in_order(client: FlaskClient, lang: str) -> None:
    page = read(client, f"/carnet/carnet-2?lang={lang}")
    assert faults(page, lang) == []
    starts = [int(h["id"].split("-")[1]) for h in page.all("h2") if h["id"].startswith("part-")]
    assert (len(starts), starts[0], starts[-1]) == (40, 4, 6266)
    assert starts == sorted(starts)


def test_a_fact_stands_beside_its_passage_with_how_sure_it_is(client: FlaskClient) -> None:
    page = read(client, "/carnet/carnet-2")
    (date,) = [e for e in cards(page) if "date 11 juin 2013" in e]
    assert date.startswith("déduit Étape de Vesoul")


def test_what_one_carries_stands_in_the_account_of_its_stage(client: FlaskClient) -> None:
    """The lead mentions the stages; the date of Vesoul's is taken from the masthead, too."""
    html = client.get("/carnet/carnet-2").text
    account = html.index('id="part-5526-5649"')
    assert html.index("11 juin 2013") > account
    assert "sur d’autres passages" in html[: html.index('id="part-53-113"')]


def test_a_part_without_facts_says_why(client: FlaskClient) -> None:
    assert "Un titre de rubrique, sans fait propre." in read(client, "/carnet/carnet-2").text


def test_everything_is_shown_at_every_certainty_with_its_mark(alone: FlaskClient) -> None:
    every = cards(read(alone, "/carnet/essai"))
    assert [e.split(" — ")[0] for e in every] == [
        "explicite Anne Essai rdfs:label Anne Essai preuve",
        "déduit Anne Essai rdfs:comment présente preuve",
    ]
    assert cards(read(alone, "/carnet/essai?certainty=explicit")) == every


def test_a_fact_stands_once_and_its_other_passages_lead_to_it(client: FlaskClient) -> None:
    page = read(client, "/carnet/carnet-2")
    ids = [e["id"] for e in page.elements if e["id"].startswith("f-")]
    assert len(ids) == len({*ids}) > 400
    (masthead, *_) = [e for e in page.all("p") if "sur d’autres passages" in e.text]
    assert "Étape de Vesoul" in masthead.text
    links = [a["href"].removeprefix("#") for a in page.all("a") if a["data-fact"]]
    assert len(links) > 100 and {*links} <= {*ids}


def test_without_the_text_positions_are_all_there_is(alone: FlaskClient) -> None:
    answer = alone.get("/carnet/essai")
    assert "<mark" not in answer.text and "Élan" not in answer.text
    assert "Avec votre exemplaire, lisez le texte à ces places." in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


def test_with_the_text_each_passage_is_marked(beside: FlaskClient) -> None:
    page = read(beside, "/carnet/essai")
    assert faults(page, "fr") == []
    words = {e["id"]: e.text for e in page.elements if e["id"].startswith("t-")}
    assert words["t-0-4"] == "Élan"
    assert words[f"t-{AT('<b>')}-{AT(' parle')}"] == "<b>"
    assert f"t-{AT('Anne')}-{AT('.')}" in words
    assert page.all("b") == []
    targets = {e["id"] for e in page.elements if e["id"]}
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= targets


def test_words_and_cards_share_the_names_of_facts(beside: FlaskClient) -> None:
    """A script lights one when the other is pointed at; without, a link leads to the card."""
    page = read(beside, "/carnet/essai")
    (anne,) = [e for e in page.all("a") if e["id"] == f"t-{AT('<b>')}-{AT(' parle')}"]
    said, inferred = (e["data-fact"] for e in page.all("li") if "card" in e["class"])
    assert anne["data-fact"].split() == [said, inferred]
    assert anne["href"] == f"#{said}"
    (parle,) = [e for e in page.all("a") if e.text == "parle"]
    assert parle["data-fact"] == inferred
    assert "under-inferred" in parle["class"] and "under-explicit" in anne["class"]


def test_the_text_is_kept_nowhere_and_read_by_no_other_site(beside: FlaskClient) -> None:
    headers = beside.get("/carnet/essai").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Access-Control-Allow-Origin"] == "http://localhost"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"noindex", "noarchive"} <= {*headers["X-Robots-Tag"].split(", ")}


MEETING = f"""
<{ID}assertion-set/rencontre> a rn:AssertionSet ; rdfs:label "rencontre" ;
    rn:certainty rn:explicit ; rn:passage <{ID}passage/essai-numero>, <{ID}passage/essai-anne> .
GRAPH <{ID}assertion-set/rencontre> {{ <{ID}person/anne> rn:atSameStageAs <{ID}person/paul> }}
"""
_AT_SAME_STAGE = f"{RN.replace('#', '%23')}atSameStageAs"
WHY = f"/why?subject={ID}person/anne&property={_AT_SAME_STAGE}&object={ID}person/paul"


def test_a_reason_shows_the_words_of_its_passages(tmp_path: Path, text_file: SourceFile) -> None:
    store = store_of(document() + MEETING, tmp_path)
    texts = loaded(store, [text_file])
    client = create_app(store, of_server=True, texts=texts).test_client()
    page = read(client, WHY)
    assert faults(page, "fr") == []
    found = [e.text for e in page.all("blockquote")]
    assert found == ["Élan 𝄞 <b>Anne</b> parle.", "Tél. : […] ou […] Fin."], "no number shows"
    assert [e.text for e in page.all("mark")] == ["<b>Anne</b>"], "nothing in a number is marked"
    assert client.get(WHY).headers["Cache-Control"] == "no-store"
    without = create_app(store, of_server=True).test_client()
    assert read(without, WHY).all("blockquote") == []
    assert without.get(WHY).headers["Cache-Control"] != "no-store"


def test_what_is_private_is_blanked_out_though_a_passage_cuts_it(beside: FlaskClient) -> None:
    html = beside.get("/carnet/essai").text
    assert html.count("[…]") == 3, "the number, the address, and the page that explains it"
    (words,) = [e.text for e in Page(html).all("p") if "Tél" in e.text]
    assert words == "Tél. : […] ou […] Fin."


@pytest.mark.parametrize(
    "written",
    [
        PHONE,
        PHONE.replace(" ", ""),
        PHONE.replace(" ", "."),
        PHONE.replace(" ", "\u00a0"),
        f"+33 {PHONE[1:]}",
        f"+33 (0){PHONE[1:]}",
        f"0033{PHONE[1:]}",
        "+" + " ".join(("44", "1632", "960", "123")),
        MAIL,
        MAIL.replace("@", " (at) "),
    ],
)
def test_numbers_and_addresses_are_found_in_every_dress(written: str) -> None:
    assert private_data.spans(f"Contact : {written}, merci") == ((10, 10 + len(written)),)


@pytest.mark.parametrize(
    "text", ["le 05/09/2013 17 h 30", "11/06/13 14 h / 17 h", "1974/75", "200 personnes", "12 000"]
)
def test_dates_and_figures_are_left(text: str) -> None:
    assert private_data.spans(text) == ()


def test_overlapping_passages_are_cut_into_segments() -> None:
    outer, inner, later = Position(2, 8), Position(4, 6), Position(5, 9)
    found = segments("abcdefghij", Position(1, 10), [outer, inner, later])
    assert [(s.text, s.passages) for s in found] == [
        ("b", ()),
        ("cd", (outer,)),
        ("e", (inner, outer)),
        ("f", (inner, later, outer)),
        ("gh", (later, outer)),
        ("i", (later,)),
        ("j", ()),
    ]
    assert [s.begin for s in found if s.begin] == [(outer,), (inner,), (later,)]


def test_a_passage_that_leaves_its_part_is_cut_at_its_edge() -> None:
    wide = Position(0, 10)
    assert [s.text for s in segments("abcdefghij", Position(3, 5), [wide])] == ["de"]


def test_a_file_that_is_another_text_is_refused(essay: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "autre.txt"
    path.write_text(TEXT + " ", "utf-8")
    with pytest.raises(SourceError, match="SHA-256"):
        loaded(essay, [SourceFile.read(path)])


@pytest.mark.parametrize("name", ["autre.txt", "absent.txt"])
def test_serving_another_text_ends_before_it_begins(
    release: Release, tmp_path: Path, name: str
) -> None:
    (tmp_path / "autre.txt").write_text("autre", "utf-8")
    options = ("--release", str(release.path), "--source", str(tmp_path / name))
    process = fork("--port", "0", *options)
    said, complained = process.communicate(timeout=30)
    assert process.returncode == 2 and said == ""
    assert name in complained and "Traceback" not in complained


def test_a_text_is_not_for_another_graph() -> None:
    process = fork("--port", "0", "--data", "a.ttl", "--source", "b.txt")
    _, complained = process.communicate(timeout=30)
    assert process.returncode == 2 and "exclude each other" in complained


def test_the_text_of_the_carnet_stands_beside_its_facts(
    release: Release, source_text: str, tmp_path: Path
) -> None:
    path = tmp_path / "carnet.txt"
    path.write_bytes(source_text.encode())
    with serving("--release", str(release.path), "--source", str(path)) as server:
        html = server.ask("GET", "/carnet/carnet-2").body.decode()
    page = Page(html)
    assert faults(page, "fr") == []
    assert page.all("a", id="t-5526-5534")[0].text == source_text[5526:5534]
    raised = [e.text for e in page.all("sup")]
    assert raised == ["ème", "ère", "ème"]
    assert "**" not in page.text and "^{" not in page.text
    assert len(page.all("q")) > 20 and len(page.all("em")) > 10
    numbers = [source_text[start:end] for start, end in private_data.spans(source_text)]
    assert numbers and not [number for number in numbers if number in html]
    assert html.count("[…]") > len({*numbers}) // 2


def test_another_graph_has_no_carnet(store: EmbeddedStore) -> None:
    foreign = create_app(store).test_client()
    assert foreign.get("/carnet").status_code == 404
    assert foreign.get("/carnet/carnet-2").status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_passage_leads_to_its_place_in_the_carnet_and_back(
    client: FlaskClient, store: EmbeddedStore, language: str
) -> None:
    lang = "?lang=en" if language == "en" else ""
    query = f"SELECT ?p WHERE {{ ?p a <{RN}Passage> }} ORDER BY ?p"
    passages = [str(row["p"])[1:-1].removeprefix(ID) for row in store.select(query)]
    carnet = read(client, f"/carnet/carnet-2{lang}")
    anchors = {e["id"] for e in carnet.elements if e["id"]}
    links = {a["href"] for a in carnet.all("a")}
    for slug in passages[:: 10 if language == "fr" else 100]:
        page = read(client, f"/page/{slug}{lang}")
        (there,) = {a["href"] for a in page.all("a") if a["href"].startswith("/carnet/carnet-2")}
        address, _, anchor = there.partition("#")
        assert address == f"/carnet/carnet-2{lang}"
        assert anchor in anchors and slug.endswith(anchor.removeprefix("p"))
        assert f"/page/{slug}{lang}" in links


def test_a_page_of_before_leads_to_where_its_parts_are(client: FlaskClient) -> None:
    answer = client.get("/carnet/carnet-2?page=5&lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/carnet/carnet-2?lang=en")


def test_a_passage_has_an_address_in_its_document(client: FlaskClient) -> None:
    answer = client.get("/carnet/carnet-2/1471-1637?lang=en")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/carnet/carnet-2?lang=en#p-1471-1637"


def test_a_part_leads_to_its_place_and_what_is_no_passage_does_not(client: FlaskClient) -> None:
    page = read(client, "/page/part/carnet-2-mamhique")
    (there,) = [a["href"] for a in page.all("a") if a["href"].startswith("/carnet/carnet-2")]
    address, _, anchor = there.partition("#")
    assert read(client, address).all("h2", id=anchor)
    assert "Le lire à sa place" not in read(client, "/page/stage/vesoul").text


def test_a_passage_that_its_part_does_not_show_leads_to_the_part(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rallynov_graph.site.model.passages.place_in_document.MOST", 0)
    page = read(client, "/page/passage/carnet-2-843-904")
    (there,) = [a["href"] for a in page.all("a") if a["href"].startswith("/carnet/carnet-2")]
    assert "#part-" in there


def test_the_bar_names_the_stages_in_the_order_of_the_text(client: FlaskClient) -> None:
    """The account of the Pôle's is interrupted by that of the Mutualité's; headings are none."""
    (bar,) = read(client, "/carnet/carnet-2").all("nav", **{"class": "chapters"})
    (shown,) = [e for e in read(client, "/carnet/carnet-2").all("ol") if "Ouverture" in e.text]
    assert "Ouverture Étape BGE Franche-Comté Étape MFQ Franche-Comté" in bar.text
    names = ["Pôle", "Mutualité", "Pôle", "à venir", "Vesoul", "Champagnole", "Montbéliard"]
    at = 0
    for name in [*names, "Belfort", "Dole", "clôture"]:
        at = shown.text.index(name, at) + 1


def test_a_theme_is_followed_through_the_document(client: FlaskClient) -> None:
    page = read(client, "/carnet/carnet-2")
    (themes,) = [e for e in page.all("details") if e.text.startswith("Suivre un thème")]
    assert "Confiance" in themes.text
    page = read(client, "/carnet/carnet-2?theme=theme/confiance")
    assert faults(page, "fr") == []
    names = [h.text for h in page.all("h2") if h["id"].startswith("part-")]
    assert names == ["Nathalie Pepe-Aubry"]
    followed = [e.text for e in page.all("li") if "followed" in e["class"]]
    assert followed and all("Confiance" in e for e in followed)
    assert "Confiance : 1 partie sur 40" in page.text
    assert [a for a in page.all("a") if a["href"] == "/carnet/carnet-2"]


def test_a_voice_is_followed_through_the_document(client: FlaskClient) -> None:
    page = read(client, "/carnet/carnet-2?voice=person/jose-monteiro&lang=en")
    assert faults(page, "en") == []
    (followed,) = {h.text for h in page.all("h2") if h["id"].startswith("part-")}
    assert followed == "José Monteiro"


def test_what_is_open_is_marked_on_facts_and_words(client: FlaskClient) -> None:
    page = read(client, "/carnet/carnet-2")
    number = [e for e in cards(page) if "Étape BGE Franche-Comté numéro 1" in e]
    assert number and "question ouverte" in number[0]
    (asked,) = [
        e
        for e in page.all("details")
        if "À quel titre Christian Maucler" in e.text and "asked" in e["class"]
    ]
    assert asked.text.startswith("1 question ouverte")


def test_at_most_three_facts_stand_beside_a_row_before_the_others(client: FlaskClient) -> None:
    rows = client.get("/carnet/carnet-2").text.split('<details class="unfold">')[1:]
    numbers = []
    for row in rows:
        first, _, others = row.partition('<details class="others">')
        shown, more = (part.count('<li class="card"') for part in (first, others))
        numbers.append(shown)
        assert shown == 3 or more == 0
        said = "1 fait<" if shown + more == 1 else f"{shown + more} faits<"
        assert said in first or shown == 0
        assert not more or f"{more} autre{'s' * (more > 1)} fait{'s' * (more > 1)}<" in others
    assert max(numbers) == 3 and numbers.count(3) > 10


def many_parts(parts: int, passages: int) -> str:
    """Return a document of so many parts with so many passages, each about a stage of its own."""
    size = 10 * passages
    written = [document(TEXT).split("<" + ID + "part/un>")[0]]
    for part in range(parts):
        start = part * size
        written.append(
            f'<{ID}part/n{part}> a rn:DocumentPart ; rdfs:label "n{part}" ;'
            f" oa:hasSource <{ID}extraction/essai> ; oa:hasSelector <{ID}selector/n{part}> ."
            f" <{ID}selector/n{part}> oa:start {start} ; oa:end {start + size} ."
        )
        for number in range(passages):
            at = start + 10 * number
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


def test_a_bar_of_very_many_stages_names_those_near_the_page(tmp_path: Path) -> None:
    client = create_app(store_of(many_parts(100, 2), tmp_path), of_server=True).test_client()
    names = [
        [a.text for a in page.all("a") if a["data-parts"] or a["href"].count("part-")]
        for page in (read(client, "/carnet/essai"), read(client, "/carnet/essai?page=3"))
    ]
    assert names[0][:2] == ["S0", "S1"] and names[0][-1] == "S99" and len(names[0]) == 41
    assert names[1] == ["S0", "S78", "S79", *(f"S{n}" for n in range(80, 100))]


def test_a_long_document_has_pages_that_hold_whole_parts(tmp_path: Path) -> None:
    store = store_of(many_parts(30, 20), tmp_path)
    client = create_app(store, of_server=True).test_client()
    starts: list[int] = []
    for number in (1, 2, 3):
        page = read(client, f"/carnet/essai?page={number}")
        assert faults(page, "fr") == []
        starts += [
            int(h["id"].split("-")[1]) for h in page.all("h2") if h["id"].startswith("part-")
        ]
        assert len([p for p in page.all("span") if p["class"] == "place"]) <= 250
        (bar,) = page.all("nav", **{"class": "chapters"})
        assert "S0" in bar.text and "S29" in bar.text
    assert starts == [200 * part for part in range(30)]
    assert client.get("/carnet/essai?page=5").status_code == 404
    (there,) = {
        a["href"]
        for a in read(client, "/page/passage/essai-5990-5999").all("a")
        if a["href"].startswith("/carnet/")
    }
    assert there == "/carnet/essai?page=3#p-5990-5999"
