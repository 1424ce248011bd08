"""What somebody says, in their words: told apart from titles and names in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.desk.proposing.word_lists import words
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

NEEDS_NAMES: Final = True
_SPOKEN: Final = re.compile(
    r"\b(?:je|j['’]|nous|on|vous|tu|moi|me|m['’]|mon|ma|mes|notre|nos|c['’](?:est|"
    r"était|étaient)|ce sont|il (?:faut|fallait|y a)|ça|cela|ne|n['’]|qu['’]|que|"
    r"qui|est|sont|était|sera|ont|avons|avez|a|ai|avait|peut|doit|va|vont|faut|font|"
    r"fait|crée|soit)\b",
    re.IGNORECASE,
)
_VERB_FORM: Final = re.compile(r"\b\w{3,}(?:ons|ez|ait|aient|ent|era|erons|ont)\b", re.IGNORECASE)
_NOT_VERBS: Final = frozenset(
    [
        "maisons",
        "saisons",
        "conditions",
        "actions",
        "nez",
        "chez",
        "rez",
        "cent",
        "vent",
        "dent",
        "client",
        "content",
        "present",
        "moment",
        "evenement",
        "accent",
        "agent",
        "argent",
        "talent",
        "parent",
        "different",
    ]
)
_SAYS_BEFORE: Final = re.compile(
    r"(?:que|qu['’]|à|de|d['’]|:|,|comme|par|du|et|ou|un|une|le|la|les|l['’]|au|des|[;–—-])?\s*[«“\"*\s\xa0\u202f(]*$",
    re.IGNORECASE,
)
_INCISE: Final = re.compile(
    r"[\s\xa0\u202f*»”\".]*,?\s*(?:(?:se|s['’]|le|l['’]|nous|en|y)\s?)*([^\W\d_]+(?:['’][^\W\d_]+)?)(?:-t)?(?:-(?:il|elle|ils|elles|on))?",
    re.IGNORECASE,
)
_TITLED: Final = 30
_LONG: Final = 6
_SIGNATURE: Final = 60
_GOES_ON: Final = re.compile(
    r"[*\s\xa0\u202f]*[»”\"]\s*(?:[;,]|et|puis|\.)?\s*[«“\"]?[*\s\xa0\u202f«“\"]*"
)
_SIGNED: Final = re.compile(r"[\s\xa0\u202f*]*[»”\"][.\s>]*(?:\n|\(|[–—-])")
_PERSON_AFTER: Final = re.compile(r"[\s\xa0\u202f*]*[»”\"]\s*,?\s+([a-zà-ÿœ]{3,})\s+")
"""« … », calcule X: a verb and a person say whose words these are."""
_AUXILIARY: Final = re.compile(r"\b(?:a|ont|avait|avaient)\s*[«“\"*\s\xa0\u202f]*$")
_EARLIER: Final = 1200
"""Who was named last in so many characters may go on speaking."""
_DASH: Final = re.compile(r"^[ \t]*[–—][ \t\xa0]+(?=[A-ZÀ-ÝÇ])", re.MULTILINE)
_SAID_AFTER: Final = re.compile(
    r",\s+(?:(?:se|s['’]|nous|lui|le|l['’])\s?)?([^\W\d_]+)(?:-t)?(?:-(?:il|elle|on))?(?:\s|,|\.)"
)


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield what is said in quotation marks, and in a dialogue with dashes."""
    yield from reading.once(speech_in)
    yield from _dialogue(reading)


def speech_in(reading: Reading) -> Iterator[Proposal]:
    """Yield what is said in quotation marks."""
    earlier: tuple[int, int] | None = None
    for start, end in reading.outer_quotes:
        weight, why = _weight(reading, start, end, earlier)
        if weight >= 1.0:
            earlier = start, end
            speakers = _speakers(reading, start, end)
            told = _told(why, speakers)
            yield Proposal("quotation", start, end, told, candidates=speakers, weight=weight)


def _told(why: Why, speakers: tuple[Candidate, ...]) -> Why:
    if not speakers:
        return why
    names = " / ".join(dict.fromkeys(it.label for it in speakers))
    return Why(f"{why.fr} ; dit par : {names}", f"{why.en}; said by: {names}")


