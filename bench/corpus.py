"""A corpus as it grows: ``make bench-corpus``, or ``python bench/corpus.py --documents 1 14 138``.

Documents that nobody wrote (``generate_corpus.py``) are validated, built, prepared, served and
asked, one size after the other, about 15,000, 100,000 and a million quads; who is who in truth is
decided, so that people come back. One document is changed, and a release built after that of the
others. Before that, the pairs that the program proposes as the same are compared with the truth.
Times are those of the processor, but for the start of the server. The last columns tell by which
power of the data something grows between the two largest sizes, and what grows faster than the
data. Results go to ``build/bench/corpus``; ``--unprepared`` leaves out the longest step.
"""

import argparse
import json
import math
import shutil
import sys
from pathlib import Path
from typing import Any

from generate import FIRST
from generate_corpus import file_of, write
from run import measured

QUESTIONS_LIMIT = 60
"""Seconds after which a question is ended."""
NOTICED = 0.05
"""Growth is told of what takes so many seconds at the largest size."""
FASTER = 1.15
"""What grows by a higher power than this grows faster than the data."""
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
    *("/list/innovation?view=matrix", "/list/innovation?view=network", "/list/document"),
    *(f"/page/document/bench-{FIRST}", f"/page/stage/bench-{FIRST}-3", "/page/theme/gouvernance"),
    "/page/organisation/mfq-franche-comte",
)
STEPS = {
    "validate": "validate",
    "build": "build, checked",
    "rebuild": "build after a change of one document",
    "prepare": "prepare",
    "load": "load",
}


def of_size(documents: int, folder: Path, seed: int, prepared: bool) -> dict[str, Any]:
    """Return every measurement of so many documents."""
    print(f"{documents} documents", file=sys.stderr, flush=True)
    undecided, decided, out = folder / "undecided", folder / "decided", folder / "out"
    write(documents, undecided, seed)
    proposals = measured("proposals", undecided)
    data = write(documents, decided, seed, decided=True)
    return {
        "documents": documents,
        "proposals": proposals,
        "validate": measured("validate", data),
        "build": measured("build", data, out, "checked"),
        "rebuild": measured("rebuild", data, out, file_of(FIRST, data)),
        **({"prepare": measured("prepare", out, "memory")} if prepared else {}),
        "size": measured("size", out),
        "load": measured("load", out, "memory"),
        "serve": measured("serve", out, "memory"),
        "questions": measured("question", out, "memory", QUESTIONS_LIMIT, "processor"),
        "pages": measured("addresses", out, "memory", *PAGES),
    }


def table(results: list[dict[str, Any]]) -> str:
    """Return the results as Markdown."""
    sizes = [result["build"]["counts"]["quads"] for result in results]
    heads = (f"{it['documents']} ({n:,} quads)" for it, n in zip(results, sizes, strict=True))
    head = " | ".join(heads)
    lines = [
        f"| documents | {head} | grows by the power | |",
        "| --- |" + " ---: |" * (len(results) + 1) + " --- |",
    ]
    for name, told in STEPS.items():
        if name in results[-1]:
            lines.append(_row(told, [it[name]["cpu"] for it in results], sizes))
            lines.append(_memory(told, [it[name]["megabytes"] for it in results], sizes))
    lines.append(
        _row("start of the server, by the clock", [it["serve"]["seconds"] for it in results], sizes)
    )
    lines.append(
        _memory("all processes of the server", [it["serve"]["megabytes"] for it in results], sizes)
    )
    for name, told in (("data", "bytes a quad"), ("whole", "bytes a quad, with all that is kept")):
        cells = " | ".join(
            f"{it['size'][name] / n:,.0f}" for it, n in zip(results, sizes, strict=True)
        )
        lines.append(f"| {told} | {cells} | | |")
    for part in ("questions", "pages"):
        for name in results[-1][part]:
            lines.append(_row(f"`{name}`", [result[part][name] for result in results], sizes))
    lines += [
        "",
        "| documents | names | things | pairs proposed | right | found | processor | memory |",
        "| ---: |" + " ---: |" * 7,
    ]
    lines += [_proposals(result["documents"], result["proposals"]) for result in results]
    return "\n".join([*lines, ""])


def _row(name: str, seconds: list[float | None], sizes: list[int]) -> str:
    cells = " | ".join("over the limit" if it is None else f"{it * 1000:,.1f} ms" for it in seconds)
    power = _power(seconds, sizes)
    noted = "faster than the data" if power is not None and power > FASTER else ""
    return f"| {name} | {cells} | {'' if power is None else f'{power:.2f}'} | {noted} |"


def _memory(name: str, megabytes: list[float], sizes: list[int]) -> str:
    cells = " | ".join(f"{it:,.0f} MB" for it in megabytes)
    power = _power([*megabytes], sizes)
    noted = "faster than the data" if power is not None and power > FASTER else ""
    return f"| {name}: memory | {cells} | {'' if power is None else f'{power:.2f}'} | {noted} |"


def _proposals(documents: int, found: dict[str, Any]) -> str:
    counts = " | ".join(f"{found[name]:,}" for name in ("addresses", "things", "pairs"))
    shares = " | ".join(_share(found[name]) for name in ("precision", "recall"))
    cost = f"{found['cpu']:.1f} s | {found['megabytes']:.0f} MB"
    return f"| {documents} | {counts} | {shares} | {cost} |"


def _power(seconds: list[float | None], sizes: list[int]) -> float | None:
    """Return by which power of the data a time grows, from the last size but one to the last."""
    if len(sizes) < 2 or seconds[-1] is None or not seconds[-2] or seconds[-1] < NOTICED:
        return None
    return math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2])


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def main() -> None:
    """Measure every size that is asked for, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[1, 14, 138])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unprepared", action="store_true", help="prepare nothing")
    parser.add_argument("--out", type=Path, default=Path("build/bench/corpus"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    results = []
    for documents in arguments.documents:
        folder = arguments.out / f"work-{documents}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        results.append(of_size(documents, folder, arguments.seed, not arguments.unprepared))
        shutil.rmtree(folder)
        (arguments.out / "results.json").write_text(json.dumps(results, indent=2) + "\n", "utf-8")
        (arguments.out / "results.md").write_text(table(results), "utf-8")
    print(table(results))


if __name__ == "__main__":
    main()
