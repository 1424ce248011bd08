"""What a client would have, in words that are seldom used, as a server takes them."""

import pytest

from servers import Server

ALL = "SELECT * { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/*;q=0, */*", "text/csv"),
        ("text/*;q=0.2, */*;q=0.1", "text/csv"),
        ("text/csv, text/csv;header=absent;q=0.1, text/tab-separated-values;q=0.5", "text/csv"),
        ("text/csv;header=absent;q=0.1, text/csv, text/tab-separated-values;q=0.5", "text/csv"),
    ],
)
def test_the_range_that_is_closest_and_most_wanted_counts(
    data_server: Server, accept: str, media_type: str
) -> None:
    assert data_server.query(ALL, accept).media_type == media_type
