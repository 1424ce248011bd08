"""A document, the texts extracted from it and the passages in them lead to each other."""

from flask.testing import FlaskClient

from reading_pages import read


def leads_to(client: FlaskClient, thing: str) -> set[str]:
    page = read(client, f"/page/{thing}")
    return {link["href"].partition("?")[0] for link in page.all("a") if "href" in link.attributes}


def test_a_document_its_texts_and_its_passages_lead_to_each_other(client: FlaskClient) -> None:
    for thing in ("passage/carnet-2-945-962", "part/carnet-2-etape-bge"):
        both = {"/page/document/carnet-2", "/page/extraction/carnet-2"}
        assert leads_to(client, thing) >= both, thing
    assert "/page/extraction/carnet-2" in leads_to(client, "document/carnet-2")
    found = leads_to(client, "extraction/carnet-2")
    assert found >= {"/page/document/carnet-2", "/page/method/programme"}
    assert not [it for it in found if "/page/passage/" in it], "the document has them in order"
    english = read(client, "/page/extraction/carnet-2?lang=en")
    assert "taken from the file by a program" in english.text and "6345" in english.text
