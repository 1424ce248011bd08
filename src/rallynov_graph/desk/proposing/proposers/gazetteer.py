"""What the folder's data know by name, inflected or without accents, wherever the text has it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.matching.words import folded, stem, without_article

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.known_names import KnownThing
    from rallynov_graph.desk.proposing.reading import Reading, Token

_PROPER: Final = ("person", "organisation", "place", "event", "innovation")
_STRONG: Final = 4.5
_SHORTEST: Final = 3


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the places of the text where a known thing is named."""
    keys = _by_first_word(reading)
    for token in reading.tokens:
        best: tuple[int, KnownThing, str] | None = None
        for parts, thing, name in keys.get(stem(token.plain.strip("'")), ()):
            longer = best is None or len(parts) > best[0]
            proper = thing.kind == "theme" or _is_proper(token, name)
            if longer and proper and _stands(reading, token, parts):
                best = len(parts), thing, name
        if best is not None:
            length, thing, name = best
            last = reading.tokens[token.number + length - 1]
            yield Proposal(
                thing.kind,
                token.start,
                last.end,
                Why(f"connu des données : « {name} »", f"known to the data: “{name}”"),
                candidates=(Candidate(thing.names[0], thing.iri),),
                weight=_STRONG,
            )


def _by_first_word(reading: Reading) -> dict[str, list[tuple[list[str], KnownThing, str]]]:
    keys: dict[str, list[tuple[list[str], KnownThing, str]]] = {}
    for thing in reading.known.of_kind(*_PROPER, "theme"):
        for name in thing.names:
            parts = _parts(name)
            if parts and len("".join(parts)) >= _SHORTEST:
                keys.setdefault(parts[0], []).append((parts, thing, name))
    return keys


def _parts(name: str) -> list[str]:
    from rallynov_graph.desk.proposing.reading import word_texts

    return [stem(folded(it).strip("'")) for it in word_texts(without_article(name))]


def _stands(reading: Reading, token: Token, parts: list[str]) -> bool:
    tokens = reading.tokens[token.number : token.number + len(parts)]
    if [stem(it.plain.strip("'")) for it in tokens] != parts:
        return False
    return all(
        "\n\n" not in reading.text[left.end : right.start] and right.start - left.end < 12
        for left, right in itertools.pairwise(tokens)
    )


def _is_proper(token: Token, name: str) -> bool:
    """Return whether a word is written as the name is: an acronym in capitals, a name with one."""
    if name.isupper() and len(name) < 6:
        return token.text.isupper()
    if name[0].isupper():
        return token.text[0].isupper() or len(name.split()) > 2
    return True
