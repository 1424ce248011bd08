"""The benchmark: ``python bench/run.py --triples 10000 100000``.

Each size is generated, built, loaded, served and asked, one process after the other, nothing at
the same time. Machines are noisy: read the ratios within one run. Results go to ``build/bench``:
``results.json`` and ``results.md``. ``--stores --rdflib 0`` measures sorting and building alone,
their time and the most memory they had in use.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MEASURE = HERE / "measure.py"
GENERATE = HERE / "generate.py"
MATRIX = "themes_of_organisation"
SLOW = 1.0
"""From so many seconds on a question is listed as slow."""


def measured(name: str, *arguments: object) -> Any:
    """Return the output of a measurement, None if it failed."""
    command = [sys.executable, str(MEASURE), name, *map(str, arguments)]
    print(f"  {name} …", file=sys.stderr, flush=True)
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    print(f"    {ran.stdout.strip()[:200]}", file=sys.stderr, flush=True)
    return json.loads(ran.stdout) if ran.returncode == 0 else None


def of_size(triples: int, folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return every measurement of one size."""
    print(f"{triples:,} triples", file=sys.stderr, flush=True)
    generate = [sys.executable, str(GENERATE), str(triples), str(folder)]
    subprocess.run([*generate, "--seed", str(arguments.seed)], check=True, stdout=sys.stderr)
    data, out = folder / "data", folder / "out"
    result: dict[str, Any] = {"triples": triples, "sort": measured("sort", data, folder)}
    result["build"] = measured("build", data, out)
    for kind in arguments.stores:
        result[f"load, {kind}"] = measured("load", out, kind)
        result[f"load again, {kind}"] = measured("load", out, kind)
        result[f"serve, {kind}"] = measured("serve", out, kind)
        result[f"why, {kind}"] = measured("why", out, kind)
        result[f"facets, {kind}"] = measured("facets", out, kind)
        result[f"pages, {kind}"] = measured("pages", out, kind)
        result[f"questions, {kind}"] = measured("question", out, kind, arguments.limit)
    if triples <= arguments.rdflib:
        ours = (result.get("questions, memory") or {}).get(MATRIX) or 1.0
        limit = int(max(arguments.limit, 25 * ours)) + 1
        if (found := measured("matrix", out, limit)) is not None:
            result["rdflib"] = {"limit": limit, **found}
    return result


def table(results: list[dict[str, Any]]) -> str:
    """Return the results as Markdown."""
    lines = ["| measure | " + " | ".join(f"{r['triples']:,}" for r in results) + " |"]
    lines.append("| --- |" + " ---: |" * len(results))
    names = [name for name in results[-1] if name not in ("triples", "rdflib")]
    for name in (n for n in names if not n.startswith("questions")):
        lines.append(f"| {name} | " + " | ".join(_cost(r.get(name)) for r in results) + " |")
    for name in (n for n in names if n.startswith("pages")):
        lines.append(
            f"| {name}: p95 of a thing's, times the first size's | {_growth(results, name)} |"
        )
    for name in (n for n in names if n.startswith("questions")):
        kind = name.partition(", ")[2]
        cells = [_seconds((r.get(name) or {}).get(MATRIX)) for r in results]
        lines.append(f"| matrix, {kind} | " + " | ".join(cells) + " |")
        lines.append(f"| all {name} | " + " | ".join(_sum(r.get(name)) for r in results) + " |")
    lines.append("| matrix, rdflib | " + " | ".join(_rdflib(r) for r in results) + " |")
    slow = [line for result in results for line in _slow(result)]
    return "\n".join([*lines, "", "Slow questions:", "", *(slow or ["none"]), ""])


def _cost(found: dict[str, Any] | None) -> str:
    if not found:
        return "failed"
    if "first" in found:
        first, again = found["seconds"] * 1000, found["slow"] * 1000
        return f"p95 first {first:.0f} ms, again {again:.1f} ms"
    if "between" in found:
        page, between = found["slow"] * 1000, found["between"] * 1000
        matrix = found["matrix page"] * 1000
        return f"thing p95 {page:.0f} ms, between p95 {between:.0f} ms, matrix {matrix:.0f} ms"
    if "slow" in found:
        return f"{found['seconds'] * 1000:.1f} ms, p95 {found['slow'] * 1000:.1f} ms"
    cpu = f" ({found['cpu']:.1f} s of processor)" if "cpu" in found else ""
    rest = f", {found['at rest']:.0f} MB at rest" if "at rest" in found else ""
    return f"{found['seconds']:.1f} s{cpu}, {found['megabytes']:.0f} MB{rest}"


def _growth(results: list[dict[str, Any]], name: str) -> str:
    """Return how much longer the slow twentieth takes than with the least data, size by size."""
    slow = [(result.get(name) or {}).get("slow") for result in results]
    return " | ".join(f"{it / slow[0]:.2f}" if it and slow[0] else "failed" for it in slow)


def _seconds(found: float | None) -> str:
    return "over the limit" if found is None else f"{found:.3f} s"


def _sum(found: dict[str, float | None] | None) -> str:
    if not found:
        return "failed"
    over = sum(seconds is None for seconds in found.values())
    total = sum(seconds or 0 for seconds in found.values())
    return f"{total:.1f} s" + (f", {over} over the limit" if over else "")


def _rdflib(result: dict[str, Any]) -> str:
    ours = (result.get("questions, memory") or {}).get(MATRIX)
    found = result.get("rdflib")
    if not found or not ours:
        return "not asked"
    if found.get("seconds") is None:
        return f"given up after {found['limit']} s: more than {found['limit'] / ours:.0f} times"
    return f"{found['seconds']:.1f} s: {found['seconds'] / ours:.0f} times"


def _slow(result: dict[str, Any]) -> list[str]:
    return [
        f"- {result['triples']:,} triples, {kind}: {name}, {_seconds(seconds)}"
        for kind, found in result.items()
        if kind.startswith("questions")
        for name, seconds in (found or {}).items()
        if seconds is None or seconds > SLOW
    ]


def main() -> None:
    """Measure every size that is asked for, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--stores",
        nargs="*",
        default=["memory"],
        choices=["memory", "disk"],
        help="where the release is asked; nowhere, where none follows: it is built alone",
    )
    parser.add_argument("--limit", type=float, default=20, help="seconds a question may take")
    parser.add_argument(
        "--rdflib", type=int, default=1_000_000, help="the largest size that rdflib is asked"
    )
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    arguments = parser.parse_args()
    results = []
    arguments.out.mkdir(parents=True, exist_ok=True)
    for triples in arguments.triples:
        folder = arguments.out / f"work-{triples}"
        shutil.rmtree(folder, ignore_errors=True)
        results.append(of_size(triples, folder, arguments))
        shutil.rmtree(folder)
        (arguments.out / "results.json").write_text(json.dumps(results, indent=2) + "\n", "utf-8")
        (arguments.out / "results.md").write_text(table(results), "utf-8")
    print(table(results))


if __name__ == "__main__":
    main()
