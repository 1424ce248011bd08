"""The languages of the site, and their typography: non-breaking spaces, dates, numbers."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("fr", "en")
"""The languages, the default first."""
DEFAULT_LANGUAGE: Final = LANGUAGES[0]
_OF_NUMBERS: Final = {2: ("_one", "_other"), 3: ("_one", "_few", "_many")}

NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
FRENCH: Final = re.compile("«[^«»]*»")
"""Words that a text in another language quotes in French."""
_BEFORE: Final = re.compile(r"[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+([?!:;»%])(?=\W|$)")
_AFTER: Final = re.compile(r"«[ \N{NO-BREAK SPACE}]+")
_NUMERO: Final = re.compile(r"\b([nN]°|no\.) (?=[\d{])")
_HOUR: Final = re.compile(r"(?<=\d) (h)\b(?: (?=\d))?")
_SET: Final = re.compile(r"[?!:;»%«°]|no\. |\d h")
"""The characters that any of the above needs; most names have none of them."""
_QUOTED: Final = {
    "fr": re.compile(rf"«[{NARROW} ]?(.*?)[{NARROW} ]?»"),
    "en": re.compile("“(.*?)”"),
}
_GROUPED: Final = 10_000
_WORDS: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
"""The words of dates, by language."""


def typeset(text: str, language: str) -> str:
    """Return a text with French non-breaking spaces before ``? ! : ; %`` and inside guillemets.

    Only existing spaces are changed. The text inside guillemets is French in English texts too.
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


def words_of(*files: Path) -> dict[str, dict[str, str]]:
    """Return by language the words of TOML files, with ``{ fr = …, en = … }`` on each line.

    The key of a line in a table is ``<table>.<key>``. A list has the texts for one and for several
    things, whose keys end in ``_one`` and ``_other``; a list of three is for one, few and many. A
    line with another key instead of texts takes the words of that key.
    """
    lines = {key: it for file in files for key, it in lines_of(file)}
    texts: dict[str, Mapping[str, str]] = {}
    for key, it in lines.items():
        if line := lines.get(it) if isinstance(it, str) else it:
            texts |= _by_number(key, line)
    texts |= {key: texts[it] for key, it in lines.items() if isinstance(it, str) and it in texts}
    return {language: {key: it[language] for key, it in texts.items()} for language in LANGUAGES}


def _by_number(key: str, line: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    first = line[DEFAULT_LANGUAGE]
    if isinstance(first, str):
        return {key: line}
    return {
        f"{key}{form}": {language: line[language][place] for language in LANGUAGES}
        for place, form in enumerate(_OF_NUMBERS[len(first)])
    }


def lines_of(file: Path) -> Iterator[tuple[str, Any]]:
    """Yield the lines of such a file: the key, and its texts by language or another key."""
    return _lines(tomllib.loads(file.read_text("utf-8")))


def _lines(tables: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tables.items():
        if isinstance(value, str) or DEFAULT_LANGUAGE in value:
            yield f"{prefix}{key}", value
        else:
            yield from _lines(value, f"{prefix}{key}.")


def within_quotes(text: str, language: str) -> str:
    """Return a text for use inside quotation marks: its own become those of the second level."""
    if language not in _QUOTED:
        return text
    return _QUOTED[language].sub(r"“\1”" if language == "fr" else r"‘\1’", text)


def number(value: int, language: str) -> str:
    """Return a whole number with its thousands separated if it has five digits or more."""
    if abs(value) < _GROUPED:
        return str(value)
    return f"{value:,}".replace(",", NARROW if language == "fr" else ",")


def decimal(text: str, language: str) -> str:
    return text.replace(".", ",") if language == "fr" else text


def size(octets: int, language: str) -> str:
    """Return the size of a file in three digits and a decimal unit."""
    unit = "o" if language == "fr" else "B"
    value, prefixes = float(octets), ["", "k", "M", "G", "T"]
    while value >= 999.5 and len(prefixes) > 1:
        value, prefixes = value / 1000, prefixes[1:]
    digits = (f"{value:.1f}" if value < 99.95 else f"{value:.0f}").removesuffix(".0")
    return f"{decimal(digits, language)}\N{NO-BREAK SPACE}{prefixes[0]}{unit}"


DATES: Final = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}"
    for name in ("date", "gYearMonth", "gYear", "dateTime")
)


