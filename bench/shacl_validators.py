"""SHACL validators beside each other: ``make bench NAME=shacl_validators``.

Each holds the same generated data to our shapes, and to some in SPARQL (``sparql_shapes.ttl``), in
a process of its own, reading and report included; that imports nothing else. ``the gate`` does the
checks over graphs as well, which no other one has; the quick validator alone is asked as pySHACL
is, and does no shapes in SPARQL. A library that is not installed is left out
(``pip install pyshacl-turbo pyrudof shacl-rust shacl``). Machines are noisy: read the ratios within
one run, which are of seconds of processor. The table goes to ``build/bench/shacl.md``.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, serialize

from rallynov_graph.base.resources import checks_dir, ontology_dir
from rallynov_graph.rdf import sources

SHAPES: Final = {
    "ours": ontology_dir() / "shapes.ttl",
    "in SPARQL": Path(__file__).with_name("sparql_shapes.ttl"),
}
MOST_FOR_PYSHACL: Final = 100_000
"""pySHACL itself is not asked about more triples: it would take many minutes."""


def the_gate(data: Path, shapes: Path) -> int:
    from rallynov_graph.release import building
    from rallynov_graph.validation import gate, graph_checks

    checks = graph_checks.read(checks_dir().glob("*.rq"))
    quads = sources.quads([data.with_suffix(".nq")])
    terms = building.ontology_of(ontology_dir())
    report = gate.validate(quads, sources.quads([shapes]), background=terms, checks=checks)
    report.json()
    return sum(report.counts.values())


def the_quick_validator(data: Path, shapes: Path) -> int:
    from rallynov_graph.validation import gate

    report = gate.validate(sources.quads([data]), sources.quads([shapes]))
    report.json()
    return sum(report.counts.values())


def quick_alone(data: Path, shapes: Path) -> int:
    from rdflib import SH

    from rallynov_graph.validation import quick

    _, report, _ = quick.validate(data, shacl_graph=shapes)
    return len([*report.subject_objects(SH.result)])


def pyshacl(data: Path, shapes: Path) -> int:
    from rallynov_graph.validation import shacl

    _, findings = shacl.run(sources.quads([data]), sources.quads([shapes]))
    return len(findings)


def pyshacl_turbo(data: Path, shapes: Path) -> int:
    import pyshacl_turbo as turbo
    from rdflib import SH

    _, report, _ = turbo.validate(
        str(data), shacl_graph=str(shapes), data_graph_format="nt", shacl_graph_format="turtle"
    )
    return len([*report.subject_objects(SH.result)])


def pyrudof(data: Path, shapes: Path) -> int:
    import pyrudof as library

    rudof = library.Rudof(library.RudofConfig())
    rudof.read_data(str(data), format=library.RDFFormat.NTriples)
    rudof.read_shacl(str(shapes))
    return len(rudof.validate_shacl())


def shacl_rust(data: Path, shapes: Path) -> int:
    import shacl_rust as library

    return len(library.validate_file(str(data), str(shapes))["results"])


def shacl(data: Path, shapes: Path) -> int:
    import shacl as library

    return len(library.validate(str(data), str(shapes)).results)


VALIDATORS: Final[dict[str, tuple[Callable[[Path, Path], int], str]]] = {
    "pySHACL": (pyshacl, "pyshacl"),
    "the gate": (the_gate, "rallynov-graph"),
    "the quick validator": (the_quick_validator, "rallynov-graph"),
    "the quick validator alone": (quick_alone, "rallynov-graph"),
    "pyshacl-turbo": (pyshacl_turbo, "pyshacl-turbo"),
    "pyrudof": (pyrudof, "pyrudof"),
    "shacl-rust": (shacl_rust, "shacl-rust"),
    "shacl": (shacl, "shacl"),
}


def prepared(triples: int, folder: Path) -> Path:
    """Return the file of generated triples with the ontology; their quads are beside it."""
    import generate

    from rallynov_graph.release import building

    generate.write(triples, folder, 1)
    content = building.completed(building.read(folder / "data", ontology_dir()))
    path = folder / "all.nt"
    with path.with_suffix(".nq").open("wb") as file:
        serialize(content.data, file, format=RdfFormat.N_QUADS)
    triples_once = dict.fromkeys(q.triple for q in chain(content.data, content.ontology))
    with path.open("wb") as file:
        serialize(triples_once, file, format=RdfFormat.N_TRIPLES)
    return path


def rows(sizes: list[int]) -> Iterator[str]:
    yield "| triples | shapes | validator | results | seconds | of processor | MB | pySHACL takes |"
    yield "| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            data = prepared(size, Path(folder))
            for shapes in SHAPES:
                yield from of_shapes(size, shapes, data)


def of_shapes(size: int, shapes: str, data: Path) -> Iterator[str]:
    of_pyshacl = 0.0
    for name, (_, package) in VALIDATORS.items():
        if find_spec(package.replace("-", "_")) is None:
            continue
        if name == "pySHACL" and size > MOST_FOR_PYSHACL:
            continue
        if name in ("the gate", "the quick validator alone") and shapes != "ours":
            continue
        cpu, line = row(size, shapes, name, package, data)
        of_pyshacl = cpu if name == "pySHACL" else of_pyshacl
        yield (
            f"{line} {of_pyshacl / cpu:.1f} times as long |" if cpu and of_pyshacl else f"{line} |"
        )


def faulty(number: int, folder: Path) -> Path:
    """Return the file of a number of innovations that only have one property."""
    import generate

    innovation, name = generate.term("rn", "Innovation"), generate.text("Innovation")
    path = folder / "all.nt"
    with path.with_suffix(".nq").open("w", encoding="utf-8") as file:
        for one in range(number):
            thing, graph = generate.thing("innovation", f"i{one}"), generate.thing("graph", "g")
            file.write(f"{thing} {generate.A} {innovation} {graph} .\n")
            file.write(f"{thing} {generate.LABEL} {name} {graph} .\n")
    return path


def row(size: int, shapes: str, name: str, package: str, data: Path) -> tuple[float, str]:
    """Return the processor seconds of a validator, 0 if it failed, and its row."""
    from exports import cost

    told = data.with_name("found")
    start = f"| {size} | {shapes} | {name} {metadata.version(package)}"
    command = [sys.executable, __file__, "--one", name, "--shapes", shapes]
    command += ["--data", data, "--told", told]
    try:
        taken = cost(command)
    except subprocess.CalledProcessError as error:
        return 0.0, f"{start} | ended with {error.returncode} | | | |"
    return taken.cpu, (
        f"{start} | {told.read_text()} "
        f"| {taken.seconds:.1f} | {taken.cpu:.1f} | {taken.megabytes:.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument(
        "--faults",
        type=int,
        help="hold so many things with seven faults each to the gate, and nothing else",
    )
    parser.add_argument("--one", choices=VALIDATORS, help=argparse.SUPPRESS)
    parser.add_argument("--shapes", choices=SHAPES, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--told", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        asked.told.write_text(str(VALIDATORS[asked.one][0](asked.data, SHAPES[asked.shapes])))
        return
    if asked.faults:
        with tempfile.TemporaryDirectory() as folder:
            data = faulty(asked.faults, Path(folder))
            print(row(asked.faults, "ours", "the gate", "rallynov-graph", data)[1])
        return
    out = Path("build/bench/shacl.md")
    out.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for line in rows(asked.size):
        print(line, flush=True)
        lines.append(line)
    out.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
