"""The carnet: its passages in order, what was taken from each, the text where it is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from made_up_carnet import AT, MAIL, PHONE, TEXT, document, store_of
from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.release.document_texts import SourceFile, of_documents
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.passages import private_data
from rallynov_graph.site.model.passages.marked_text import segments
from rallynov_graph.site.model.passages.source import Position
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, read
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
    texts = of_documents(essay, [text_file])
    return create_app(essay, of_server=True, texts=texts).test_client()


@pytest.fixture
def alone(essay: EmbeddedStore) -> FlaskClient:
    """The site of the made-up document without its text."""
    return create_app(essay, of_server=True).test_client()


def passages(page: Page) -> list[str]:
    return [e.text for e in page.all("article")]


def test_the_documents_are_listed(client: FlaskClient) -> None:
    page = read(client, "/carnet?lang=en")
    (link,) = [a for a in page.all("a") if a.text == "carnet de route no. 2"]
    assert link["href"] == "/carnet/carnet-2?lang=en"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_part_of_the_carnet_is_there_in_order(client: FlaskClient, lang: str) -> None:
    starts: list[int] = []
    for number in range(1, 6):
        page = read(client, f"/carnet/carnet-2?page={number}&lang={lang}")
        assert faults(page, lang) == []
        starts += [int(h["id"].split("-")[1]) for h in page.all("h2")]
    assert (len(starts), starts[0], starts[-1]) == (40, 4, 6266)
    assert starts == sorted(starts)


def test_a_passage_says_what_was_taken_how_surely_and_why(client: FlaskClient) -> None:
    page = read(client, "/carnet/carnet-2?page=5")
    (date,) = [
        e.text for e in page.all("div") if "11 juin 2013" in e.text and e["class"] == "taken"
    ]
    assert "Étape de Vesoul" in date and "déduit" in date and "siècle" in date


def test_a_part_without_facts_says_why(client: FlaskClient) -> None:
    assert "Un titre de rubrique, sans fait propre." in read(client, "/carnet/carnet-2").text


def test_only_what_is_said_outright_can_be_asked_for(alone: FlaskClient) -> None:
    every, said = (
        read(alone, f"/carnet/essai{asked}").text for asked in ("", "?certainty=explicit")
    )
    assert "Elle parle, donc elle est là." in every
    assert "Elle parle, donc elle est là." not in said and "Anne Essai" in said


def test_a_set_stands_once_beside_the_first_passage_that_carries_it(alone: FlaskClient) -> None:
    _, first, second = passages(read(alone, "/carnet/essai"))[:3]
    assert "présente" in first and "présente" not in second
    assert "Porte aussi, avec un passage plus haut" in second


def test_without_the_text_positions_are_all_there_is(alone: FlaskClient) -> None:
    answer = alone.get("/carnet/essai")
    assert "<mark" not in answer.text and "Élan" not in answer.text
    assert "--source" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


def test_with_the_text_each_passage_is_marked(beside: FlaskClient) -> None:
    page = read(beside, "/carnet/essai")
    assert faults(page, "fr") == []
    marks = {e["id"]: e.text for e in page.all("mark")}
    assert marks["t-0-4"] == "Élan"
    assert marks[f"t-{AT('<b>')}-{AT(' parle')}"] == "<b>"
    assert marks[f"t-{AT('Anne')}-{AT('.')}"] == "Anne</b>"
    assert page.all("b") == []
    targets = {e["id"] for e in page.elements if e["id"]}
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#t-")} <= targets


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
    texts = of_documents(store, [text_file])
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
    (words,) = [e.text for e in Page(html).all("blockquote") if "Tél" in e.text]
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
        of_documents(essay, [SourceFile.read(path)])


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
        html = server.ask("GET", "/carnet/carnet-2?page=5").body.decode()
    page = Page(html)
    assert faults(page, "fr") == []
    assert any(source_text[5526:5534] in mark.text for mark in page.all("mark"))
    numbers = [source_text[start:end] for start, end in private_data.spans(source_text)]
    assert numbers and not [number for number in numbers if number in html]
    assert html.count("[…]") > len({*numbers}) // 2


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/carnet/nowhere", 404),
        ("/carnet/carnet-2?page=6", 404),
        ("/carnet/carnet-2?page=0", 400),
        ("/carnet/carnet-2?page=x", 400),
        (f"/carnet/carnet-2?certainty={MARKUP}", 400),
        (f"/carnet/{MARKUP}", 404),
        ("/carnet/a%20b", 400),
        ("/carnet/carnet-2?lang=xx", 400),
    ],
)
def test_a_wrong_address_is_answered_with_a_page(
    client: FlaskClient, address: str, status: int
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert MARKUP not in answer.text


def test_another_graph_has_no_carnet(store: EmbeddedStore) -> None:
    foreign = create_app(store).test_client()
    assert foreign.get("/carnet").status_code == 404
    assert foreign.get("/carnet/carnet-2").status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_passage_leads_to_its_place_in_the_carnet_and_back(
    client: FlaskClient, store: EmbeddedStore, language: str
) -> None:
    lang = "&lang=en" if language == "en" else ""
    query = f"SELECT ?p WHERE {{ ?p a <{RN}Passage> }} ORDER BY ?p"
    passages = [str(row["p"])[1:-1].removeprefix(ID) for row in store.select(query)]
    pages: dict[str, Page] = {}
    for slug in passages[:: 10 if language == "fr" else 100]:
        page = read(client, f"/page/{slug}?certainty=inferred{lang}")
        (there,) = [a["href"] for a in page.all("a") if a["href"].startswith("/carnet/carnet-2?")]
        assert "certainty=inferred" in there
        address, _, anchor = there.partition("#")
        if address not in pages:
            pages[address] = read(client, address)
        assert pages[address].all("h3", id=anchor)
        assert slug.endswith(anchor.removeprefix("p"))
        assert [a for a in pages[address].all("a") if a["href"].startswith(f"/page/{slug}")]
    assert len(pages) > 1


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
