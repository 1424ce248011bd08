"""The tools, in the order in which they should be tried, and how one is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from rallynov_graph.base.errors import (
    AmbiguousNameError,
    QueryError,
    RallynovError,
    UnknownNameError,
)
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.http.protocol import Refused
from rallynov_graph.site.assistants.answering_tools import ASK, SPARQL
from rallynov_graph.site.assistants.claim_tools import CHECK_CLAIM, EXPLAIN
from rallynov_graph.site.assistants.finding_tools import FIND_THING, LIST_QUESTIONS
from rallynov_graph.site.assistants.schema_tool import DESCRIBE_SCHEMA
from rallynov_graph.site.assistants.tool_call import BadArgument, Tool, ToolCall

TOOLS: Final = {
    tool.name: tool
    for tool in (
        FIND_THING,
        LIST_QUESTIONS,
        ASK,
        EXPLAIN,
        CHECK_CLAIM,
        DESCRIBE_SCHEMA,
        SPARQL,
    )
}
_MOST_CHOICES: Final = 6


class Called(NamedTuple):
    """What a call comes to: a text, and whether that says what is wrong."""

    text: str
    is_error: bool = False


def called(name: str, call: ToolCall) -> Called:
    """Return what the tool of a name answers, or one sentence that says what would be right."""
    try:
        return Called(call.whole(_tool(name, call).run(call)))
    except Refused as refused:
        return Called(call.refusal(refused), True)
    except RallynovError as error:
        return Called(_sentence(call, error), True)


def language_of(arguments: Mapping[str, Any]) -> str:
    """Return the language that the arguments of a call name, ours where they name none."""
    language = arguments.get("language", DEFAULT_LANGUAGE)
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def _tool(name: str, call: ToolCall) -> Tool:
    """Return a tool that can be called with these arguments; raise BadArgument."""
    if name not in TOOLS:
        raise BadArgument(call.word("no_tool", name=name[:60], allowed=", ".join(TOOLS)))
    tool = TOOLS[name]
    known = tool.schema["properties"]
    for argument in call.arguments:
        if argument not in known:
            allowed = ", ".join(known)
            raise BadArgument(call.word("extra", name=str(argument)[:60], allowed=allowed))
    for argument in tool.required:
        if argument not in call.arguments:
            raise BadArgument(call.word("missing", name=argument))
    call.one_of("language", LANGUAGES, DEFAULT_LANGUAGE)
    return tool


def _sentence(call: ToolCall, error: RallynovError) -> str:
    if isinstance(error, BadArgument):
        return str(error)
    if isinstance(error, AmbiguousNameError):
        choices = ", ".join(
            f"{iri} ({label})" for iri, label in [*error.bearers.items()][:_MOST_CHOICES]
        )
        return call.word("several", name=error.name, count=error.count, choices=choices)
    if isinstance(error, UnknownNameError) and call.language != "en":
        near = call.word("near", names=", ".join(error.near)) if error.near else ""
        return call.word("unknown", name=error.written[:80] or "…", near=near)
    if isinstance(error, QueryError):
        return call.word("query", reason=error)
    return str(error)
