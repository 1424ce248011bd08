"""The tools that find: things by a name, questions of the catalogue."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import KINDS
from rallynov_graph.claims.claim_report import cut
from rallynov_graph.claims.claimed_names import RankedThing
from rallynov_graph.matching.words import folded
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.search.index import DESCRIPTION
from rallynov_graph.site.assistants.tool_call import MOST, START, TEXT, Plain, Tool, ToolCall, paged
from rallynov_graph.site.model.catalogue_answers import default_text, summary

CONTACTS: Final = "stage_contacts"
"""The former question whose answer is contacts alone."""
_FOUND: Final = 8
_SHOWN_QUESTIONS: Final = 12


def _find(call: ToolCall) -> Plain:
    name, kind = call.text("name"), call.text("kind", "")
    if kind:
        call.one_of("kind", tuple(KINDS), "")
    start = call.number("start", 0, 0, 1000)
    ranked = [
        it
        for it in call.checker.names.ranked(name)
        if kind in ("", it.thing.kind) and not _is_contact(call, it)
    ]
    nodes = call.view.nodes(NamedNode(it.thing.iri) for it in ranked[start : start + _FOUND])
    rows = []
    for it in ranked[start : start + _FOUND]:
        about = next((text for text in it.thing.texts if text.role == DESCRIPTION), None)
        row: Plain = {
            "iri": it.thing.iri,
            "name": cut(nodes[NamedNode(it.thing.iri)].text),
            "kind": it.thing.kind,
            "score": round(it.score, 2),
        }
        rows.append(row | ({"context": cut(about.value)} if about else {}))
    found = paged({"name": cut(name)}, "things", rows, start, len(ranked), MOST)
    near = (
        [] if rows else [it for it in call.site.finder.near(name) if not _is_of_contact(call, it)]
    )
    return found | ({"near_words": near} if near else {})


def _is_contact(call: ToolCall, found: RankedThing) -> bool:
    """Return whether a thing is somebody who is only a contact, or names him."""
    names = (Literal(it.value) for it in found.thing.texts if it.role != DESCRIPTION)
    return call.is_private((NamedNode(found.thing.iri), *names))


def _is_of_contact(call: ToolCall, word: str) -> bool:
    """Return whether a word is a part of the name of somebody who is only a contact."""
    return any(word in folded(it).split() for it in call.contacts)


def _questions(call: ToolCall) -> Plain:
    wanted, start = folded(call.text("about", "")), call.number("start", 0, 0, 1000)
    asked = [
        it for it in call.site.catalogue.values() if it.form == "SELECT" and _is_about(it, wanted)
    ]
    rows = [_question(call, it) for it in asked[start : start + _SHOWN_QUESTIONS]]
    return paged({}, "questions", rows, start, len(asked), MOST)


def _is_about(question: Question, wanted: str) -> bool:
    texts = (question.name.replace("_", " "), *question.summary.values(), question.group)
    whole = folded(" ".join(texts))
    return all(word in whole for word in wanted.replace("_", " ").split())


def _question(call: ToolCall, question: Question) -> Plain:
    parameters = {
        it.name: {"enum": [*it.choices], "default": default_text(it.default)}
        if it.choices
        else f"{it.type}{'' if it.is_open or default_text(it.default) else ', required'}"
        for it in question.parameters
        if it.name != "language"
    }
    return {
        "question": question.name,
        "asks": summary(question, call.language),
        **({"parameters": parameters} if parameters else {}),
        **({"technical": True} if question.technical else {}),
    }


FIND_THING: Final = Tool(
    "find_thing",
    "Find things by a name in any form: as printed, an acronym, misspelt. Returns the address "
    "(iri) that the other tools take, kind, context and a score from 0 to 1.",
    {"name": TEXT, "kind": {**TEXT, "description": "stage, person, theme, …"}, "start": START},
    ("name",),
    _find,
)
LIST_QUESTIONS: Final = Tool(
    "list_questions",
    "List the ready-made questions that ask answers, with parameters; about filters by words.",
    {"about": TEXT, "start": START},
    (),
    _questions,
)
