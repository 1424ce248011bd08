"""Addresses that hold a query: as the page writes and reads them."""

from __future__ import annotations

import base64
import zlib

import pytest
from hypothesis import example, given

import strategies
from rallynov_graph.base.errors import QueryError
from rallynov_graph.http.permalinks import permalink, query_of

PAGE = "https://example.org/sparql"
LONG = "ASK { ?s ?p 'très long & <#?>' } # " + "élan " * 400


def packed(content: bytes) -> str:
    packer = zlib.compressobj(wbits=-15)
    return base64.urlsafe_b64encode(packer.compress(content) + packer.flush()).decode().rstrip("=")


@given(strategies.texts.filter(str.strip))
@example("ASK { ?s a <urn:a#b> } # 50 % & +")
@example(LONG)
def test_an_address_gives_back_its_query(query: str) -> None:
    address = permalink(PAGE, query, release="0123abcd", lang="en")
    assert address.startswith(f"{PAGE}?release=0123abcd&lang=en")
    assert query_of(address) == query
    assert len(address) < 1600 and ("#q=" in address) is (query == LONG)
    assert query_of(permalink(PAGE, query)) == query


@pytest.mark.parametrize(
    "address",
    [
        *("", PAGE, "http://[x/?query=a"),
        *(f"{PAGE}?query={text}" for text in ("", "%20", "%ff")),
        *(f"{PAGE}#q={text}" for text in ("", "é", "A", "!!!!", packed(b"x") + "=")),
        permalink(PAGE, LONG)[:-9],
        permalink(PAGE, LONG) + "AAAA",
        f"{PAGE}#q={packed(bytes([255]))}",
    ],
)
def test_what_is_damaged_cut_or_too_long_holds_none(address: str) -> None:
    with pytest.raises(QueryError, match="contains no"):
        query_of(address)


def test_what_unpacks_to_far_more_than_a_query_holds_none() -> None:
    with pytest.raises(QueryError, match="contains no"):
        query_of(f"{PAGE}#q={packed(b' ' * 50_000_000)}")
