"""The schemas of the API's responses, and its OpenAPI 3.1 description made from them."""

import inspect
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from rallynov_graph import __version__
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.base.programme import CURRENT
from rallynov_graph.exports.citations import LICENCE, LICENCE_ADDRESS
from rallynov_graph.http.responses import PROBLEM
from rallynov_graph.questions.catalogue import Parameter, Question
from rallynov_graph.questions.parameters import LANGUAGE
from rallynov_graph.rdf.formats import RESULTS_CSV
from rallynov_graph.release.attribution import attribution, in_language
from rallynov_graph.site.model.catalogue_answers import LONGEST_VALUE, default_text, summary
from rallynov_graph.site.model.empty_answer import EmptyData
from rallynov_graph.site.model.plain_values import Value
from rallynov_graph.site.web.params import (
    AtMoment,
    Kind,
    Of,
    PageNumber,
    Params,
    one_of,
    required,
    schema,
)

EVIDENCE: Final = "evidence"
"""The parameter by which each row has what it rests on."""
MOST: Final = 1000
"""The largest number of entries on a page."""
_SIZE: Final = {"type": "integer", "minimum": 1, "maximum": MOST}
_EVIDENCE: Final = (
    "Whether each row has its certainty, the address of its evidence, its passages, its citation, "
    "its documents, and when the first of them appeared."
)


@dataclass(frozen=True)
class Paging(Params):
    """The requested page of a long answer, and its language."""

    page: PageNumber = 1
    size: Annotated[int, Of(int, _SIZE, wrong="size")] = 100

    @property
    def start(self) -> int:
        """The number of entries before the page."""
        return (self.page - 1) * self.size

    @property
    def stop(self) -> int:
        """The number of entries up to the end of the page."""
        return self.start + self.size


@dataclass(frozen=True)
class SearchParams(Params):
    """The search text and its options."""

    q: Annotated[str, Of(str, {"type": "string", "description": "Words, or their beginnings."})]
    kind: Kind = ""


@dataclass(frozen=True)
class AnswerParams(Params):
    """What an answer has beside its rows."""

    evidence: Annotated[str, one_of("", "yes", about=_EVIDENCE)] = ""


@dataclass(frozen=True)
class ParameterData:
    """A parameter of a question; without a value it has its default, empty for any.

    A thing is of one of these classes or lists of concepts, if any are named.
    """

    name: str
    type: str
    of: tuple[str, ...]
    default: str
    example: str
    optional: bool
    choices: tuple[str, ...]
    """The words that a choice takes; none for any other type."""


@dataclass(frozen=True)
class QuestionData:
    """A question of the catalogue, and the address of its answer."""

    name: str
    text: str
    about: str
    group: str
    parameters: tuple[ParameterData, ...]
    answer: str


@dataclass(frozen=True)
class QuestionsData:
    total: int
    page: int
    size: int
    previous: str | None
    next: str | None
    questions: tuple[QuestionData, ...]


@dataclass(frozen=True)
class LeftOpenData:
    """An open question that touches an answer: by another reading that would be different."""

    iri: str
    text: str
    address: str | None


@dataclass(frozen=True)
class SentenceData:
    """An answer of one row in words, how surely it is said, and where its evidence is."""

    text: str
    certainty: str | None
    evidence: str | None


@dataclass(frozen=True)
class AnswerData:
    """A page of a question's answer: each row has a value, or null, for each column.

    ``taken`` are the recognised things of the parameters, null for any. The reason why it is empty
    is null if it has rows; the sentence is null unless it has one row.
    """

    question: str
    text: str
    given: dict[str, str]
    taken: dict[str, str | None]
    left_open: tuple[LeftOpenData, ...]
    empty: EmptyData | None
    sentence: SentenceData | None
    columns: tuple[str, ...]
    total: int
    page: int
    size: int
    previous: str | None
    next: str | None
    rows: tuple[dict[str, Value], ...]


@dataclass(frozen=True)
class ReasonData:
    """A text in which something was found, and which words of it."""

    role: str
    language: str
    text: str
    marked: tuple[str, ...]


@dataclass(frozen=True)
class FoundData:
    """A result: the thing, the address of its page, and why it was found."""

    iri: str
    kind: str
    label: str
    address: str | None
    because: tuple[ReasonData, ...]


@dataclass(frozen=True)
class TakenData:
    """How an unknown word was corrected, or that it was left out."""

    word: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class MeantData:
    """A question that the words may ask, with the values of its parameters."""

    name: str
    text: str
    parameters: dict[str, str]
    score: float
    answer: str
    """The address of its answer."""


@dataclass(frozen=True)
class MeantAnswerData:
    """The answer to the question that is clearly meant: its first rows, and how many there are.

    Where the words name more than the question has parameters for, its rows name that too.
    """

    sentence: SentenceData | None
    empty: EmptyData | None
    total: int
    columns: tuple[str, ...]
    rows: tuple[dict[str, Value], ...]


@dataclass(frozen=True)
class SearchData:
    """A page of results. There are more than the total if the words are very common."""

    query: str
    taken: tuple[TakenData, ...]
    some_words_only: bool
    more: bool
    total: int
    page: int
    size: int
    previous: str | None
    next: str | None
    results: tuple[FoundData, ...]
    questions: tuple[MeantData, ...]
    is_clear: bool
    """Whether the first question is clearly meant."""
    answer: MeantAnswerData | None
    """Its answer, on the first page; null where none is clearly meant."""