def _weight(
    reading: Reading, start: int, end: int, earlier: tuple[int, int] | None
) -> tuple[float, Why]:
    """Return how much a quotation looks like speech, and what speaks most for it."""
    text, words_in = reading.text, re.findall(r"[^\W\d_]+", reading.text[start:end])
    reasons = [*_for_speech(reading, start, end, earlier, len(words_in))]
    against = sum(_for_title(reading, start, end, words_in))
    best = max(
        reasons, key=lambda it: it[0], default=(0.0, Why("entre guillemets", "in quotation marks"))
    )
    del text
    return sum(it for it, _ in reasons) - against, best[1]


def _for_speech(
    reading: Reading, start: int, end: int, earlier: tuple[int, int] | None, count: int
) -> Iterator[tuple[float, Why]]:
    """Yield what in a quotation and beside it says that somebody speaks."""
    quoted = reading.text[start:end]
    if _SPOKEN.search(quoted) or _has_verb(quoted):
        yield 0.8, Why("une phrase entre guillemets", "a sentence in quotation marks")
    if count > _LONG:
        yield 0.6, Why("une longue citation", "a long quotation")
    if quoted[-1:] in ".!?…":
        yield 0.5, Why("une phrase entière, avec son point", "a whole sentence, with its full stop")
    if earlier is not None and _GOES_ON.fullmatch(reading.text, earlier[1], start):
        yield 1.4, Why("elle continue la précédente", "it goes on from the one before")
    if reading.text[max(0, start - 2) : start].endswith("*") and not _is_bold(reading, start):
        yield 0.5, Why("en italique, comme les propos", "in italics, as what is said")
    yield from _before_speech(reading, start)
    yield from _after_speech(reading, end)


def _is_bold(reading: Reading, start: int) -> bool:
    return reading.text[max(0, start - 2) : start] == "**"


def _before_speech(reading: Reading, start: int) -> Iterator[tuple[float, Why]]:
    before = _clause_before(reading, start)
    if said := _says(before):
        last = before.rstrip(' \n\xa0\u202f:«“"*').endswith(said)
        yield 1.5 if last else 1.2, Why(f"après « {said} »", f"after “{said}”")
    if _AUXILIARY.search(before):
        yield 1.3, Why("le verbe est dans la citation", "its verb is within the quotation")
    if reading.names_in(max(0, start - len(before)), start, "person"):
        yield 0.4, Why("une personne est nommée avant", "a person is named before")
    if _named_source(reading, start):
        yield 1.2, Why("une personne est nommée juste avant", "a person is named just before")


def _after_speech(reading: Reading, end: int) -> Iterator[tuple[float, Why]]:
    if said := _said_after(reading, end):
        yield 1.5, Why(f"suivie de « {said} »", f"followed by “{said}”")
    elif (found := _PERSON_AFTER.match(reading.text, end)) and reading.names_in(
        found.end(), found.end() + _SIGNATURE, "person"
    )[:1]:
        person = reading.names_in(found.end(), found.end() + _SIGNATURE, "person")[0]
        if person.start == found.end():
            yield 1.5, Why(f"suivie de « {found[1]} »", f"followed by “{found[1]}”")
    if _SIGNED.match(reading.text, end) and reading.names_in(end, end + _SIGNATURE, "person"):
        yield 1.2, Why("suivie du nom de qui parle", "followed by who speaks")


def _for_title(reading: Reading, start: int, end: int, words_in: list[str]) -> Iterator[float]:
    text = reading.text
    before = text[max(0, start - _TITLED) : start]
    noun = re.search(r"([^\W\d_][\w-]*)\s*:?\s*[«“\"*\s\xa0\u202f]*$", before)
    if noun is not None:
        plain = folded(noun[1])
        named = words("events") | words("innovations") | words("works") | words("naming")
        if plain in named or plain.removesuffix("s") in named | words("organisation_types"):
            yield 1.6
    if text[max(0, start - 2) : start] == "**":
        yield 1.2
    line_start, line_end = reading.line(start)
    alone = not text[line_start:start].strip(' «“"*•\xa0\u202f.#>-–') and not text[
        end:line_end
    ].strip(' »”"*.,:\xa0\u202f')
    if alone and text[end - 1] not in ".!?" and not _said_after(reading, end):
        yield 0.9
    if len(words_in) <= 3:
        yield 0.8
    if not _SPOKEN.search(text[start:end]) and not _has_verb(text[start:end]):
        yield 0.5
    if (
        re.search(
            r"\b(?:le|la|les|l['’]|un|une|des|du|au|son|sa|ses|leur|cette|ce)\s*[«“\"*\s\xa0\u202f]*$",
            before,
            re.IGNORECASE,
        )
        and len(words_in) <= 5
    ):
        yield 0.8
    if re.search(
        r"(?:^|\n)[^\n]*\d{1,2}/\d{1,2}/\d{2,4}\s*\n\s*[«“\"]?\s*$",
        text[max(0, start - 60) : start],
    ):
        yield 2.0


