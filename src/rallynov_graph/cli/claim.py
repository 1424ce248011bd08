"""``rallynov claim`` and ``rallynov why``: whether a claim holds, and why a fact holds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
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
    from rallynov_graph.claims.checked_claim import ClaimWords
    from rallynov_graph.claims.claim_check import ClaimChecker
    from rallynov_graph.questions.evidence_profile import Profile
    from rallynov_graph.release.release import Release
    from rallynov_graph.rules.explanation import ExplainedFact
    from rallynov_graph.sparql.store import Store

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
    from rallynov_graph.claims.claim_report import ClaimReport, ClaimSource

    only_one(release=folder, data=files, endpoint=endpoint)
    refuse_profile(profile, files, endpoint)
    moment = Moment(as_of, in_document)
    if moment and (files or endpoint):
        raise click.UsageError(t("query.moment_of_release"))
    words = ClaimWords(subject, relation, value, certainty)
    with _checker(folder, files, endpoint, words, moment, profile) as (checker, release, foreign):
        source = ClaimSource(checker.labels, language(), foreign=foreign)
        if release is not None:
            issued = release.manifest.issued
            source = ClaimSource(checker.labels, language(), release.id, issued)
        report = ClaimReport(source)
        checked = checker.check(words)
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
@profile_option
def why(
    subject: str,
    predicate: str,
    value: str,
    form: str,
    folder: Path | None,
    files: tuple[Path, ...],
    endpoint: str | None,
    profile: "Profile | None",
) -> int:
    """Show who says a fact, or which rules conclude it from which premises."""
    from rallynov_graph.claims.checked_claim import ClaimWords
    from rallynov_graph.rules import explanation, explanation_text

    only_one(release=folder, data=files, endpoint=endpoint)
    refuse_profile(profile, files, endpoint)
    words = ClaimWords(subject, predicate, value)
    with _checker(folder, files, endpoint, words, profile=profile) as (checker, _, _):
        store, checked = checker.store, checker.check(words)
        fact = checked.fact
        if not fact.holds:
            fact = checker.explained(checked.triple)
        periods = explanation.periods(store, fact)
        names = explanation_text.names_in(fact, periods, store, language())
        if form == "json":
            click.echo(explanation_text.as_json(fact, periods, names))
        elif fact.holds:
            click.echo(explanation_text.text(fact, periods, names, language()))
        else:
            former = explanation_text.lines_of_periods(periods, names, language())
            click.echo("\n".join([_denial(store, words, fact), *former]))
    return 0 if fact.holds else 1


@contextmanager
def _checker(
    folder: Path | None,
    files: tuple[Path, ...],
    endpoint: str | None,
    words: "ClaimWords",
    moment: Moment | None = None,
    profile: "Profile | None" = None,
) -> "Iterator[tuple[ClaimChecker, Release | None, bool]]":
    """Open what checks claims, with its release and whether its graph is one of others."""
    from rallynov_graph.claims.claim_check import ClaimChecker
    from rallynov_graph.questions.datasets import is_ours
    from rallynov_graph.questions.labels import Labels
    from rallynov_graph.questions.page_queries import PageQueries
    from rallynov_graph.release.finder import Finder, SearchIndexFile

    texts = (words.subject, words.relation, words.object)
    with any_store(folder, files, endpoint, texts, merged=True) as (whole, release):
        store = moment.store_of(whole, release.documents) if moment and release else whole
        foreign = release is None and not is_ours(whole)
        queries = PageQueries.of_others(store, profile) if foreign else PageQueries(store)
        labels = Labels(queries)
        index = None if moment or endpoint else SearchIndexFile(store, release)
        shapes = b"" if release is None else release.shapes.read_bytes()
        finder = Finder.of(store, labels, index)
        yield ClaimChecker(queries, labels, finder, shapes, language()), release, foreign


def _denial(store: "Store", words: "ClaimWords", fact: "ExplainedFact") -> str:
    """Return the sentence that a fact does not hold, with the values that hold instead."""
    from rallynov_graph.rules import explanation

    texts = (words.subject, words.relation, words.object)
    denied = t("why.denied", fact=" – ".join(texts))
    subject, prop, _ = fact.triple
    values = [shortened(term) for term in explanation.values(store, subject, prop)]
    if not values:
        return f"{denied} {t('why.nothing')}"
    shown, more = ", ".join(values[:_SHOWN]), len(values) - _SHOWN
    key = "why.more_values" if more > 0 else "why.values"
    return f"{denied} {t(key, values=shown, more=more)}"
