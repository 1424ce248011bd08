"""Random cases for validators: parts of real data with random damage, and small made-up graphs
with random shapes of every constraint that SHACL's core has.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term

XSD: Final = PREFIXES["xsd"]
DATATYPES: Final = (
    "string",
    "integer",
    "decimal",
    "boolean",
    "date",
    "dateTime",
    "gYear",
    "anyURI",
)
TEXTS: Final = ("", "a", "Été", "12", "-3", "1.5", "true", "2013", "2013-05-02", "2013-13-45")
TIMES: Final = ("2013-05-02T10:00:00", "2013-05-02T10:00:00Z")
LANGUAGES: Final = ("fr", "en", "fr-be", "de")


def odd_term(rng: random.Random, known: Sequence[Term]) -> Term:
    """Return a term that may stand where another one should: of any kind, or ill-written."""
    match rng.randrange(6):
        case 0:
            return BlankNode(f"b{rng.randrange(3)}")
        case 1:
            return NamedNode(f"https://example.org/{rng.randrange(3)}")
        case 2:
            return Literal(rng.choice(TEXTS), language=rng.choice(LANGUAGES))
        case 3 | 4:
            text = rng.choice(TEXTS + TIMES)
            return Literal(text, datatype=NamedNode(XSD + rng.choice(DATATYPES)))
    return rng.choice(known)


def damaged(rng: random.Random, triples: Sequence[Triple], faults: int) -> list[Triple]:
    """Return triples with some taken out, some put in, some with another subject or object."""
    changed = dict.fromkeys(triples)
    subjects = list(dict.fromkeys(t.subject for t in triples))
    objects = list(dict.fromkeys(t.object for t in triples))
    predicates = list(dict.fromkeys(t.predicate for t in triples))
    for _ in range(faults):
        triple = rng.choice(triples)
        kind = rng.randrange(6)
        if kind in (0, 1, 2):
            changed.pop(triple, None)
        if kind in (1, 3):
            changed[Triple(triple.subject, triple.predicate, odd_term(rng, objects))] = None
        if kind in (2, 4):
            changed[Triple(rng.choice(subjects), triple.predicate, triple.object)] = None
        if kind == 5:
            changed[Triple(triple.subject, rng.choice(predicates), triple.object)] = None
    return list(changed)


class Parts:
    """Data from which parts are taken: some things with all that is said of them and of theirs."""

    def __init__(self, triples: Iterable[Triple], always: Iterable[Triple]) -> None:
        self._about: dict[Term, list[Triple]] = defaultdict(list)
        for triple in triples:
            self._about[triple.subject].append(triple)
        self._subjects = sorted(self._about, key=str)
        self._always = list(always)

    def part(self, rng: random.Random, things: int) -> tuple[list[Triple], list[Triple]]:
        """Return a part of the data, and what is always there beside it."""
        chosen = rng.sample(self._subjects, things)
        near = [t.object for s in chosen for t in self._about[s] if t.object in self._about]
        subjects = dict.fromkeys([*chosen, *rng.sample(near, min(len(near), things))])
        return [t for s in subjects for t in self._about[s]], self._always


EX: Final = "https://example.org/"
HEAD: Final = f"@prefix : <{EX}> .\n" + "".join(
    f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("sh", "xsd", "rdf", "rdfs")
)
_VALUES: Final = (
    *(
        ":a",
        ":b",
        ":c",
        "_:n",
        '"a"',
        '"Été"@fr',
        '"summer"@en',
        '"été"@fr-BE',
        "1",
        "2",
        "-3",
        "1.5",
    ),
    *("true", '"x"^^xsd:integer', '"2013-05-02"^^xsd:date', '"2013-06-01"^^xsd:date'),
    *(f'"{TIMES[0]}"^^xsd:dateTime', f'"{TIMES[1]}"^^xsd:dateTime', '"13"^^xsd:gYear'),
)
_PATHS: Final = (
    *(":p", ":q", ":p", ":q", "[ sh:inversePath :p ]", "( :p :q )", "[ sh:zeroOrMorePath :p ]"),
    *("[ sh:oneOrMorePath :q ]", "[ sh:zeroOrOnePath :p ]", "[ sh:alternativePath ( :p :q ) ]"),
    *("( [ sh:inversePath :q ] [ sh:zeroOrMorePath [ sh:alternativePath ( :p :q ) ] ] )",),
)
_KINDS: Final = (
    "IRI",
    "Literal",
    "BlankNode",
    "BlankNodeOrIRI",
    "IRIOrLiteral",
    "BlankNodeOrLiteral",
)


def made_up_data(rng: random.Random) -> list[Triple]:
    """Return a small graph of things with classes and all kinds of values."""
    lines = [":D rdfs:subClassOf :C ."] * rng.randrange(2)
    for thing in (":a", ":b", ":c", "_:n"):
        lines += [f"{thing} a {rng.choice((':C', ':D', ':E'))} ."] * rng.randrange(2)
        for path in (":p", ":q", ":r"):
            for value in rng.sample(_VALUES, rng.choice((0, 1, 1, 2, 3))):
                lines.append(f"{thing} {path} {value} .")
    return [quad.triple for quad in parse(HEAD + "\n".join(lines), format=RdfFormat.TURTLE)]


def made_up_shapes(rng: random.Random) -> str:
    """Return some shapes in Turtle, with targets of each kind and constraints of each kind."""
    shapes = [_shape(rng, f":S{number}", deep=2) for number in range(rng.randrange(1, 4))]
    return HEAD + "\n".join(shapes)


def _shape(rng: random.Random, name: str, deep: int) -> str:
    target = rng.choice(
        (
            "sh:targetClass :C",
            "sh:targetNode :a, :c, 1",
            "sh:targetSubjectsOf :p",
            "sh:targetObjectsOf :q",
        )
    )
    extra = rng.choice(("", "", "sh:severity sh:Warning ;", 'sh:message "Non."@fr, "No."@en ;'))
    return f"{name} {target} ; {extra} {_inside(rng, deep, rng.random() < 0.5)} ."


def _inside(rng: random.Random, deep: int, with_path: bool) -> str:
    """Return what a shape asks, as predicates with their objects."""
    asked = [_of_each_value(rng) for _ in range(rng.randrange(3))]
    if with_path:
        asked += [_of_all_values(rng)] * rng.randrange(2)
    if deep:
        asked += [_of_shapes(rng, deep - 1, with_path) for _ in range(rng.randrange(1, 3))]
    if rng.random() < 0.05:
        asked.append("sh:deactivated true")
    distinct = {one.split()[0]: one for one in asked}
    path = [f"sh:path {rng.choice(_PATHS)}"] if with_path else []
    return " ; ".join([*path, *distinct.values()]) or "sh:nodeKind sh:IRI"


def _of_each_value(rng: random.Random) -> str:
    bound = rng.choice(("1", "1.5", '"2013-05-15"^^xsd:date', f'"{TIMES[0]}"^^xsd:dateTime', '"b"'))
    name = rng.choice(("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"))
    values = " ".join(rng.sample([v for v in _VALUES if v != "_:n"], 4))
    return rng.choice(
        (
            f"sh:class {rng.choice((':C', ':D'))}",
            f"sh:datatype xsd:{rng.choice(DATATYPES)}",
            f"sh:datatype {rng.choice(('rdf:langString', 'rdfs:Literal', 'xsd:gYear'))}",
            f"sh:nodeKind sh:{rng.choice(_KINDS)}",
            f"sh:{name} {bound}",
            f"sh:minLength {rng.randrange(4)}",
            f"sh:maxLength {rng.randrange(4)}",
            f'sh:pattern "{rng.choice(("^[a-z]", "2", "é", "^http", "A|T"))}"',
            f'sh:pattern "{rng.choice(("^É", "A", "^T"))}" ; sh:flags "i"',
            f"sh:languageIn ( {rng.choice(LANGUAGES[:2])!r} )".replace("'", '"'),
            f"sh:in ( {values} )",
            f"sh:hasValue {rng.choice(_VALUES[:3] + _VALUES[4:])}",
            f"sh:equals {rng.choice((':q', ':r'))}",
            f"sh:disjoint {rng.choice((':q', ':r'))}",
        )
    )


def _of_all_values(rng: random.Random) -> str:
    return rng.choice(
        (
            f"sh:minCount {rng.randrange(3)}",
            f"sh:maxCount {rng.randrange(3)}",
            f"sh:minCount 1 ; sh:maxCount {rng.randrange(1, 3)}",
            "sh:uniqueLang true",
            "sh:uniqueLang false",
            f"sh:{rng.choice(('lessThan', 'lessThanOrEquals'))} {rng.choice((':q', ':r'))}",
        )
    )


def _of_shapes(rng: random.Random, deep: int, with_path: bool) -> str:
    def one(path: bool) -> str:
        return f"[ {_inside(rng, deep, path)} ]"

    either = rng.random() < 0.5
    choices = [
        f"sh:property {one(True)} , {one(True)}",
        f"sh:node {one(False)}",
        f"sh:not {one(either)}",
        f"sh:and ( {one(either)} {one(False)} )",
        f"sh:or ( {one(either)} {one(False)} )",
        f"sh:xone ( {one(either)} {one(False)} {one(False)} )",
        f"sh:closed true ; sh:ignoredProperties ( rdf:type :{rng.choice('pqr')} ) ; "
        f"sh:property [ sh:path :{rng.choice('pqr')} ]",
    ]
    if with_path:
        count = f"sh:qualified{rng.choice(('Min', 'Max'))}Count {rng.randrange(1, 3)}"
        choices += [f"sh:qualifiedValueShape {one(either)} ; {count}"] * 2
    else:
        choices.append(_siblings(rng, deep))
    return rng.choice(choices)


def _siblings(rng: random.Random, deep: int) -> str:
    """Return two property shapes whose qualified values must not be those of the other."""
    shapes = (
        f"[ sh:path :p ; sh:qualifiedValueShape [ {_inside(rng, deep, False)} ] ; "
        f"sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1 ]"
        for _ in range(2)
    )
    return f"sh:property {' , '.join(shapes)}"


_PARTS: Final = (
    "$this :p ?value .",
    "$this :q ?value .",
    "?value :q $this .",
    "$this ?path ?value .",
    "$this :p ?x . ?x :q ?value .",
    "?x :r ?value .",
    "$this a :C .",
    "OPTIONAL {{ {0} }}",
    "OPTIONAL {{ {0} {1} }}",
    "{{ {0} }} UNION {{ {1} }}",
    "FILTER NOT EXISTS {{ {0} }}",
    "FILTER EXISTS {{ {0} {1} }}",
    "{{ {0} }}",
    "{{ SELECT $this ?value WHERE {{ {0} }} }}",
    "{{ SELECT DISTINCT $this (COUNT(?value) AS ?number) WHERE {{ {0} }} GROUP BY $this }}",
    "BIND (isIRI($this) AS ?is{2})",
    "FILTER (isIRI($this))",
    "FILTER ($this != :a)",
    "FILTER (BOUND(?value) && !sameTerm(?value, $this))",
    "FILTER (!BOUND(?x))",
    "FILTER ($this IN (:a, :c))",
    "FILTER (isLiteral(?value))",
)
_HEADS: Final = (
    ("SELECT $this ?value WHERE", ""),
    ("SELECT DISTINCT $this ?value WHERE", ""),
    ("SELECT $this ?path ?value ?x WHERE", ""),
    ("SELECT $this WHERE", ""),
    ("SELECT $this ?value WHERE", "ORDER BY ?value LIMIT 1"),
    ("SELECT $this (COUNT(?value) AS ?number) WHERE", "GROUP BY $this HAVING (COUNT(?value) > 1)"),
)


def made_up_query(rng: random.Random) -> str:
    """Return a shape whose constraint is a query, with groups within groups."""
    head, end = rng.choice(_HEADS)
    asked = " ".join(_query_part(rng, deep=2) for _ in range(rng.randrange(1, 4)))
    shape = f"sh:path {rng.choice(_PATHS)} ;" if rng.random() < 0.3 else ""
    if shape and rng.random() < 0.7:
        asked = f"$this $PATH ?value . {asked}"
    target = rng.choice(("sh:targetClass :C", "sh:targetNode :a, :c, 1", "sh:targetObjectsOf :q"))
    return (
        f'{HEAD}<> sh:declare [ sh:prefix "" ; sh:namespace "{EX}" ] .\n'
        f":S {target} ; {shape} sh:sparql [ sh:prefixes <> ; "
        f'sh:select """{head} {{ {asked} }} {end}""" ] .'
    )


def _query_part(rng: random.Random, deep: int) -> str:
    plain = [part for part in _PARTS if "{0}" not in part]
    part = rng.choice(_PARTS if deep else plain)
    within = [_query_part(rng, deep - 1) for _ in range(2)] if "{0}" in part else ["", ""]
    return part.format(*within, rng.randrange(100))
