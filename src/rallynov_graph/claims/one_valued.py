"""Which properties have one value at most, by the shapes that the graph is held to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES

_SH: Final = PREFIXES["sh"]
_ONE: Final = "1"


@lru_cache(8)
def one_valued(shapes: bytes) -> Mapping[str, frozenset[str]]:
    """Return the classes whose things have one value at most for each property, by property."""
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse(shapes, format=RdfFormat.TURTLE):
        name = quad.predicate.value
        if name.startswith(_SH) and isinstance(quad.object, NamedNode):
            said[str(quad.subject)][name.removeprefix(_SH)].append(quad.object.value)
        elif name == f"{_SH}maxCount":
            said[str(quad.subject)]["maxCount"].append(quad.object.value)
    found: dict[str, set[str]] = defaultdict(set)
    for shape in [*said.values()]:
        for target in shape.get("targetClass", ()):
            for part in shape.get("property", ()):
                rule = said.get(f"<{part}>", {})
                if _ONE in rule.get("maxCount", ()):
                    for path in rule.get("path", ()):
                        found[path].add(target)
    return {prop: frozenset(classes) for prop, classes in found.items()}
