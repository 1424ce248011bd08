"""Who asks: a secret is shown in the way that the server wants, and to nobody who does not ask."""

from urllib.request import Request

import pytest

from rallynov_graph.base.errors import EndpointError, Failure, QueryError, RallynovError
from rallynov_graph.sparql.remote_errors import refusal
from rallynov_graph.sparql.remote_server import Credentials, Server

URL = "http://example.org/sparql"
DIGEST = 'Digest realm="SPARQL", nonce="abc", qop="auth", algorithm="MD5", opaque="x"'


def signed(credentials: Credentials) -> str:
    request = Request(URL, data=b"x")
    credentials.sign(request)
    return request.get_header("Authorization") or ""


def test_a_password_is_sent_when_it_is_asked_for() -> None:
    credentials = Credentials("reader:p:w")
    assert signed(credentials) == ""
    assert credentials.accept_challenge(['Basic realm="x"'])
    assert signed(credentials) == "Basic cmVhZGVyOnA6dw=="
    assert not credentials.accept_challenge(['Basic realm="x"'])


def test_a_password_is_not_sent_as_it_is_where_a_digest_is_asked_for() -> None:
    credentials = Credentials("dba:secret")
    assert credentials.accept_challenge(['Basic realm="x"', DIGEST])
    answer = signed(credentials)
    assert answer.startswith('Digest username="dba", realm="SPARQL", nonce="abc", uri="/sparql"')
    assert "secret" not in answer
    assert not credentials.accept_challenge([DIGEST])
    assert credentials.accept_challenge([DIGEST.replace("abc", "def") + ', stale="true"'])
    assert 'nonce="def"' in signed(credentials)


def test_a_token_is_sent_at_once_and_never_to_where_a_server_sends_on() -> None:
    credentials = Credentials("Bearer abc.def")
    request = Request(URL)
    credentials.sign(request)
    assert request.unredirected_hdrs["Authorization"] == "Bearer abc.def"
    assert not credentials.accept_challenge([DIGEST])


@pytest.mark.parametrize("secret", ["", "name", ":password", "Token abc"])
def test_what_is_no_secret_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(RallynovError) as refused:
        Credentials(secret)
    assert not secret or secret not in str(refused.value)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "sparql", "http:///x"])
def test_only_the_web_is_asked(url: str) -> None:
    with pytest.raises(QueryError, match="not the address of a server"):
        Server(url)


def told(code: int, said: bytes = b"", **headers: str) -> EndpointError:
    return refusal(URL, code, "Reason", said, headers)


@pytest.mark.parametrize(
    ("code", "said", "failure", "place"),
    [
        (400, b"error at 3:14: expected x", Failure.REFUSED, (3, 14)),
        (400, b"Encountered ' at line 2, column 7.", Failure.REFUSED, (2, 7)),
        (
            400,
            b"Virtuoso 37000 Error SP030: SPARQL compiler, line 5: x",
            Failure.REFUSED,
            (None,) * 2,
        ),
        (400, b"<html>line 3</html>", Failure.REFUSED, (None,) * 2),
        (400, b"The estimated execution time 900 exceeds the limit", Failure.LATE, (None,) * 2),
        (500, b"S1T00 Error", Failure.LATE, (None,) * 2),
        (500, b"Oh", Failure.BROKEN, (None,) * 2),
        (504, b"", Failure.LATE, (None,) * 2),
        (503, b"", Failure.BUSY, (None,) * 2),
        (401, b"", Failure.DENIED, (None,) * 2),
        (404, b"", Failure.BROKEN, (None,) * 2),
        (307, b"", Failure.STRANGE, (None,) * 2),
    ],
)
def test_what_a_status_means(
    code: int, said: bytes, failure: Failure, place: tuple[int | None, int | None]
) -> None:
    error = told(code, said)
    assert (error.failure, (error.line, error.column)) == (failure, place)
    assert "<html>" not in str(error)