def _has_verb(quoted: str) -> bool:
    return any(folded(it) not in _NOT_VERBS for it in _VERB_FORM.findall(quoted))


def _clause_before(reading: Reading, start: int) -> str:
    first = max(reading.sentence(start)[0], start - 220)
    return reading.text[first:start]


def _says(before: str) -> str:
    """Return the word that says that something is said, among the last of a clause."""
    flat = " ".join(before.split())
    last = re.split(r"[.;!?»]", flat.rstrip(' «“"*:'))[-1]
    found = list(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", last))
    spoken = next(
        (it for it in reversed(found) if folded(it).rpartition("'")[2] in words("saying")), ""
    )
    if spoken:
        return spoken
    source = re.match(
        r"(?:.*\b)?(Selon|Pour|D['’]après|selon|pour|d['’]après)\b(?=\s+(?:[A-ZÀ-Ý]|"
        r"elle|lui|l['’]|le |la |eux))",
        last,
    )
    return source[1] if source else ""


def _said_after(reading: Reading, end: int) -> str:
    found = _INCISE.match(reading.text, end)
    if found is None or not re.search(r"[»”\"]", reading.text[end : found.end()]):
        return ""
    return found[1] if folded(found[1]).rpartition("'")[2] in words("saying") else ""


def _named_source(reading: Reading, start: int) -> bool:
    """Return whether a person stands before a quotation, with nothing between but what they are."""
    first = reading.sentence(start)[0]
    people = reading.names_in(max(first, start - 160), start, "person")
    if not people:
        return False
    between = reading.text[people[-1].end : start]
    return bool(re.search(r"[:,]\s*[«“\"*\s\xa0\u202f]*$", between)) and len(between) < 120


def _speakers(reading: Reading, start: int, end: int) -> tuple[Candidate, ...]:
    """Return who may speak, the likeliest first: who is named in the sentence, or just after it."""
    first, last = reading.sentence(start)
    last = max(last, reading.sentence(end)[1])
    is_told = bool(_said_after(reading, end))
    after = list(reading.names_in(end, min(last, end + 90), "person")) if is_told else []
    before = [*reversed(reading.names_in(first, start, "person"))]
    below = (
        []
        if after or before or is_told
        else reading.names_in(end, min(len(reading.text), end + 70), "person")[:1]
    )
    named = [*after, *before, *below]
    if not named:
        named = reading.names_in(max(0, start - _EARLIER), start, "person")[-1:]
    found: dict[str, Candidate] = {}
    for person in named:
        for candidate in person.candidates[:1]:
            found.setdefault(candidate.label, candidate)
    return tuple(found.values())[:3]


def _dialogue(reading: Reading) -> Iterator[Proposal]:
    """Yield what is said after a dash, where another line answers or a verb says so."""
    found = list(_DASH.finditer(reading.text))
    for mark in found:
        end = reading.line(mark.end())[1]
        paragraph = reading.paragraph(mark.end())
        following = next((it.start() for it in found if it.start() >= end), paragraph[1])
        stop = min(following, paragraph[1])
        said = reading.text[mark.end() : stop]
        verb = next(
            (it for it in _SAID_AFTER.finditer(said) if folded(it[1]) in words("saying")), None
        )
        asks = said.rstrip().endswith(("?", "!"))
        if verb is None and not (asks and len(found) > 1):
            continue
        last = mark.end() + (verb.start() if verb else len(said.rstrip()))
        speakers = _speakers(reading, mark.end(), last) if verb else ()
        yield Proposal(
            "quotation",
            mark.end(),
            last,
            _told(Why("réplique après un tiret", "said after a dash"), speakers),
            candidates=speakers,
        )
