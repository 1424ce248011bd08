"""What beside a name says that it is a person's: a role, an age, a verb, « selon »."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Why
from rallynov_graph.desk.proposing.word_lists import phrases, words
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_APPOSITION: Final = re.compile(
    r"\s*[,(–—-]\s*(?:(?:le|la|l['’]|un|une|notre|nos|sa|son|leur|déjà|devenue?s?|anciens?|ancienne?s?|"
    r"ex-|nouveau|nouvelle|jeune|tous|deux|toutes|elle-même|lui-même|également|aussi|alors)\s*)*([^\W\d_][\w’'-]*)"
)
AGE: Final = re.compile(
    r"\s*[,(]\s*(?:\d{1,3}|(?:"
    + "|".join(f"{phrases('numbers')[0]} {phrases('tens')[0]}".split())
    + r")(?:[ -](?:et[ -])?[a-z]+)?)\s*ans\b"
)
_CONTACT: Final = re.compile(
    r"(?:contacts?|renseignements?|inscriptions?|réservations?|rédaction|rédact\w+|"
    r"auprès de|photos?|"
    r"dessins?|illustrations?|textes?|maquette|crédits?|animée? par|avec|"
    r"témoignage de|portrait(?: de)?|publication|propos recueillis par)\s*:?\s*$",
    re.IGNORECASE,
)
_SOURCE: Final = re.compile(
    r"(?:selon|d['’]après|(?<![^\W\d_]\s)pour|aux yeux de|comme le \w+|interview de)\s+$",
    re.IGNORECASE,
)
_AFTER_VERB: Final = re.compile(
    r"\s*(?:,[^,.;\n]{3,70},\s*|\s)(?:(?:l['’]|le|la|les|lui|leur|nous|en|y|s['’]|se|ne|"
    r"n['’])\s*)*(?:(?:a|ont|avait|est|vient de)\s+(?:\w+ment\s+|pourtant\s+|"
    r"aussi\s+|notamment\s+)?)?([^\W\d_][\w’'-]*)"
)
_ROLE_ENDING: Final = re.compile(r"(?:teur|trice|logue|iste|ienne?|eur|euse|ier|ière|aire)s?$")
_NEAR: Final = 40
_FAR: Final = 160
"""How many characters before and after a name are looked at."""
_SPEAKS: Final = re.compile(r"(?:\s*\([^()\n]{2,60}\)|,[^:.\n«»]{2,80})?[ \xa0\u202f]*:\s*[«“\"]")
"""« X (Y) : « … », « X, de Y : « … »."""
_OF: Final = re.compile(r"\s*(?:,\s*)?(?:de|du|d['’]|chez|des)\b")


def reasons(
    reading: Reading, name: Sequence[Token], previous: Token | None
) -> Iterator[tuple[Why, float]]:
    """Yield what beside a name says that it is a person's, and how much that tells."""
    yield from _before(reading, name[0].start, previous)
    right = reading.text[name[-1].end : name[-1].end + _FAR]
    if (role := _role_after(right)) is not None:
        why = Why(f"suivi de sa qualité : « {role} »", f"followed by what the person is: “{role}”")
        yield why, 2.0
    if AGE.match(right):
        yield Why("suivi d’un âge", "followed by an age"), 3.0
    if _SPEAKS.match(right):
        yield Why("devant ses propos", "before what the person says"), 1.5
    verb = _AFTER_VERB.match(right)
    if verb and folded(verb[1]) in words("saying") | words("acting"):
        yield Why(f"sujet de « {verb[1]} »", f"subject of “{verb[1]}”"), 1.5


def _before(reading: Reading, start: int, previous: Token | None) -> Iterator[tuple[Why, float]]:
    if previous is not None and previous.plain in words("roles"):
        why = Why(f"« {previous.text} » le précède", f"“{previous.text}” stands before it")
        yield why, 2.0
    if previous is not None and previous.plain in words("saying"):
        yield Why(f"sujet de « {previous.text} »", f"subject of “{previous.text}”"), 2.0
    left = reading.text[max(reading.line(start)[0], start - _NEAR) : start]
    if found := _CONTACT.search(left):
        said = found[0].strip()
        yield Why(f"après « {said} »", f"after “{said}”"), 1.2
    if _SOURCE.search(reading.text[max(0, start - _NEAR) : start]):
        yield Why("cité comme source d’un propos", "named as the source of what is said"), 1.0


def _role_after(right: str) -> str | None:
    """Return the word after a comma that says what a person is; None where none does."""
    found = _APPOSITION.match(right)
    if found is None:
        return None
    word = found[1]
    is_made_so = word[0].islower() and _ROLE_ENDING.search(word) and _OF.match(right, found.end())
    is_made_so = is_made_so and folded(word) not in words("organisation_types")
    return word if folded(word) in words("roles") or is_made_so else None
