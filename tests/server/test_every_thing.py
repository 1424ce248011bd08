"""Every thing of the release is found over HTTP, each in one of the formats in turn.

Every format is asked for of one thing of each kind in ``tests/site/thing``, without a server.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import cycle
from urllib.parse import urlsplit

from rallynov_graph.base.namespaces import ID
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.release.release import Release
from servers import Server, serving
from thing_documents import HOST, WITH_GRAPHS, facts, iris, is_wrong


def got(connection: HTTPConnection, path: str, form: Format) -> tuple[int, str, bytes]:
    """The status, the address that is led to and the content of an answer of the server."""
    connection.request("GET", path, headers={"Accept": form.media_type, "Host": HOST})
    answer = connection.getresponse()
    return answer.status, answer.getheader("Location", ""), answer.read()


def test_every_thing_is_found_over_http_as_it_is_said(server: Server, release: Release) -> None:
    known, current, wrong = facts(release), facts(release, current=True), []
    found = iris(release, ID)
    assert len(found) > 1000
    connection = HTTPConnection(urlsplit(server.address).netloc, timeout=60)
    for iri, turn in zip(found, cycle(GRAPHS), strict=False):
        thing = iri.removeprefix(ID)
        led = got(connection, f"/id/{thing}", turn)
        assert led[:2] == (303, f"/data/{thing}{turn.suffix}"), iri
        status, _, content = got(connection, f"/data/{thing}{turn.suffix}", turn)
        assert status == 200, (iri, turn.name)
        said = known if turn in WITH_GRAPHS else current
        wrong.append(is_wrong(content, turn, said[iri], iri))
    assert [it for it in wrong if it] == []


def test_many_readers_get_their_pages_at_once(release: Release) -> None:
    """The server has just started: what pages keep is made while others are made, too."""
    kinds = ("innovation", "organisation", "person", "stage", "theme")
    things = [iri.removeprefix(ID) for kind in kinds for iri in iris(release, f"{ID}{kind}/")]
    # A list asks two queries at once: pages that wait for both must not keep each other waiting.
    sure = ("explicit", "inferred")
    lists = [f"/list/{kind}?certainty={how}" for kind in kinds for how in sure]
    paths = [*lists, *(f"/page/{thing}" for thing in things)]
    with serving("--workers", "1") as fresh, ThreadPoolExecutor(16) as readers:
        got = readers.map(lambda path: fresh.ask("GET", path, Accept="text/html").status, paths)
        assert {*got} == {200}
