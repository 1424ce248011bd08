"""Forms of one word: singular and plural, masculine and feminine, the endings of regular verbs.

French and English, on folded words, which have lost the accents that say what an ending is.
Derived words stay apart: « innover » is no form of « innovation ».
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_SHORTEST: Final = 4
"""A shorter word is no form of another."""
_CACHED: Final = 1 << 16
_INVARIABLE: Final = frozenset(
    (
        *("alors", "anglais", "apres", "avis", "bois", "choix", "corps", "cours", "deux", "fois"),
        *("francais", "jamais", "mieux", "mois", "moins", "paix", "pays", "plus", "prix", "sens"),
        *("sous", "temps", "toujours", "tres", "trois", "vers", "voix"),
    )
)
"""They end as a plural does."""
_STEPS: Final = tuple(
    (re.compile(ending), base)
    for ending, base in (
        (r"(?<=[^e])aux$", "al"),  # sociaux
        (r"(?<=..[eo]u)x$", ""),  # lieux, of which the singular ends in u
        (r"(?<=eu)x$|(?<=eau)x$", ""),  # jeux, réseaux
        (r"(?<=...)(?<!s)s$", ""),
        (r"(?<=..)trice$", "teur"),  # animatrice
        (r"(?<=...)eu(?:r|se)$", "eu"),  # travailleuse and heureuse: both as heureux
        (r"(?<=..)ere$", "er"),  # première
        (r"(?<=..)iss(?:ent|ant|aient|ait)$", "i"),  # finissent
        (r"(?<=.....)(?:ai(?:en)?t|ante?)$", ""),  # rencontraient, participante
        (r"(?<=....)(?<![aeiouy]m)(?<!mm)ent$|(?<=..e)ent$", ""),  # rencontrent, but document
        (r"(?<=....)(?:ez|ing|ed)$", ""),
        (r"(?<=...)er$", ""),
        (r"(?<=...i)r$", ""),  # finir
        (r"(?<=....)ee$|(?<=..e)ee$|(?<=...)e$", ""),  # rencontrée, créée, sociale
        (r"qu$", "c"),  # publique
        (r"(?<=..)(?:(?<=i)|(?<=eu))f$", "v"),  # actif, of which the feminine ends in -ve
        (r"(?<=..)([^\W\d_aeiou])\1$", r"\1"),  # ancienne
        (r"(?<=..)ail$", "al"),  # travail, as travaux
        (r"(?<=..[^aeiou])y$", "i"),  # company, as companies
    )
)


@lru_cache(_CACHED)
def stem(word: str) -> str:
    """Return what all forms of a folded word have in common; it is no word itself."""
    if len(word) < _SHORTEST or word in _INVARIABLE or not word.isalpha():
        return word
    for ending, base in _STEPS:
        word = ending.sub(base, word)
    return word
