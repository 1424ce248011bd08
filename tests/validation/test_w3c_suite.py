"""The W3C's own tests of SHACL, at both validators."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, parse

from rallynov_graph.base.errors import ShapesError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.validation import gate, shacl
from rallynov_graph.validation.report import Report
from w3c_suite import suite

SUITE = suite()
SH = PREFIXES["sh"]
RESULT = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#result"
FAILURE = NamedNode("http://www.w3.org/ns/shacl-test#Failure")
CASES = sorted(
    path.relative_to(SUITE).with_suffix("").as_posix()
    for path in SUITE.rglob("*.ttl")
    if path.stem != "manifest" and not path.stem.endswith(("-data", "-shapes"))
)
NOT_DONE = {"sparql/pre-binding/shapesGraph-001"}
"""What SHACL lets a validator leave: queries that read the shapes graph."""
VALIDATORS = {"the gate": gate.validate, "pySHACL": shacl.validate}


@cache
def read(path: Path) -> tuple[Quad, ...]:
    return tuple(parse(path=path, base_iri=f"https://example.org/{path.name}"))


def part(case: str, name: str) -> tuple[Quad, ...]:
    own = SUITE / f"{case}-{name}.ttl"
    return read(own if own.is_file() else SUITE / f"{case}.ttl")


def expected(case: str) -> Counter | None:
    """Return what the W3C expects to be found; None where a validator must refuse the shapes."""
    about: dict[object, dict[str, list[object]]] = {}
    for quad in read(SUITE / f"{case}.ttl"):
        known = about.setdefault(quad.subject, {})
        known.setdefault(quad.predicate.value.removeprefix(SH), []).append(quad.object)
    (whole,) = [node for known in about.values() for node in known.get(RESULT, [])]
    if whole == FAILURE:
        return None
    results = about[whole].get("result", [])
    return Counter(compared({name: found[0] for name, found in about[r].items()}) for r in results)


def compared(result: dict[str, object]) -> tuple[str, ...]:
    """Return a result without its messages; a path of several steps counts as a path."""
    names = ("focusNode", "value", "sourceConstraintComponent", "resultSeverity")
    path = result.get("resultPath")
    shown = str(path) if isinstance(path, NamedNode) else "a path" if path else ""
    return (*(str(result.get(name, "")) for name in names), shown)


def found(report: Report) -> Counter:
    return Counter(
        compared(
            {
                "focusNode": f.focus,
                "value": "" if f.value is None else f.value,
                "sourceConstraintComponent": NamedNode(f.component),
                "resultSeverity": NamedNode(f.severity if ":" in f.severity else SH + f.severity),
                "resultPath": path_of(f.path),
            }
        )
        for f in report.results
    )


def path_of(path: str | None) -> object:
    if path is None:
        return None
    plain = not any(sign in path for sign in "<>^|()*+?")
    return NamedNode(path) if plain else Literal(path)


@pytest.mark.parametrize("validator", VALIDATORS)
def test_the_results_are_those_that_the_w3c_expects(validator, subtests):
    validate = VALIDATORS[validator]
    for case in (case for case in CASES if case not in NOT_DONE):
        with subtests.test(case):
            wanted = expected(case)
            if wanted is None:
                with pytest.raises(ShapesError):
                    validate(part(case, "data"), part(case, "shapes"))
            else:
                assert found(validate(part(case, "data"), part(case, "shapes"))) == wanted


def test_what_is_not_done_is_refused_in_a_sentence():
    for case in sorted(NOT_DONE):
        with pytest.raises(ShapesError, match="not currently supported"):
            gate.validate(part(case, "data"), part(case, "shapes"))
