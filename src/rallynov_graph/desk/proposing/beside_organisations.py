"""What beside a name says that it is an organisation's: a verb, its kind, its town, who acts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Why
from rallynov_graph.desk.proposing.word_lists import all_listed_places, words
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_DONE: Final = (
    "soutien|appui|concours|partenariat|participation|aide|collaboration|soutenue?s?|financée?s?|"
    "portée?s?|organisée?s?|accueillie?s?|proposée?s?|lancée?s?|initiée?s?|animée?s?|publiée?|"
    "éditée?|décernée?|gérée?s?|créée?s?|imprimée?"
)
_BODY_OF: Final = re.compile(
    rf"(?:{_DONE}) (?:financière? )?(?:de|du|des|d['’]|par|avec)\s?(?:la |le |les |l['’])?$",
    re.IGNORECASE,
)
_HANDED: Final = re.compile(
    r"\b(?:servi|fourni|confié|prêté|offert|vendu|racheté|repris|fabriqué|accompagné|certifié|"
    r"labellisé|imaginé|"
    r"conçu|mené|assuré|donné|versé|installé|construit|réalisé|édité|cofinancé|"
    r"subventionné|parrainé)e?s?"
    r"\s(?:par|à|au|aux)\s?(?:la |le |les |l['’])?$"
)
_TOGETHER: Final = re.compile(
    r"\b(?:travaill\w+|partenariat|collabor\w+|lien|accord|convention|contrat|s['’]associe\w*)\s"
    r"(?:étroit\w*\s)?"
    r"avec\s(?:la |le |les |l['’])?$"
)
_HAS_DONE: Final = re.compile(
    r"\s(?:(?:nous|lui|leur|y|en)\s)?(?:n['’])?(?:a|ont|avait|avaient|vient de|viennent de)\s"
    r"(?:déjà\s|aussi\s|enfin\s)?([^\W\d_]+)"
)
_IN_TOWN: Final = re.compile(
    r"(?:,\s*|\s\()(?P<town>[^\W\d_a-zà-ÿ][\w'’ -]*?)\s*(?P<end>[,.;:)(\n]|$)"
)
_IN_NAME_OF: Final = re.compile(
    r"\b(?:au nom|auprès) (?:de |du |des |d['’])(?:la |le |les |l['’])?$"
)
_WORKED: Final = re.compile(r"\btravaill\w+ (?:pour|chez|à|au sein de) (?:la |le |les |l['’])?$")
_FOUNDED: Final = re.compile(
    r"\b(?:co)?-?(?:fond(?:é|er)|créé|monté|repris|racheté|rejoin(?:t|dre)|quitt(?:e|é|er))\s"
    r"(?:la |le |les |l['’])?$"
)
_MADE: Final = re.compile(r"\b(?:co)?-?(?:fondé|fonder|créé)\s(?:la |le |les |l['’])?$")
"""What takes no person as its object: two capitals after it are no forename and surname."""
_TOLD: Final = re.compile(
    r"\s*(?::\s*(?:la |le |l['’]|cette |notre )|,\s*(?:(?:une?|notre)\s|(?P<the>l[ae]\s|l['’]))?)"
    r"(?P<kind>[a-zà-ÿœ][\w-]*)"
)
"""« X : l'association… », « X, chantier d'insertion ». What follows tells the kind of X."""
_PLACING: Final = frozenset(("a", "de", "d'", "en", "vers"))
"""« À X, la boulangerie… »: what follows the place is no kind of it."""
_PARTNERS: Final = re.compile(
    r"(?:partenaires?|soutiens?|financeurs?|membres fondateurs)[^.\n:]{0,30}(?::|\n|\s)",
    re.IGNORECASE,
)
_NO_ADJECTIVES: Final = words("links") | words("ends")
_LEAD: Final = 40
"""What a list is of is said in so many characters at its beginning."""
_PAIR: Final = 2
"""Two capitals may be a forename and a surname."""


def before(reading: Reading, name: Sequence[Token]) -> Iterator[tuple[Why, float]]:
    """Yield what the words before a name say, and how much that tells."""
    start = name[0].start
    raw = reading.text[max(0, start - 60) : start]
    left = " ".join(raw.split()) + " " * raw[-1:].isspace()
    word = reading.beside(name[0])
    if word is not None and word.plain in words("articles"):
        yield Why("nom propre après un article", "a proper name after an article"), 0.9
    if word is not None and word.plain == "chez":
        yield Why("après « chez »", "after « chez »"), 2.5
    if _IN_NAME_OF.search(left):
        yield Why("au nom de qui l’on parle", "in whose name somebody speaks"), 1.3
    in_brackets = raw[-1:] == "(" and reading.text[name[-1].end : name[-1].end + 1] == ")"
    if in_brackets and raw[-3:-2].isalpha() and not name[0].is_upper:
        yield Why("entre parenthèses après un nom", "in brackets after a name"), 1.1
    yield from _acting(left, len(name) == _PAIR and not _has_article(reading, name))
    first = reading.sentence(start)[0]
    if _PARTNERS.search(reading.text[first : min(start, first + _LEAD)]):
        yield Why("dans une liste de partenaires", "in a list of partners"), 1.2


def _acting(left: str, is_pair: bool) -> Iterator[tuple[Why, float]]:
    """Yield what is done by, with or for a name; two capitals alone may be a person's."""
    done = Why("auteur de ce qui est fait", "who it is done by")
    if _BODY_OF.search(left):
        yield done, 0.6 if is_pair else 1.2
    if _WORKED.search(left):
        yield Why("où quelqu’un travaille", "where somebody works"), 1.2
    if _FOUNDED.search(left) and (not is_pair or _MADE.search(left)):
        yield Why("ce que quelqu’un a fondé", "what somebody founded"), 1.2
    if _HANDED.search(left) and not is_pair:
        yield done, 0.8
    if _TOGETHER.search(left) and not is_pair:
        yield Why("avec qui l’on travaille", "with whom one works"), 1.1