def day(text: str, language: str) -> str:
    """Return an xsd:date, gYearMonth or gYear in words; any other text unchanged."""
    found = re.fullmatch(r"(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?(Z|[+-]\d\d:\d\d)?", text)
    if found is None:
        return text
    year, month, number_of_day, _ = found.groups()
    if month is None:
        return year
    if not 1 <= int(month) <= 12:
        return text
    name = _words(language)["months"][int(month) - 1]
    if number_of_day is None:
        return f"{name} {year}"
    try:
        date(int(year), int(month), int(number_of_day))
    except ValueError:
        return text
    first = "1er" if language == "fr" and number_of_day == "01" else str(int(number_of_day))
    return f"{first} {name} {year}"


def _words(language: str) -> Mapping[str, Any]:
    return _WORDS["fr" if language == "fr" else "en"]  # type: ignore[no-any-return]


def month_names() -> Iterator[tuple[int, str]]:
    """Yield the names of the months in each language, with their numbers."""
    for words in _WORDS.values():
        yield from enumerate(words["months"], 1)


def in_day(text: str, language: str) -> str:
    """Return when something was said, as "en juin 2013" or "le 3 juin 2013"."""
    form: str = _words(language)["in_day" if len(text) > len("2013-06") else "in_month"]
    return form.format(day(text, language))


def day_and_month(text: str, language: str) -> str:
    """Return an xsd:date in words without its year; any other text unchanged."""
    words = day(text, language)
    return words if words == text else words.rpartition(" ")[0]


def day_of(text: str, language: str) -> str:
    """Return an xsd:dateTime at midnight as a day in words; any other text unchanged."""
    found = re.fullmatch(r"(-?\d{4,}-\d\d-\d\d)T00:00:00(\.0+)?(Z|[+-]\d\d:\d\d)?", text)
    return day(found[1], language) if found else text


def hour(text: str, language: str) -> str:
    """Return an xsd:time in words; any other text unchanged."""
    found = re.fullmatch(r"(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", text)
    if found is None or found[3] != "00":
        return text
    hours, minutes = int(found[1]), found[2]
    if language != "fr":
        return f"{hours}:{minutes}"
    return f"{hours}{NARROW}h" if minutes == "00" else f"{hours}{NARROW}h{NARROW}{minutes}"


EDTF: Final = "http://id.loc.gov/datatypes/edtf/EDTF"
"""The datatype of dates that are no single day (ISO 8601-2).

Read here is what people write of documents: a year, month or day, sure or not; a period; an open
one; a day between two. The gate takes any valid date; one of another form is shown as it is
written. The library that the gate uses takes a thousand times as long for a date, and has no French
words; a test holds the order of two dates against what it finds.
"""

_POINT: Final = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?[?~%]?"
_PERIOD: Final = re.compile(rf"({_POINT}|\.\.)/({_POINT}|\.\.)")
_WITHIN: Final = re.compile(rf"\[({_POINT})?\.\.({_POINT})?\]")


def edtf_in_words(text: str, language: str) -> str:
    """Return an EDTF date in words; a form that is not supported here is returned unchanged."""
    if re.fullmatch(_POINT, text) and _are_dates(text, ""):
        return _forms(text, language)["whole"]
    found = _PERIOD.fullmatch(text) or _WITHIN.fullmatch(text)
    start, end = ((it or "").removeprefix("..") for it in found.groups()) if found else ("", "")
    if not _are_dates(start, end):
        return text
    same_year = start[:4] == end[:4] and min(len(start), len(end)) > 4
    begins = _forms(start, language, day_and_month if same_year else day)
    both, since, until = ("period", "since", "until") if "/" in text else ("between", "from", "by")
    words: str = _words(language)[both if start and end else since if start else until]
    return words.format(start=begins, end=_forms(end, language))


def _are_dates(start: str, end: str) -> bool:
    """Whether these are one date, or two of which the first is not later than the second."""
    points = [it.rstrip("?~%").split("-") for it in (start, end) if it]
    try:
        for year, month, number in ((*point, "1", "1")[:3] for point in points):
            date(int(year), int(month), int(number))
    except ValueError:
        return False
    known = min(map(len, points), default=0)
    return bool(points) and points[0][:known] <= points[-1][:known]


def _forms(text: str, language: str, name: Callable[[str, str], str] = day) -> Mapping[str, str]:
    """Return a date in words, in each form that a French sentence may need."""
    bare = text.rstrip("?~%")
    words = _words(language)
    shown = in_words = name(bare, language)
    if text != bare:
        shown = words[text[len(bare) :]].format(date=in_words)
    if bare.count("-") == 2:
        before = {"definite": "le ", "within": "le ", "beginning": "du ", "ending": "au "}
        before["limit"] = "au "
    else:
        of = "d’" if in_words[:1] in "aeiouyéèh" else "de "
        before = {"definite": "", "within": "en ", "beginning": of, "ending": "à ", "limit": "en "}
    return {"whole": shown} | {form: word + shown for form, word in before.items()}
