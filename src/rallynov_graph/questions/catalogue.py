"""The catalogue: the questions that the graph answers, one SPARQL file each.

A file begins with lines of ``#+``. ``summary_fr``, ``summary_en``, ``about_fr`` and ``about_en``
describe it. ``group`` may be ``technical``, for questions of maintainers. ``documents: several``
means that documents are compared, so that one alone has no answer. ``rows: worded`` means that rows
with the words of a typed text answer it, as the figures of bicycles. ``ask_fr`` and ``ask_en``, any
number of times, are ways to ask it; ``says_fr`` and ``says_en`` give a row as a sentence. There is
one ``param: NAME TYPE [OF…] [default TERM | example TEXT]`` for each parameter; lines without a key
describe the question. A parameter is in the query as ``VALUES ?name { TERM }``, where UNDEF means
any, so that each file is plain SPARQL that runs unchanged. OF limits the things that an ``iri`` may
be: those of a class or of a list of concepts, as ``rn:Stage`` or ``id:scheme/themes``. A parameter
that may be any thing has UNDEF, and an example as a person writes it. A ``choice`` takes one of
some words, each with its labels: ``choice: NAME WORD | LABEL_FR | LABEL_EN``. ``aliases.toml``
beside the files has the former names of questions.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import QueryError, UnknownNameError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.resources import query_text
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf.tokens import form_of

TYPES: Final = ("iri", "string", "integer", "date", "certainty", "choice")
XSD: Final = PREFIXES["xsd"]
DATATYPES: Final = {
    "string": f"{XSD}string",
    "choice": f"{XSD}string",
    "integer": f"{XSD}integer",
    "date": f"{XSD}date",
}
"""The datatype of the values of a type; the other types are IRIs."""

_HEADER: Final = re.compile(r"^#\+[ \t]?(?:([a-z_]+):[ \t]*)?(.*)$", re.MULTILINE)
_PARAMETER: Final = re.compile(
    r"^(\w+)\s+(\w+)((?:\s+(?!(?:default|example)\s)\S+)*)(?:\s+(default|example)\s+(.+))?$"
)
_CHOICE: Final = re.compile(r"(\w+)\s+(\w+)" + r"\s*\|\s*([^|]+)" * len(LANGUAGES))
_KEYS: Final = frozenset(
    {
        "group",
        "documents",
        "rows",
        *(f"{key}_{lang}" for key in ("summary", "about", "says") for lang in LANGUAGES),
    }
)
_PHRASES: Final = frozenset(f"ask_{language}" for language in LANGUAGES)
_SEVERAL: Final = "several"
_WORDED: Final = "worded"
TECHNICAL: Final = "technical"
"""The group of questions that only those ask who look after the graph: it comes last."""
_ALIASES: Final = "aliases.toml"
"""The file beside the questions that says which others they answer."""
_LOCAL: Final = re.compile(r"[A-Za-z_][\w-]*")
NO_ALIASES: Final[Mapping[str, "Alias"]] = MappingProxyType({})
_SELECT: Final = re.compile(r"^SELECT (DISTINCT )?(.*) WHERE \{$", re.MULTILINE)
_GROUP_BY: Final = re.compile(r"^GROUP BY (.*)$", re.MULTILINE)
_ORDER_BY: Final = re.compile(r"^ORDER BY (.*)$", re.MULTILINE)
_OPTIONAL: Final = re.compile(
    r"^  OPTIONAL \{\n    SELECT DISTINCT (.*) WHERE \{\n(?:   .*\n)*  \}\n", re.MULTILINE
)
"""An optional statement of a row, in a nested SELECT, with its variables."""
_STATEMENT: Final = re.compile(r"^    SELECT DISTINCT (.*) WHERE", re.MULTILINE)
"""The variables of a statement in a nested SELECT."""
_LISTS: Final = {"columns", "required"}
_END: Final = re.compile(r"^\}$", re.MULTILINE)
_FACTS: Final = re.compile(r"GRAPH \?\w+ \{[^{}]*\}")
_VARIABLE: Final = re.compile(r"\?(\w+)")
_ITEM: Final = re.compile(
    r"\?\w+|[A-Z]*(?: ?)\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)"
)
"""A variable or an expression in parentheses, as SELECT, GROUP BY and ORDER BY list them."""
_LISTED: Final = 40
"""Up to how many names an error lists when none is near."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question: its name, the type of its value, its default."""

    name: str
    type: str
    default: str
    """As the query has it: a term, or UNDEF for any."""
    blocks: tuple[tuple[int, int], ...] = field(repr=False)
    """The positions of the default in the query."""
    of: tuple[NamedNode, ...] = ()
    """The classes, or the lists of concepts, one of which a thing must belong to; empty for any."""
    example: str = ""
    """A value as a person writes it, if there is no default."""
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    """The words that a choice takes, in their order, each with its labels by language."""

    @property
    def is_open(self) -> bool:
        """Whether it may be omitted, which means any."""
        return self.default == "UNDEF"


