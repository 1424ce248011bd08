"""``rallynov diff``: list what changed from one release to another."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.base.namespaces import in_prefixes, short_iri

if TYPE_CHECKING:
    from rallynov_graph.base.terms import Term
    from rallynov_graph.release.diffing import Change, ChangedFact, Difference, StatedIn

FORMATS = ("text", "json", "patch")


@click.command(
    epilog="""\b
Examples:
  rallynov diff releases/0123456789abcdef releases
  rallynov diff before after --format json
  rallynov diff before after --format patch > changes.rdfp

Text and JSON name the facts that are new or gone, those that are said by other graphs or with
another certainty, and those that stand otherwise, as a later document took their place. The RDF
Patch makes the one dataset the other, ontology included."""
)
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def command(before: Path, after: Path, form: str) -> None:
    """Tell what changed from the release BEFORE to the release AFTER."""
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
    yield f"before  {earlier.id[:16]}  version {earlier.version} of {earlier.issued}"
    yield f"after   {later.id[:16]}  version {later.version} of {later.issued}"
    standing = [change for change in difference.changed if change.is_of_standing]
    yield (
        f"{len(difference.added)} facts added, {len(difference.removed)} removed, "
        f"{len(difference.changed) - len(standing)} with other evidence or certainty, "
        f"{len(standing)} with another standing; in the ontology, "
        f"{len(difference.ontology_added)} added, {len(difference.ontology_removed)} removed."
    )
    for it in difference.addresses:
        now = " or ".join(map(short_iri, it.now))
        means = "is no longer" if it.is_undone else "is now"
        yield f"> {short_iri(it.former)} {means} {now}; facts that moved with it: {it.facts}"
    for sign, facts in (("+", difference.added), ("-", difference.removed)):
        for fact in facts:
            yield f"{sign} {_statement(fact)}"
            yield from (f"    {_evidence_line(evidence)}" for evidence in fact.evidence)
    for change in difference.changed:
        yield f"~ {_statement(change)}"
        if change.is_of_standing:
            before, after = map(", ".join, change.standings)
            yield f"    standing: {before} -> {after}"
        yield from (f"    before: {_evidence_line(evidence)}" for evidence in change.before)
        yield from (f"    after:  {_evidence_line(evidence)}" for evidence in change.after)
    for sign, triples in (("+", difference.ontology_added), ("-", difference.ontology_removed)):
        for triple in triples:
            terms = (triple.subject, triple.predicate, triple.object)
            yield f"{sign} ontology: {' '.join(map(_short, terms))}"


def _statement(fact: "ChangedFact | Change") -> str:
    return " ".join(map(_short, (fact.subject, fact.predicate, fact.object)))


def _evidence_line(evidence: "StatedIn") -> str:
    """Return a line such as ``explicit, assertion-set/a, by document/b: passage/c``.

    It begins with the standing of what is not current.
    """
    certainty = [in_prefixes(evidence.certainty).removeprefix("rn:")] if evidence.certainty else []
    voice = [f"by {short_iri(evidence.voice)}"] if evidence.voice else []
    graph = short_iri(evidence.graph) or "default graph"
    passages = ", ".join(map(short_iri, evidence.passages))
    standing = [in_prefixes(evidence.standing).removeprefix("rn:")] if evidence.standing else []
    statement = ", ".join((*standing, *certainty, graph, *voice))
    return f"{statement}: {passages}" if passages else statement


def _short(term: "Term") -> str:
    written = str(term)
    return short_iri(written[1:-1]) if written.startswith("<") else written
