"""RDF terms, solutions of queries, ids of claims: the values that all packages exchange."""

import re
from base64 import b32decode, b32encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

Term = NamedNode | BlankNode | Literal | Triple
Row = Mapping[str, Term | None]
TermFunctions = dict[NamedNode, Callable[..., Term | None]]
"""Functions that a query may call beside SPARQL's own, by their names; None is an error."""
RowTerms = tuple[Term | None, ...]
"""The terms of a row, in the order of its columns; None is unbound."""

ID_BYTES: Final = 10
"""How many bytes of the hash the id of a claim holds.

It is sixteen characters that follow from the words of the claim alone: the first 80 bits of the
SHA-256 of ``<s> <p> <o> .``, the line of canonical N-Triples without its end, in base32 (RFC 4648),
lower case, without padding.
"""
_CLAIM_ID: Final = re.compile(r"[a-z2-7]{16}")


def parsed_term(text: str) -> Term:
    """Parse an N-Triples term; raise SyntaxError."""
    statement = f"<x:s> <x:p> {text} ."
    term: Term = next(iter(parse(statement, format=RdfFormat.N_TRIPLES))).object
    return term


@dataclass(frozen=True)
class Solutions:
    """The answer of a SELECT: its variables and its rows in order; None is unbound."""

    variables: tuple[str, ...]
    rows: tuple[RowTerms, ...]

    def __iter__(self) -> Iterator[Row]:
        return (dict(zip(self.variables, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def id_of_claim(subject: Term, prop: Term, value: Term) -> str:
    if (
        isinstance(subject, NamedNode)
        and isinstance(prop, NamedNode)
        and isinstance(value, NamedNode)
    ):
        return id_of_claim_line(f"<{subject.value}> <{prop.value}> <{value.value}>".encode())
    return id_of_claim_line(f"{subject} {prop} {value}".encode())


def id_of_claim_line(triple: bytes) -> str:
    """Return the id of a claim in canonical N-Triples, without the full stop."""
    return b32encode(claim_digest(triple)).decode().lower()


def claim_digest(triple: bytes) -> bytes:
    return sha256(triple + b" .").digest()[:ID_BYTES]


def bytes_of_claim_id(claim_id: str) -> bytes | None:
    """Return the bytes that a claim's id encodes; None if the text is not such an id."""
    return b32decode(claim_id.upper()) if _CLAIM_ID.fullmatch(claim_id) else None
