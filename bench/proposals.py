"""How rightly `rallynov propose` reads newsletters, by kind, and how fast.

    python bench/proposals.py --letters FOLDER --trial FOLDER --source carnet-2.txt --brat FOLDER

reads letters that are marked (`tests/support/marked_letters.py`; those of the tests without
``--letters``; rules were tuned on those of ``tuned/``, never on those of ``held_out/``), the
trial's lists of facts, the carnet against the shipped data, files of HIPE-2022 (French newspapers
as machines read them; its licence is CC BY-NC-SA, so none of it is kept here) and a folder of
annotated news in brat's form, such as WiNER-fr; what is not given is left out. Of the trial's A and
the carnet the folder's data are tried, too: what other documents say of names, not their own.
"""

import argparse
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from peers import HERE
from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.resources import shipped_data_dir
from rallynov_graph.desk.proposing.known_names import KnownNames, known_from
from rallynov_graph.desk.proposing.weighing import propose
from rallynov_graph.rdf import sources

sys.path.insert(0, str(HERE.parent / "tests" / "support"))
from marked_letters import Marked, Related, Score, read, related, score, score_related

LETTERS = HERE.parent / "tests" / "desk" / "letters"
KINDS = (
    *("person", "organisation", "place", "date", "quotation", "figure"),
    *("stage", "event", "innovation", "theme"),
)
AIMS = {
    "person": (0.85, 0.90),
    "organisation": (0.75, 0.75),
    "place": (0.90, 0.85),
    "date": (0.95, 0.95),
    "quotation": (0.90, 0.95),
    "figure": (0.90, 0.80),
    "event": (0.70, 0.60),
    "theme": (0.70, 0.60),
}
BRAT = {
    "Person": "person",
    "Organization": "organisation",
    "Location": "place",
    "Date": "date",
    "Hour": "date",
}
TEN_PAGES = 30_000
Document = tuple[str, list[Marked]]


def of_trial(folder: Path, name: str) -> Document:
    """Return a text of the trial, with the facts of its list."""
    import yaml

    text = (folder / f"{name}.txt").read_text("utf-8")
    listed: Mapping[str, Any] = yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))
    found = {("person", *it["mention"]) for it in listed["persons"]}
    for kind, key in (("organisation", "organisations"), ("place", "places")):
        found |= {(kind, *span) for it in listed[key] for span in it["mentions"]}
    for person in listed["persons"]:
        found |= {("person", *it) for it in person.get("mentions_printed_in_capitals", ())}
    for said in listed["statements"]:
        found |= {("quotation", *it["inner"]) for it in said.get("quoted_segments", ())}
    found |= {("figure", *it["span"]) for it in listed["figures"]}
    found |= {("stage", *_named_of(it)) for it in listed["stages"]}
    found |= {("event", *it["span"]) for it in listed["events"] if not it["id"].endswith("launch")}
    found |= {("innovation", *it["span"]) for it in listed["innovations"]}
    terms = (it for those in listed["themes"].values() for it in _terms(those))
    found |= {("theme", *span) for it in terms for span in it.get("spans", [it.get("span")])}
    found |= {("date", *span) for span in _dates(listed)}
    return text, sorted(found)


def _named_of(stage: Mapping[str, Any]) -> list[int]:
    """Return the name of a stage: its title, or its place."""
    named = (stage.get(key) or {} for key in ("title", "place"))
    return next(list(it["span"]) for it in named if "span" in it)


def _terms(listed: Any) -> list[Mapping[str, Any]]:
    return listed if isinstance(listed, list) else listed["terms"]


def _dates(node: Any) -> Iterator[tuple[int, int]]:
    """Yield the spans of a list's dates and times, at all their places."""
    named = ("date", "time", "earlier_date", "resumed", "launched", "born")
    if isinstance(node, dict):
        for key, value in node.items():
            if key in named and isinstance(value, dict) and "span" in value:
                yield tuple(value["span"])
            yield from _dates(value)
    elif isinstance(node, list):
        for value in node:
            yield from _dates(value)


def of_carnet(source: Path) -> Document:
    """Return the carnet, with the places of the names, dates and quotations of its data."""
    text = source.read_text("utf-8")
    folders = (shipped_data_dir() / name for name in ("carnets", "curation"))
    quads = [*sources.quads(file for it in folders for file in sources.files_under(it))]
    names = [
        (thing.kind, name)
        for thing in known_from(quads).things
        if thing.kind in KINDS
        for name in thing.names
    ]
    printed = (RN + "dateAsPrinted", RN + "timeAsPrinted")
    names += [("date", it.object.value) for it in quads if it.predicate.value in printed]
    found = {(kind, *span) for kind, name in names for span in _places(text, name)}
    found |= {("quotation", *span) for span in _segments(quads)}
    inner = {it for it in found if any(_is_within(it, other) for other in found)}
    return text, sorted(found - inner)


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    words = r"\s+".join(re.escape(it) for it in name.split())
    pattern = re.sub("['’]", "['’]", words)
    return (it.span() for it in re.finditer(rf"(?<!\w){pattern}(?!\w)", text))


def _is_within(inner: Marked, outer: Marked) -> bool:
    same = inner[0] == outer[0] and inner != outer
    return same and outer[1] <= inner[1] and inner[2] <= outer[2]


def _segments(quads: Iterable[Quad]) -> Iterator[tuple[int, int]]:
    values: dict[tuple[str, str], str] = {}
    quoted = set()
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal | NamedNode):
            values[quad.predicate.value, quad.subject.value] = quad.object.value
            if quad.predicate.value == RN + "quotedSegment":
                quoted.add(quad.object.value)
    oa = PREFIXES["oa"]
    for passage in sorted(quoted):
        selector = values[oa + "hasSelector", passage]
        yield int(values[oa + "start", selector]), int(values[oa + "end", selector])


