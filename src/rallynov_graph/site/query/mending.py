"""The error in an invalid query, and likely corrections: what its writer may have meant.

They are guesses from the words alone; each must be parsed by the engine before it is offered.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf.tokens import Token, decoded, tokens, undeclared_prefixes

_PATTERNS: Final = {
    "iri": r"IRI parsing failed|the prefix (?:https?|urn|mailto): is not declared",
    "prefix": r"the prefix (\S*:) is not declared",
    "end": r"unexpected end of (?:the query|line)",
    "unexpected": r"unexpected \u201c(.*)\u201d",
    "ungrouped": r"The SELECT contains (?:an expression with )?a variable that is unbound",
    "twice": r"Duplicated variable name in SELECT",
    "overrides": r"The SELECT overrides an existing variable",
    "star": r"SELECT \* is not authorized with GROUP BY",
    "function": r"The custom function <(.*)> is not supported",
    "deep": r"The query is nested too deeply",
    "empty": r"The query is empty",
}
LONGEST: Final = 20_000
"""A longer query is not mended."""
_TERMS: Final = ("variable", "name", "iri")
_OPENED: Final = {")": "(", "}": "{", "]": "["}
_CLOSED: Final = {opened: closed for closed, opened in _OPENED.items()}
_WORDS: Final = frozenset(
    word
    for line in """
    A ABS AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT
    DATATYPE DAY DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP
    GROUP_CONCAT HAVING HOURS IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES
    LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH NAMED NOT NOW OFFSET OPTIONAL ORDER PREFIX RAND
    REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SELECT SEPARATOR SHA1 SHA256 SHA384 SHA512
    STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM TIMEZONE TRUE
    TZ UCASE UNDEF UNION URI UUID VALUES WHERE YEAR
    """.splitlines()
    for word in line.split()
)


_SPARQL_FOR_SQL: Final = {
    "AVERAGE": "AVG",
    "LEN": "STRLEN",
    "LENGTH": "STRLEN",
    "LOWER": "LCASE",
    "UPPER": "UCASE",
}
"""What other query languages call a word of SPARQL."""
_OTHER_PREFIXES: Final = {"dc": "dcterms", "dct": "dcterms", "sdo": "schema", "xs": "xsd"}
"""What others call prefixes of ours."""
_BEGINNING: Final = 3
"""So many letters begin a word that is meant."""


@dataclass(frozen=True)
class Fault:
    """A kind of mistake, and what in the query it is about."""

    key: str
    about: str = ""


def fault_of(message: str) -> Fault | None:
    """Return the error that the engine's message means, None if it is unknown."""
    for key, pattern in _PATTERNS.items():
        if found := re.search(pattern, message):
            return Fault(key, found[1] if found.groups() else "")
    return None


@dataclass(frozen=True)
class Mend:
    """A correction: the key of its explanation, its subject, and the corrected query."""

    key: str
    about: str
    query: str
    declared: str = ""
    """The known prefixes that it declares beside."""


def mends(query: str, fault: Fault | None, at: int | None) -> Iterator[Mend]:
    """Yield likely corrections, the likeliest first; ``at`` is where the engine stopped."""
    if fault is None or len(query) > LONGEST or decoded(query) != query:
        return
    if fault.key == "prefix":
        yield from _with_brackets(_prefixes(query))
        yield from map(_with_prefixes, _with_brackets(_spelt(query)))
    elif fault.key == "ungrouped":
        yield from _grouped(query)
    elif fault.key in ("end", "unexpected"):
        yield from map(_with_prefixes, _with_brackets(_spelt(query)))
        yield from map(_with_prefixes, _balanced(query))
        yield from map(_with_prefixes, _separated(query, at or 0))


def _with_brackets(mended: Iterator[Mend]) -> Iterator[Mend]:
    """Yield mends, each also together with that of its brackets."""
    for mend in mended:
        yield mend
        for closed in _balanced(mend.query):
            yield Mend(mend.key, f"{mend.about}, {closed.about}", closed.query)


def _with_prefixes(mend: Mend) -> Mend:
    """Return a mend that declares the known prefixes, too, without which it would be of no use."""
    missing = [prefix for prefix in undeclared_prefixes(mend.query) if prefix in PREFIXES]
    if not missing:
        return mend
    declared = ", ".join(f"{prefix}:" for prefix in missing)
    return replace(mend, query=_declaring(mend.query, _lines(missing)), declared=declared)


def _prefixes(query: str) -> Iterator[Mend]:
    """Declare the prefixes that are known; write a known one for another that is near it."""
    missing = [*undeclared_prefixes(query)]
    known = [prefix for prefix in missing if prefix in PREFIXES]
    declared = {t.text[:-1] for t in tokens(query) if t.kind == "name" and t.text.endswith(":")}
    renamed = {
        prefix: found
        for prefix in missing
        if prefix not in PREFIXES
        and (
            found := _OTHER_PREFIXES.get(prefix)
            or _meant(prefix, {*PREFIXES, *(declared - {*missing})})
        )
    }
    written = _replaced(
        query,
        {
            token: f"{renamed[token.text.partition(':')[0]]}:{token.text.partition(':')[2]}"
            for token in tokens(query)
            if token.kind == "name" and token.text.partition(":")[0] in renamed
        },
    )
    needed = [p for p in undeclared_prefixes(written) if p in PREFIXES]
    lines = _lines(needed)
    if renamed:
        about = ", ".join(f"{prefix}:" for prefix in renamed.values())
        yield Mend("spelt", about, _declaring(written, lines))
    elif known:
        yield Mend("prefix", lines.strip().replace("\n", " "), _declaring(query, lines))


