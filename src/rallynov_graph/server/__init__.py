"""The site and the SPARQL service over HTTP, in processes that share one loaded release.

    supervisor              holds the socket, starts a release process and its successor
    └─ release process      opens a release, forks, replaces what ends; it has no thread
       ├─ web process × N   uvicorn on the shared socket ── Root ─┬─ Endpoint ────────┐ queries
       │                                                          └─ Pages (Flask) ───┤
       └─ query process × 2 and more, on demand (query_pool)  ◄── QueryPool ◄─────────┘

``limits`` has every number that bounds it.
"""
