"""SHACL's core components: how each is read into a constraint.

Literals are compared as rdflib reads them, as in pySHACL. ``READERS`` lists the components that are
implemented; any other parameter, or one that breaks SHACL's syntax rules, is not covered.
"""

import datetime
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from rallynov_graph.validation.quick import reading
from rallynov_graph.validation.quick.rdflib_graphs import as_literal
from rallynov_graph.validation.quick.reading import (
    TRUE,
    NotCovered,
    Reader,
    Reading,
    ShapeParameter,
    every,
    nodes,
    number,
    only,
    single_node,
    text,
    truth,
)
from rallynov_graph.validation.quick.shapes import (
    RDF,
    RDFS,
    SH,
    TYPE,
    Constraint,
    Evaluation,
    Fault,
    Node,
    Shape,
    Values,
)
from rallynov_graph.validation.quick.triples import NOTHING, Numbers, Term

_RESOURCE: Final = NamedNode(f"{RDFS}Resource")
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_TEXTS: Final = (f"{_XSD}string", f"{RDF}langString")
_PYTHON_TYPES: Final[dict[str, type]] = {
    f"{_XSD}integer": int,
    f"{_XSD}float": float,
    f"{_XSD}decimal": Decimal,
    f"{_XSD}boolean": bool,
    f"{_XSD}date": datetime.date,
    f"{_XSD}time": datetime.time,
    f"{_XSD}dateTime": datetime.datetime,
}
"""The datatypes of which a value must have been read; others are only not ill-typed."""
_KINDS: Final = {
    "IRI": (NamedNode,),
    "BlankNode": (BlankNode,),
    "Literal": (Literal,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}
_REMEMBERED: Final = 50_000
"""How many literals are not read again; the same years and numbers come back in all of the data."""

V = TypeVar("V")
Failing = Callable[[Numbers, Evaluation], Numbers]
_in_rdflib: Final = lru_cache(_REMEMBERED)(as_literal)


def read(shapes: Iterable[Quad | Triple], further: Mapping[str, Reader] | None = None) -> Reading:
    """Return the shapes of a graph, as far as they use SHACL Core or the additional readers."""
    return reading.read(shapes, READERS | dict(further or {}), COMPANIONS)


def _of_each_value(
    name: str, parameter: object, failing: Failing, shapes: tuple[Shape, ...] = ()
) -> Constraint:
    """Return a constraint that looks at one value at a time, regardless of the focus node."""

    def faults(values: Values, evaluation: Evaluation) -> Iterator[Fault]:
        if wrong := failing(NOTHING.union(*values.values()), evaluation):
            for focus, found in values.items():
                for value in found & wrong:
                    yield Fault(focus, value)

    return Constraint(name, faults, parameter, shapes)


def _test(name: str, parameter: object, passes: Callable[[Term], bool]) -> Constraint:
    """Return a constraint on a term alone, regardless of the statements about it."""

    def failing(values: Numbers, evaluation: Evaluation) -> Numbers:
        terms = evaluation.index.terms
        return {value for value in values if not passes(terms[value])}

    return _of_each_value(name, parameter, failing)


def _text_test(name: str, parameter: object, passes: Callable[[str], bool]) -> Constraint:
    """Return a constraint on the text of an IRI or literal; a blank node always fails."""
    return _test(
        name,
        parameter,
        lambda term: isinstance(term, (NamedNode, Literal)) and passes(term.value),
    )


def _of_all_values(
    name: str, parameter: object, fails: Callable[[Numbers, Evaluation], bool]
) -> Constraint:
    """Return a constraint that finds at most one fault at a focus node, without a value."""

    def faults(values: Values, evaluation: Evaluation) -> Iterator[Fault]:
        return (Fault(focus) for focus, found in values.items() if fails(found, evaluation))

    return Constraint(name, faults, parameter)


def _class(iri: Node) -> Constraint:
    """Each value is an instance of a class or of a subclass; literals never are."""
    return _of_each_value("Class", iri, lambda values, it: values - it.of_class(iri, values))


def _datatype(iri: NamedNode) -> Constraint:
    return _test(
        "Datatype", iri, lambda term: isinstance(term, Literal) and _has_datatype(term, iri.value)
    )


def _node_kind(iri: NamedNode) -> Constraint:
    kind = iri.value.removeprefix(SH)
    if kind not in _KINDS:
        raise NotCovered(f"sh:nodeKind {kind}")
    return _test("NodeKind", kind, lambda term: isinstance(term, _KINDS[kind]))


def _min_count(least: int) -> Constraint:
    return _of_all_values("MinCount", least, lambda found, _: len(found) < least)


def _max_count(most: int) -> Constraint:
    return _of_all_values("MaxCount", most, lambda found, _: len(found) > most)


def _bound(name: str, holds: Callable[[int, int], bool]) -> Callable[[Literal], Constraint]:
    def make(bound: Literal) -> Constraint:
        def passes(term: Term) -> bool:
            order = _order(term, bound) if isinstance(term, Literal) else None
            return order is not None and holds(order, 0)

        return _test(name, bound, passes)

    return make


def _min_length(least: int) -> Constraint:
    if least == 0:
        return _test("MinLength", least, lambda _: True)
    return _text_test("MinLength", least, lambda it: len(it) >= least)


def _max_length(most: int) -> Constraint:
    return _text_test("MaxLength", most, lambda it: len(it) <= most)


def _patterns(parameter: ShapeParameter) -> Iterable[Constraint]:
    flags = parameter.beside("flags")
    letters = text(only(flags, Literal)).lower() if flags else ""
    options = (re.I if "i" in letters else 0) | (re.M if "m" in letters else 0)
    for value in parameter.values:
        try:
            search = re.compile(text(value), options).search
        except re.error as error:
            raise NotCovered(f"the pattern {value}") from error
        yield _text_test("Pattern", text(value), lambda it, of=search: of(it) is not None)  # type: ignore[misc]


def _languages(parameter: ShapeParameter) -> Iterable[Constraint]:
    """Each value has one of these languages or a variant of one; ``*`` is any language."""
    members = parameter.graph.members(single_node(parameter.values))
    languages = tuple(text(member).lower() for member in members)

    def passes(term: Term) -> bool:
        own = (term.language or "").lower() if isinstance(term, Literal) else ""
        return bool(own) and not {"*", own, own.partition("-")[0]}.isdisjoint(languages)

    yield _test("LanguageIn", languages, passes)


def _unique_language(parameter: ShapeParameter) -> Iterable[Constraint]:
    """No two values have the same language."""

    def faults(values: Values, evaluation: Evaluation) -> Iterator[Fault]:
        terms = evaluation.index.terms
        for focus, found in values.items():
            languages = (getattr(terms[value], "language", None) for value in found)
            for times in Counter(it.lower() for it in languages if it).values():
                if times > 1:
                    yield Fault(focus)

    _refuse_without_path(parameter)
    # SHACL: only ``true`` has an effect; "1" is another term.
    if only(parameter.values, Literal) == TRUE:
        yield Constraint("UniqueLang", faults)


def _equals(other: NamedNode) -> Constraint:
    def faults(values: Values, evaluation: Evaluation) -> Iterator[Fault]:
        others = evaluation.objects(other)
        for focus, found in values.items():
            for value in found ^ others.get(focus, NOTHING):
                yield Fault(focus, value)

    return Constraint("Equals", faults, other)


def _disjoint(other: NamedNode) -> Constraint:
    def faults(values: Values, evaluation: Evaluation) -> Iterator[Fault]:
        others = evaluation.objects(other)
        for focus, found in values.items():
            for value in found & others.get(focus, NOTHING):
                yield Fault(focus, value)

    return Constraint("Disjoint", faults, other)


def _before(name: str, holds: Callable[[Any, Any], bool]) -> Callable[[NamedNode], Constraint]:
    def make(other: NamedNode) -> Constraint:
        def faults(values: Values, evaluation: Evaluation) -> Iterator[Fault]:
            others, terms = evaluation.objects(other), evaluation.index.terms
            for focus, found in values.items():
                for value in found:
                    for one in others.get(focus, NOTHING):
                        if not _compare(terms[value], terms[one], holds):
                            yield Fault(focus, value)

        return Constraint(name, faults, other)

    return make


def _in(parameter: ShapeParameter) -> Iterable[Constraint]:
    terms = parameter.graph.members(single_node(parameter.values))
    yield _of_each_value("In", terms, lambda values, it: values - it.index.known(terms))


def _has_value(term: Term) -> Constraint:
    return _of_all_values(
        "HasValue", term, lambda found, it: found.isdisjoint(it.index.known([term]))
    )


def _closed(parameter: ShapeParameter) -> Iterable[Constraint]:
    """Each value has only the properties of the shape."""
    closed = truth(parameter.values)
    ignored = [parameter.graph.members(head) for head in parameter.beside("ignoredProperties")]
    named = [parameter.graph.values(shape, "path") for shape in parameter.beside("property")]
    allowed = [t for terms in (*ignored, *named) for t in terms if isinstance(t, NamedNode)]

    def faults(values: Values, evaluation: Evaluation) -> Iterator[Fault]:
        index = evaluation.index
        known, passed_over = index.known(allowed), (index.number(TYPE), index.number(_RESOURCE))
        for focus, found in values.items():
            for value in found:
                for predicate, objects in index.statements_about(value):
                    if predicate not in known:
                        for other in objects:
                            if (predicate, other) != passed_over:
                                yield Fault(focus, other, predicate)

    if closed:
        yield Constraint("Closed", faults)


def property_of(shape: Shape) -> Constraint:
    """Return the constraint of ``sh:property``: its faults are those of the property shape."""
    return _of_each_value("Property", shape, lambda values, it: it.unfit(shape, values), (shape,))


def _properties(parameter: ShapeParameter) -> Iterable[Constraint]:
    for shape in map(parameter.shape_of, parameter.values):
        if shape.path is None:
            raise NotCovered("sh:property with a node shape")
        yield property_of(shape)


def _node(shape: Shape) -> Constraint:
    if shape.path is not None:
        raise NotCovered("sh:node with a property shape")
    return _of_each_value("Node", shape, lambda values, it: it.unfit(shape, values), (shape,))


def _not(shape: Shape) -> Constraint:
    return _of_each_value(
        "Not", shape, lambda values, it: values - it.unfit(shape, values), (shape,)
    )


def _and(shapes: tuple[Shape, ...]) -> Constraint:
    def failing(values: Numbers, evaluation: Evaluation) -> Numbers:
        return NOTHING.union(*(evaluation.unfit(shape, values) for shape in shapes))

    return _of_each_value("And", shapes, failing, shapes)


def _or(shapes: tuple[Shape, ...]) -> Constraint:
    def failing(values: Numbers, evaluation: Evaluation) -> Numbers:
        for shape in shapes:
            values = evaluation.unfit(shape, values)
        return values

    return _of_each_value("Or", shapes, failing, shapes)


def _xone(shapes: tuple[Shape, ...]) -> Constraint:
    def failing(values: Numbers, evaluation: Evaluation) -> Numbers:
        times = Counter(
            value for shape in shapes for value in values - evaluation.unfit(shape, values)
        )
        return {value for value in values if times[value] != 1}

    return _of_each_value("Xone", shapes, failing, shapes)


def _qualified(parameter: ShapeParameter) -> Iterable[Constraint]:
    """The right number of values conform to a shape and to none of its siblings."""
    _refuse_without_path(parameter)
    own = single_node(parameter.values)
    least, most = parameter.beside("qualifiedMinCount"), parameter.beside("qualifiedMaxCount")
    disjoint = parameter.beside("qualifiedValueShapesDisjoint")
    others = parameter.graph.siblings(parameter.node, own) if disjoint and truth(disjoint) else []
    shape, siblings = parameter.shape_of(own), tuple(map(parameter.shape_of, others))
    if not least and not most:
        raise NotCovered("sh:qualifiedValueShape without a number")

    def constraint(name: str, fails: Callable[[int], bool]) -> Constraint:
        def faults(values: Values, evaluation: Evaluation) -> Iterator[Fault]:
            every_value = NOTHING.union(*values.values())
            fitting = every_value - evaluation.unfit(shape, every_value)
            for sibling in siblings:
                fitting &= evaluation.unfit(sibling, fitting)
            return (Fault(focus) for focus, it in values.items() if fails(len(it & fitting)))

        return Constraint(name, faults, shape, (shape, *siblings))

    if least:
        at_least = number(least)
        yield constraint("QualifiedMinCount", lambda found: found < at_least)
    if most:
        at_most = number(most)
        yield constraint("QualifiedMaxCount", lambda found: found > at_most)


def _refuse_without_path(parameter: ShapeParameter) -> None:
    if not parameter.beside("path"):
        raise NotCovered("a constraint on values in a node shape")


def _each(
    read_values: Callable[[Sequence[Term]], Iterable[V]],
    make: Callable[[V], Constraint],
    *,
    of_path: bool = False,
) -> Reader:
    """Return a reader that makes a constraint of each value of a parameter."""

    def read_each(parameter: ShapeParameter) -> Iterable[Constraint]:
        if of_path:
            _refuse_without_path(parameter)
        return map(make, read_values(parameter.values))

    return read_each


def _shapes(make: Callable[[Shape], Constraint]) -> Reader:
    return lambda parameter: map(make, map(parameter.shape_of, parameter.values))


def _lists(make: Callable[[tuple[Shape, ...]], Constraint]) -> Reader:
    def read_lists(parameter: ShapeParameter) -> Iterable[Constraint]:
        for head in parameter.values:
            yield make(tuple(map(parameter.shape_of, parameter.graph.members(head))))

    return read_lists


def _number(values: Sequence[Term]) -> Iterable[int]:
    yield number(values)


def _iri(values: Sequence[Term]) -> Iterable[NamedNode]:
    yield only(values, NamedNode)


def _iris(values: Iterable[Term]) -> Iterable[NamedNode]:
    return every(values, NamedNode)


def _literals(values: Iterable[Term]) -> Iterable[Literal]:
    return every(values, Literal)


READERS: Final[dict[str, Reader]] = {
    "class": _each(nodes, _class),
    "datatype": _each(_iri, _datatype),
    "nodeKind": _each(_iri, _node_kind),
    "minCount": _each(_number, _min_count, of_path=True),
    "maxCount": _each(_number, _max_count, of_path=True),
    "minInclusive": _each(_literals, _bound("MinInclusive", operator.ge)),
    "minExclusive": _each(_literals, _bound("MinExclusive", operator.gt)),
    "maxInclusive": _each(_literals, _bound("MaxInclusive", operator.le)),
    "maxExclusive": _each(_literals, _bound("MaxExclusive", operator.lt)),
    "minLength": _each(_number, _min_length),
    "maxLength": _each(_number, _max_length),
    "pattern": _patterns,
    "languageIn": _languages,
    "uniqueLang": _unique_language,
    "equals": _each(_iris, _equals),
    "disjoint": _each(_iris, _disjoint),
    "lessThan": _each(_iris, _before("LessThan", operator.lt), of_path=True),
    "lessThanOrEquals": _each(_iris, _before("LessThanOrEquals", operator.le), of_path=True),
    "in": _in,
    "hasValue": _each(tuple, _has_value),
    "closed": _closed,
    "property": _properties,
    "node": _shapes(_node),
    "not": _shapes(_not),
    "and": _lists(_and),
    "or": _lists(_or),
    "xone": _lists(_xone),
    "qualifiedValueShape": _qualified,
}
"""What reads the values of each parameter into constraints."""
COMPANIONS: Final = {
    "flags": "pattern",
    "ignoredProperties": "closed",
    "qualifiedMinCount": "qualifiedValueShape",
    "qualifiedMaxCount": "qualifiedValueShape",
    "qualifiedValueShapesDisjoint": "qualifiedValueShape",
}
"""The parameters that are read together with another one, and mean nothing without it."""


def _has_datatype(literal: Literal, wanted: str) -> bool:
    own = literal.datatype.value
    if wanted in _TEXTS:
        return own == wanted
    if wanted == own:
        read_literal, python_type = _in_rdflib(literal), _PYTHON_TYPES.get(wanted)
        fits = python_type is None or isinstance(read_literal.value, python_type)
        return fits and not read_literal.ill_typed
    if wanted == f"{RDFS}Datatype":
        return own not in _TEXTS
    return wanted == f"{RDFS}Literal"


def _order(left: Literal, right: Literal) -> int | None:
    """Return how a literal compares with another (-1, 0 or 1); None if they do not compare."""
    first, second = _in_rdflib(left), _in_rdflib(right)
    if isinstance(first.value, str) != isinstance(second.value, str):
        return None
    try:
        if first.eq(second):
            return 0
        # rdflib puts even times with and without a zone in an order; Python does not.
        by_value = isinstance(first.value, (datetime.datetime, datetime.time))
        above = first.value > second.value if by_value else first > second
    except (TypeError, NotImplementedError):
        return None
    return 1 if above else -1


def _compare(left: Term, right: Term, holds: Callable[[Any, Any], bool]) -> bool:
    """Whether terms are in order; an IRI compares by its text, and a text never as a number."""
    if not isinstance(left, (NamedNode, Literal)) or not isinstance(right, (NamedNode, Literal)):
        return False
    first, second = _text_of(left), _text_of(right)
    if first is not None and second is not None:
        return holds(first, second)
    if isinstance(left, NamedNode) or isinstance(right, NamedNode) or first != second:
        return False
    try:
        return bool(holds(_in_rdflib(left), _in_rdflib(right)))
    except TypeError:
        return False


def _text_of(term: NamedNode | Literal) -> str | None:
    """Return the text of an IRI, or of a literal that counts as text."""
    value = term.value if isinstance(term, NamedNode) else _in_rdflib(term).value
    return value if isinstance(value, str) else None
