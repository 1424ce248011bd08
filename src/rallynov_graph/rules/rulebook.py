"""The rulebook: what may be concluded from the graph, one CONSTRUCT in each file.

A file begins with ``#+ label_fr:``, ``label_en``, ``about_fr``, ``about_en``. The query concludes
one triple from triples: its head is one pattern; its body has patterns, FILTER and BIND, and no
GRAPH. So a rule only adds facts, the result does not depend on the order of the rules, and each
conclusion is explained by the triples that match the body.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Triple, Variable

from rallynov_graph.base.errors import RuleError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.resources import query_text, rules_dir
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.rdf.tokens import Token, tokens

_HEADER: Final = re.compile(
    rf"^#\+[ \t]*((?:label|about)_(?:{'|'.join(LANGUAGES)})):[ \t]*(.*?)[ \t]*$", re.MULTILINE
)
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")

_END: Final = Token("sign", ".", 0)
_OTHERS: Final = frozenset({"FILTER", "BIND", "OPTIONAL", "MINUS", "VALUES", "UNION"})
"""The keywords after triples that are not triples."""
_MISSING: Final = {".": 3, ";": 2, ",": 1}
"""How many terms of the next triple follow a sign."""

PatternTerm = NamedNode | Variable
"""A part of a pattern: a thing, or a variable."""


@dataclass(frozen=True)
class RulePattern:
    """A triple with variables."""

    subject: PatternTerm
    predicate: PatternTerm
    object: PatternTerm

    def filled(self, row: Row) -> Triple | None:
        """Return the triple that a solution makes of the pattern; None if it is not a triple."""
        subject, predicate, value = (
            place if name is None else row.get(name) for name, place in self._places
        )
        if subject is None or predicate is None or value is None:
            return None
        try:
            return Triple(subject, predicate, value)  # type: ignore[arg-type]
        except TypeError:
            return None

    def matched(self, triple: Triple) -> dict[str, Term] | None:
        """Return the value of each variable if the pattern matches a triple, else None."""
        found: dict[str, Term] = {}
        for place, term in zip(self, triple, strict=True):
            name = place.value if isinstance(place, Variable) else None
            if (place if name is None else found.setdefault(name, term)) != term:
                return None
        return found

    def __iter__(self) -> Iterator[PatternTerm]:
        return iter((self.subject, self.predicate, self.object))

    @cached_property
    def _places(self) -> tuple[tuple[str | None, PatternTerm], ...]:
        """Its terms, each with its name if it is a variable."""
        return tuple((it.value if isinstance(it, Variable) else None, it) for it in self)

    @property
    def variables(self) -> set[str]:
        return {place.value for place in self if isinstance(place, Variable)}


@dataclass(frozen=True, eq=False)
class Rule:
    name: str
    text: str
    """The whole file, which is SPARQL that runs as it is."""
    labels: Mapping[str, str]
    about: Mapping[str, str]
    head: RulePattern
    body: tuple[RulePattern, ...]
    _prologue: str = field(repr=False)
    _where: str = field(repr=False)

    @property
    def slug(self) -> str:
        return self.name.replace("_", "-")

    @property
    def iri(self) -> str:
        return f"{ID}rule/{self.slug}"

    def graph(self, certainty: str) -> str:
        return f"{ID}inference/{self.slug}-{certainty}"

    @cached_property
    def needs(self) -> frozenset[str] | None:
        """The predicates of its premises; None if they may have any."""
        found = [pattern.predicate for pattern in self.body]
        if any(isinstance(predicate, Variable) for predicate in found):
            return None
        return frozenset(predicate.value for predicate in found)

    def explaining(self, conclusions: Sequence[Triple]) -> str:
        in_body = set().union(*(pattern.variables for pattern in self.body))
        bound = sorted(self.head.variables & in_body)
        matches = [self.head.matched(conclusion) for conclusion in conclusions]
        rows = [[match[name] for name in bound] for match in matches if match is not None]
        return self._solutions(bound, rows)

    def using(self, facts: Sequence[Triple]) -> Iterator[str]:
        """Yield the queries for the conclusions that have one of these facts as a premise."""
        for pattern in self.body:
            matches = [pattern.matched(fact) for fact in facts]
            bound = sorted(pattern.variables)
            rows = [[match[name] for name in bound] for match in matches if match is not None]
            if rows:
                yield self._solutions(bound, rows)

    def _solutions(self, bound: Sequence[str], rows: Iterable[Iterable[Term]]) -> str:
        """Return the query for the body's solutions where some variables are bound to rows."""
        in_body = set().union(*(pattern.variables for pattern in self.body))
        names = " ".join(f"?{name}" for name in sorted(self.head.variables | in_body))
        return (
            f"{self._prologue}\nSELECT DISTINCT {names} WHERE {{\n"
            f"  {values(bound, rows)}\n{self._where}}}\nORDER BY {names}"
        )


def values(names: Iterable[str], rows: Iterable[Iterable[Term]]) -> str:
    """Return the VALUES block that binds variables together to rows of terms."""
    listed = " ".join(f"({' '.join(map(str, row))})" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {listed} }}"


def load(folder: Path | None = None) -> tuple[Rule, ...]:
    """Return the rules of a folder by name, the shipped ones by default; raise RuleError."""
    files = sorted((folder or rules_dir()).glob("*.rq"))
    return tuple(parse(file.stem, query_text(file)) for file in files)


@cache
def shipped() -> tuple[Rule, ...]:
    """Return the rules that come with the program, read once."""
    return load()


