"""``rallynov why``: show who says a fact, or which rules conclude it from which premises."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.cli.language import told_in_language
from rallynov_graph.cli.opened_stores import (
    data_option,
    only_one,
    release_of,
    release_option,
    store_of_files,
)
from rallynov_graph.cli.options import form_option

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Triple

    from rallynov_graph.base.terms import Term
    from rallynov_graph.sparql.store import Store

    Meant = tuple[list[NamedNode], list[NamedNode], list[NamedNode | Literal]]
    """The terms that each of the three texts of a fact may mean."""

_SHOWN: Final = 5
"""How many values are shown that hold instead of the one of a fact."""


@click.command(
    epilog="""\b
Examples:
  rallynov why Legeni rn:linkedToTheme theme/gouvernance
  rallynov why organisation/legeni "liée au thème plus large" "Gouvernance et participation"
  rallynov why innovation/mamhique rn:carriedBy "Mutualité Française Franche-Comté" --format json
  rallynov why stage/bge-franche-comte rn:number 1 --lang en

A thing is named by its IRI, whole or short (organisation/name), or by its name.
Exit status: 0 the fact holds, 1 it does not, 2 a name is not known."""
)
@click.argument("subject")
@click.argument("predicate")
@click.argument("value", metavar="OBJECT")
@form_option
@told_in_language("The language of names and reasons.", default="fr")
@release_option
@data_option
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead.")
def command(
    subject: str,
    predicate: str,
    value: str,
    form: str,
    lang: str,
    folder: Path | None,
    files: tuple[Path, ...],
    endpoint: str | None,
) -> int:
    """Show why the fact SUBJECT PREDICATE OBJECT holds: each set of assertions that says it, each
    rule that concludes it, and every premise of that, down to the passages."""
    only_one(release=folder, data=files, endpoint=endpoint)
    # The engine cannot be interrupted: Ctrl-C has to end the process by itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    texts = (subject, predicate, value)
    with _store(folder, files, endpoint, texts) as store:
        return _answer(store, texts, form, lang)


@contextmanager
def _store(
    folder: Path | None, files: tuple[Path, ...], endpoint: str | None, names: tuple[str, ...]
) -> Iterator["Store"]:
    """Yield the store; raise UnknownNameError for a thing that its release lists as withdrawn."""
    if endpoint is not None:
        from rallynov_graph.sparql.remote_store import RemoteStore

        yield RemoteStore(endpoint)
    elif files:
        yield store_of_files(files).pages()
    else:
        from rallynov_graph.release import store_location

        with release_of(folder) as release:
            release.refuse_withdrawn(names)
            yield store_location.of_release(release)


def _answer(store: "Store", texts: tuple[str, str, str], form: str, language: str) -> int:
    from rallynov_graph.rules import explanation, explanation_text

    possible_terms, facts = _possible_facts(store, texts)
    if len(facts) > 1:
        listed = "; ".join(f"{fact.subject} {fact.predicate} {fact.object}" for fact in facts)
        raise UnknownNameError(f"This names {len(facts)} facts; name one by IRIs: {listed}.")
    triple = facts[0] if facts else _single_fact(store, texts, possible_terms, language)
    fact = explanation.explain(store, triple)
    periods = explanation.periods(store, fact)
    names = explanation_text.names_in(fact, periods, store, language)
    if form == "json":
        click.echo(explanation_text.as_json(fact, periods, names))
    elif fact.holds:
        click.echo(explanation_text.text(fact, periods, names, language))
    else:
        former = explanation_text.lines_of_periods(periods, names, language)
        click.echo("\n".join([_denial(store, texts, triple), *former]))
    return 0 if fact.holds else 1


def _possible_facts(store: "Store", texts: tuple[str, str, str]) -> tuple["Meant", list["Triple"]]:
    """Return the terms that each text may mean, and each fact made of them that holds.

    Raises UnknownNameError where one of them means nothing.
    """
    from pyoxigraph import Literal, Triple

    from rallynov_graph.questions import thing_names
    from rallynov_graph.rules import explanation
    from rallynov_graph.standing.periods import ever_stated

    subjects, predicates = (
        thing_names.things(texts[0], store),
        thing_names.properties(texts[1], store),
    )
    facts = [
        Triple(s, p, o)
        for s in subjects
        for p in predicates
        for o in explanation.values(store, s, p)
    ]
    facts_as_written = [fact for fact in facts if texts[2] in _written(fact.object)]
    if facts_as_written:
        return (subjects, predicates, []), facts_as_written
    try:
        objects: list[NamedNode | Literal] = [*thing_names.things(texts[2], store)]
    except UnknownNameError:
        stated = [it for s in subjects for p in predicates for it in ever_stated(store, s, p)]
        if not any(isinstance(it, Literal) for it in (*stated, *(it.object for it in facts))):
            raise
        former = [it for it in stated if isinstance(it, Literal) and texts[2] in _written(it)]
        objects = [*former[:1]] or [Literal(texts[2])]
    return (subjects, predicates, objects), [fact for fact in facts if fact.object in objects]


def _single_fact(
    store: "Store", texts: tuple[str, str, str], possible_terms: "Meant", language: str
) -> "Triple":
    """Return the one fact that is meant; raise AmbiguousNameError where a name means several."""
    from pyoxigraph import Literal, NamedNode, Triple

    from rallynov_graph.questions import thing_names

    terms: Sequence[Sequence[NamedNode | Literal]] = possible_terms
    for text, bearers in zip(texts, terms, strict=True):
        if len(bearers) > 1:
            things = [bearer for bearer in bearers if isinstance(bearer, NamedNode)]
            raise thing_names.ambiguous(text, things, store, language)
    (subject,), (predicate,), (value,) = possible_terms
    return Triple(subject, predicate, value)


def _written(term: "Term") -> tuple[str, ...]:
    """Return the ways to write a value: as it is, or as Turtle does."""
    from pyoxigraph import Literal

    return (term.value, str(term)) if isinstance(term, Literal) else ()


def _denial(store: "Store", texts: tuple[str, str, str], fact: "Triple") -> str:
    """Return the sentence that a fact does not hold, with the values that hold instead."""
    from pyoxigraph import NamedNode

    from rallynov_graph.cli.text_tables import shortened
    from rallynov_graph.rules import explanation

    assert isinstance(fact.subject, NamedNode)
    sentence = f"The graph does not hold this: {' – '.join(texts)}."
    values = [shortened(term) for term in explanation.values(store, fact.subject, fact.predicate)]
    if not values:
        return f"{sentence} It holds nothing of this property for that thing."
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return f"{sentence} It holds {', '.join(values[:_SHOWN])}{more}."
