"""What every answer lets a browser do, and what it does not."""

import pytest
from flask.testing import FlaskClient

PAGES = ("/", "/search?q=x", "/sparql", "/page/stage/dole", "/no/such/page", "/data/stage/dole.ttl")


@pytest.mark.parametrize("address", PAGES)
def test_an_answer_tells_no_other_site_where_its_reader_was(
    client: FlaskClient, address: str
) -> None:
    """The address of a page has what was searched for in it."""
    told = client.get(address).headers["Referrer-Policy"]
    assert told in (
        "no-referrer",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
    )


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_its_window_for_itself_and_no_sensors(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    refused = {one.partition("=")[0] for one in headers["Permissions-Policy"].split(", ")}
    assert {"camera", "geolocation", "microphone"} <= refused
    assert headers["Permissions-Policy"].count("=()") == len(refused)


@pytest.mark.parametrize("address", PAGES)
def test_no_picture_comes_from_elsewhere(client: FlaskClient, address: str) -> None:
    """One that did would tell its own site who reads what."""
    policy = client.get(address).headers["Content-Security-Policy"].split("; ")
    [pictures] = [one for one in policy if one.startswith("img-src ")]
    assert {*pictures.split()[1:]} <= {"'self'", "data:"}
