"""``rallynov why``: who says a fact, or which rules conclude it from what."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.cli.opened_stores import (
    data_option,
    only_one,
    refuse_withdrawn,
    release_of,
    release_option,
    store_of_files,
)

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Triple

    from rallynov_graph.base.terms import Term
    from rallynov_graph.sparql.store import Store

    Meant = tuple[list[NamedNode], list[NamedNode], list[NamedNode | Literal]]
    """What the three texts of a fact may mean."""

_SHOWN: Final = 5
"""Of what holds instead of a fact that does not, so many values are shown."""


@click.command(
    epilog="""\b
Examples:
  rallynov why Legeni rn:linkedToTheme theme/gouvernance
  rallynov why organisation/legeni "liée au thème plus large" "Gouvernance et participation"
  rallynov why innovation/mamhique rn:carriedBy "Mutualité Française Franche-Comté" --format json
  rallynov why stage/bge-franche-comte rn:number 1 --language en

A thing is named by its IRI, whole or short (organisation/name), or by its name.
Exit status: 0 the fact holds, 1 it does not, 2 a name is not known."""
)
@click.argument("subject")
@click.argument("predicate")
@click.argument("value", metavar="OBJECT")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or all of it as JSON.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="fr",
    show_default=True,
    help="The language of names and reasons.",
)
@release_option
@data_option
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead.")
def command(
    subject: str,
    predicate: str,
    value: str,
    form: str,
    language: str,
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
        return _answer(store, texts, form, language)


@contextmanager
def _store(
    folder: Path | None, files: tuple[Path, ...], endpoint: str | None, named: tuple[str, ...]
) -> Iterator["Store"]:
    """Give the store; raise UnknownNameError for what was withdrawn from its release."""
    if endpoint is not None:
        from rallynov_graph.sparql.remote.remote_store import RemoteStore

        yield RemoteStore(endpoint)
    elif files:
        yield store_of_files(files).pages()
    else:
        from rallynov_graph.release import store_location

        with release_of(folder) as release:
            refuse_withdrawn(release, named)
            yield store_location.of_release(release)


def _answer(store: "Store", texts: tuple[str, str, str], form: str, language: str) -> int:
    from rallynov_graph.rules import explanation, explanation_text

    meant, holding = _meant(store, texts)
    if len(holding) > 1:
        listed = "; ".join(f"{fact.subject} {fact.predicate} {fact.object}" for fact in holding)
        raise UnknownNameError(f"This names {len(holding)} facts; name one by IRIs: {listed}.")
    triple = holding[0] if holding else _only(store, texts, meant, language)
    fact = explanation.explain(store, triple)
    names = explanation_text.names_in(fact, store, language)
    if form == "json":
        click.echo(explanation_text.as_json(fact, names))
    elif fact.holds:
        click.echo(explanation_text.text(fact, names, language))
    else:
        click.echo(_denied(store, texts, triple))
    return 0 if fact.holds else 1


def _meant(store: "Store", texts: tuple[str, str, str]) -> tuple["Meant", list["Triple"]]:
    """Return what each of three texts may mean, and each fact of these that holds.

    Raises UnknownNameError where one of them means nothing.
    """
    from pyoxigraph import Literal, Triple

    from rallynov_graph.questions import thing_names
    from rallynov_graph.rules import explanation

    subjects, predicates = (
        thing_names.things(texts[0], store),
        thing_names.properties(texts[1], store),
    )
    found = [
        Triple(s, p, o)
        for s in subjects
        for p in predicates
        for o in explanation.values(store, s, p)
    ]
    said = [fact for fact in found if texts[2] in _written(fact.object)]
    if said:
        return (subjects, predicates, []), said
    try:
        objects: list[NamedNode | Literal] = [*thing_names.things(texts[2], store)]
    except UnknownNameError:
        if not any(isinstance(fact.object, Literal) for fact in found):
            raise
        objects = [Literal(texts[2])]
    return (subjects, predicates, objects), [fact for fact in found if fact.object in objects]


def _only(store: "Store", texts: tuple[str, str, str], meant: "Meant", language: str) -> "Triple":
    """Return the one fact that is meant; raise AmbiguousNameError where a name means several."""
    from pyoxigraph import Literal, NamedNode, Triple

    from rallynov_graph.questions import thing_names

    read: Sequence[Sequence[NamedNode | Literal]] = meant
    for text, bearers in zip(texts, read, strict=True):
        if len(bearers) > 1:
            things = [bearer for bearer in bearers if isinstance(bearer, NamedNode)]
            raise thing_names.ambiguous(text, things, store, language)
    (subject,), (predicate,), (value,) = meant
    return Triple(subject, predicate, value)


def _written(term: "Term") -> tuple[str, ...]:
    """Return how a person may write a value: as it is, or as Turtle does."""
    from pyoxigraph import Literal

    return (term.value, str(term)) if isinstance(term, Literal) else ()


def _denied(store: "Store", texts: tuple[str, str, str], fact: "Triple") -> str:
    """Return that a fact does not hold, and what does instead."""
    from pyoxigraph import NamedNode

    from rallynov_graph.cli.text_tables import shortened
    from rallynov_graph.rules import explanation

    assert isinstance(fact.subject, NamedNode)
    told = f"The graph does not hold this: {' – '.join(texts)}."
    instead = [shortened(term) for term in explanation.values(store, fact.subject, fact.predicate)]
    if not instead:
        return f"{told} It holds nothing of this property for that thing."
    more = f" and {len(instead) - _SHOWN} more" if len(instead) > _SHOWN else ""
    return f"{told} It holds {', '.join(instead[:_SHOWN])}{more}."
