"""Names within sentences in French and English: articles, contractions, elisions, lists.

The graph gives neither the gender of a name nor its article. A name has an article if it begins
with a noun whose gender is listed here, or with an article; any other has none.
"""

import re
from typing import Final, Protocol
from unicodedata import normalize

from rallynov_graph.base.languages import NARROW, number, within_quotes

NAMES: Final = "names"
OF: Final = "of"
AT: Final = "at"
TO: Final = "to"
PLURAL: Final = "plural"
BARE: Final = "bare"
FORMS: Final = (NAMES, OF, AT, TO, PLURAL, BARE)
"""The forms of names in sentences: with an article, after « de » or « à », as plurals,
unchanged."""
QUOTED: Final = frozenset({"innovation", "theme"})
"""Kinds whose names are titles: they are between quotation marks."""
NAMED_ALONE: Final = frozenset({"person"})
"""Kinds whose names take no article, whatever they begin with."""

_FEMININE: Final = frozenset(
    {
        *("agence", "assemblée", "association", "assurance", "bibliothèque", "caisse", "cantine"),
        *("chambre", "clôture", "communauté", "coopérative", "direction", "école", "étape"),
        *("fédération", "ferme", "fondation", "mairie", "maison", "manufacture", "mission"),
        *("mutualité", "mutuelle", "préfecture", "régie", "région", "salle", "scierie"),
        *("société", "union", "université", "usine", "ville"),
    }
)
_MASCULINE: Final = frozenset(
    {
        *("atelier", "cabinet", "centre", "chantier", "club", "collectif", "collège", "comité"),
        *("conseil", "département", "départ", "fonds", "groupe", "groupement", "institut"),
        *("laboratoire", "lycée", "ministère", "musée", "passage", "pôle", "rallye", "rally’nov"),
        *("réseau", "retour", "syndicat", "théâtre"),
    }
)
_COMMON: Final = frozenset(["étape", "clôture", "départ", "passage", "retour"])
"""Nouns that begin with a small letter within a sentence."""
_OWN_ARTICLE: Final = re.compile(r"(l’|l'|le |la |les )(?=\S)", re.IGNORECASE)
_PARTITIVE: Final = re.compile(r"des (?=\S)")
_MUTE_H: Final = re.compile(r"h(?:é|e[nr]|u[bg]|i|o|y|a[bl])", re.IGNORECASE)
_OF: Final = {"le ": "du ", "la ": "de la ", "les ": "des ", "l’": "de l’"}
_AT: Final = {"le ": "au ", "la ": "à la ", "les ": "aux ", "l’": "à l’"}
_SMALL_FR: Final = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    *("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
_SMALL_EN: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve"),
)
_EVENT_NOUNS: Final = frozenset(["closing", "look-back", "relay", "start"])


class Grammar(Protocol):
    """The grammar of names within the sentences of a language."""

    repeats: bool
    """Whether « de » and « à » are before each name of a list, not before the first alone."""

    def placed(self, name: str, kind: str, form: str) -> tuple[str, str, str] | None:
        """Return the words before a name, the name in that position, and the words after it.

        None if the name has no such form.
        """
        ...

    def number(self, n: int) -> str:
        """Return a whole number from two on, in words if it is small."""
        ...


class French:
    """French: contracted articles, elisions, guillemets."""

    repeats = True

    def placed(self, name: str, kind: str, form: str) -> tuple[str, str, str] | None:
        """Return the words before a name, the name as written there, and the words after it."""
        if form == BARE:
            return "", name, ""
        if form == PLURAL:
            noun = name.split(" ", 1)[0]
            return ("les ", name, "") if noun.islower() and noun[-1] in "sx" else None
        if kind in QUOTED:
            before = {OF: "de ", AT: "à ", TO: "à "}.get(form, "")
            return f"{before}«{NARROW}", within_quotes(name, "fr"), f"{NARROW}»"
        if form == NAMES:
            article, shown = ("", name) if _OWN_ARTICLE.match(name) else _determined(name, kind)
            return article, shown, ""
        article, shown = _determined(name, kind)
        if form in (AT, TO):
            return _AT.get(article, "à "), shown, ""
        if not article and _PARTITIVE.match(shown):
            shown = shown.removeprefix("des ")
        return _OF.get(article) or ("d’" if is_elided_before(shown) else "de "), shown, ""

    def number(self, n: int) -> str:
        """Return a whole number from two on, in words if it is small."""
        return _SMALL_FR[n] if n < len(_SMALL_FR) else number(n, "fr")


class English:
    """English: an article before stages and what happened, quotation marks."""

    repeats = False

    def placed(self, name: str, kind: str, form: str) -> tuple[str, str, str] | None:
        """Return the words before a name, the name as written there, and the words after it."""
        at = "in " if kind == "place" else "at "
        before = {OF: "of ", AT: at, TO: "to "}.get(form, "")
        if form == BARE:
            return "", name, ""
        if kind in QUOTED:
            return f"{before}“", within_quotes(name, "en"), "”"
        noun = name.split(" ", 1)[0].casefold()
        if noun in _EVENT_NOUNS:
            return f"{before}the ", name[0].lower() + name[1:], ""
        article = "the " if name.endswith(" stage") or noun == "rally’nov" else ""
        return f"{before}{article}", name, ""

    def number(self, n: int) -> str:
        """Return a whole number from two on, in words if it is small."""
        return _SMALL_EN[n] if n < len(_SMALL_EN) else number(n, "en")


GRAMMARS: Final[dict[str, Grammar]] = {"fr": French(), "en": English()}


def is_elided_before(name: str) -> bool:
    """Return whether « de » loses its vowel before a name."""
    first = normalize("NFD", name[:1])[:1].casefold()
    return first in tuple("aeiouyœæ") or bool(_MUTE_H.match(name))


def _determined(name: str, kind: str) -> tuple[str, str]:
    """Return the article of a name, the empty string if it is unknown, and the rest."""
    if kind in NAMED_ALONE:
        return "", name
    own = _OWN_ARTICLE.match(name)
    if own is not None:
        return own[1].casefold().replace("'", "’"), name[own.end() :]
    noun = name.split(" ", 1)[0].replace("'", "’").casefold()
    if noun not in _FEMININE and noun not in _MASCULINE:
        return "", name
    shown = name[0].lower() + name[1:] if noun in _COMMON else name
    if is_elided_before(noun):
        return "l’", shown
    return ("la " if noun in _FEMININE else "le "), shown
