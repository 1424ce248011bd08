"""Faults put into real data, one triple at a time, and a laboratory that says what catches them.

Each operator yields every fault it can make; a seeded choice is taken of them. The laboratory holds
a faulty dataset to the very shapes and checks of a build, but looks only at the things that the
fault concerns: whatever it finds, a whole validation finds too, so that no fault counts as caught
that a build would let through.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES, RN

SEED: Final = 2013
RDF_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
XSD: Final = PREFIXES["xsd"]
GRAPH_KINDS: Final = [RN + k for k in ("AssertionSet", "CurationGraph", "OutsideGraph")]
DATES: Final = {XSD + name for name in ("date", "gYear", "gYearMonth")}


@dataclass(frozen=True)
class Mutation:
    """A fault: a statement taken out, or put in, or both."""

    operator: str
    removed: Quad | None
    added: Quad | None

    @property
    def quad(self) -> Quad:
        """The statement that was there, or the new one where none was taken."""
        found = self.removed or self.added
        assert found is not None
        return found


class Data:
    """The data, indexed for those who make faults in them."""

    def __init__(self, quads: list[Quad], required: set[Quad], functional: set[Quad]) -> None:
        self.quads = sorted(quads, key=str)
        self.required, self.functional = required, functional
        self.kinds: dict[object, str] = {}
        for quad in self.quads:
            if quad.predicate == RDF_TYPE:
                self.kinds[quad.subject] = quad.object.value
        self.things: dict[str, list[NamedNode]] = defaultdict(list)
        for thing in sorted(self.kinds, key=str):
            self.things[folder(thing)].append(thing)
        self.values: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for quad in self.quads:
            if isinstance(quad.object, NamedNode):
                self.values[quad.predicate].append(quad.object)


def folder(thing: NamedNode) -> str:
    """Return the kind that an address names, or the namespace of another vocabulary."""
    return thing.value.removeprefix(ID).partition("/")[0]


def chosen(data: Data, operator: str, number: int) -> list[Mutation]:
    """Return a seeded choice of the faults that an operator makes."""
    rng = random.Random(f"{SEED} {operator}")
    there = set(data.quads)
    found = [fault for fault in OPERATORS[operator](data, rng) if fault.added not in there]
    return rng.sample(found, min(number, len(found)))


def _with(quad: Quad, **changes: object) -> Quad:
    parts = {
        "subject": quad.subject,
        "predicate": quad.predicate,
        "object": quad.object,
        "graph_name": quad.graph_name,
    } | changes
    return Quad(*parts.values())


def _wrong_datatype(data: Data, rng: random.Random) -> Iterator[Mutation]:
    types = [
        XSD + t for t in ("string", "integer", "date", "boolean", "anyURI", "gYear", "decimal")
    ]
    for quad in data.quads:
        if isinstance(quad.object, Literal):
            text = XSD + "string"
            others = [
                t
                for t in types
                if t != quad.object.datatype.value and not (quad.object.language and t == text)
            ]
            value = Literal(quad.object.value, datatype=NamedNode(rng.choice(others)))
            yield Mutation("wrong datatype", quad, _with(quad, object=value))


def _wrong_language(data: Data, rng: random.Random) -> Iterator[Mutation]:
    for quad in data.quads:
        if isinstance(quad.object, Literal) and quad.object.language:
            other = "en" if quad.object.language == "fr" else "fr"
            language = rng.choice([None, other, "de"])
            value = Literal(quad.object.value, language=language)
            yield Mutation("wrong or missing language", quad, _with(quad, object=value))


def _wrong_kind(data: Data, rng: random.Random) -> Iterator[Mutation]:
    folders = sorted(data.things)
    classes = sorted(set(data.kinds.values()))
    for quad in data.quads:
        if quad.predicate == RDF_TYPE:
            others = [c for c in classes if c != quad.object.value]
            value = NamedNode(rng.choice(others))
        elif isinstance(quad.object, NamedNode) and quad.object in data.kinds:
            kind = data.kinds[quad.object]
            far = [
                f
                for f in folders
                if f != folder(quad.object)
                and (data.kinds[data.things[f][0]] != kind or "Concept" in kind)
            ]
            value = rng.choice(data.things[rng.choice(far)])
        else:
            value = rng.choice(data.things[rng.choice(folders)])
        yield Mutation("wrong kind of object", quad, _with(quad, object=value))


def _misspelt(data: Data, rng: random.Random) -> Iterator[Mutation]:
    for quad in data.quads:
        iri = quad.predicate.value
        start = max(iri.rfind("#"), iri.rfind("/")) + 1
        at = rng.randrange(start, len(iri))
        wrong = rng.choice([iri[:at] + iri[at + 1 :], iri[:at] + iri[at] + iri[at:]])
        if len(wrong) > start:
            predicate = NamedNode(wrong)
            yield Mutation("misspelt predicate", quad, _with(quad, predicate=predicate))


def _dangling(data: Data, rng: random.Random) -> Iterator[Mutation]:
    for quad in data.quads:
        if isinstance(quad.object, NamedNode) and (
            quad.object.value.startswith((ID, RN)) or quad.predicate == RDF_TYPE
        ):
            value = NamedNode(quad.object.value + rng.choice(["-2", "s", "x"]))
            if value not in data.kinds:
                yield Mutation("dangling IRI", quad, _with(quad, object=value))


def _date_out_of_range(data: Data, _rng: random.Random) -> Iterator[Mutation]:
    """Yield other years, and times that end before they start.

    The dataset's own date is the clock of a release: it has a bound below, its documents, only.
    """
    for quad in data.quads:
        if not isinstance(quad.object, Literal):
            continue
        text, datatype = quad.object.value, quad.object.datatype
        if datatype.value in DATES:
            clock = quad.subject not in data.kinds or data.kinds[quad.subject].endswith("/Dataset")
            for years in (-100,) if clock else (-100, -10, -1, 1, 10, 100):
                value = Literal(f"{int(text[:4]) + years}{text[4:]}", datatype=datatype)
                yield Mutation("date out of range", quad, _with(quad, object=value))
        elif quad.predicate.value in (RN + "startTime", RN + "endTime"):
            late = "23:59:00" if quad.predicate.value == RN + "startTime" else "00:01:00"
            value = Literal(late, datatype=datatype)
            yield Mutation("date out of range", quad, _with(quad, object=value))


def _required_removed(data: Data, _rng: random.Random) -> Iterator[Mutation]:
    for quad in data.quads:
        if quad in data.required or quad.predicate == RDF_TYPE:
            yield Mutation("required value removed", quad, None)


def _functional_twice(data: Data, rng: random.Random) -> Iterator[Mutation]:
    for quad in data.quads:
        if quad not in data.functional:
            continue
        if isinstance(quad.object, Literal):
            yield Mutation("functional value twice", None, _with(quad, object=_next(quad.object)))
        else:
            others = [v for v in data.values[quad.predicate] if v != quad.object]
            if others:
                again = _with(quad, object=rng.choice(others))
                yield Mutation("functional value twice", None, again)


def _next(value: Literal) -> Literal:
    if value.language:
        return Literal(value.value + " bis", language=value.language)
    kind = value.datatype.value.removeprefix(XSD)
    text = {
        "integer": lambda: str(int(value.value) + 1),
        "decimal": lambda: str(float(value.value) + 1),
        "date": lambda: value.value[:8] + ("01" if value.value[8:] != "01" else "02"),
        "time": lambda: "12:34:56",
        "gYear": lambda: str(int(value.value) + 1),
        "gYearMonth": lambda: value.value[:5] + ("01" if value.value[5:] != "01" else "02"),
    }.get(kind, lambda: value.value + " bis")()
    return Literal(text, datatype=value.datatype)


def _moved(data: Data, rng: random.Random) -> Iterator[Mutation]:
    graphs = defaultdict(list)
    for thing, kind in sorted(data.kinds.items(), key=str):
        if kind in GRAPH_KINDS:
            graphs[kind].append(thing)
    for quad in data.quads:
        here = data.kinds[quad.graph_name]
        there = rng.choice(graphs[rng.choice([k for k in GRAPH_KINDS if k != here])])
        nowhere = NamedNode(ID + "graph/nulle-part")
        graph = rng.choice([DefaultGraph(), nowhere, there])
        yield Mutation("moved out of its graph", quad, _with(quad, graph_name=graph))


def _moved_to_another_set(data: Data, rng: random.Random) -> Iterator[Mutation]:
    sets = [thing for thing, kind in data.kinds.items() if kind == GRAPH_KINDS[0]]
    for quad in data.quads:
        if data.kinds[quad.graph_name] == GRAPH_KINDS[0]:
            there = rng.choice([s for s in sets if s != quad.graph_name])
            yield Mutation("moved to another set", quad, _with(quad, graph_name=there))


OPERATORS: Final[dict[str, Callable[[Data, random.Random], Iterator[Mutation]]]] = {
    "wrong datatype": _wrong_datatype,
    "wrong or missing language": _wrong_language,
    "wrong kind of object": _wrong_kind,
    "misspelt predicate": _misspelt,
    "dangling IRI": _dangling,
    "date out of range": _date_out_of_range,
    "required value removed": _required_removed,
    "functional value twice": _functional_twice,
    "moved out of its graph": _moved,
    "moved to another set": _moved_to_another_set,
}


def counted(quads: list[Quad]) -> Counter[object]:
    """Return in how many graphs each triple stands."""
    return Counter(quad.triple for quad in quads)
