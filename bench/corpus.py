"""A corpus as it grows: ``python bench/corpus.py --documents 1 14 138``.

Documents that nobody wrote (``generate_corpus.py``) are validated, built, served and asked, one
size after the other, about 15,000, 100,000 and a million quads; who is who in truth is decided, so
that people come back. One document is changed, and a release built after that of the
others. Before that, the pairs that the program proposes as the same are compared with the truth.
Times are those of the processor, but for the start of the server. The last columns tell by which
power of the data something grows between the two largest sizes, and what grows faster than it has
to by n log n.

Each step is a process of its own; one that fails is told, and the others go on. ``--steps`` names
some of them, and ``--made FOLDER`` takes data and releases that are there: FOLDER/d138/data and
FOLDER/d138/out, which stay as they are. Results go to ``build/bench/corpus``, beside those of
other steps and sizes that were measured before.
"""

import argparse
import json
import math
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generate import FIRST
from generate_corpus import file_of, write
from run import measured

QUESTIONS_LIMIT = 120
"""Seconds after which a question is ended."""
NOTICED = 0.05
"""Growth is told of what takes so many seconds at the largest size."""
NOISE = 0.07
"""What grows by a power so much higher than n log n does is told of: processors are noisy."""
PAGES = (
    *(
        "/",
        "/list/organisation?view=matrix",
        "/network",
        "/doubts",
        "/search?q=atelier",
        "/list/organisation",
    ),
    *("/list/person", "/list/innovation", "/list/stage", "/list/stage?view=timeline"),
    "/list/document",
    *(f"/page/document/bench-{FIRST}", f"/page/stage/bench-{FIRST}-3", "/page/theme/gouvernance"),
    "/page/organisation/mfq-franche-comte",
)
COSTS = {
    "validate": "validate",
    "build": "build, checked",
    "rebuild": "build after a change of one document",
    "load": "load",
}
"""The steps of which processor and memory are told, and how they are called."""
Result = dict[str, Any]
"""What was measured of a size, by step."""


@dataclass(frozen=True)
class Corpus:
    """Documents of a size, and the release of them."""

    documents: int
    seed: int
    data: Path
    out: Path
    work: Path
    """A folder for what a step writes."""


def proposals(corpus: Corpus) -> Any:
    """Compare the proposed pairs with the truth, which is not in the data."""
    undecided = corpus.work / "undecided"
    write(corpus.documents, undecided, corpus.seed)
    return measured("proposals", undecided)


def rebuild(corpus: Corpus) -> Any:
    """Build after a change of a document, in copies."""
    data, out = corpus.work / "changed" / "data", corpus.work / "changed" / "out"
    shutil.copytree(corpus.data, data)
    shutil.copytree(corpus.out, out)
    return measured("rebuild", data, out, file_of(FIRST, data))


STEPS: dict[str, Callable[[Corpus], Any]] = {
    "proposals": proposals,
    "validate": lambda it: measured("validate", it.data),
    "build": lambda it: measured("build", it.data, it.work / "built", "checked"),
    "rebuild": rebuild,
    "size": lambda it: measured("size", it.out),
    "load": lambda it: measured("load", it.out, "memory"),
    "serve": lambda it: measured("serve", it.out, "memory"),
    "questions": lambda it: measured("question", it.out, "memory", QUESTIONS_LIMIT, "processor"),
    "pages": lambda it: measured("addresses", it.out, "memory", *PAGES),
}
"""What is measured, in this order."""


def of_size(corpus: Corpus, made: Path | None, steps: list[str]) -> Result:
    """Return the measurements of a corpus, which is made if it does not exist."""
    print(f"{corpus.documents} documents", file=sys.stderr, flush=True)
    found: Result = {"documents": corpus.documents}
    if made is None:
        write(corpus.documents, corpus.data.parent, corpus.seed, decided=True)
        found["build"] = STEPS["build"](corpus)
        (corpus.work / "built").rename(corpus.out)
    else:
        shutil.copytree(made / "out", corpus.out)
    for name, step in STEPS.items():
        if name in steps and name not in found:
            found[name] = step(corpus)
    found.setdefault("size", STEPS["size"](corpus))
    return found


