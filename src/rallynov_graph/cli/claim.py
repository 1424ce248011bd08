"""``rallynov claim`` and ``rallynov why``: whether a claim holds, and why a fact holds."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.cli.options import (
    data_option,
    endpoint_option,
    format_option,
    only_one,
    profile_option,
    refuse_profile,
    release_option,
)
from rallynov_graph.cli.stores import any_store
from rallynov_graph.cli.terminal import shortened
from rallynov_graph.cli.words import Command, language, t
from rallynov_graph.release.moments import Moment

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Triple

    from rallynov_graph.base.terms import Term
    from rallynov_graph.questions.evidence_profile import Profile
    from rallynov_graph.sparql.store import Store

    Meant = tuple[list[NamedNode], list[NamedNode], list[NamedNode | Literal]]
    """The terms that each of the three texts of a fact may mean."""

_SHOWN: Final = 5
"""The number of values shown instead of one that does not hold."""


@click.command("claim", cls=Command)
@click.argument("subject")
@click.argument("relation")
@click.argument("value", metavar="OBJECT")
@click.option("--certainty", type=click.Choice(CERTAINTIES), default=LEAST_SURE, show_default=True)
@click.option("--as-of", default="", metavar="DATE")
@click.option("--in-document", default="", metavar="NAME")
@format_option("text", "json")
@release_option
@data_option
@endpoint_option
@profile_option
def claim(
    subject: str,
    relation: str,
    value: str,
    certainty: str,
    as_of: str,
    in_document: str,
    form: str,
    folder: Path | None,
    files: tuple[Path, ...],
    endpoint: str | None,
    profile: "Profile | None",
) -> int:
    """Check a claim against the graph."""
    from rallynov_graph.claims.checked_claim import ClaimWords, Verdict
    from rallynov_graph.claims.claim_check import ClaimChecker
    from rallynov_graph.claims.claim_report import ClaimReport, ClaimSource
    from rallynov_graph.questions.datasets import is_ours
    from rallynov_graph.questions.labels import Labels
    from rallynov_graph.questions.page_queries import PageQueries
    from rallynov_graph.release.finder import Finder, SearchIndexFile

    only_one(release=folder, data=files, endpoint=endpoint)
    refuse_profile(profile, files, endpoint)
    moment = Moment(as_of, in_document)
    if moment and (files or endpoint):
        raise click.UsageError(t("query.moment_of_release"))
    spoken = language()
    texts = (subject, relation, value)
    with any_store(folder, files, endpoint, texts, merged=True) as (whole, release):
        store = moment.store_of(whole, release.documents) if moment and release else whole
        foreign = release is None and not is_ours(whole)
        queries = PageQueries.of_others(store, profile) if foreign else PageQueries(store)
        labels = Labels(queries)
        index = None if moment or endpoint else SearchIndexFile(store, release)
        shapes, source = b"", ClaimSource(labels, spoken, foreign=foreign)
        if release is not None:
            shapes = release.shapes.read_bytes()
            source = ClaimSource(labels, spoken, release.id, release.manifest.issued)
        checker = ClaimChecker(queries, labels, Finder.of(store, labels, index), shapes, spoken)
        report = ClaimReport(source)
        checked = checker.check(ClaimWords(subject, relation, value, certainty))
        if form == "json":
            click.echo(json.dumps(report.plain(checked), ensure_ascii=False, indent=2))
        else:
            click.echo(report.text(checked))
    return 0 if checked.verdict is Verdict.HOLDS else 1


@click.command("why", cls=Command)
@click.argument("subject")
@click.argument("predicate")
@click.argument("value", metavar="OBJECT")
@format_option("text", "json")
@release_option
@data_option
@endpoint_option
def why(
    subject: str,
    predicate: str,
    value: str,
    form: str,
    folder: Path | None,
    files: tuple[Path, ...],
    endpoint: str | None,
) -> int:
    """Show who says a fact, or which rules conclude it from which premises."""
    only_one(release=folder, data=files, endpoint=endpoint)
    texts = (subject, predicate, value)
    with any_store(folder, files, endpoint, texts, merged=True) as (store, _):
        return _explain(store, texts, form)


def _explain(store: "Store", texts: tuple[str, str, str], form: str) -> int:
    from rallynov_graph.rules import explanation, explanation_text

    possible_terms, facts = _possible_facts(store, texts)
    if len(facts) > 1:
        listed = "; ".join(f"{fact.subject} {fact.predicate} {fact.object}" for fact in facts)
        raise UnknownNameError(t("why.several", count=len(facts), facts=listed))
    triple = facts[0] if facts else _single_fact(store, texts, possible_terms)
    fact = explanation.explain(store, triple)
    periods = explanation.periods(store, fact)
    names = explanation_text.names_in(fact, periods, store, language())
    if form == "json":
        click.echo(explanation_text.as_json(fact, periods, names))
    elif fact.holds:
        click.echo(explanation_text.text(fact, periods, names, language()))
    else:
        former = explanation_text.lines_of_periods(periods, names, language())
        click.echo("\n".join([_denial(store, texts, triple), *former]))
    return 0 if fact.holds else 1


def _possible_facts(store: "Store", texts: tuple[str, str, str]) -> tuple["Meant", list["Triple"]]:
    """Return the terms that each text may mean, and each fact made of them that holds.

    Raises UnknownNameError if one of them means nothing.
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


def _single_fact(store: "Store", texts: tuple[str, str, str], possible_terms: "Meant") -> "Triple":
    """Return the one fact that is meant; raise AmbiguousNameError if a name means several."""
    from pyoxigraph import Literal, NamedNode, Triple

    from rallynov_graph.questions import thing_names

    terms: Sequence[Sequence[NamedNode | Literal]] = possible_terms
    for text, bearers in zip(texts, terms, strict=True):
        if len(bearers) > 1:
            things = [bearer for bearer in bearers if isinstance(bearer, NamedNode)]
            raise thing_names.ambiguous(text, things, store, language())
    (subject,), (predicate,), (value,) = possible_terms
    return Triple(subject, predicate, value)


def _written(term: "Term") -> tuple[str, ...]:
    """Return the ways to write a value: unchanged, or in Turtle."""
    from pyoxigraph import Literal

    return (term.value, str(term)) if isinstance(term, Literal) else ()


def _denial(store: "Store", texts: tuple[str, str, str], fact: "Triple") -> str:
    """Return the sentence that a fact does not hold, with the values that hold instead."""
    from pyoxigraph import NamedNode

    from rallynov_graph.rules import explanation

    assert isinstance(fact.subject, NamedNode)
    denied = t("why.denied", fact=" – ".join(texts))
    values = [shortened(term) for term in explanation.values(store, fact.subject, fact.predicate)]
    if not values:
        return f"{denied} {t('why.nothing')}"
    shown, more = ", ".join(values[:_SHOWN]), len(values) - _SHOWN
    key = "why.more_values" if more > 0 else "why.values"
    return f"{denied} {t(key, values=shown, more=more)}"
