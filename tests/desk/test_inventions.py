"""Nothing enters the data that no decision states, whatever is decided in whatever order."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.namespaces import ID, PREFIXES, RN, kind_of_iri
from rallynov_graph.desk import decisions_file, trig_writing
from rallynov_graph.desk.acts import (
    Act,
    DocumentText,
    Dropped,
    Opened,
    RefusedProposal,
    Stated,
    TextSelection,
    Undone,
)
from rallynov_graph.desk.document_reading import reading_of
from rallynov_graph.desk.implied import TrigFile, quads_of, reading_from, unsaid
from rallynov_graph.desk.short_terms import TYPE, Value

TEXT = DocumentText(
    f"{ID}document/essai", f"{ID}extraction/essai", "0" * 64, 5000, ("fr", "en"), {"fr": "essai"}
)
READER = f"{ID}agent/anne"
GRAPHS = (f"{ID}graph/essai", f"{ID}graph/essai-deux")
THINGS = [f"{ID}{kind}/n-{n}" for kind in ("person", "stage", "place") for n in range(4)]
PROPERTIES = [f"{RN}carriedBy", f"{PREFIXES['schema']}location", f"{RN}nameAsPrinted", TYPE]
NAMES = ["Été", 'a "b" \\ c', "x\ny", "2013", "place/n-1", "=", "~", "<urn:x>", "@fr", "\u202e"]
IMPLIED = {
    "assertion-set": {TYPE, f"{RN}passage", f"{RN}certainty", f"{RN}voice"},
    "graph": {TYPE, f"{PREFIXES['prov']}wasAttributedTo"},
    "part": {TYPE, f"{PREFIXES['oa']}hasSource", f"{PREFIXES['oa']}hasSelector"},
    "question": {TYPE, f"{RN}passage", f"{RN}reading"},
    "reading": {TYPE},
}
"""What a kind of entry implies; of passages and selectors, all is implied."""
LABEL = f"{PREFIXES['rdfs']}label"


class RandomReader:
    """Decides anything, and knows what was decided and not taken back."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.acts: list[Act] = [
            Stated("graph", graph, file=name)
            for graph, name in zip(GRAPHS, ("un", "deux"), strict=True)
        ]

    def decide(self, count: int) -> list[Act]:
        for _ in range(count):
            self.acts.append(self._act())
        return self.acts

    def _act(self) -> Act:
        choose = self._random.random()
        if choose < 0.08:
            return Undone(self._random.randrange(4, len(self.acts) + 3))
        if choose < 0.16:
            stated = [it for it in self.acts[2:] if isinstance(it, Stated)]
            if stated:
                one = self._random.choice(stated)
                return Dropped(one.address, one.graph)
        if choose < 0.22:
            return RefusedProposal("person", (self._words(),), "names")
        kind = self._random.choice(["set", "set", "set", "thing", "part", "question", "reading"])
        return self._stated(kind)

    def _stated(self, kind: str) -> Stated:
        pick = self._random
        number = pick.randrange(6)
        address = {
            "set": f"{ID}assertion-set/essai-{number}",
            "thing": pick.choice(THINGS),
            "part": f"{ID}part/essai-{number}",
            "question": f"{ID}question/essai-{number}",
            "reading": f"{ID}reading/essai-{number}-{pick.randrange(1, 3)}",
        }[kind]
        words = tuple(self._words() for _ in range(pick.randrange(1, 3)))
        facts = {
            pick.choice(THINGS): {pick.choice(PROPERTIES): self._values()}
            for _ in range(pick.randrange(1, 4))
        }
        return Stated(
            kind,
            address,
            pick.choice(["", GRAPHS[1]]),
            words[:1] if kind == "part" else words if kind in ("set", "question") else None,
            {LABEL: (Literal(pick.choice(NAMES), language="fr"),)} if pick.random() < 0.7 else {},
            facts if kind == "set" else {},
        )

    def _values(self) -> tuple[Value, ...] | None:
        pick = self._random
        if pick.random() < 0.1:
            return None
        name = pick.choice(NAMES)
        day = NamedNode(f"{PREFIXES['xsd']}date")
        return (
            pick.choice(
                [
                    NamedNode(pick.choice(THINGS)),
                    Literal(name),
                    Literal(name, language="fr"),
                    Literal(7),
                    Literal("2013-06-11", datatype=day),
                    Literal("hier", datatype=day),
                    NamedNode("https://example.org/a?b=c#d"),
                ]
            ),
        )

    def _words(self) -> TextSelection:
        start = self._random.randrange(0, 4900, 7)
        return TextSelection(start, start + self._random.randrange(1, 90), "abc123")