def _lines(prefixes: Iterable[str]) -> str:
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in prefixes)


def _declaring(query: str, lines: str) -> str:
    """Return a query with declarations before its first word, after the comments above it."""
    start = next((token.start for token in tokens(query)), 0)
    return query[:start] + lines + query[start:]


def _spelt(query: str) -> Iterator[Mend]:
    """Write the words of SPARQL for those that are near them and mean nothing."""
    meant = {
        token: found
        for token in tokens(query)
        if token.word and token.word not in _WORDS and (found := _word_for(token.word))
    }
    if meant:
        about = ", ".join(dict.fromkeys(meant.values()))
        yield Mend("spelt", about, _replaced(query, meant))


def _word_for(word: str) -> str | None:
    """Return the word of SPARQL that is meant, if one is near, or the longest that this goes on."""
    goes_on = [
        candidate
        for candidate in _WORDS
        if len(candidate) >= _BEGINNING and word.startswith(candidate)
    ]
    return (
        _SPARQL_FOR_SQL.get(word)
        or _meant(word, _WORDS)
        or max(sorted(goes_on), key=len, default=None)
    )


def _meant(word: str, known: Collection[str]) -> str | None:
    """Return the known word that is this one but for a slip, or that alone begins so."""
    likely = sorted(known, key=lambda candidate: (abs(len(candidate) - len(word)), candidate))
    if found := near(word, likely, 1, slips_only=True):
        return found[0]
    begun = [
        candidate for candidate in known if len(word) >= _BEGINNING and candidate.startswith(word)
    ]
    return begun[0] if len(begun) == 1 else None


def _balanced(query: str) -> Iterator[Mend]:
    """Close what is open, and take away what closes nothing."""
    opened: list[str] = []
    insertions: dict[int, str] = {}
    removed: dict[Token, str] = {}
    for token in tokens(query):
        if token.kind != "sign":
            continue
        if token.text in _CLOSED:
            opened.append(token.text)
        elif token.text in _OPENED:
            wanted = _OPENED[token.text]
            if wanted not in opened:
                removed[token] = ""
                continue
            while opened[-1] != wanted:
                insertions[token.start] = (
                    insertions.get(token.start, "") + _CLOSED[opened.pop()] + " "
                )
            opened.pop()
    ending = "".join(_CLOSED[bracket] for bracket in reversed(opened))
    mended = _replaced(query, removed, insertions).rstrip() + (f"\n{ending}" if ending else "")
    added = [*"".join(insertions.values()).split(), *ending]
    if added:
        yield Mend("closed", " ".join(added), mended)
    elif removed:
        yield Mend("taken", " ".join(token.text for token in removed), mended)


def _separated(query: str, at: int) -> Iterator[Mend]:
    """End a pattern where the next one begins without a separator, shortly before."""
    terms = [token for token in tokens(query) if token.start <= at and token.kind in _TERMS]
    for token in reversed(terms[-3:]):
        before = len(query[: token.start].rstrip())
        for sign in ".;":
            yield Mend("separated", sign, f"{query[:before]} {sign}{query[before:]}")


def _grouped(query: str) -> Iterator[Mend]:
    """Group by the variables that a SELECT with a calculation names outside of one."""
    words = [*tokens(query)]
    place_of_word = {token.word: place for place, token in enumerate(words)}
    if "SELECT" not in place_of_word:
        return
    named, depth = [], 0
    for token in words[place_of_word["SELECT"] + 1 :]:
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "{" or token.word in ("WHERE", "FROM"):
            break
        if token.kind == "variable" and depth == 0:
            named.append(token.text)
    if not named:
        return
    if "GROUP" in place_of_word:
        rest = words[place_of_word["GROUP"] + 2 :]
        grouped_by = {token.text for token in rest}
        end = rest[0].start if rest else len(query)
        missing = " ".join(name for name in named if name not in grouped_by)
        if missing:
            yield Mend("grouped", missing, f"{query[:end]}{missing} {query[end:]}")
        return
    last = max((i for i, t in enumerate(words) if t.text == "}"), default=None)
    if last is None:
        return
    place = words[last].start + 1
    yield Mend(
        "grouped", " ".join(named), f"{query[:place]}\nGROUP BY {' '.join(named)}{query[place:]}"
    )


def _replaced(
    query: str, replacements: Mapping[Token, str], insertions: Mapping[int, str] | None = None
) -> str:
    """Return a query with other texts for some tokens, and texts put in at some places."""
    changes = [(t.start, t.end, text) for t, text in replacements.items()]
    changes += [(place, place, text) for place, text in (insertions or {}).items()]
    for start, end, text in sorted(changes, reverse=True):
        query = query[:start] + text + query[end:]
    return query
