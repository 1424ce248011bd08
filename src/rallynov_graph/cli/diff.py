"""``rallynov diff``: what changed from one release to another."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.base.namespaces import ID, in_prefixes

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

Text and JSON name the facts that are new or gone, and those that are said by other graphs or
with another certainty. The RDF Patch makes the one dataset the other, ontology included."""
)
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def command(before: Path, after: Path, form: str) -> None:
    """Tell what changed from the release BEFORE to the release AFTER."""
    from rallynov_graph.release import diffing, release

    one, other = release.load(before), release.load(after)
    if form == "patch":
        sys.stdout.buffer.writelines(diffing.patch(one, other))
        return
    difference = diffing.between(one, other)
    if form == "json":
        click.echo(difference.json(), nl=False)
        return
    for line in _lines(difference):
        click.echo(line)


def _lines(difference: "Difference") -> Iterator[str]:
    one, other = difference.before, difference.after
    yield f"before  {one.id[:16]}  version {one.version} of {one.issued}"
    yield f"after   {other.id[:16]}  version {other.version} of {other.issued}"
    yield (
        f"{len(difference.added)} facts added, {len(difference.removed)} removed, "
        f"{len(difference.changed)} with other evidence or certainty; in the ontology, "
        f"{len(difference.ontology_added)} added, {len(difference.ontology_removed)} removed."
    )
    for sign, facts in (("+", difference.added), ("-", difference.removed)):
        for fact in facts:
            yield f"{sign} {_statement(fact)}"
            yield from (f"    {_told(evidence)}" for evidence in fact.evidence)
    for change in difference.changed:
        yield f"~ {_statement(change)}"
        yield from (f"    before: {_told(evidence)}" for evidence in change.before)
        yield from (f"    after:  {_told(evidence)}" for evidence in change.after)
    for sign, triples in (("+", difference.ontology_added), ("-", difference.ontology_removed)):
        for triple in triples:
            terms = (triple.subject, triple.predicate, triple.object)
            yield f"{sign} ontology: {' '.join(map(_short, terms))}"


def _statement(fact: "ChangedFact | Change") -> str:
    return " ".join(map(_short, (fact.subject, fact.predicate, fact.object)))


def _told(evidence: "StatedIn") -> str:
    """Return a line such as ``explicit, assertion-set/a, by document/b: passage/c``."""
    certainty = [in_prefixes(evidence.certainty).removeprefix("rn:")] if evidence.certainty else []
    voice = [f"by {_name(evidence.voice)}"] if evidence.voice else []
    graph = _name(evidence.graph) or "default graph"
    passages = ", ".join(map(_name, evidence.passages))
    told = ", ".join((*certainty, graph, *voice))
    return f"{told}: {passages}" if passages else told


def _short(term: "Term") -> str:
    written = str(term)
    return _name(written[1:-1]) if written.startswith("<") else written


def _name(iri: str) -> str:
    return iri.removeprefix(ID) if iri.startswith(ID) else in_prefixes(iri)
