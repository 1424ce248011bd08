"""Statements as TriG for people and for git: the same statements give the same bytes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, kind_of_iri

_INDENT: Final = "    "
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]*")
_TYPE: Final = f"{PREFIXES['rdf']}type"
_XSD: Final = PREFIXES["xsd"]
_SHORT_KINDS: Final = {"assertion-set": "set"}
"""The prefixes of kinds that data files call otherwise than the address."""

Said = Mapping[str, Sequence[NamedNode | Literal]]
"""Values by the address of a property."""


class TrigWriter:
    """Writes graphs, and records the prefixes that they need."""

    def __init__(self, width: int = 0) -> None:
        """Put several values of a property on one line up to a length, else on a line each."""
        self._width = width
        self._used: dict[str, str] = {}

    def prefixes(self) -> str:
        """Return the declarations of the used prefixes: vocabularies, then kinds."""
        names = sorted(self._used, key=lambda it: (it not in PREFIXES, it))
        return "".join(f"@prefix {name}: <{self._used[name]}> .\n" for name in names)

    def graph(self, graph: str, blocks: Iterable[str]) -> str:
        """Return a graph with its blocks, each with the separator before it."""
        return f"GRAPH {self.iri(graph)} {{\n{''.join(blocks)}\n}}\n"

    def block(self, subject: str, said: Said, together: tuple[str, ...] = ()) -> str:
        """Return the statements about a thing; given properties share a line, the last one."""
        rows = {name: f"{self._verb(name)} {self._objects(said[name])}" for name in said}
        if together and all(name in rows for name in together):
            line = " ; ".join(rows.pop(name) for name in together)
            rows[together[0]] = line
        body = f" ;\n{_INDENT * 2}".join(rows.values())
        return f"{_INDENT}{self.iri(subject)} {body} ."

    def iri(self, iri: str) -> str:
        """Return an address with a prefix if there is one."""
        if kind := kind_of_iri(iri):
            names = {_SHORT_KINDS.get(kind, kind): f"{ID}{kind}/"}
        else:
            names = {name: space for name, space in PREFIXES.items() if iri.startswith(space)}
        for name, space in sorted(names.items(), key=lambda it: -len(it[1])):
            if _LOCAL.fullmatch(iri[len(space) :]):
                self._used[name] = space
                return f"{name}:{iri[len(space) :]}"
        return str(NamedNode(iri))

    def _verb(self, iri: str) -> str:
        return "a" if iri == _TYPE else self.iri(iri)

    def _objects(self, values: Iterable[NamedNode | Literal]) -> str:
        written = [self._term(it) for it in values]
        line = ", ".join(written)
        return line if len(line) <= self._width else f",\n{_INDENT * 3}".join(written)

    def _term(self, value: NamedNode | Literal) -> str:
        if isinstance(value, NamedNode):
            return self.iri(value.value)
        datatype = value.datatype.value
        if datatype == f"{_XSD}integer" and _NUMBER.fullmatch(value.value):
            return value.value
        text = str(Literal(value.value))
        if value.language:
            return f"{text}@{value.language}"
        return text if datatype == f"{_XSD}string" else f"{text}^^{self.iri(datatype)}"
