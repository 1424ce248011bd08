"""One measurement in a process of its own: ``python bench/measure.py NAME ARGUMENT…`` prints JSON.

What is measured is timed inside, by the clock and, where other work may run beside it, by the
processor too; memory is the most that the process had in use, or what a server's processes have
together (pages that they share count once).
"""

import json
import math
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.questions import catalogue
from rallynov_graph.release import building, release
from rallynov_graph.release import store_location as stores
from rallynov_graph.release.store_location import StoreKind

MATRIX = "themes_of_organisation"
WATCHED = 30
"""So many seconds the memory of a server is watched."""
CONCLUDED = """PREFIX rn: <https://w3id.org/rallynov/ontology#>
SELECT ?s ?p ?o WHERE { ?g a rn:Inference . GRAPH ?g { ?s ?p ?o } } LIMIT 20000"""


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def worked(work: Callable[[], object]) -> float:
    """Return the seconds of processor that work took, whatever else the machine does."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def build(data: str, out: str, checks: str = "unchecked") -> dict[str, object]:
    """Build a release, rules included; without SHACL unless it is to be ``checked``."""
    checked = checks == "checked"
    before = time.process_time()
    seconds = timed(lambda: building.build(Path(out), data=Path(data), checked=checked))
    cpu = time.process_time() - before
    counts = release.load(Path(out)).manifest.counts
    return {"seconds": seconds, "cpu": cpu, "megabytes": peak(), "counts": counts}


def validate(data: str) -> dict[str, object]:
    """Settle the data, run the rules, and validate the result by all shapes and checks."""
    from rallynov_graph.base.resources import ontology_dir

    def whole() -> object:
        content = building.completed(building.read(Path(data), ontology_dir()))
        return building.check(content.files, content.data, content.ontology, ontology_dir())

    before = time.process_time()
    seconds = timed(whole)
    return {"seconds": seconds, "cpu": time.process_time() - before, "megabytes": peak()}


def rebuild(data: str, out: str, file: str) -> dict[str, object]:
    """Give the first thing of a document another name, and build a release after that of it."""
    changed = Path(file)
    text = changed.read_text("utf-8")
    changed.write_text(text.replace('»"@fr', '» bis"@fr', 1), "utf-8")
    return build(data, out, "checked")


def size(folder: str) -> dict[str, object]:
    """Print the number of quads of a release, its bytes, and those of all files beside it."""
    opened = release.load(Path(folder))
    whole = sum(path.stat().st_size for path in opened.path.rglob("*") if path.is_file())
    quads = opened.manifest.counts["quads"]
    return {"quads": quads, "data": opened.data.stat().st_size, "whole": whole}


def sort(data: str, out: str) -> dict[str, object]:
    """Read, sort and write alone: what a build does beside rules and SHACL."""
    from pyoxigraph import RdfFormat

    from rallynov_graph.base.resources import ontology_dir
    from rallynov_graph.rdf.canonical import tally, write_sorted

    content = building.read(Path(data), ontology_dir())
    target = Path(out) / "sorted.nq"
    seconds = timed(lambda: write_sorted(content.data, RdfFormat.N_QUADS, target))
    seconds += timed(lambda: tally(target))
    target.unlink()
    return {"seconds": seconds, "megabytes": peak()}


def load(folder: str, kind: str) -> dict[str, object]:
    """Open the store of a release, hashes compared."""
    before = time.process_time()
    seconds = timed(lambda: stores.of_release(release.load(Path(folder)), StoreKind(kind)))
    return {"seconds": seconds, "cpu": time.process_time() - before, "megabytes": peak()}


def serve(folder: str, kind: str) -> dict[str, object]:
    """Start the server, until it answers a query; the memory of all its processes together.

    That is the most that they have in the half minute after that, and what they have at its end.
    """
    command = [sys.executable, "-m", "rallynov_graph", "serve", "--port", "0"]
    begun = time.perf_counter()
    server = subprocess.Popen(
        [*command, "--release", folder, "--store", kind], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        told = server.stdout.readline()
        address = re.search(r"SPARQL at (\S+)\)", told)
        assert address is not None, told
        query = f"{address[1]}?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"
        with urllib.request.urlopen(query, timeout=60) as answer:
            answer.read()
        seconds = time.perf_counter() - begun
        held = [shared(server.pid)]
        while time.perf_counter() - begun < seconds + WATCHED:
            time.sleep(0.5)
            held.append(shared(server.pid))
        return {"seconds": seconds, "megabytes": max(held), "at rest": held[-1]}
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def shared(pid: int) -> float:
    """Return the memory of a process and its descendants, shared pages counted once."""
    family = {pid}
    for _ in range(3):
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = entry.read_text().rpartition(")")[2].split()
                if int(fields[1]) in family:
                    family.add(int(entry.parent.name))
    found = 0
    for member in family:
        with suppress(OSError):  # one that has ended meanwhile
            told = Path(f"/proc/{member}/smaps_rollup").read_text()
            found += int(re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)[1])  # type: ignore[index]
    return found / 1024


def bounded(
    work: Callable[[], object],
    limit: float,
    measure: Callable[[Callable[[], object]], float] = timed,
) -> float | None:
    """Return the seconds that work took in a process of its own, which is ended after the limit."""
    reads, writes = os.pipe()
    child = os.fork()  # neither engine lets a query be interrupted, a process can be
    if not child:
        signal.setitimer(signal.ITIMER_REAL, limit)
        os.write(writes, str(measure(work)).encode())
        os._exit(0)
    os.close(writes)
    told = os.read(reads, 100)
    os.close(reads)
    os.waitpid(child, 0)
    return float(told) if told else None


def question(folder: str, kind: str, limit: str, by: str = "clock") -> dict[str, object]:
    """Ask every question of the catalogue once; one that exceeds the limit is killed.

    The seconds are those of the clock, or of the ``processor``.
    """
    measure = worked if by == "processor" else timed
    store = stores.of_release(release.load(Path(folder)), StoreKind(kind))
    bound = {name: asked.bind() for name, asked in catalogue.load().items()}
    return {
        name: bounded(lambda query=query: store.select(query), float(limit), measure)
        for name, query in bound.items()
    }


def addresses(folder: str, kind: str, *paths: str) -> dict[str, object]:
    """Ask for each page three times; the best of each but the first, in seconds of processor."""
    from rallynov_graph.site.application import create_app

    opened = release.load(Path(folder))
    visitor = create_app(stores.of_release(opened, StoreKind(kind)).pages(), opened).test_client()

    def page(path: str) -> None:
        answer = visitor.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"

    return {path: min([worked(lambda it=path: page(it)) for _ in range(3)][1:]) for path in paths}  # type: ignore[misc]


def proposals(folder: str) -> dict[str, object]:
    """Compare the pairs that are proposed as the same with the truth of a generated corpus.

    A pair is right where both are one in truth; of the pairs that there are in truth, those count
    as found that right ones connect.
    """
    import csv
    from collections import Counter
    from itertools import chain

    from rallynov_graph.base.namespaces import ID
    from rallynov_graph.identity.likely_same import likely_same

    with (Path(folder) / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {ID + address: entity for address, entity in csv.reader(file)}
    before = time.process_time()
    proposed = likely_same(building.written(Path(folder) / "data"))
    cpu = time.process_time() - before
    pairs = [(it.first, it.second) for it in proposed if {it.first, it.second} & truth.keys()]
    right = [pair for pair in pairs if truth.get(pair[0]) == truth.get(pair[1])]
    group = {address: {address} for address in truth}
    for first, second in right:
        if group[first] is not group[second]:
            small, large = sorted((group[first], group[second]), key=len)
            large |= small
            group.update(dict.fromkeys(small, large))

    def pairs_in(sizes: Iterable[int]) -> int:
        return sum(size * (size - 1) // 2 for size in sizes)

    connected = pairs_in(len(it) for it in {id(it): it for it in group.values()}.values())
    there = pairs_in(Counter(truth.values()).values())
    kinds = sorted({address.removeprefix(ID).partition("/")[0] for address in chain(*pairs)})
    return {
        "addresses": len(truth),
        "things": len({*truth.values()}),
        "kinds": kinds,
        "pairs": len(pairs),
        "precision": len(right) / len(pairs) if pairs else None,
        "recall": connected / there if there else None,
        "cpu": cpu,
        "megabytes": peak(),
    }


def explained(folder: str, kind: str) -> dict[str, object]:
    """Explain 200 facts that rules conclude: the middle time and that of the slow twentieth."""
    from pyoxigraph import NamedNode, Triple

    from rallynov_graph.rules import explanation

    store = stores.of_release(release.load(Path(folder)), StoreKind(kind))
    facts = [
        Triple(row["s"], row["p"], row["o"])  # type: ignore[arg-type]
        for row in store.select(CONCLUDED)
        if isinstance(row["s"], NamedNode)
    ]
    chosen = random.Random(1).sample(facts, min(200, len(facts)))
    times = sorted(timed(lambda fact=fact: explanation.explain(store, fact)) for fact in chosen)
    if not times:
        return {"seconds": 0.0, "slow": 0.0, "megabytes": peak()}
    slow = times[int(len(times) * 0.95)]
    return {"seconds": times[len(times) // 2], "slow": slow, "megabytes": peak()}


def facets(folder: str, kind: str) -> dict[str, object]:
    """Count under choices of facets: the first of each kind in a process, then 40 of each."""
    from rallynov_graph.base.certainty import CERTAINTIES
    from rallynov_graph.base.kinds import KINDS
    from rallynov_graph.questions.page_queries import PageQueries
    from rallynov_graph.site.model import selection

    opened = release.load(Path(folder))
    store = stores.of_release(opened, StoreKind(kind)).pages()
    chance, queries = random.Random(1), PageQueries(store)
    first: list[float] = []
    again: list[float] = []
    for name, kind_of_things in KINDS.items():
        if not kind_of_things.facets:
            continue
        source = selection.source_of_kind(name)
        first.append(timed(selection.Selection(queries, source).counts))
        counts = selection.Selection(queries, source).counts()
        there = [facet.name for facet in kind_of_things.facets if counts[facet.name]]
        for _ in range(40):
            chosen = {
                facet: (chance.choice([*counts[facet]]),)
                for facet in chance.sample(there, min(2, len(there)))
            }
            choices = selection.Choices(chance.choice(CERTAINTIES), chosen=chosen)
            again.append(timed(selection.Selection(queries, source, choices).counts))
    return {
        "seconds": slow(first),
        "slow": slow(again),
        "first": first,
    }


def pages(folder: str, kind: str) -> dict[str, object]:
    """Make pages of 300 distinct things, then look for connections between 30 pairs of them."""
    from rallynov_graph.rdf import sources
    from rallynov_graph.site.application import create_app

    opened = release.load(Path(folder))
    visitor = create_app(stores.of_release(opened, StoreKind(kind)).pages(), opened).test_client()
    kinds = ("innovation", "organisation", "stage", "person")
    base = ONTOLOGY.rpartition("/")[0] + "/id/"
    named = {
        quad.subject.value.removeprefix(base)
        for quad in sources.quads([opened.data])
        if any(f"/id/{kind}/" in str(quad.subject) for kind in kinds)
    }
    found = random.Random(1).sample(sorted(named), min(330, len(named)))
    times = [timed(lambda it=it: visitor.get(f"/page/{it}")) for it in found[:300]]  # type: ignore[misc]
    between = [
        timed(lambda a=a, b=b: visitor.get(f"/between?from={a}&to={b}"))  # type: ignore[misc]
        for a, b in pairwise(found[-30:])
    ]
    matrix_first = timed(lambda: visitor.get("/list/organisation?view=matrix"))
    return {
        "seconds": sorted(times)[len(times) // 2],
        "slow": slow(times),
        "between": slow(between),
        "matrix page": matrix_first,
    }


def slow(times: list[float]) -> float:
    """Return how long the slow twentieth takes at least."""
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def matrix(folder: str, limit: str) -> dict[str, object]:
    """Run the matrix query on rdflib's engine: its seconds, None if it exceeds the limit."""
    from rdflib import Dataset, URIRef

    made = release.load(Path(folder))
    dataset = Dataset(default_union=True)

    def read() -> None:
        dataset.parse(made.data, format="nquads")
        dataset.graph(URIRef(ONTOLOGY)).parse(made.ontology, format="nt11")

    loading = timed(read)
    query = catalogue.load()[MATRIX].bind()
    seconds = bounded(lambda: len(list(dataset.query(query))), float(limit))
    return {"loading": loading, "seconds": seconds, "megabytes": peak()}


MEASURES: dict[str, Callable[..., dict[str, object]]] = {
    "build": build,
    "validate": validate,
    "rebuild": rebuild,
    "size": size,
    "sort": sort,
    "load": load,
    "serve": serve,
    "question": question,
    "addresses": addresses,
    "proposals": proposals,
    "why": explained,
    "facets": facets,
    "pages": pages,
    "matrix": matrix,
}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](*sys.argv[2:])))
