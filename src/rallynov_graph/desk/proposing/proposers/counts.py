"""Figures with the counted things, as printed."""

import re
from collections.abc import Iterator
from typing import Final

from rallynov_graph.desk.proposing.cues import form, listed, once, why, words
from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.desk.proposing.proposers.events import titles
from rallynov_graph.desk.proposing.reading import Reading
from rallynov_graph.desk.short_terms import XSD
from rallynov_graph.matching.words import folded

_ROUND: Final = (10, 12, 15, 20, 30, 40, 50, 60, 100)
_ONE: Final = ("un", "une")
_BEFORE: Final = 12

NEEDS_NAMES: Final = True


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the figures that count or measure something."""
    text = reading.text
    titled = [span for span, _ in titles(reading)]
    shares = [*form("share").finditer(text)]
    for found in shares:
        yield _figure(found, f"{_value(found[1])}/{_value(found[2])}", why("share"))
    for found in form("approximate").finditer(text):
        values = dict(zip(listed("round_numbers"), _ROUND, strict=True))
        value = values.get(found[1].lower().rstrip("s"), "")
        yield _figure(found, str(value), why("approximate"))
    for found in form("figure").finditer(text):
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        if reading.is_blanked(*found.span()) or form("numbered_before").search(before):
            continue
        if found[1][0].isalpha() and (
            form("known_before").search(before)
            or any(first <= found.start() < last for first, last in titled)
        ):
            continue
        if any(it.start() <= found.start() < it.end() for it in shares):
            continue
        if _counts(found[1].lower(), found[2] or "", found[3] or ""):
            value = _value(found[1], is_english=reading.is_english(found.start()))
            yield _figure(found, value, why("count", said=found[2] or found[3]))


def _counts(printed: str, unit: str, noun: str) -> bool:
    """Return whether a number with a unit or a noun is a figure: no hour, article or year."""
    if noun:
        last = noun.rsplit(maxsplit=1)[-1]
        is_month = folded(last) in words("months")
        if last.lower() in listed("uncounted") or is_month or last[0].isupper():
            return False
        is_year = bool(re.fullmatch(r"\d{4}", printed)) and 1900 <= int(printed) <= 2100
        if is_year or printed == "cent":
            return False
    return unit.lower() not in ("h", "heures", "heure") and printed not in _ONE


def _figure(found: re.Match[str], value: str, told: Why) -> Proposal:
    kind = "" if "/" in value else f"{XSD}decimal" if "." in value else f"{XSD}integer"
    candidates = (Candidate(value=value, datatype=kind),) if value else ()
    return Proposal("figure", *found.span(), told, candidates=candidates)


def _value(text: str, *, is_english: bool = False) -> str:
    """Return a printed number in digits, with a decimal point; empty if it is ambiguous."""
    if text[:1].isdigit() and is_english:
        return re.sub(r"[ \xa0\u202f,]", "", text)
    if text[:1].isdigit():
        # A point before other than three digits groups nothing, in French either.
        grouped = re.sub(r"[ \xa0\u202f]|\.(?=\d{3}(?!\d))", "", text)
        return grouped.replace(",", ".") if grouped.count(",") + grouped.count(".") < 2 else ""
    total, part = 0, 0
    plain = folded(text).replace("quatre-vingts", "quatre-vingt")
    for word in re.split(r"[-\s]+", plain.replace("quatre-vingt", "80")):
        value = _values().get(word)
        if word == "et":
            continue
        if value is None:
            return ""
        if value == 100:
            part = max(part, 1) * 100
        elif value == 1000:
            total, part = total + max(part, 1) * 1000, 0
        else:
            part += value
    return str(total + part)


@once
def _values() -> dict[str, int]:
    units = {folded(word): value for value, word in enumerate(listed("numbers"))}
    tens = {folded(word): 20 + 10 * value for value, word in enumerate(listed("tens"))}
    return units | tens | {"80": 80, "une": 1, "cent": 100, "cents": 100, "mille": 1000}
