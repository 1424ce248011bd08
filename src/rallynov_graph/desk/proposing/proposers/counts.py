"""Figures, with what they count: as they are printed, whatever they are worth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.printed_numbers import DIGITS, WORDS, is_month, value_of
from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.desk.short_terms import XSD

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

_S: Final = r"[ \xa0\u202f]*\n?[ \xa0\u202f]*"
_UNIT: Final = (
    r"(?:%|€|euros?|k€|M€|m²|m2|m³|km|kg|kWh|MWh|hectares?|ha\b|litres?|tonnes?|ans\b|"
    r"mois\b|jours?|heures?|h\b|centimes?|degrés?)"
)
_NOUN: Final = r"[^\W\d_][\w’'-]+"
_PARTICIPLE: Final = r"[^\W\d_]+(?:é|ée|és|ées|ie|ies|is|us|ues|antes?|ants)\b"
_FIGURE: Final = re.compile(
    rf"(?<![\w°/.,-])({DIGITS}|{WORDS}(?!\w))(?![\d/])"
    rf"(?:{_S}({_UNIT})(?:{_S}(?:le|la|par|l['’])\s{_NOUN}(?:\s(?:carré|cube))?)?"
    rf"|{_S}((?:autres |nouveaux |nouvelles |petits |petites |grands |grandes |"
    rf"premiers |premières |millions? d['’e]\s?|milliers? d['’e]\s?|jeunes )?{_NOUN})"
    rf"(?:{_S}{_PARTICIPLE})?(?:\s(?:par|chaque)\s(?:an|mois|jour|semaine|saison)\b|"
    rf"\sen\s(?:insertion|situation)\b)?)",
    re.IGNORECASE,
)
_APPROXIMATE: Final = re.compile(
    rf"\b(?:une?\s)?(dizaine|douzaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|soixantaine|centaine|milliers?)s?{_S}(?:de{_S}|d['’]){_NOUN}",
    re.IGNORECASE,
)
_SHARE: Final = re.compile(
    rf"(?<!\w)({WORDS}|\d+)\s(?:{_NOUN}\s)?sur\s({WORDS}|\d+)(?!\w)(?!\s?h\b)", re.IGNORECASE
)
_ROUND: Final = {
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
}
_NO_COUNT: Final = frozenset(
    [
        "rue",
        "avenue",
        "boulevard",
        "place",
        "bis",
        "ter",
        "et",
        "ou",
        "à",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "par",
        "pour",
        "sur",
        "en",
        "au",
        "aux",
        "que",
        "qui",
        "dans",
        "fois",
        "contre",
        "est",
        "sont",
        "a",
        "ont",
        "premier",
        "première",
        "seul",
        "seule",
        "autre",
        "même",
        "ème",
        "e",
        "er",
    ]
)
_LABELS: Final = re.compile(
    r"(?:n[°o]|numéro|lettre|page|p\.|chapitre|article|étape|escale|tome|vol\.|tél\.?)\s*:?\s*$",
    re.IGNORECASE,
)


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the figures that count or measure something."""
    dates = re.compile(r"^\d{4}$")
    for found in _SHARE.finditer(reading.text):
        yield _figure(
            found.start(),
            found.end(),
            f"{value_of(found[1])}/{value_of(found[2])}",
            "part",
            "a share",
        )
    for found in _APPROXIMATE.finditer(reading.text):
        value = _ROUND.get(found[1].lower().rstrip("s"), 0)
        yield _figure(
            found.start(), found.end(), str(value or ""), "nombre approché", "an approximate number"
        )
    for found in _FIGURE.finditer(reading.text):
        if reading.is_blanked(*found.span()) or _LABELS.search(
            reading.text[max(0, found.start() - 12) : found.start()]
        ):
            continue
        noun = found[3] or ""
        last = noun.split()[-1] if noun else ""
        if noun and (last.lower() in _NO_COUNT or is_month(last) or last[0].isupper()):
            continue
        if noun and (
            (dates.match(found[1]) and 1900 <= int(found[1]) <= 2100)
            or found[1].lower() in ("un", "une", "cent")
        ):
            continue
        if (found[2] and found[2].lower() in ("h", "heures", "heure")) or found[1].lower() in (
            "un",
            "une",
        ):
            continue
        what = found[2] or noun
        yield _figure(
            found.start(),
            found.end(),
            value_of(found[1], is_english=reading.is_english(found.start())),
            f"nombre de « {what} »",
            f"how many “{what}”",
        )


def _figure(start: int, end: int, value: str, fr: str, en: str) -> Proposal:
    kind = f"{XSD}decimal" if "." in value else f"{XSD}integer"
    candidates = (Candidate(value=value, datatype="" if "/" in value else kind),) if value else ()
    return Proposal("figure", start, end, Why(fr, en), candidates=candidates)
