"""Parse a request of the SPARQL 1.1 Protocol, or say what is wrong with it."""

import re
from typing import Final, NamedTuple
from urllib.parse import unquote_plus

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
FORMS: Final = f"{FORM} or {QUERY}"
"""The media types of a query sent by POST."""
UPDATE: Final = "application/sparql-update"
ASK: Final = "rallynov.ask"
"""The key, in the WSGI environment of pages, of the function that runs queries."""
NO_UPDATE: Final = "This endpoint only reads: an update is refused."
NO_CALL: Final = "A query cannot call another endpoint from here: SERVICE is refused."
SECONDS: Final = "rallynov.seconds"
"""The key, in the WSGI environment of pages, of the time limit of a query in seconds."""

_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_FIELDS: Final = 1000


class Refused(Exception):
    """The request gets no answer; carries the HTTP status and a sentence with the reason."""

    def __init__(
        self, status: int, detail: str, *, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.line, self.column = status, detail, line, column


class Left(Refused):
    """The client has disconnected, so no answer is sent."""

    def __init__(self) -> None:
        super().__init__(400, "The request broke off.")


class Request(NamedTuple):
    """A query with the dataset of its request; None if the request names none."""

    query: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None


def of_address(query_string: str) -> Request | None:
    """Return the request in an address, None if it has no query; raise Refused."""
    fields = _fields(query_string)
    if "update" in fields:
        raise Refused(403, NO_UPDATE)
    return _request(fields) if "query" in fields else None


def of_body(content_type: str, query_string: str, body: bytes) -> Request:
    """Return the request in a POST body; raise Refused."""
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    charset = re.search(r"charset\s*=\s*\"?([^\s\";]+)", parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise Refused(415, f"A query is sent in UTF-8, not in {charset[1][:40]}.")
    if media_type == UPDATE:
        raise Refused(403, NO_UPDATE)
    if media_type not in {FORM, QUERY}:
        named = media_type[:80] or "nothing"
        raise Refused(415, f"A query is sent as {FORM} or {QUERY}, not as {named}.")
    fields = _fields(query_string)
    text = _utf8(body)
    if media_type == QUERY:
        if "query" in fields:
            raise Refused(400, "There are two queries: one in the address, one in the body.")
        fields["query"] = [text]
    else:
        for name, values in _fields(text).items():
            fields.setdefault(name, []).extend(values)
    if "update" in fields:
        raise Refused(403, NO_UPDATE)
    if "query" not in fields:
        raise Refused(400, "The form has no field called query.")
    return _request(fields)


def of_query(query: str, longest: int) -> Request:
    """Return the request for a query alone; raise Refused if it is too long or empty."""
    if len(query.encode("utf-8", "replace")) > longest:
        raise Refused(413, f"The query is longer than {longest} bytes.")
    return _request({"query": [query]})


def graph_named(query_string: str) -> str | None:
    """Return the IRI of the graph in an address, None for the default graph.

    Raises Refused if it names no graph, or several (Graph Store Protocol, section 4.2).
    """
    fields = _fields(query_string)
    named = fields.get("graph", [])
    if len(named) + ("default" in fields) != 1:
        raise Refused(400, "Name one graph: by ?graph= and its IRI, or by ?default.")
    return named[0] if named else None


def _request(fields: dict[str, list[str]]) -> Request:
    query, *others = fields["query"]
    if others:
        raise Refused(400, "There is more than one query; one is asked at a time.")
    if not query.strip():
        raise Refused(400, "The query is empty.")
    return Request(query, _graphs(fields, "default"), _graphs(fields, "named"))


def _graphs(fields: dict[str, list[str]], kind: str) -> tuple[str, ...] | None:
    named = fields.get(f"{kind}-graph-uri")
    return tuple(named) if named else None


def _fields(encoded: str) -> dict[str, list[str]]:
    """Return the fields of a form; raise Refused if it is not properly encoded."""
    if encoded.count("&") >= _FIELDS:
        raise Refused(400, f"The request has more than {_FIELDS} fields.")
    fields: dict[str, list[str]] = {}
    try:
        for field in filter(None, encoded.split("&")):
            name, _, value = field.partition("=")
            fields.setdefault(_decoded(name), []).append(_decoded(value))
    except UnicodeDecodeError as error:
        raise Refused(400, "The request is not UTF-8.") from error
    return fields


def _decoded(text: str) -> str:
    """Return a field without its escapes; raise Refused or UnicodeDecodeError if invalid."""
    if _BROKEN_ESCAPE.search(text):
        raise Refused(400, "A percent sign is not followed by two hexadecimal digits.")
    return unquote_plus(text, errors="strict")


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(400, "The request is not UTF-8.") from error