def written(acts: list[Act]) -> tuple[dict[str, str], set[Quad]]:
    """Return the files of acts that went through a file of decisions, and what they say."""
    recorded = through_a_file(acts)
    files = trig_writing.files_of(reading_of(*recorded))
    return files, {
        quad for text in files.values() for quad in parse(text.encode(), format=RdfFormat.TRIG)
    }


def through_a_file(acts: list[Act]) -> tuple[Opened, tuple[decisions_file.Recorded, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "anne.jsonl"
        decisions_file.append(path, Opened(TEXT, READER), acts, "2026-11-28T00:00:00Z")
        found = decisions_file.read(path)
    assert [it.act for it in found.acts] == acts, "what is written is what is read"
    return found.opening, found.acts


def standing(acts: list[Act]) -> Iterator[Stated]:
    """Yield what was stated and is neither undone nor dropped later: worked out here anew."""
    counts = [True] * len(acts)
    for place in range(len(acts) - 1, -1, -1):
        act = acts[place]
        if isinstance(act, Undone) and counts[place]:
            counts[act.line - 2] = False
    dropped: dict[tuple[str, str], int] = {}
    for place, act in enumerate(acts):
        if isinstance(act, Dropped) and counts[place]:
            dropped[act.graph, act.address] = place
    for place, act in enumerate(acts):
        is_later = isinstance(act, Stated) and place > dropped.get((act.graph, act.address), -1)
        if is_later and counts[place]:
            yield act


@pytest.mark.parametrize("seeds", [range(15), range(15, 30)])
def test_what_is_written_was_decided_and_says_the_same_when_taken_in_again(seeds: range) -> None:
    for seed in seeds:
        acts = RandomReader(seed).decide(60)
        files, quads = written(acts)
        assert_decided(quads, [*standing(acts)])
        again = [
            TrigFile(name, "", [*parse(text.encode(), format=RdfFormat.TRIG)])
            for name, text in files.items()
        ]
        reading = reading_from(again, TEXT, READER, lambda _: "abc123")
        assert {*quads_of(reading)} == quads
        assert unsaid(reading, again) == []
        texts = trig_writing.files_of(reading).values()
        assert {q for it in texts for q in parse(it.encode(), format=RdfFormat.TRIG)} == quads


def assert_decided(quads: set[Quad], stated: list[Stated]) -> None:
    facts = {
        (act.address, subject, name, value)
        for act in stated
        for subject, said in act.facts.items()
        for name, values in said.items()
        for value in values or ()
    }
    said = {
        (act.address, name, value)
        for act in stated
        for name, values in act.says.items()
        for value in values or ()
    }
    passages = {
        f"{ID}passage/essai-{it.start}-{it.end}" for act in stated for it in act.words or ()
    }
    for quad in quads:
        graph, subject = quad.graph_name.value, quad.subject.value  # type: ignore[union-attr]
        name, value = quad.predicate.value, quad.object
        kind = kind_of_iri(subject)
        if kind_of_iri(graph) == "assertion-set":
            assert (graph, subject, name, value) in facts
        elif kind == "passage":
            assert subject in passages
        elif kind != "selector":
            is_implied = name in IMPLIED.get(kind, ()) or (name, kind) == (LABEL, "assertion-set")
            assert is_implied or (subject, name, value) in said, quad