def parse(name: str, text: str) -> Rule:
    """Return the rule in a file; raise RuleError if it is invalid."""
    header = dict(_HEADER.findall(text))
    missing = [f"{key}_{language}" for key in ("label", "about") for language in LANGUAGES]
    missing = [key for key in missing if not header.get(key)]
    if missing:
        raise RuleError(name, f"its header lacks the line #+ {missing[0]}:")
    if not _NAME.fullmatch(name):
        raise RuleError(name, "its name is made of small letters, digits and _")
    return _RuleTokens(name, text).rule(
        labels={language: header[f"label_{language}"] for language in LANGUAGES},
        about={language: header[f"about_{language}"] for language in LANGUAGES},
    )


def pattern_term(token: Token, prefixes: Mapping[str, str]) -> PatternTerm | None:
    """Return the thing or variable that a token of a query stands for; None for any other token."""
    if token.kind == "variable":
        return Variable(token.text[1:])
    if token.kind == "iri":
        return NamedNode(token.text[1:-1])
    if token.kind == "word" and token.text == "a":
        return _TYPE
    prefix, _, local = token.text.partition(":")
    if token.kind == "name" and prefix in prefixes:
        return NamedNode(prefixes[prefix] + local)
    return None


def patterns_between(
    words: Iterable[Token], prefixes: Mapping[str, str]
) -> Iterator[RulePattern | None]:
    """Yield the patterns of triples, some of which share a subject or also a property.

    None replaces anything else, such as a pattern with a path or a blank node.
    """
    subject: PatternTerm | None = None
    prop: PatternTerm | None = None
    part: list[PatternTerm | None] = []
    before = "."
    for token in (*words, _END):
        begins_other = token.text.upper() in _OTHERS
        if token.text not in _MISSING and not begins_other:
            part.append(pattern_term(token, prefixes))
            continue
        missing = _MISSING[before]
        if len(part) == missing:
            subject, prop, value = (subject, prop, None)[: 3 - missing] + tuple(part)
            is_whole = subject is not None and prop is not None and value is not None
            yield RulePattern(subject, prop, value) if is_whole else None  # type: ignore[arg-type]
        else:
            subject, prop = None if missing == 3 else subject, None
            if part:
                yield None
        before, part = ("." if begins_other else token.text), ([None] if begins_other else [])


class _RuleTokens:
    """The tokens of a rule's query, read from left to right."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self._text = name, text
        self._tokens = list(tokens(text))
        self._at = 0
        self._prefixes: dict[str, str] = {}
        self._bound: set[str] = set()

    def rule(self, labels: Mapping[str, str], about: Mapping[str, str]) -> Rule:
        """Return the rule; raise RuleError where the query is of another form."""
        while self._is("PREFIX"):
            prefix, iri = self._next(), self._next()
            self._prefixes[prefix.text.removesuffix(":")] = iri.text[1:-1]
        self._expect("CONSTRUCT")
        head = self._group()[0]
        if len(head) != 1:
            raise self._error("its head is one triple")
        if self._current().text.upper() == "WHERE":
            self._next()
        body, where = self._group()
        if self._at < len(self._tokens):
            raise self._error(f"after its body stands {self._current().text}")
        self._check(head[0], body)
        prologue = "\n".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in self._prefixes.items())
        return Rule(
            name=self._name,
            text=self._text,
            labels=labels,
            about=about,
            head=head[0],
            body=tuple(body),
            _prologue=prologue,
            _where=where,
        )

    def _check(self, head: RulePattern, body: list[RulePattern]) -> None:
        found = set().union(*(pattern.variables for pattern in body)) | self._bound
        if isinstance(head.predicate, Variable):
            raise self._error("its head names the property that it concludes")
        if not head.variables <= found:
            raise self._error(f"its body never binds ?{min(head.variables - found)}")
        if not body:
            raise self._error("its body holds no triple to conclude from")

    def _group(self) -> tuple[list[RulePattern], str]:
        """Return the patterns between braces, and the text between the patterns."""
        start = self._expect("{").start + 1
        words: list[Token] = []
        while self._current().text != "}":
            if self._is("FILTER"):
                self._expression()
                words.append(_END)
            elif self._is("BIND"):
                self._bound.add(self._expression()[-2].text[1:])
                words.append(_END)
            else:
                words.append(self._word())
        patterns = [*patterns_between(words, self._prefixes)]
        whole = [it for it in patterns if it is not None]
        if len(whole) < len(patterns):
            raise self._error("what stands where a triple should be has not three parts")
        return whole, self._text[start : self._next().start]

    def _word(self) -> Token:
        """Return the next word of a triple: a term, or what separates two of them."""
        token = self._next()
        if token.text not in _MISSING and pattern_term(token, self._prefixes) is None:
            raise self._error(
                f"{token.text} stands in a triple; only things and variables do, a value goes into "
                "a FILTER, and a rule has no blank node, path, GRAPH, OPTIONAL, UNION or subquery"
            )
        return token

    def _expression(self) -> list[Token]:
        """Return the tokens up to the end of a parenthesis."""
        found: list[Token] = []
        depth = 0
        while not found or depth:
            token = self._next()
            if token.text.upper() == "EXISTS":
                raise self._error("it uses EXISTS, and may have to take back what it concluded")
            depth += (token.text == "(") - (token.text == ")")
            if depth or found or token.text == ")":
                found.append(token)
        return found

    def _is(self, word: str) -> bool:
        """Whether a given word comes next; if so, consume it."""
        is_next = self._current().kind == "word" and self._current().text.upper() == word
        self._at += is_next
        return is_next

    def _expect(self, text: str) -> Token:
        if self._current().text.upper() != text:
            raise self._error(f"{self._current().text} stands where {text} is expected")
        return self._next()

    def _current(self) -> Token:
        if self._at >= len(self._tokens):
            raise self._error("it ends too early")
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._current()
        self._at += 1
        return token

    def _error(self, reason: str) -> RuleError:
        return RuleError(self._name, reason)
