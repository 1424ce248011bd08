"""The remarks of ``rallynov query`` on standard error, as the answer itself may go into a pipe."""

from collections.abc import Iterator, Mapping
from typing import Final

import click
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from rallynov_graph.base.certainty import certainty_of, less_sure
from rallynov_graph.base.namespaces import RN, short_iri
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions import parameters, thing_names
from rallynov_graph.questions.catalogue import Parameter, Question
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rules.open_questions import touching
from rallynov_graph.sparql.store import Store

NO_ROW: Final = "No row: nothing in the graph answers this."
Values = Mapping[str, Term | None]


def print_remarks(
    question: Question, texts: Mapping[str, str], values: Values, answer: Solutions, store: Store
) -> None:
    """Print the things that were used, wider answers for an empty one, and the open questions."""
    language = values.get(parameters.LANGUAGE)
    label_language = language.value if isinstance(language, Literal) else "fr"
    for line in _things_used(question, texts, values, store, label_language):
        click.echo(line, err=True)
    open_questions = [*touching(PageQueries(store), question, values, answer)]
    if not answer.rows:
        click.echo(NO_ROW, err=True)
        for change, rows in _near(question, values, store):
            click.echo(f"{change} there {_rows(len(rows))}.", err=True)
            if "certainty" in change:
                touching_wider = touching(PageQueries(store), question, values, rows)
                open_questions += [node for node in touching_wider if node not in open_questions]
    names = thing_names.names_of(open_questions, store, label_language)
    for node in open_questions:
        text = f"Left open: {names.get(node.value, '')} ({short_iri(node.value)})"
        click.echo(text, err=True)


def is_empty(content: bytes, form: Format) -> bool:
    """Return whether the answer of a SELECT, as it is written, has no row."""
    if form.results in (QueryResultsFormat.CSV, QueryResultsFormat.TSV):
        return content.rstrip().count(b"\n") == 0
    found = parse_query_results(content, format=form.results)
    return isinstance(found, QuerySolutions) and next(found, None) is None


def _things_used(
    question: Question, texts: Mapping[str, str], values: Values, store: Store, language: str
) -> Iterator[str]:
    """Yield the things that names stand for, and the defaults of parameters without a value."""
    things = parameters.bound_things(question, values)
    things_to_name = {
        name: thing
        for name, thing in things.items()
        if thing is not None
        and (name not in texts or thing_names.as_iri(texts[name].strip()) is None)
    }
    names = thing_names.names_of([*things_to_name.values()], store, language)
    for name, thing in things_to_name.items():
        label = names.get(thing.value, "")
        shown = f"{label} ({short_iri(thing.value)})" if label else short_iri(thing.value)
        yield f"{name}: {shown}{'' if name in texts else ', as none was given'}"


def _near(question: Question, values: Values, store: Store) -> Iterator[tuple[str, Solutions]]:
    """Yield the answers with rows that less sure facts, or any thing for a parameter, give."""
    known = {parameter.name: parameter for parameter in question.parameters}
    for change, changed_values in _wider(known, values):
        found = store.select(question.bind({**values, **changed_values}))
        if found.rows:
            yield change, found


def _wider(known: Mapping[str, Parameter], values: Values) -> Iterator[tuple[str, Values]]:
    certainty = values.get("certainty")
    if "certainty" in known and isinstance(certainty, NamedNode):
        for weaker in less_sure(certainty_of(certainty.value)):
            yield f"With certainty={weaker}", {"certainty": NamedNode(RN + weaker)}
    for name, value in values.items():
        if value is not None and name in known and known[name].is_open:
            yield f"With {name}=*", {name: None}


def _rows(number: int) -> str:
    return f"are {number} rows" if number > 1 else "is 1 row"
