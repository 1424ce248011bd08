"""A document, the texts extracted from it and the passages in them lead to each other."""

import pytest
from flask.testing import FlaskClient

from reading_pages import faults, read


def leads_to(client: FlaskClient, thing: str) -> set[str]:
    page = read(client, f"/page/{thing}")
    return {link["href"].partition("?")[0] for link in page.all("a") if "href" in link.attributes}


@pytest.mark.parametrize("thing", ["passage/carnet-2-945-962", "part/carnet-2-etape-bge"])
def test_a_passage_has_its_document_and_its_text(client: FlaskClient, thing: str) -> None:
    assert leads_to(client, thing) >= {"/page/document/carnet-2", "/page/extraction/carnet-2"}


def test_a_document_has_its_texts_and_a_text_says_how_it_was_made(client: FlaskClient) -> None:
    assert "/page/extraction/carnet-2" in leads_to(client, "document/carnet-2")
    found = leads_to(client, "extraction/carnet-2")
    assert found >= {"/page/document/carnet-2", "/page/method/programme"}
    assert not [it for it in found if "/page/passage/" in it], "the document has them in order"


def test_a_text_is_read_in_both_languages(client: FlaskClient) -> None:
    french = read(client, "/page/extraction/carnet-2")
    english = read(client, "/page/extraction/carnet-2?lang=en")
    assert faults(french, "fr") == [] and faults(english, "en") == []
    assert "text of carnet de route no. 2" in english.text
    assert "taken from the file by a program" in english.text and "6345" in english.text
