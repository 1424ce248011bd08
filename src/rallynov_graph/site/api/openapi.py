"""The description of the API (OpenAPI 3.1), from the questions and the answers themselves."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

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
from rallynov_graph.site.api.answers import AnswerData, QuestionsData, SearchData
from rallynov_graph.site.model.catalogue_answers import LONGEST_VALUE, default_text, summary
from rallynov_graph.site.web.json_answers import MOST, SIZE

_PLAIN: Final[Mapping[Any, str]] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
}
_LICENCE: Final = {
    "name": LICENCE,
    "url": LICENCE_ADDRESS,
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


def description(questions: Sequence[Question], language: str, root: str) -> dict[str, Any]:
    """Return the description of the API of a site that answers these questions."""
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    search = [
        _parameter("q", {"type": "string"}, "Words, or their beginnings.", required=True),
        _parameter("kind", {"type": "string"}, "The kind of things, such as organisation."),
    ]
    paths = {"/api/search": _path("search", "Search", search, SearchData, schemas)}
    if questions:
        paths["/api/questions"] = _path("questions", "All questions", [], QuestionsData, schemas)
    for question in questions:
        parameters = [_question_parameter(parameter) for parameter in question.parameters]
        parameters.append(_EVIDENCE)
        text = summary(question, language)
        address = f"/api/questions/{question.name}"
        paths[address] = _path(question.name, text, parameters, AnswerData, schemas, table=True)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _title(language),
            "version": __version__,
            "description": "Read only. Every address may be asked from any site.",
            "license": _LICENCE,
        },
        "servers": [{"url": root or "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def schema(python_type: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a type; the schemas of dataclasses in it are added to ``known``."""
    if python_type in _PLAIN:
        return {"type": _PLAIN[python_type]}
    kind, arguments = get_origin(python_type), get_args(python_type)
    if kind in (Union, types.UnionType):
        return {"type": [schema(argument, known)["type"] for argument in arguments]}
    if kind is tuple:
        return {"type": "array", "items": schema(arguments[0], known)}
    if kind is dict:
        return {"type": "object", "additionalProperties": schema(arguments[1], known)}
    assert is_dataclass(python_type) and isinstance(python_type, type)
    if python_type.__name__ not in known:
        known[python_type.__name__] = {}
        hints = get_type_hints(python_type)
        names = [field.name for field in fields(python_type)]
        known[python_type.__name__] = {
            "type": "object",
            "description": inspect.getdoc(python_type) or "",
            "properties": {name: schema(hints[name], known) for name in names},
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
    content: dict[str, Any] = {"application/json": {"schema": schema(answer, schemas)}}
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
            "parameters": [*parameters, *_COMMON_PARAMETERS],
            "responses": {"200": {"description": "The answer.", "content": content}, **refusals},
        }
    }


def _question_parameter(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter of a question as it stands in an address."""
    schema = dict(_SCHEMAS_BY_TYPE.get(parameter.type, _TEXT))
    default = default_text(parameter.default)
    if default:
        schema["default"] = default
    if parameter.choices:
        schema["enum"] = [*parameter.choices]
    if parameter.example:
        schema["examples"] = [parameter.example]
    classes = " or ".join(short_iri(term.value) for term in parameter.of)
    text = {
        "iri": f"A thing{classes and f' of {classes}'}: its IRI, kind/slug, or one of its names.",
        "certainty": "How sure a fact must be, at least.",
        "choice": "; ".join(f"{it}: {said['en']}" for it, said in parameter.choices.items()),
    }.get(parameter.type, "The language of the names." if parameter.name == LANGUAGE else "")
    return _parameter(parameter.name, schema, text)


def _parameter(
    name: str, schema: dict[str, Any], about: str = "", required: bool = False
) -> dict[str, Any]:
    description = {"description": about} if about else {}
    return {"name": name, "in": "query", "required": required, "schema": schema, **description}


_EVIDENCE: Final = _parameter(
    "evidence",
    {"type": "string", "enum": ["yes"]},
    "Whether each row has its certainty, the address of its evidence, its passages, its citation.",
)
_COMMON_PARAMETERS: Final = (
    _parameter("page", {"type": "integer", "minimum": 1, "default": 1}),
    _parameter("size", {"type": "integer", "minimum": 1, "maximum": MOST, "default": SIZE}),
    _parameter("lang", {"type": "string", "enum": [*LANGUAGES], "default": LANGUAGES[0]}),
)


def _title(language: str) -> str:
    if CURRENT.folder is None:
        return "Rally’nov Graph"
    return in_language(attribution().titles, language)
