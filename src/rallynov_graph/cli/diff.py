"""``rallynov diff``: list the changes between two releases."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.base.namespaces import in_prefixes, short_iri
from rallynov_graph.cli.options import PATH, format_option
from rallynov_graph.cli.words import Command, t

if TYPE_CHECKING:
    from rallynov_graph.base.terms import Term
    from rallynov_graph.release.diffing import Change, ChangedFact, Difference, StatedIn


@click.command("diff", cls=Command)
@click.argument("before", type=PATH)
@click.argument("after", type=PATH)
@format_option("text", "json", "patch")
def diff(before: Path, after: Path, form: str) -> None:
    """List the changes from the release BEFORE to the release AFTER."""
    from rallynov_graph.release import diffing, release

    earlier, later = release.load(before), release.load(after)
    if form == "patch":
        sys.stdout.buffer.writelines(diffing.patch(earlier, later))
        return
    difference = diffing.between(earlier, later)
    if form == "json":
        click.echo(difference.json(), nl=False)
        return
    for line in _lines(difference):
        click.echo(line)


def _lines(difference: "Difference") -> Iterator[str]:
    earlier, later = difference.before, difference.after
    ends = (("diff.release_before", earlier), ("diff.release_after", later))
    for key, it in ends:
        yield t(key, id=it.id[:16], version=it.version, issued=it.issued)
    standing = [change for change in difference.changed if change.is_of_standing]
    yield t(
        "diff.counts",
        added=len(difference.added),
        removed=len(difference.removed),
        changed=len(difference.changed) - len(standing),
        standing=len(standing),
        ontology_added=len(difference.ontology_added),
        ontology_removed=len(difference.ontology_removed),
    )
    for moved in difference.addresses:
        now = t("diff.or").join(map(short_iri, moved.now))
        key = "diff.no_longer" if moved.is_undone else "diff.is_now"
        yield t(key, former=short_iri(moved.former), now=now, facts=moved.facts)
    for sign, facts in (("+", difference.added), ("-", difference.removed)):
        for fact in facts:
            yield f"{sign} {_statement(fact)}"
            yield from (f"    {_evidence_line(evidence)}" for evidence in fact.evidence)
    for change in difference.changed:
        yield f"~ {_statement(change)}"
        if change.is_of_standing:
            before, after = map(", ".join, change.standings)
            yield f"    {t('diff.standing', before=before, after=after)}"
        for key, stated in (("diff.before", change.before), ("diff.after", change.after)):
            yield from (f"    {t(key, evidence=_evidence_line(it))}" for it in stated)
    for sign, triples in (("+", difference.ontology_added), ("-", difference.ontology_removed)):
        for triple in triples:
            terms = (triple.subject, triple.predicate, triple.object)
            yield t("diff.ontology", sign=sign, statement=" ".join(map(_short, terms)))


def _statement(fact: "ChangedFact | Change") -> str:
    return " ".join(map(_short, (fact.subject, fact.predicate, fact.object)))


def _evidence_line(evidence: "StatedIn") -> str:
    """Return a line such as ``explicit, assertion-set/a, by document/b: passage/c``.

    It begins with the standing if the fact is not current.
    """
    certainty = [in_prefixes(evidence.certainty).removeprefix("rn:")] if evidence.certainty else []
    voice = [t("diff.by", voice=short_iri(evidence.voice))] if evidence.voice else []
    graph = short_iri(evidence.graph) or t("diff.default_graph")
    passages = ", ".join(map(short_iri, evidence.passages))
    standing = [in_prefixes(evidence.standing).removeprefix("rn:")] if evidence.standing else []
    statement = ", ".join((*standing, *certainty, graph, *voice))
    return t("diff.passages", statement=statement, passages=passages) if passages else statement


def _short(term: "Term") -> str:
    written = str(term)
    return short_iri(written[1:-1]) if written.startswith("<") else written