def table(results: list[Result]) -> str:
    """Return the results as Markdown."""
    sizes = [result["size"]["quads"] for result in results]
    heads = (f"{it['documents']} ({n:,} quads)" for it, n in zip(results, sizes, strict=True))
    head = " | ".join(heads)
    lines = [
        f"| documents | {head} | grows by the power | |",
        "| --- |" + " ---: |" * (len(results) + 1) + " --- |",
    ]

    def add(called: str, part: str, name: str, written: Callable[[float], str]) -> None:
        values = [(result.get(part) or {}).get(name) for result in results]
        lines.append(_row(called, values, sizes, written))

    for name, called in COSTS.items():
        add(called, name, "cpu", _time)
        add(f"{called}: memory", name, "megabytes", _megabytes)
    add("start of the server, by the clock", "serve", "seconds", _time)
    add("all processes of the server", "serve", "megabytes", _megabytes)
    add("the release on disk: data", "size", "data", _bytes)
    add("the release on disk: all", "size", "whole", _bytes)
    for name, called in (
        ("data", "bytes a quad"),
        ("whole", "bytes a quad, with all that is kept"),
    ):
        each = (it["size"][name] / n for it, n in zip(results, sizes, strict=True))
        lines.append(f"| {called} | {' | '.join(f'{it:,.0f}' for it in each)} | | |")
    asked = [sum(filter(None, (it.get("questions") or {}).values())) or None for it in results]
    lines.append(_row("all questions", asked, sizes, _time))
    for part in ("questions", "pages"):
        names = {name: None for result in results for name in result.get(part) or {}}
        for name in names:
            add(f"`{name}`", part, name, _time)
    lines += ["", "| documents | names | things | pairs proposed | right | found | cost |"]
    lines += ["| ---: |" + " ---: |" * 6]
    lines += [_proposals(it["documents"], it["proposals"]) for it in results if it.get("proposals")]
    return "\n".join([*lines, ""])


def _row(
    name: str, values: list[float | None], sizes: list[int], written: Callable[[float], str]
) -> str:
    cells = " | ".join("not measured" if it is None else written(it) for it in values)
    power = _power(values, sizes)
    noted = (
        "faster than n log n" if power is not None and power > _log_linear(sizes) + NOISE else ""
    )
    return f"| {name} | {cells} | {'' if power is None else f'{power:.2f}'} | {noted} |"


def _time(seconds: float) -> str:
    return f"{seconds:,.1f} s" if seconds >= 10 else f"{seconds * 1000:,.1f} ms"


def _megabytes(value: float) -> str:
    return f"{value:,.0f} MB"


def _bytes(value: float) -> str:
    return _megabytes(value / 1e6)


def _proposals(documents: int, found: Result) -> str:
    counts = " | ".join(f"{found[name]:,}" for name in ("addresses", "things", "pairs"))
    shares = " | ".join(_share(found[name]) for name in ("precision", "recall"))
    cost = f"{found['cpu']:.1f} s, {found['megabytes']:.0f} MB"
    return f"| {documents} | {counts} | {shares} | {cost} |"


def _power(values: list[float | None], sizes: list[int]) -> float | None:
    """Return by which power of the data something grows, from the last size but one to the last."""
    if len(sizes) < 2 or values[-1] is None or not values[-2] or values[-1] < NOTICED:
        return None
    return math.log(values[-1] / values[-2]) / math.log(sizes[-1] / sizes[-2])


def _log_linear(sizes: list[int]) -> float:
    """Return by which power n log n grows, from the last size but one to the last."""
    before, last = (size * math.log(size) for size in sizes[-2:])
    return math.log(last / before) / math.log(sizes[-1] / sizes[-2])


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def main() -> None:
    """Measure every size that is asked for, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[1, 14, 138])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=[*STEPS], metavar="STEP")
    parser.add_argument("--made", type=Path, help="a folder of corpora that were made before")
    parser.add_argument("--out", type=Path, default=Path("build/bench/corpus"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    kept = arguments.out / "results.json"
    known: list[Result] = json.loads(kept.read_text("utf-8")) if kept.exists() else []
    results = {result["documents"]: result for result in known}
    for documents in arguments.documents:
        folder = arguments.out / f"work-{documents}"
        shutil.rmtree(folder, ignore_errors=True)
        made = arguments.made and arguments.made / f"d{documents}"
        data = (made or folder / "decided") / "data"
        folder.mkdir()
        corpus = Corpus(documents, arguments.seed, data, folder / "out", folder)
        results.setdefault(documents, {}).update(of_size(corpus, made, arguments.steps))
        shutil.rmtree(folder)
        ordered = [results[size] for size in sorted(results)]
        kept.write_text(json.dumps(ordered, indent=2) + "\n", "utf-8")
        (arguments.out / "results.md").write_text(table(ordered), "utf-8")
    print(table(ordered))


if __name__ == "__main__":
    main()
