"""Whether two servers answer the same: fast and wrong is not fast."""

import json
import urllib.request
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlsplit

from load import JSON, TURTLE, addresses, marked
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

_NUMBERS: Final = ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


def of(endpoint: str, query: str, limit: float, accept: str = JSON) -> Counter[object] | None:
    """Return an answer in a comparable form, None if there is none within a limit."""
    place = urlsplit(endpoint)
    [path] = addresses(endpoint, [marked(query)])
    asked = urllib.request.Request(
        f"{place.scheme}://{place.netloc}{path}", headers={"Accept": accept}
    )
    try:
        with urllib.request.urlopen(asked, timeout=limit) as answer:
            content = answer.read()
    except OSError:
        return None
    return triples(content) if accept == TURTLE else rows(content)


def size_of(endpoint: str, query: str, limit: float) -> int | None:
    """Return the number of rows of an answer, None if there is none within a limit."""
    found = of(endpoint, query, limit)
    return None if found is None else found.total()


def rows(content: bytes) -> Counter[object]:
    """Return the rows of a table in JSON, however they are sorted and numbers are written."""
    told = json.loads(content)
    if "boolean" in told:
        return Counter([told["boolean"]])
    names = sorted(told["head"]["vars"])
    return Counter(
        tuple(_term(row[name]) if name in row else None for name in names)
        for row in told["results"]["bindings"]
    )


def triples(content: bytes) -> Counter[object]:
    """Return the triples of a graph in Turtle, however its blank nodes are called."""
    graph = Dataset(parse(content, format=RdfFormat.TURTLE))
    graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return Counter(map(str, graph))


def _term(told: dict[str, str]) -> tuple[str, ...]:
    kind, value = told["type"].removeprefix("typed-"), told["value"]
    if kind == "bnode":
        return ("bnode",)
    datatype = told.get("datatype", "").removeprefix(_XSD)
    if datatype in _NUMBERS:
        try:
            return (kind, str(Decimal(f"{Decimal(value):.9g}").normalize()))
        except InvalidOperation:
            return (kind, value)
    plain = "" if datatype == "string" else datatype
    return (kind, value, plain, told.get("xml:lang", "").lower())
