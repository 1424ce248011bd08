"""Words in the form used for comparison: folded, ligatures expanded, initials joined; stems."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_MARKS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_LETTERS: Final = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "’": "'"}
)
BREAK: Final = re.compile(r"(?<=[^\W\d_])[-\u00ad‐][ \t]*\n\s*(?=[a-zà-ÿœ])")
_ARTICLE: Final = re.compile(r"^(?:(?:le|la|les|un|une|the|an|a) |l' ?)(?=.)")


def folded(text: str) -> str:
    """Return a text in its form for comparison: no accents, no capitals, ligatures expanded.

    Apostrophes become straight, spaces single. Combining marks of scripts without accents stay.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    return " ".join(_MARKS.sub("", plain).split())


def unbroken(text: str, hyphen: str = "") -> str:
    """Return a text on one line, its words whole that a hyphen breaks at the end of a line."""
    return " ".join(BREAK.sub(hyphen, text).split())


def readings_of(text: str) -> tuple[str, ...]:
    """Return a text on one line: as it is, and with words that a line breaks whole or compound."""
    return tuple(dict.fromkeys((" ".join(text.split()), unbroken(text), unbroken(text, "-"))))


def without_article(text: str) -> str:
    """Return a folded text without its leading French or English article."""
    return _ARTICLE.sub("", folded(text), count=1)