_PLAIN: Final[Mapping[Any, str]] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
}
_TEXT: Final[Mapping[str, Any]] = {"type": "string", "maxLength": LONGEST_VALUE}
_SCHEMAS_BY_TYPE: Final[Mapping[str, Mapping[str, Any]]] = {
    "certainty": {"type": "string", "enum": [*CERTAINTIES]},
    "integer": {"type": "integer"},
    "date": {"type": "string", "format": "date"},
}
_PROBLEM: Final = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}
_REFUSALS: Final = {
    "400": "A parameter has a value that it does not take.",
    "404": "There is no such question, parameter or page; what is near is named.",
    "406": "The answer is not written in any of the formats that are asked for.",
    "422": "The answer is too long, or takes too much memory.",
    "429": "Several questions of who asks have no answer yet; Retry-After says when to ask again.",
    "503": "Many questions are being answered; Retry-After says when to ask again.",
    "504": "The question takes longer than a question may.",
}
_OF_TABLES: Final = ("406", "422", "429", "503", "504")
"""The statuses of refusals that only the address of a question has."""


def description(
    questions: Sequence[Question], languages: Sequence[str], language: str, root: str
) -> dict[str, Any]:
    """Return the description of the API of a site that answers these questions.

    ``languages`` are those that its labels are in.
    """
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    search = _declared(SearchParams)
    paths = {"/api/search": _path("search", "Search", search, SearchData, schemas)}
    if questions:
        paths["/api/questions"] = _path("questions", "All questions", [], QuestionsData, schemas)
    for question in questions:
        parameters = [_question_parameter(it, languages) for it in question.parameters]
        parameters += _declared(AnswerParams)
        text = summary(question, language)
        address = f"/api/questions/{question.name}"
        paths[address] = _path(question.name, text, parameters, AnswerData, schemas, table=True)
    programme = CURRENT.folder is not None
    return {
        "openapi": "3.1.0",
        "info": {
            "title": in_language(attribution().titles, language)
            if programme
            else "Rally’nov Graph",
            "version": __version__,
            "description": "Read only. Every address may be asked from any site.",
            "license": {"name": LICENCE, "url": LICENCE_ADDRESS},
        },
        "servers": [{"url": root or "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _schema(python_type: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a type; the schemas of dataclasses in it are added to ``known``."""
    if python_type in _PLAIN:
        return {"type": _PLAIN[python_type]}
    kind, arguments = get_origin(python_type), get_args(python_type)
    if kind in (Union, types.UnionType):
        found = [_schema(argument, known) for argument in arguments]
        named = any("type" not in it for it in found)
        return {"anyOf": found} if named else {"type": [it["type"] for it in found]}
    if kind is tuple:
        return {"type": "array", "items": _schema(arguments[0], known)}
    if kind is dict:
        return {"type": "object", "additionalProperties": _schema(arguments[1], known)}
    assert is_dataclass(python_type) and isinstance(python_type, type)
    if python_type.__name__ not in known:
        known[python_type.__name__] = {}
        hints = get_type_hints(python_type)
        names = [field.name for field in fields(python_type)]
        known[python_type.__name__] = {
            "type": "object",
            "description": inspect.getdoc(python_type) or "",
            "properties": {name: _schema(hints[name], known) for name in names},
            "required": names,
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{python_type.__name__}"}


def _path(
    name: str,
    text: str,
    parameters: Sequence[dict[str, Any]],
    answer: type,
    schemas: dict[str, Any],
    table: bool = False,
) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": _schema(answer, schemas)}}
    if table:
        content[RESULTS_CSV.media_type] = {"schema": {"type": "string"}}
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    refusals = {
        status: {"description": text_of_refusal, "content": {PROBLEM.media_type: problem}}
        for status, text_of_refusal in _REFUSALS.items()
        if table or status not in _OF_TABLES
    }
    return {
        "get": {
            "operationId": name,
            "summary": text,
            "parameters": [*parameters, *_common()],
            "responses": {"200": {"description": "The answer.", "content": content}, **refusals},
        }
    }


def _question_parameter(parameter: Parameter, languages: Sequence[str]) -> dict[str, Any]:
    described = dict(_SCHEMAS_BY_TYPE.get(parameter.type, _TEXT))
    if parameter.name == LANGUAGE:
        described = {"type": "string", "enum": [*languages]}
    elif default := default_text(parameter):
        described["default"] = default
    if parameter.choices:
        described["enum"] = [*parameter.choices]
    if parameter.example:
        described["examples"] = [parameter.example]
    classes = " or ".join(short_iri(term.value) for term in parameter.of)
    text = {
        "iri": f"A thing{classes and f' of {classes}'}: its IRI, kind/slug, or one of its names.",
        "certainty": "How sure a fact must be, at least.",
        "choice": "; ".join(f"{it}: {said['en']}" for it, said in parameter.choices.items()),
    }.get(
        parameter.type,
        "The language of the names; without it, that of the answer."
        if parameter.name == LANGUAGE
        else "",
    )
    return _parameter(parameter.name, {**described, "description": text})


def _declared(wanted: type[Params]) -> list[dict[str, Any]]:
    needed = required(wanted)
    return [_parameter(name, it, name in needed) for name, it in schema(wanted).items()]


def _parameter(name: str, schema: Mapping[str, Any], required: bool = False) -> dict[str, Any]:
    """Return a parameter; what it is for is beside its schema.

    An optional parameter with an empty value counts as not given: a form sends all its fields.
    """
    own = {key: it for key, it in schema.items() if key != "description"}
    more = {"description": schema["description"]} if schema.get("description") else {}
    more |= {} if required else {"allowEmptyValue": True}
    return {"name": name, "in": "query", "required": required, "schema": own, **more}


def _common() -> list[dict[str, Any]]:
    lang = {"type": "string", "enum": [*LANGUAGES], "default": LANGUAGES[0]}
    return [*_declared(Paging), *_declared(AtMoment), _parameter("lang", lang)]