@dataclass(frozen=True)
class Question:
    """A question of the catalogue, or a query file of the same form."""

    name: str
    text: str
    """The whole file, which is SPARQL that runs as it is."""
    summary: Mapping[str, str]
    """The question in words, by language."""
    group: str
    about: Mapping[str, str]
    """Remarks by language; under the empty string, those that the file has in no language."""
    parameters: tuple[Parameter, ...]
    compares_documents: bool = False
    """Whether it makes no sense over one document alone."""
    asks_for_words: bool = False
    """Whether only rows with the words of a typed text answer it: *combien de vélos*."""
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The ways to ask it, by language, with parameters in braces."""
    says: Mapping[str, str] = field(default_factory=dict)
    """A row of its answer as a sentence, by language, with its columns in braces."""

    @property
    def technical(self) -> bool:
        """Whether only maintainers of the graph ask it."""
        return self.group == TECHNICAL

    @cached_property
    def form(self) -> str:
        """SELECT, ASK, CONSTRUCT or DESCRIBE; the empty string for any other form."""
        return form_of(self.text)

    @cached_property
    def has_choices(self) -> bool:
        """Whether a choice, or a former name, selects a part of it."""
        return bool(_choices(self.name, self.text))

    def parameter(self, name: str) -> Parameter:
        """Return the parameter with a name; raise UnknownNameError with the nearest names."""
        names = [p.name for p in self.parameters]
        if name not in names:
            raise unknown("parameter", name, names, f" of the question {self.name}")
        return self.parameters[names.index(name)]

    def bind(self, values: Mapping[str, Term | None] | None = None) -> str:
        """Return the query with these values for its parameters, and defaults for the others.

        None means any thing. Raises UnknownNameError for an unknown parameter, QueryError for a
        value of the wrong type.
        """
        terms = {
            name: _written(_checked(self.parameter(name), term), self.text)
            for name, term in (values or {}).items()
        }
        return self.with_terms(terms)

    def with_terms(self, terms: Mapping[str, str]) -> str:
        """Return the query with these SPARQL terms for its parameters."""
        written = {
            block: text for name, text in terms.items() for block in self.parameter(name).blocks
        }
        text = self.text
        for start, end in sorted(written, reverse=True):
            text = f"{text[:start]}{written[start, end]}{text[end:]}"
        return text


@dataclass(frozen=True)
class Alias:
    """A former question: the one that answers it now, and how to get its former rows."""

    question: str
    columns: tuple[str, ...]
    """The columns that it had, in their order."""
    values: Mapping[str, str] = field(default_factory=dict)
    """The values of the question's parameters, as a person writes them."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Its columns and parameters that have another name now, each with that name."""
    required: tuple[str, ...] = ()
    """The columns that may be empty now and had a value in each of its rows."""
    counts: Mapping[str, str] = field(default_factory=dict)
    """Its columns that count, each with the column whose different values it counts."""

    def parameters(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return the parameters of its address as those of the question's address."""
        return {self.renamed.get(name, name): text for name, text in given.items()} | {
            **self.values
        }

    def text(self, text: str, values: Mapping[str, NamedNode | Literal]) -> str:
        """Return its question's file, bound to these values, in the form of the former file.

        Rows that its columns do not distinguish become one, which is as certain as the surest of
        them. Optional values that it did not show are not queried and do not lower the certainty of
        a row. The patterns of facts contain the values themselves, so that each row has its
        evidence.
        """
        kept = {self.renamed.get(name, name): name for name in self.columns}
        text = _OPTIONAL.sub(lambda it: it[0] if _is_shown(it[1], kept, text) else "", text)
        for name in self.required:
            text = _END.sub(f"  FILTER (BOUND(?{self.renamed.get(name, name)}))\n}}", text, 1)
        text = _SELECT.sub(
            lambda it: f"SELECT {it[1] or ''}{_columns(it[2], kept, self.counts)} WHERE {{", text, 1
        )
        computed = re.findall(r"AS \?(\w+)\)", text)
        text = _GROUP_BY.sub(lambda it: f"GROUP BY {_with_all(it[1], kept, computed)}", text)
        text = _ORDER_BY.sub(lambda it: f"ORDER BY {_with_all(it[1], kept, computed)}", text)
        for name, value in values.items():
            text = _FACTS.sub(lambda it: re.sub(rf"\?{name}\b", str(value), it[0]), text)  # noqa: B023
            text = re.sub(rf"^#\+ param: {name} .*\n", "", text, flags=re.MULTILINE)
        for old, new in self.renamed.items():
            text = re.sub(rf"(\?|^#\+ param: ){new}\b", rf"\g<1>{old}", text, flags=re.MULTILINE)
        return text


class Catalogue(dict[str, Question]):
    """The questions of a folder, sorted by name, technical ones last."""

    def __init__(
        self, questions: Mapping[str, Question], aliases: Mapping[str, Alias] = NO_ALIASES
    ) -> None:
        super().__init__(sorted(questions.items(), key=lambda it: (it[1].technical, it[0])))
        self.aliases = {old: it for old, it in aliases.items() if it.question in questions}

    def question(self, name: str) -> Question:
        """Return a question by its present or former name; raise UnknownNameError."""
        if name in self.aliases:
            return self._former(name, self.aliases[name])
        if name not in self:
            raise unknown("question", name, self)
        return self[name]

    def _former(self, name: str, alias: Alias) -> Question:
        """Return a question under its former name, with its former columns."""
        now = self[alias.question]
        values = {it: _term(now.parameter(it), text) for it, text in alias.values.items()}
        return parse(name, alias.text(now.bind(values), values))

    def groups(self) -> dict[str, list[Question]]:
        """Return the questions by group."""
        grouped: dict[str, list[Question]] = {}
        for question in self.values():
            grouped.setdefault(question.group, []).append(question)
        return dict(sorted(grouped.items()))


def load(*folders: Path) -> Catalogue:
    """Read the catalogue of some folders, by default the shipped one; raise QueryError."""
    folders = folders or (Path(__file__).parent / "queries",)
    files = [file for folder in folders for file in folder.glob("*.rq")]
    former = {old: it for folder in folders for old, it in _read_aliases(folder / _ALIASES).items()}
    return Catalogue({file.stem: parse(file.stem, query_text(file)) for file in files}, former)


@cache
def shipped(*folders: Path) -> Catalogue:
    """Return the shipped catalogue, which is read once."""
    return load(*folders)


def _read_aliases(file: Path) -> dict[str, Alias]:
    """Return the former questions of a file by name; none if there is no file."""
    if not file.is_file():
        return {}
    tables = tomllib.loads(file.read_text("utf-8"))
    return {
        name: Alias(**table | {it: tuple(table[it].split()) for it in _LISTS & {*table}})
        for name, table in tables.items()
    }


def _is_shown(listed: str, kept: Mapping[str, str], text: str) -> bool:
    """Whether the columns show a value that a statement gives to some rows only."""
    _, *given = _VARIABLE.findall(listed)
    of_every_row = " ".join(_STATEMENT.findall(_OPTIONAL.sub("", text)))
    given = [name for name in given if name not in _VARIABLE.findall(of_every_row)]
    of = dict(re.findall(r"\(MIN\(\?(\w+)\) AS \?(\w+)\)", text))
    return any(of.get(name, name) in kept for name in given)


def _columns(listed: str, kept: Mapping[str, str], counts: Mapping[str, str]) -> str:
    """Return the kept columns, in the order of their former names.

    A variable that the question only uses, and does not show, can be one of them.
    """
    items = {_VARIABLE.findall(item)[-1]: item for item in _ITEM.findall(listed)}
    items |= {name: f"(COUNT(DISTINCT ?{of}) AS ?{name})" for name, of in counts.items()}
    return " ".join(items.get(name, f"?{name}") for name in kept)


def _with_all(listed: str, kept: Mapping[str, str], computed: Collection[str]) -> str:
    """Return the terms to group or sort rows by: the listed ones that are kept, then the rest."""
    items = [it for it in _ITEM.findall(listed) if {*_VARIABLE.findall(it)} <= {*kept}]
    rest = (f"?{name}" for name in kept if name not in computed)
    return " ".join(dict.fromkeys((*items, *rest)))


def parse(name: str, text: str) -> Question:
    """Return the question in a query file; raise QueryError for an invalid header."""
    keys: dict[str, str] = {}
    about: list[str] = []
    parameters: list[Parameter] = []
    phrases: dict[str, tuple[str, ...]] = {}
    choices = _choices(name, text)
    for key, value in _HEADER.findall(text):
        if key == "param":
            parameters.append(_parameter(name, value.strip(), text, choices))
        elif key == "choice":
            continue
        elif key in _PHRASES:
            language = key.removeprefix("ask_")
            phrases[language] = (*phrases.get(language, ()), value.strip())
        elif key in _KEYS:
            keys[key] = value.strip()
        else:
            about.append(f"{key}: {value}".strip() if key else value.strip())
    return Question(
        name=name,
        text=text,
        summary=_by_language("summary", keys),
        group=keys.get("group", ""),
        about=_by_language("about", keys) | ({"": "\n".join(about).strip()} if about else {}),
        parameters=tuple(parameters),
        compares_documents=_is_set(name, keys, "documents", _SEVERAL),
        asks_for_words=_is_set(name, keys, "rows", _WORDED),
        phrases=phrases,
        says=_by_language("says", keys),
    )


def _is_set(question: str, keys: Mapping[str, str], key: str, value: str) -> bool:
    """Whether a header has its only value; raise QueryError for another one."""
    given = keys.get(key)
    if given not in (None, value):
        raise QueryError(
            f"{question}: the header '{key}: {given}' is not known; its only value is "
            f"'{key}: {value}', and most questions do not have it."
        )
    return given == value


def _by_language(key: str, keys: Mapping[str, str]) -> dict[str, str]:
    """Return a header's text in each language that has it."""
    return {lang: keys[f"{key}_{lang}"] for lang in LANGUAGES if f"{key}_{lang}" in keys}


def unknown(
    kind: str,
    name: str,
    known: Mapping[str, object] | list[str],
    of: str = "",
    remedy: str = "",
) -> UnknownNameError:
    """Return the error for an unknown name, with near names, all names, or advice."""
    found = near(name, known)
    if found:
        hint = f"did you mean {' or '.join(found)}?"
    elif len(known) <= _LISTED:
        hint = f"there are {', '.join(known)}." if known else "there is none."
    else:
        hint = nothing_near(remedy)
    return UnknownNameError(f"No {kind}{of} is called {name!r}: {hint}", found)


def nothing_near(remedy: str = "") -> str:
    """Return the end of the error for a name without near names."""
    return f"nothing has a name near it; {remedy}." if remedy else "nothing has a name near it."


def _choices(question: str, text: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return the words and labels of each choice, by its name; raise QueryError."""
    choices: dict[str, dict[str, dict[str, str]]] = {}
    for header in (value.strip() for key, value in _HEADER.findall(text) if key == "choice"):
        found = _CHOICE.fullmatch(header)
        if found is None:
            labels = " | ".join(f"LABEL_{lang.upper()}" for lang in LANGUAGES)
            raise QueryError(f"{question}: 'choice: {header}' is not NAME WORD | {labels}.")
        name, word, *told = (it.strip() for it in found.groups())
        choices.setdefault(name, {})[word] = dict(zip(LANGUAGES, told, strict=True))
    return choices


def _parameter(
    question: str, header: str, text: str, choices: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> Parameter:
    """Return the parameter of a header line, after finding its block in the query."""
    found = _PARAMETER.match(header)
    if found is None or found[2] not in TYPES:
        raise QueryError(
            f"{question}: the header 'param: {header}' is not NAME TYPE [OF…] "
            f"[default TERM | example TEXT], with a type of {', '.join(TYPES)}."
        )
    name, kind, of, keyword, value = found.groups()
    default, blocks = _blocks(question, name, text)
    if keyword == "default" and value.strip() != default:
        raise QueryError(
            f"{question}: the header says that {name} is {value.strip()}, the query {default}."
        )
    example = value.strip() if keyword == "example" else ""
    words = choices.get(name, {})
    if (kind == "choice" or words) and (kind, default.strip('"') in words) != ("choice", True):
        raise QueryError(f"{question}: {name} is {kind} with {default}, of {[*words]}.")
    things = _of(question, name, kind, of.split())
    return Parameter(name, kind, default, blocks, things, example, words)


def _blocks(question: str, name: str, text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a parameter's default in the query, and its position."""
    values = rf"(?i:VALUES)\s+[?$]{name}\s*\{{\s*([^{{}}]*?)\s*\}}"
    blocks = list(re.finditer(values, text))
    defaults = {block[1] for block in blocks}
    if len(defaults) != 1:
        raise QueryError(
            f"{question}: the parameter {name} must be in the query as VALUES ?{name} {{ TERM }}, "
            f"the same wherever it is repeated; found was {sorted(defaults) or 'none'}."
        )
    return defaults.pop(), tuple(block.span(1) for block in blocks)


def _of(question: str, name: str, kind: str, written: list[str]) -> tuple[NamedNode, ...]:
    """Return the classes and lists that a header names with our prefixes."""
    split = [name.partition(":") for name in written]
    if written and (kind != "iri" or not all(p in PREFIXES and local for p, _, local in split)):
        raise QueryError(
            f"{question}: the header says that {name} is {kind} {' '.join(written)}: after iri, "
            "classes and lists of concepts are named as rn:Stage or id:scheme/themes."
        )
    return tuple(map(_prefixed, written))


def _prefixed(name: str) -> NamedNode:
    """Return the IRI of a name with one of our prefixes."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def _term(parameter: Parameter, text: str) -> NamedNode | Literal:
    """Return a parameter's value that is a thing with one of our prefixes, or a text."""
    return _prefixed(text) if parameter.type == "iri" else Literal(text)


def _written(term: Term | None, query: str) -> str:
    """Return a term in SPARQL, with one of our prefixes that the query declares."""
    if not isinstance(term, NamedNode):
        return "UNDEF" if term is None else str(term)
    prefix, _, local = in_prefixes(term.value).partition(":")
    declared = re.search(rf"^PREFIX {prefix}: <([^<>]*)>", query, re.MULTILINE)
    if declared and _LOCAL.fullmatch(local) and declared[1] + local == term.value:
        return f"{prefix}:{local}"
    return str(term)


def _checked(parameter: Parameter, term: Term | None) -> Term | None:
    """Return the term; raise QueryError if it is not of the parameter's type."""
    if term is None and parameter.type == "iri":
        return None
    wanted = DATATYPES.get(parameter.type)
    has_type = (
        isinstance(term, NamedNode)
        if wanted is None
        else isinstance(term, Literal) and term.datatype.value == wanted
    )
    if not has_type or (parameter.choices and getattr(term, "value", "") not in parameter.choices):
        raise QueryError(f"The parameter {parameter.name} takes a value of type {parameter.type}.")
    return term
