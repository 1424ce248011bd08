"""What the site keeps in memory belongs to the graph that it serves, and goes with it."""

from __future__ import annotations

import gc
import weakref

from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore

ADDRESSES = (
    *("/", "/list/organisation?sort=name", "/list/innovation?certainty=explicit"),
    *("/list/innovation?theme=theme/gouvernance&lang=en", "/list/stage?sort=date", "/network"),
    *("/list?class=http%3A%2F%2Fxmlns.com%2Ffoaf%2F0.1%2FPerson", "/page/person/bruno-herry"),
    *("/network?centre=person/bruno-herry", "/list/organisation?view=matrix", "/builder"),
    *("/shapes", "/void.ttl", "/search?q=vesuol", "/sparql"),
)


def visited(release: Release) -> list[weakref.ref[object]]:
    """Ask a site of its own for pages, and return what would show that something holds it."""
    app = create_app(EmbeddedStore.of_release(release).pages(), release)
    client = app.test_client()
    for address in ADDRESSES:
        assert client.get(address).status_code == 200, address
    site = app.extensions["site"]
    return [weakref.ref(it) for it in (site, site.graph, site.graph.queries, site.store)]


def test_a_graph_that_is_no_longer_served_is_let_go(release: Release) -> None:
    held = visited(release)
    gc.collect()
    assert [ref for ref in held if ref() is not None] == []
