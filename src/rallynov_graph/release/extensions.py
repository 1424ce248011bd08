"""What the folder of a programme adds to the ontology and to the shapes, in Turtle files.

A file whose name ends in ``shapes.ttl`` adds shapes, any other one terms. They may say more, and
nothing else of what the program says already.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Dataset, NamedNode

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN, SHAPES, in_prefixes
from rallynov_graph.base.resources import extensions_dir
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.locations import locate

_SHAPES_FILE: Final = "shapes.ttl"
_OURS: Final = (RN, SHAPES, ONTOLOGY)
_NARROWER: Final = tuple(
    NamedNode(PREFIXES["rdfs"] + name) for name in ("subClassOf", "subPropertyOf")
)


def term_files() -> list[Path]:
    """Return the files that add terms to the ontology; none without a programme."""
    return [file for file in _files() if not file.name.endswith(_SHAPES_FILE)]


def shape_files() -> list[Path]:
    """Return the files that add shapes; none without a programme."""
    return [file for file in _files() if file.name.endswith(_SHAPES_FILE)]


def _files() -> list[Path]:
    folder = extensions_dir()
    return sorted(folder.rglob("*.ttl")) if folder is not None else []


def refuse_contradictions(ontology: Dataset) -> None:
    """Raise SourceError where an extension says something else than our ontology or shapes.

    It does where it describes a term of ours anew, or where a class or a property would be narrower
    than itself.
    """
    added = {file: [*sources.quads([file], relative_iris=False)] for file in _files()}
    for file, quads in added.items():
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(_OURS):
                raise _fault(
                    file,
                    quad.subject,
                    f"{in_prefixes(quad.subject.value)} is a term of the program, and described "
                    "there; give your own term an address of yours",
                )
    for prop in _NARROWER:
        wider: dict[object, set[object]] = defaultdict(set)
        for quad in chain(ontology, *added.values()):
            if quad.predicate == prop:
                wider[quad.subject].add(quad.object)
        for file, quads in added.items():
            for term in (quad.subject for quad in quads if quad.predicate == prop):
                if isinstance(term, NamedNode) and term in _above(term, wider):
                    raise _fault(
                        file,
                        term,
                        f"{in_prefixes(term.value)} would be narrower than itself; take out one of "
                        f"its {in_prefixes(prop.value)}",
                    )


def _above(term: object, wider: Mapping[object, set[object]]) -> set[object]:
    """Return what lies above a term, the term itself only where it lies above itself."""
    found: set[object] = set()
    left = [*wider.get(term, ())]
    while left:
        above = left.pop()
        if above not in found:
            found.add(above)
            left += wider.get(above, ())
    return found


def _fault(file: Path, term: NamedNode, reason: str) -> SourceError:
    place = locate([file], [term.value]).get(term.value)
    return SourceError(str(file), reason, place.line if place else None)
