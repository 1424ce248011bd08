"""Queries that take long or much, and what a server does about them."""

import os
from pathlib import Path

from servers import Answer, Server, children

NUMBERS = " ".join(map(str, range(200)))


HEAVY = "SELECT (COUNT(*) AS ?n) {{ {} }}".format(
    " ".join(f"VALUES ?v{i} {{ {NUMBERS} }}" for i in range(6))
)
"""A cartesian product that no machine counts in a lifetime."""


HUNGRY = "SELECT (GROUP_CONCAT(?x) AS ?all) {{ {} BIND('{}' AS ?x) }}".format(
    " ".join(f"VALUES ?v{i} {{ {NUMBERS} }}" for i in range(3)), "abcdefghij" * 5_000
)
"""A text of 400 GB."""


SMALL = "ASK {}"


def post(server: Server, query: str) -> Answer:
    return server.ask("POST", "/sparql", query.encode(), Content_Type="application/sparql-query")


def busiest(server: Server) -> int:
    """Return the query process that has taken most of the processor."""
    return max(children(server.zygote()) or {server.zygote()}, key=seconds)


def seconds(pid: int) -> float:
    try:
        spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")
