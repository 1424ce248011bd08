"""The shapes as a page: the rules for the things of each class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import SHAPES
from rallynov_graph.questions.labels import LABEL, Text
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.shapes import RuleWords, Shape, rules_in_words, term_nodes


@dataclass(frozen=True)
class ShownShape:
    """A shape, its target class, and its rules."""

    name: str
    target: Node
    rules: tuple[RuleWords, ...]


@dataclass(frozen=True)
class ShapesPage:
    """All shapes, and the other named parts of their file, by name."""

    shapes: tuple[ShownShape, ...]
    others: tuple[tuple[str, Text | None], ...]


def shapes_page(view: GraphView, shapes: Sequence[Shape], triples: Iterable[Triple]) -> ShapesPage:
    """Return the page of the shapes."""
    targets = term_nodes(view, [NamedNode(shape.target) for shape in shapes])
    shown = tuple(
        ShownShape(
            shape.name,
            targets[NamedNode(shape.target)],
            rules_in_words(view, [(shape, rule) for rule in shape.rules]),
        )
        for shape in shapes
    )
    shown_names = {shape.name for shape in shown} | {
        rule.name for shape in shown for rule in shape.rules
    }
    texts_by_name: dict[str, list[Text]] = {}
    for triple in triples:
        iri = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
        name = iri.removeprefix(SHAPES)
        if name != iri and name not in shown_names:
            texts = texts_by_name.setdefault(name, [])
            if triple.predicate.value == LABEL and isinstance(triple.object, Literal):
                texts.append(Text(triple.object.value, triple.object.language or ""))
    return ShapesPage(
        shown, tuple((name, view.best(texts_by_name[name])) for name in sorted(texts_by_name))
    )
