"""The known names of the folder's data, also inflected or without accents."""

from collections.abc import Iterator
from typing import Final

from rallynov_graph.desk.proposing.cues import reason
from rallynov_graph.desk.proposing.known_names import KnownThing
from rallynov_graph.desk.proposing.proposal import Candidate, Proposal
from rallynov_graph.desk.proposing.reading import Reading, Token, word_texts
from rallynov_graph.matching.words import folded, stem, without_article

_SHORTEST: Final = 3


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the places in the text that name a known thing."""
    keys = _by_first_word(reading)
    for token in reading.tokens:
        best: tuple[int, KnownThing, str] | None = None
        for parts, thing, name in keys.get(_stem(token.plain), ()):
            longer = best is None or len(parts) > best[0]
            proper = thing.kind == "theme" or _is_proper(token, name)
            tokens = reading.tokens[token.number : token.number + len(parts)]
            same = longer and proper and [_stem(it.plain) for it in tokens] == parts
            if same and reading.are_near(tokens):
                best = len(parts), thing, name
        if best is not None:
            length, thing, name = best
            last = reading.tokens[token.number + length - 1]
            why, weight = reason("known", said=name)
            known = (Candidate(thing.names[0], thing.iri),)
            yield Proposal(thing.kind, token.start, last.end, why, "", known, weight)


def _by_first_word(reading: Reading) -> dict[str, list[tuple[list[str], KnownThing, str]]]:
    keys: dict[str, list[tuple[list[str], KnownThing, str]]] = {}
    for thing in reading.known.things:
        for name in thing.names:
            parts = [_stem(it) for it in word_texts(without_article(name))]
            if parts and len("".join(parts)) >= _SHORTEST:
                keys.setdefault(parts[0], []).append((parts, thing, name))
    return keys


def _stem(word: str) -> str:
    return stem(folded(word).strip("'"))


def _is_proper(token: Token, name: str) -> bool:
    """Return whether a word is written as the name is: an acronym in capitals, a name with one."""
    if name.isupper() and len(name) < 6:
        return token.text.isupper()
    if name[0].isupper():
        return token.text[0].isupper() or len(name.split()) > 2
    return True