def after(reading: Reading, name: Sequence[Token]) -> Iterator[tuple[Why, float]]:
    """Yield what the words after a name say, and how much that tells."""
    if verb := _verb_after(reading, name[-1]):
        alone = folded(verb) in words("bodies_do") and not reading.common[name[0].plain]
        yield Why(f"sujet de « {verb} »", f"subject of “{verb}”"), 1.1 if alone else 0.9
    done = _HAS_DONE.match(reading.text, name[-1].end)
    if done and folded(done[1]) in words("done_by_bodies"):
        yield Why(f"sujet de « {done[1]} »", f"subject of “{done[1]}”"), 0.8
    told = _TOLD.match(reading.text, name[-1].end)
    word = reading.beside(name[0])
    placed = word is not None and word.plain in _PLACING
    kinds = words("organisation_types")
    if told and folded(told["kind"]).partition("-")[0] in kinds and not (placed and told["the"]):
        yield Why(f"suivi de « {told['kind']} »", f"followed by “{told['kind']}”"), 1.5
    yield from _in_town(reading, name)


def _in_town(reading: Reading, name: Sequence[Token]) -> Iterator[tuple[Why, float]]:
    """Yield that a commune follows, as where a body is: « au Café X, Lannion », « X (Die) »."""
    town = _IN_TOWN.match(reading.text, name[-1].end)
    own = [it for it in name if it.plain not in ("le", "la", "les")]
    if town is None or (len(own) == 2 and not _has_article(reading, name)):
        return
    if folded(town["town"]) in all_listed_places():
        first = max(reading.line(name[0].start)[0], name[0].start - _LEAD)
        opens = reading.text[first : name[0].start].strip(" •*>–—-") == ""
        dated = opens and town["end"] == "("
        why = Why(f"suivi de la commune où c’est, {town['town']}", "followed by the commune")
        yield why, 1.2 if dated else 0.5


def _has_article(reading: Reading, name: Sequence[Token]) -> bool:
    before = reading.beside(name[0])
    return before is not None and before.plain in words("articles")


def _verb_after(reading: Reading, last: Token) -> str:
    """Return what a body does, said after its name or after one adjective; empty for nothing."""
    following = reading.tokens[last.number + 1 : last.number + 3]
    if following and following[0].plain not in words("organisation_verbs"):
        is_adjective = following[0].text.islower() and following[0].plain not in _NO_ADJECTIVES
        following = following[1:] if is_adjective else ()
    if not following or following[0].plain not in words("organisation_verbs"):
        return ""
    return "" if reading.shouts(following[0].start) else following[0].text
