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
    """The address in the document, and its anchor, that the page of a passage leads to."""
    (there,) = {a["href"] for a in page.all("a") if a["href"].startswith("/carnet/")}
    return without_anchor(there), anchor(there)


def cards(page: Page) -> list[str]:
    return [e.text for e in page.all("li") if "card" in e["class"].split()]


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
    listed = [e.text for e in page.all("li") if "Essai" in e.text or "Autre" in e.text]
    assert listed == ["Autre", "Essai avec son texte"]
    assert "Document 2 sur 2" in read(client, "/carnet/essai").text


def test_a_file_that_is_another_text_is_refused(essay: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "autre.txt"
    path.write_text(TEXT + " ", "utf-8")
    with pytest.raises(SourceError, match="SHA-256"):
        loaded(essay, [SourceFile.read(path)])


def test_each_fact_stands_once_beside_its_passage_in_the_order_of_the_text(
    client: FlaskClient,
) -> None:
    html = client.get("/carnet/carnet-2").text
    page = Page(html)
    starts = [int(h["id"].split("-")[1]) for h in page.all("h2") if h["id"].startswith("part-")]
    assert (len(starts), starts[0], starts[-1]) == (40, 4, 6266)
    assert starts == sorted(starts)
    assert "Un titre de rubrique, sans fait propre." in page.text
    (date,) = [e for e in cards(page) if "date 11 juin 2013" in e]
    assert date.startswith("déduit Étape de Vesoul")
    # The lead mentions the stages; the date of Vesoul's is taken from the masthead, too.
    assert html.index("11 juin 2013") > html.index('id="part-5526-5649"')
    assert "sur d’autres passages" in html[: html.index('id="part-53-113"')]
    (masthead, *_) = [e for e in page.all("p") if "sur d’autres passages" in e.text]
    assert "Étape de Vesoul" in masthead.text
    ids = [e["id"] for e in page.elements if e["id"].startswith("f-")]
    assert len(ids) == len({*ids}) > 400
    links = [a["href"].removeprefix("#") for a in page.all("a") if a["data-fact"]]
    assert len(links) > 100 and {*links} <= {*ids}
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


def test_the_bar_names_the_stages_in_the_order_of_the_text(client: FlaskClient) -> None:
    """The account of the Pôle's is interrupted by that of the Mutualité's; headings are none."""
    page = read(client, "/carnet/carnet-2")
    bar = page.one("nav", **{"class": "chapters"})
    assert "Ouverture Étape BGE Franche-Comté Étape MFQ Franche-Comté" in bar.text
    (shown,) = [e for e in page.all("ol") if "Ouverture" in e.text]
    names = ["Pôle", "Mutualité", "Pôle", "à venir", "Vesoul", "Champagnole", "Montbéliard"]
    at = 0
    for name in [*names, "Belfort", "Dole", "clôture"]:
        at = shown.text.index(name, at) + 1


def test_a_theme_and_a_voice_are_followed_through_the_document(client: FlaskClient) -> None:
    page = read(client, "/carnet/carnet-2")
    (themes,) = [e for e in page.all("details") if e.text.startswith("Suivre un thème")]
    assert "Confiance" in themes.text
    page = read(client, "/carnet/carnet-2?theme=theme/confiance")
    assert faults(page, "fr") == []
    assert {h.text for h in parts(page)} == {"Nathalie Pepe-Aubry"}
    followed = [e.text for e in page.all("li") if "followed" in e["class"]]
    assert followed and all("Confiance" in e for e in followed)
    assert "Confiance : 1 partie sur 40" in page.text
    assert [a for a in page.all("a") if a["href"] == "/carnet/carnet-2"]
    page = read(client, "/carnet/carnet-2?voice=person/jose-monteiro&lang=en")
    assert faults(page, "en") == []
    assert {h.text for h in parts(page)} == {"José Monteiro"}


def test_addresses_lead_to_their_place_in_the_document(client: FlaskClient) -> None:
    for address, status, place in (
        ("/carnet?lang=en", 303, "/carnet/carnet-2?lang=en"),
        ("/carnet/carnet-2?page=5&lang=en", 301, "/carnet/carnet-2?lang=en"),
        ("/carnet/carnet-2/1471-1637?lang=en", 303, "/carnet/carnet-2?lang=en#p-1471-1637"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (status, place)


def test_each_passage_and_part_leads_to_its_place_in_the_carnet_and_back(
    client: FlaskClient, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = f"SELECT ?p WHERE {{ ?p a <{RN}Passage> }} ORDER BY ?p"
    passages = [str(row["p"])[1:-1].removeprefix(ID) for row in store.select(query)]
    carnet = read(client, "/carnet/carnet-2?lang=en")
    anchors = {e["id"] for e in carnet.elements if e["id"]}
    for slug in [*passages[::20], "part/carnet-2-mamhique"]:
        there, anchor = place_of(read(client, f"/page/{slug}?lang=en"))
        assert there == "/carnet/carnet-2?lang=en" and anchor in anchors
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
        assert [e.split(" — ")[0] for e in cards(Page(answer.text))] == [
            "explicite Anne Essai rdfs:label Anne Essai preuve",
            "déduit Anne Essai rdfs:comment présente preuve",
        ]
        assert "<mark" not in answer.text and "Élan" not in answer.text
        assert "Avec votre exemplaire, lisez le texte à ces places." in answer.text
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
    words = {e["id"]: e.text for e in page.elements if e["id"].startswith("t-")}
    assert words["t-0-4"] == "Élan" and f"t-{AT('Anne')}-{AT('.')}" in words
    anne_at = f"t-{AT('<b>')}-{AT(' parle')}"
    assert words[anne_at] == "<b>"
    assert page.all("b") == []
    targets = {e["id"] for e in page.elements if e["id"]}
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= targets
    # A script lights one when the other is pointed at; without, a link leads to the card.
    (anne,) = [e for e in page.all("a") if e["id"] == anne_at]
    said, inferred = (e["data-fact"] for e in page.all("li") if "card" in e["class"])
    assert anne["data-fact"].split() == [said, inferred] and anne["href"] == f"#{said}"
    (parle,) = [e for e in page.all("a") if e.text == "parle"]
    assert parle["data-fact"] == inferred


def test_a_reason_shows_the_words_of_its_passages(tmp_path: Path, text_file: SourceFile) -> None:
    store = store_of(document() + MEETING, tmp_path)
    without = create_app(store, of_server=True).test_client()
    assert read(without, WHY).all("blockquote") == []
    assert without.get(WHY).headers["Cache-Control"] != "no-store"
    client = create_app(store, of_server=True, texts=loaded(store, [text_file])).test_client()
    note = client.get(WHY)
    assert note.headers["Cache-Control"] == "no-store"
    found = [e.text for e in Page(note.text).all("blockquote")]
    assert found == ["Élan 𝄞 <b>Anne</b> parle.", "Tél. : […] ou […] Fin."], "no number shows"
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
    html = client.get("/carnet/carnet-2").text
    page = Page(html)
    assert faults(page, "fr") == []
    assert page.all("a", id="t-5526-5534")[0].text == source_text[5526:5534]
    raised = [e.text for e in page.all("sup")]
    assert raised == ["ème", "ère", "ème"]
    assert "**" not in page.text and "^{" not in page.text
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


def test_a_long_document_has_pages_that_hold_whole_parts_and_a_bar_of_those_near(
    tmp_path: Path,
) -> None:
    client = create_app(store_of(many_parts(100, 5), tmp_path), of_server=True).test_client()
    starts: list[int] = []
    pages = [read(client, f"/carnet/essai?page={number}") for number in (1, 2, 3)]
    for page in pages:
        assert faults(page, "fr") == []
        starts += [int(h["id"].split("-")[1]) for h in parts(page)]
        assert len([p for p in page.all("span") if p["class"] == "place"]) <= 250
    assert starts == [50 * part for part in range(100)]
    assert client.get("/carnet/essai?page=99").status_code == 404
    assert place_of(read(client, "/page/passage/essai-4990-4999")) == (
        "/carnet/essai?page=3",
        "p-4990-4999",
    )
    names = [
        [a.text for a in page.all("a") if a["data-parts"] or a["href"].count("part-")]
        for page in pages
    ]
    assert names[0][:2] == ["S0", "S1"] and names[0][-1] == "S99" and len(names[0]) == 41
    assert names[2] == ["S0", "S78", "S79", *(f"S{n}" for n in range(80, 100))]
