"""The tokens of a SPARQL query, distinguished from lookalikes in strings, IRIs and comments.

This is a guard, not a parser: the engine decides what is valid. Queries are read as the engine
reads them, after decoding their ``\\u`` escapes.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# Every loop is possessive and no alternative that fails has read far: the time is linear in the
# length, whatever is sent. An unclosed string therefore is a token too, up to the end.
_TOKEN: Final = re.compile(
    r"""
      (?P<comment>  \#[^\r\n]* )
    | (?P<iri>      <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+> )
    | (?P<long>     \"{3}(?:\\.|\"{1,2}(?!\")|[^\"\\])*+(?:\"{3})?
                  | '{3}(?:\\.|'{1,2}(?!')|[^'\\])*+(?:'{3})? )
    | (?P<string>   \"(?:\\[^\r\n]|[^\"\\\r\n])*+\"?
                  | '(?:\\[^\r\n]|[^'\\\r\n])*+'? )
    | (?P<variable> [?$]\w++ )
    | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+ )
    | (?P<name>     (?:[^\W\d_][\w.\-]*+|_)?+ :
                    (?:[\w:\-]|%[0-9A-Fa-f]{2}|\\[^\r\n]|\.(?=[\w.:\-%\\]))*+ )
    | (?P<number>   \d++(?:\.\d++)?(?:[eE][+-]?\d++)? )
    | (?P<word>     [^\W\d][\w.\-]*+ )
    | (?P<sign>     \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_QUERY_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_PROLOGUE: Final = frozenset({"PREFIX", "BASE", "VERSION"})
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
_BEFORE_A_VALUE: Final = frozenset("(,=|&/*+-!^")
"""After one of these signs, an expression goes on with a value: ``<`` is no comparison there."""
_LINE_END: Final = re.compile(r"[\r\n]|$")


Position = tuple[int, int] | tuple[None, None]


class Token(NamedTuple):
    """A part of a query: its kind (a group of the pattern above), its text, where it starts."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def word(self) -> str:
        """The keyword that a token is, in capitals; the empty string for what is not a word."""
        return self.text.upper() if self.kind == "word" else ""


def decoded(query: str) -> str:
    """Return the query with its code point escapes replaced (SPARQL 1.1, section 19.2)."""
    return _ESCAPE.sub(_character, query) if "\\" in query else query


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of a decoded query without its comments."""
    for found in _TOKEN.finditer(query):
        kind = found.lastgroup
        if kind is not None and kind != "comment":
            yield Token(kind, found.group(), found.start())


def outside_braces(query: str) -> Iterator[Token]:
    """Yield the tokens of a decoded query that are outside all braces."""
    depth = 0
    for token in tokens(query):
        if token.kind == "sign" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
        elif not depth:
            yield token


def without_optional(query: str) -> Iterator[Token]:
    """Yield the tokens of a decoded query that are in no OPTIONAL group."""
    depth, word, optional = 0, "", 0
    for token in tokens(query):
        if token.kind == "sign" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
            if word == "OPTIONAL":
                optional = optional or depth
            if depth < optional:
                optional = 0
        word = token.word
        if not optional:
            yield token


def calls_out(query: str) -> bool:
    """Whether a query uses SERVICE, however it is spelled; true if in doubt."""
    plain = decoded(query)
    texts = (query,) if plain == query else (query, plain)
    return any("service" in text.lower() and _calls_out(text) for text in texts)


def _calls_out(text: str) -> bool:
    return any(map(_may_call, tokens(text))) or reads_two_ways(text)


def reads_two_ways(query: str) -> bool:
    """Whether another reading of a query could find other words outside its strings.

    In ``(?a<?b)#>`` only the grammar distinguishes a comparison and a comment from an IRI. This
    matters if the apparent IRI contains a quotation mark, or a comment sign before a string that
    continues on the next line; anything else ends with its line.
    """
    depth, previous, doubtful_until = 0, "", -1
    for token in tokens(query):
        if token.kind == "long" and token.start < doubtful_until < token.end:
            return True
        compares = previous == "<" or (depth > 0 and previous not in _BEFORE_A_VALUE)
        if token.kind == "iri" and compares:
            if "'" in token.text:
                return True
            if "#" in token.text and token.start > doubtful_until:
                found = _LINE_END.search(query, token.start)
                doubtful_until = found.start() if found else len(query)
        depth += (token.text == "(") - (token.text == ")")
        previous = token.text
    return False


def position_of_call(query: str) -> Position:
    """Return the line and column, from 1, of the first plain SERVICE, None if there is none."""
    return _position_of(query, frozenset({"SERVICE"}))


def position_of_update(query: str) -> Position:
    """Return the line and column, from 1, of an update's first verb, None if there is none."""
    return _position_of(query, _UPDATES)


def _position_of(query: str, words: frozenset[str]) -> Position:
    for token in tokens(query):
        if token.word in words:
            return position_at(query, token.start)
    return None, None


def position_at(query: str, start: int) -> tuple[int, int]:
    """Return the line and column, from 1, of a character of a query."""
    return query.count("\n", 0, start) + 1, start - query.rfind("\n", 0, start)


def _may_call(token: Token) -> bool:
    unclosed = token.kind == "long" and not token.text.endswith(('"""', "'''"))
    return (token.kind == "word" or unclosed) and "service" in token.text.lower()


def is_update(query: str) -> bool:
    """Whether a query is an update: its first verb is one."""
    for token in tokens(decoded(query)):
        if token.word in _QUERY_FORMS | _UPDATES:
            return token.word in _UPDATES
    return False


def form_of(query: str) -> str:
    """Return SELECT, ASK, CONSTRUCT or DESCRIBE; the empty string if it is not a query.

    It is the first word after the prologue, and only a prologue may precede it.
    """
    for token in tokens(decoded(query)):
        if token.word and token.word not in _PROLOGUE:
            return token.word if token.word in _QUERY_FORMS else ""
        if not token.word and token.kind not in ("name", "iri", "string"):
            return ""
    return ""


def columns_of(query: str) -> tuple[str, ...] | None:
    """Return the names of a SELECT's columns, None for ``SELECT *`` or another form."""
    if form_of(query) != "SELECT":
        return None
    names: list[str] = []
    depth, previous, is_inside = 0, "", False
    for token in tokens(decoded(query)):
        word = token.word or token.text
        if not is_inside:
            is_inside = token.word == "SELECT"
        elif depth == 0 and (word in ("{", "*") or word in ("WHERE", "FROM")):
            return tuple(names) if word != "*" else None
        elif word in ("(", ")"):
            depth += 1 if word == "(" else -1
        elif token.kind == "variable" and (depth == 0 or (depth == 1 and previous == "AS")):
            names.append(token.text[1:])
        previous = word
    return None


def names_graphs(query: str) -> bool:
    """Whether a query names its own dataset (FROM)."""
    return any(token.word == "FROM" for token in tokens(decoded(query)))


def declarations(query: str) -> Iterator[tuple[str, str]]:
    earlier, last = "", ""
    for token in tokens(query):
        if token.kind == "iri" and earlier == "PREFIX":
            yield last.partition(":")[0], token.text[1:-1]
        earlier, last = last.upper(), token.text


def undeclared_prefixes(query: str) -> dict[str, int]:
    """Return each prefix that is used but not declared, with the place of its first use."""
    declared: set[str] = set()
    used: dict[str, int] = {}
    previous = ""
    for token in tokens(query):
        if token.kind == "name" and not token.text.startswith("_:"):
            prefix = token.text.partition(":")[0]
            if previous == "PREFIX":
                declared.add(prefix)
            else:
                used.setdefault(prefix, token.start)
        previous = token.text.upper()
    return {prefix: start for prefix, start in used.items() if prefix not in declared}


def named_iris(query: str) -> Iterator[tuple[Token, str]]:
    """Yield each token with the IRI that it names, in full or with a declared prefix.

    The IRI is the empty string if there is none, as in a prefix declaration.
    """
    prefixes: dict[str, str] = {}
    previous = declared = ""
    for token in tokens(query):
        iri = ""
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if previous == "PREFIX":
                declared = prefix
            elif prefix in prefixes:
                iri = prefixes[prefix] + local.replace("\\", "")
        elif token.kind == "iri":
            if previous == f"{declared}:":
                prefixes[declared] = token.text[1:-1]
            else:
                iri = token.text[1:-1]
        yield token, iri
        previous = token.word or token.text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    # Surrogates and what is beyond Unicode stay as they are: the engine refuses them.
    return escape[0] if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