def of_brat(folder: Path) -> Iterator[Document]:
    """Yield the texts of a folder that were annotated with brat."""
    for file in sorted(folder.rglob("*.ann")):
        with file.with_suffix(".txt").open(encoding="utf-8", newline="") as stream:
            text = stream.read()
        found = []
        for line in file.read_text("utf-8").splitlines():
            fields = line.split("\t")
            if len(fields) > 2 and ";" not in fields[1]:
                kind, start, end = fields[1].split()
                if kind in BRAT:
                    found.append((BRAT[kind], int(start), int(end)))
        yield text, found


def of_hipe(file: Path) -> Iterator[Document]:
    """Yield the newspapers of a file of HIPE-2022, a token a line."""
    kinds = {"pers": "person", "org": "organisation", "loc": "place"}
    for document in file.read_text("utf-8").split("# hipe2022:document_id")[1:]:
        text, found = "", []
        for line in document.splitlines():
            fields = line.split("\t")
            if len(fields) < 10 or line.startswith(("#", "TOKEN")):
                continue
            tag, _, kind = fields[1].partition("-")
            end = len(text) + len(fields[0])
            if tag == "B":
                found.append((kinds.get(kind, kind), len(text), end))
            elif tag == "I" and found:
                found[-1] = (*found[-1][:2], end)
            glued = "NoSpaceAfter" in fields[9]
            text += fields[0] + ("" if glued else "\n" if "EndOfLine" in fields[9] else " ")
        yield text, found


def measured(documents: Iterable[Document], known: KnownNames) -> dict[str, Score]:
    """Return how what is proposed in some documents fits what is wanted, by kind."""
    total = dict.fromkeys(KINDS, Score(0, 0, 0, 0, 0))
    for text, wanted in documents:
        proposed = [(it.kind, it.start, it.end) for it in propose(text, known)]
        for kind in KINDS:
            total[kind] += score(kind, proposed, wanted)
    return total


def relations_in(paths: Iterable[Path], known: KnownNames) -> dict[str, Score]:
    """Return how proposed relations and speakers fit those that letters list, by property."""
    total: dict[str, Score] = {}
    for path in paths:
        wanted, (text, _) = related(path), read(path)
        proposed = {*_related(text, known)}
        for name in {it[1] for it in wanted}:
            ours, theirs = ({it for it in those if it[1] == name} for those in (proposed, wanted))
            total[name] = total.get(name, Score(0, 0, 0, 0, 0)) + score_related(ours, theirs)
    return dict(sorted(total.items()))


def _related(text: str, known: KnownNames) -> Iterator[Related]:
    for it in propose(text, known):
        if it.subject and it.object:
            yield it.subject.label, it.property, it.object.label
        elif it.kind == "quotation" and it.candidates:
            yield text[it.start : it.end], "said", it.candidates[0].label


def show(title: str, scores: Mapping[str, Score]) -> None:
    """Print precision and recall by kind, by overlap and exact, beside the aims."""
    print(f"\n{title}\n{'':16}precision  recall  exact p.  exact r.  proposed  wanted  aims")
    for kind, it in scores.items():
        if it.wanted:
            exact = it.exact / max(1, it.proposed), it.exact / it.wanted
            aims = " and ".join(f"{aim:.2f}" for aim in AIMS.get(kind, ()))
            print(
                f"{kind:16}{it.precision:9.2f}{it.recall:8.2f}{exact[0]:10.2f}{exact[1]:10.2f}"
                f"{it.proposed:10}{it.wanted:8}  {aims}"
            )


def seconds(work: Callable[[], object]) -> float:
    """Return the median time of five runs."""
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def main() -> None:
    """Measure what is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=Path, default=LETTERS, help="marked letters")
    parser.add_argument("--trial", type=Path, help="the folder of A.txt, A.yaml, C.txt, C.yaml")
    parser.add_argument("--source", type=Path, help="the text of the carnet")
    parser.add_argument("--hipe", type=Path, nargs="*", default=[], help="files of HIPE-2022")
    parser.add_argument("--brat", type=Path, help="annotated news in brat's form")
    chosen = parser.parse_args()
    nothing = KnownNames()
    shipped = known_from(sources.quads(sources.files_under(shipped_data_dir())))
    letters = []
    for folder in (chosen.letters, *sorted(filter(Path.is_dir, chosen.letters.iterdir()))):
        paths = sorted(folder.glob("*.txt"))
        letters += (those := [read(path) for path in paths])
        title = f"{len(paths)} letters of {folder.name}"
        show(title, measured(those, nothing) | relations_in(paths, nothing))
        themes = measured(those, shipped)["theme"]
        show(f"{title}, with what carnet 2 knows", {"theme": themes})
    if chosen.trial:
        for name in ("A", "C"):
            document = of_trial(chosen.trial, name)
            show(f"{name}, without data", measured([document], nothing))
            if name == "A":
                show(f"{name}, with what carnet 2 knows", measured([document], shipped))
    if chosen.source:
        show("carnet 2, without its own data", measured([of_carnet(chosen.source)], nothing))
    if chosen.brat:
        show(f"news of {chosen.brat}", measured(of_brat(chosen.brat), nothing))
    for file in chosen.hipe:
        show(f"newspapers of {file.name}", measured(of_hipe(file), nothing))
    text = "\n\n".join(text for text, _ in letters)
    ten_pages = (text * (TEN_PAGES // len(text) + 1))[:TEN_PAGES]
    took = seconds(lambda: propose(ten_pages, nothing))
    print(f"\nten pages ({TEN_PAGES} characters): {took:.2f} s")


if __name__ == "__main__":
    main()
