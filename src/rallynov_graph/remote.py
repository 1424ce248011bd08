"""The store of others: any SPARQL 1.1 endpoint, asked through SPARQLWrapper."""

import ast
import urllib.error
from collections.abc import Iterator
from http.client import HTTPException
from typing import Final

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from rallynov_graph import formats
from rallynov_graph.errors import QueryError, UnknownNameError
from rallynov_graph.store import Solutions
from rallynov_graph.tokens import tokens

TIMEOUT: Final = 30
"""How many seconds an endpoint may take to answer."""
_OF_TRIPLES: Final = ("CONSTRUCT", "DESCRIBE")
_FORMS: Final = ("SELECT", "ASK", *_OF_TRIPLES)
_TOLD: Final = 300
"""How many characters of an endpoint's own error are repeated."""


class RemoteStore:
    """A SPARQL 1.1 endpoint that answers queries; nothing is kept between two of them."""

    def __init__(self, url: str, *, timeout: int = TIMEOUT) -> None:
        self.url, self.timeout = url, timeout

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT; raise QueryError when it has none to give."""
        found = self._results(query)
        if not isinstance(found, QuerySolutions):
            raise QueryError("This query is not a SELECT, so it has no table of answers.")
        variables = tuple(variable.value for variable in found.variables)
        return Solutions(variables, tuple(tuple(solution) for solution in found))

    def ask(self, query: str) -> bool:
        """Return the truth of an ASK; raise QueryError when it is not one."""
        found = self._results(query)
        if not isinstance(found, QueryBoolean):
            raise QueryError("This query is not an ASK, so it is neither true nor false.")
        return bool(found)

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE; raise QueryError when it is not one."""
        answer = self._fetch(query, formats.N_TRIPLES.media_type)
        try:
            quads = list(parse(answer, format=RdfFormat.N_TRIPLES))
        except SyntaxError as error:
            raise QueryError(f"{self.url} did not answer with triples: {error}.") from error
        return (quad.triple for quad in quads)

    def serialize(self, query: str, media_type: str) -> bytes:
        """Return a whole answer in one of the media types of ``formats``; raise QueryError."""
        among = (*formats.RESULTS, *formats.GRAPHS)
        if formats.by_media_type(media_type, among) is None:
            raise UnknownNameError(f"No answer is given as {media_type!r}.")
        return self._fetch(query, media_type)

    def _results(self, query: str) -> QuerySolutions | QueryBoolean:
        if _form(query) in _OF_TRIPLES:
            raise QueryError("This query answers with triples, not with a table.")
        answer = self._fetch(query, formats.RESULTS_JSON.media_type)
        try:
            found = parse_query_results(answer, QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise QueryError(f"{self.url} did not answer with SPARQL results: {error}.") from error
        assert isinstance(found, QuerySolutions | QueryBoolean)
        return found

    def _fetch(self, query: str, media_type: str) -> bytes:
        """Return the endpoint's answer; raise QueryError, which says why there is none."""
        wrapper = SPARQLWrapper(self.url)
        wrapper.setQuery(query)
        # SPARQLWrapper looks for the verb in comments too, and takes "address" for the update ADD.
        wrapper.queryType = _form(query)
        wrapper.setMethod(POST)
        wrapper.setTimeout(self.timeout)
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", media_type)
        try:
            answer: bytes = wrapper.query().response.read()
        except SPARQLWrapperException as error:
            raise QueryError(f"{self.url} refuses the query: {_told(error)}") from error
        except urllib.error.HTTPError as error:
            raise QueryError(f"{self.url} answers {error.code} {error.reason}.") from error
        except TimeoutError as error:
            raise QueryError(f"{self.url} gave no answer in {self.timeout} s.") from error
        except (urllib.error.URLError, OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise QueryError(f"{self.url} cannot be reached: {reason}.") from error
        return answer


def _form(query: str) -> str:
    """Return the verb of a query, SELECT where there is none."""
    verbs = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return next((verb for verb in verbs if verb in _FORMS), "SELECT")


def _told(error: SPARQLWrapperException) -> str:
    """Return the endpoint's own words, without SPARQLWrapper's frame around them."""
    text = str(error.args[0]) if error.args else str(error)
    _, _, body = text.partition("Response:\n")
    if body:
        text = ast.literal_eval(body).decode("utf-8", "replace")
    return " ".join(text.split())[:_TOLD]