LONGEST_WORD: Final = 40
"""How many letters of a longer word are compared."""
LONGEST_ACRONYM: Final = 10
"""The first letters of more words abbreviate nothing."""
MOST_JOINED: Final = 3
"""How many words may be written as one."""
_INITIALS: Final = r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"
"""R.I.F.C. is one word."""
_PLAIN: Final = re.compile(_INITIALS + r"|[^\W_]+")
_PLACED: Final = re.compile(_INITIALS + r"|[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_ELIDED: Final = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
SMALL: Final = frozenset(
    (
        *("a", "au", "aux", "ce", "ces", "d", "dans", "de", "des", "du", "en", "et", "l", "la"),
        *("le", "les", "ou", "par", "pour", "s", "sur", "un", "une"),
        *("an", "and", "by", "for", "in", "of", "on", "or", "the", "to", "with"),
    )
)
"""French and English words that say little: a thing is found without them too."""

LIGHT: Final = SMALL | frozenset(
    (
        *("asso", "association", "company", "eurl", "gmbh", "inc", "ltd", "sa", "sarl", "sas"),
        *("scic", "scop", "societe"),
        *("dr", "m", "madame", "mlle", "mme", "monsieur", "mr", "mrs", "ms", "prof"),
    )
)
"""The small words, and the legal forms and titles that are beside many names."""


ASKING: Final = SMALL | frozenset(
    (
        *("qui", "que", "qu", "quoi", "quel", "quelle", "quels", "quelles", "lequel", "comment"),
        *("ou", "quand", "combien", "pourquoi", "est", "sont", "etait", "fut", "ete", "etre", "eu"),
        *("a", "ont", "avoir", "avait", "il", "ils", "elle", "elles", "on", "je", "y", "se", "ca"),
        *("ce", "c", "cette", "cet", "ceux", "son", "sa", "ses", "leur", "leurs", "me", "moi"),
        *("tous", "tout", "toutes", "toute", "donne", "donner", "dis", "dire", "montre", "montrer"),
        *("trouve", "trouver", "cherche", "chercher", "liste", "lister", "peut", "peux", "veux"),
        *("voudrais", "savoir", "connaitre", "svp", "stp", "merci", "bonjour", "entre", "avec"),
        *("pu", "peuvent", "pouvait", "pourrait", "pouvez", "pourriez", "doit", "doivent", "faut"),
        *("va", "vont", "sera", "seront", "etaient", "etant", "ayant", "avaient", "aura", "auront"),
        *("tu", "te", "toi", "nous", "vous", "lui", "eux", "mon", "ma", "mes", "ton", "ta", "tes"),
        *("nos", "notre", "vos", "votre", "celui", "celle", "celles", "cela", "dont", "mais"),
        *("car", "donc", "pendant", "durant", "lors", "alors", "aussi", "tres", "vraiment"),
        *("exactement", "precisement", "deja", "dedans", "souvent", "parfois", "quelque"),
        *("quelques", "aimerais", "souhaite", "dites", "indique", "indiquer", "explique"),
        *("expliquer", "connu", "connus", "connue", "connues"),
        *("who", "whom", "what", "which", "where", "when", "how", "many", "much", "why", "whose"),
        *("is", "are", "was", "were", "be", "been", "do", "does", "did", "has", "have", "had"),
        *("it", "its", "they", "them", "their", "there", "this", "that", "these", "those", "my"),
        *("tell", "show", "give", "find", "list", "please", "can", "could", "would", "i", "you"),
        *("want", "know", "all", "any", "some", "about", "from", "at", "as", "between"),
        *("known", "might", "may", "will", "shall", "should", "must", "being", "am", "if", "but"),
        *("so", "then", "than", "while", "during", "also", "too", "very", "really", "actually"),
        *("exactly", "ever", "just", "often", "sometimes", "overall", "we", "us", "our", "your"),
        *("he", "him", "his", "she", "her", "me", "into", "explain", "describe"),
    )
)
"""The small words, and those of sentences that ask: a thing is found without them too."""

_INVERSION: Final = re.compile(
    r"-(?:t-)?(?:ils?|elles?|on|je|tu|nous|vous|ce|moi|la|les?|y|en)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class TextPiece:
    """A part of a text; marked if it is a searched word."""

    text: str
    marked: bool = False


def plain_words(text: str) -> list[str]:
    """Return the words of a text in order, in their form for comparison."""
    return [run.replace(".", "")[:LONGEST_WORD] for run in _PLAIN.findall(folded(text))]


def initials(words: Sequence[str]) -> tuple[str, ...]:
    """Return the acronyms of some words, without and with their small words."""
    telling = [word for word in words if word not in SMALL]
    acronyms = ("".join(word[0] for word in chosen) for chosen in (telling, words))
    return tuple(
        dict.fromkeys(acronym for acronym in acronyms if 2 <= len(acronym) <= LONGEST_ACRONYM)
    )


def short_forms(words: Sequence[str]) -> tuple[str, ...]:
    """Return the shorter forms of some words: acronyms, and all words joined."""
    joined = "".join(words)
    are_joined = 2 <= len(words) <= MOST_JOINED and len(joined) <= LONGEST_WORD
    return (*initials(words), joined) if are_joined else initials(words)


def name_words(text: str) -> list[str]:
    """Return the words of a name in order, without elided articles unless it has nothing else."""
    return plain_words(_ELIDED.sub(" ", text)) or plain_words(text)


def search_words(text: str) -> tuple[str, ...]:
    """Return the distinct words of a search, without elided articles and inverted pronouns."""
    return tuple(dict.fromkeys(asked_words(text)))


def asked_words(text: str) -> list[str]:
    """Return the words of a question in order, without elisions and inverted pronouns."""
    return name_words(_INVERSION.sub(" ", text))


def words_in_place(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of a text as written, with their positions."""
    return _PLACED.finditer(text)


def marked(text: str, wanted: Callable[[str], bool]) -> tuple[TextPiece, ...]:
    """Return a text in pieces, with the wanted words marked."""
    pieces, end = [], 0
    for run in words_in_place(text):
        if any(wanted(word) for word in plain_words(run[0])):
            if run.start() > end:
                pieces.append(TextPiece(text[end : run.start()]))
            pieces.append(TextPiece(run[0], True))
            end = run.end()
    if end < len(text):
        pieces.append(TextPiece(text[end:]))
    return tuple(pieces)


_SHORTEST: Final = 4
"""A shorter word is no form of another."""
_CACHED: Final = 1 << 16
_INVARIABLE: Final = frozenset(
    (
        *("alors", "anglais", "apres", "avis", "bois", "choix", "corps", "cours", "deux", "fois"),
        *("francais", "jamais", "mieux", "mois", "moins", "paix", "pays", "plus", "prix", "sens"),
        *("ports", "sous", "temps", "toujours", "tres", "trois", "vers", "voix"),
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
    """Return the common part of all forms of a folded word; it is not itself a word."""
    if len(word) < _SHORTEST or word in _INVARIABLE or not word.isalpha():
        return word
    for ending, base in _STEPS:
        word = ending.sub(base, word)
    return word


def stems() -> dict[str, object]:
    """Return the rules of ``stem`` for a browser."""
    return {
        "shortest": _SHORTEST,
        "invariable": sorted(_INVARIABLE),
        "steps": [[ending.pattern, base.replace("\\1", "$1")] for ending, base in _STEPS],
    }
