"""What ``rallynov query`` says beside an answer, on standard error: the answer may be piped on."""

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
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions import parameters, thing_names
from rallynov_graph.questions.catalogue import Parameter, Question
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rules.left_open import touching
from rallynov_graph.sparql.store import Store

NO_ROW: Final = "No row: nothing in the graph answers this."
Values = Mapping[str, Term | None]


def say(
    question: Question, texts: Mapping[str, str], values: Values, found: Solutions, store: Store
) -> None:
    """Print which things were taken, what is near an empty answer, which questions are open."""
    language = values.get(parameters.LANGUAGE)
    spoken = language.value if isinstance(language, Literal) else "fr"
    for line in _taken(question, texts, values, store, spoken):
        click.echo(line, err=True)
    touched = [*touching(PageQueries(store), question, values, found)]
    if not found.rows:
        click.echo(NO_ROW, err=True)
        for less, rows in _near(question, values, store):
            click.echo(f"{less} there {_rows(len(rows))}.", err=True)
            if "certainty" in less:
                more = touching(PageQueries(store), question, values, rows)
                touched += [one for one in more if one not in touched]
    called = thing_names.names_of(touched, store, spoken)
    for one in touched:
        click.echo(
            f"Left open: {called.get(one.value, '')} ({thing_names.short(one.value)})", err=True
        )


def is_empty(content: bytes, form: Format) -> bool:
    """Return whether the answer of a SELECT, as it is written, has no row."""
    if form.results in (QueryResultsFormat.CSV, QueryResultsFormat.TSV):
        return content.rstrip().count(b"\n") == 0
    found = parse_query_results(content, format=form.results)
    return isinstance(found, QuerySolutions) and next(found, None) is None


def _taken(
    question: Question, texts: Mapping[str, str], values: Values, store: Store, language: str
) -> Iterator[str]:
    """Yield the things that were meant by names, and those that stand where none was given."""
    things = parameters.bound_things(question, values)
    said = {
        name: thing
        for name, thing in things.items()
        if thing is not None
        and (name not in texts or thing_names.as_iri(texts[name].strip()) is None)
    }
    called = thing_names.names_of([*said.values()], store, language)
    for name, thing in said.items():
        label = called.get(thing.value, "")
        told = (
            f"{label} ({thing_names.short(thing.value)})"
            if label
            else thing_names.short(thing.value)
        )
        yield f"{name}: {told}{'' if name in texts else ', as none was given'}"


def _near(question: Question, values: Values, store: Store) -> Iterator[tuple[str, Solutions]]:
    """Yield the answers that are not empty where less sure facts count, or any thing does."""
    known = {parameter.name: parameter for parameter in question.parameters}
    for wider, change in _wider(known, values):
        found = store.select(question.bind({**values, **change}))
        if found.rows:
            yield wider, found


def _wider(known: Mapping[str, Parameter], values: Values) -> Iterator[tuple[str, Values]]:
    how = values.get("certainty")
    if "certainty" in known and isinstance(how, NamedNode):
        for less in less_sure(certainty_of(how.value)):
            yield f"With certainty={less}", {"certainty": NamedNode(RN + less)}
    for name, value in values.items():
        if value is not None and name in known and known[name].is_open:
            yield f"With {name}=*", {name: None}


def _rows(number: int) -> str:
    return f"are {number} rows" if number > 1 else "is 1 row"
