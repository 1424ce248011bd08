"""French and English as they are set: spaces that do not break, dates, times and numbers."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
FRENCH: Final = re.compile("«[^«»]*»")
"""Words that a text in another language quotes in French."""
_BEFORE: Final = re.compile(r"[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+([?!:;»%])(?=\W|$)")
_AFTER: Final = re.compile(r"«[ \N{NO-BREAK SPACE}]+")
_NUMERO: Final = re.compile(r"\b([nN]°|no\.) (?=[\d{])")
_HOUR: Final = re.compile(r"(?<=\d) (h)\b(?: (?=\d))?")
_SET: Final = re.compile(r"[?!:;»%«°]|no\. |\d h")
"""What any of the above needs: most names have none of it."""
_QUOTED: Final = {
    "fr": re.compile(rf"«[{NARROW} ]?(.*?)[{NARROW} ]?»"),
    "en": re.compile("“(.*?)”"),
}
_GROUPED: Final = 10_000
_MONTHS: Final = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def typeset(text: str, language: str) -> str:
    """Return a text with the spaces that French wants before ``? ! : ; %`` and inside guillemets.

    Nothing but existing spaces changes. What stands in guillemets is French in English texts too.
    """
    if _SET.search(text) is None:
        return text
    if language != "fr":
        return _english(text) if language == "en" else text
    text = _BEFORE.sub(NARROW + r"\1", text)
    text = _AFTER.sub("«" + NARROW, text)
    text = _HOUR.sub(lambda m: f"{NARROW}{m[1]}{NARROW if m[0].endswith(' ') else ''}", text)
    return _NUMERO.sub(lambda m: m[1] + NARROW, text)


def _english(text: str) -> str:
    quoted = FRENCH.sub(lambda m: typeset(m[0], "fr"), text)
    return _NUMERO.sub(lambda m: m[1] + NARROW, quoted)


def within_quotes(text: str, language: str) -> str:
    """Return a text as it stands between quotation marks: its own are those of the second rank."""
    if language not in _QUOTED:
        return text
    return _QUOTED[language].sub(r"“\1”" if language == "fr" else r"‘\1’", text)


def number(value: int, language: str) -> str:
    """Return a whole number, its thousands apart where there are five digits or more."""
    if abs(value) < _GROUPED:
        return str(value)
    return f"{value:,}".replace(",", NARROW if language == "fr" else ",")


def decimal(text: str, language: str) -> str:
    """Return a number that is written with a point as a language writes it."""
    return text.replace(".", ",") if language == "fr" else text


def size(octets: int, language: str) -> str:
    """Return how large a file is, in three digits and units of a thousand."""
    unit = "o" if language == "fr" else "B"
    value, prefixes = float(octets), ["", "k", "M", "G", "T"]
    while value >= 999.5 and len(prefixes) > 1:
        value, prefixes = value / 1000, prefixes[1:]
    digits = (f"{value:.1f}" if value < 99.95 else f"{value:.0f}").removesuffix(".0")
    return f"{decimal(digits, language)}\N{NO-BREAK SPACE}{prefixes[0]}{unit}"


def day(text: str, language: str) -> str:
    """Return an xsd:date, gYearMonth or gYear in words; as it is where it is none."""
    found = re.fullmatch(r"(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?(Z|[+-]\d\d:\d\d)?", text)
    if found is None:
        return text
    year, month, number_of_day, _ = found.groups()
    if month is None:
        return year
    if not 1 <= int(month) <= len(_MONTHS["fr"]):
        return text
    name = _MONTHS["fr" if language == "fr" else "en"][int(month) - 1]
    if number_of_day is None:
        return f"{name} {year}"
    try:
        date(int(year), int(month), int(number_of_day))
    except ValueError:
        return text
    first = "1er" if language == "fr" and number_of_day == "01" else str(int(number_of_day))
    return f"{first} {name} {year}"


def month_names() -> Iterator[tuple[int, str]]:
    """Yield the names of the months in each language, with their numbers."""
    for names in _MONTHS.values():
        yield from enumerate(names, 1)


def day_and_month(text: str, language: str) -> str:
    """Return an xsd:date in words without its year; as it is where it is none."""
    words = day(text, language)
    return words if words == text else words.rpartition(" ")[0]


def day_of(text: str, language: str) -> str:
    """Return an xsd:dateTime at midnight as its day, in words; as it is where it is none."""
    found = re.fullmatch(r"(-?\d{4,}-\d\d-\d\d)T00:00:00(\.0+)?(Z|[+-]\d\d:\d\d)?", text)
    return day(found[1], language) if found else text


def hour(text: str, language: str) -> str:
    """Return an xsd:time as it is written; as it is where it is none."""
    found = re.fullmatch(r"(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", text)
    if found is None or found[3] != "00":
        return text
    hours, minutes = int(found[1]), found[2]
    if language != "fr":
        return f"{hours}:{minutes}"
    return f"{hours}{NARROW}h" if minutes == "00" else f"{hours}{NARROW}h{NARROW}{minutes}"
