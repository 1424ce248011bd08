"""``rallynov identity``: decide which addresses name the same thing, and undo it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.cli.options import data_folder_option

if TYPE_CHECKING:
    from rallynov_graph.identity.decisions import Decision
    from rallynov_graph.identity.recording import DataFolder
    from rallynov_graph.identity.rewriting import Lost

_CURATORS: Final = "agent/curateurs"


@click.group(
    epilog="""\b
Examples:
  rallynov identity list
  rallynov identity same person/first-last person/f-last --date 2026-11-28 \\
    --reason fr="…" --reason en="…" --evidence assertion-set/carnet-2-annonce
  rallynov identity undo same-person-first-last-f-last"""
)
def command() -> None:
    """Decide which addresses name the same thing, with evidence; undo it.

    A decision is a file of its own in the data folder, in identity/; nothing else changes there.
    The next build carries it out.
    """


def _grounds_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say why something is decided, on what, by whom and when."""
    for option in (
        click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing."),
        data_folder_option,
        click.option(
            "--agent",
            metavar="AGENT",
            default=_CURATORS,
            show_default=True,
            help="Who decides: an agent of the data.",
        ),
        click.option(
            "--date",
            "day",
            type=click.DateTime(["%Y-%m-%d"]),
            required=True,
            metavar="YYYY-MM-DD",
            help="The day of the decision.",
        ),
        click.option(
            "--evidence",
            metavar="SET",
            multiple=True,
            required=True,
            help="An assertion set, a passage or an outside graph that bears it out; repeatable.",
        ),
        click.option(
            "--reason",
            "reasons",
            metavar="LANG=TEXT",
            multiple=True,
            required=True,
            help="Why, in one sentence; once in each language that the dataset declares.",
        ),
    ):
        function = option(function)
    return function


def _about_two(kind: str, text: str) -> click.Command:
    @click.command(kind, help=text)
    @click.argument("first", metavar="A")
    @click.argument("second", metavar="B")
    @_grounds_options
    def decide(first: str, second: str, **options: Any) -> None:
        from rallynov_graph.identity.decisions import Decision
        from rallynov_graph.identity.recording import iri_from

        _decide(Decision("", kind, iri_from(first), iri_from(second)), **options)

    return decide


same = _about_two(
    "same",
    """A and B are the same thing: its address is A, and B leads there.

    What curators wrote of A stays; the names of B become other names. What else there is once of a
    thing, and was written of B, is listed: it gives way.""",
)
different = _about_two(
    "different", "A and B are two things, however alike: they are not told as alike any more."
)
undecided = _about_two(
    "open", "Whether A and B are one thing or two is not settled: their pages say so."
)


@click.command(
    epilog="""\b
Examples:
  rallynov identity split person/first-last --date 2026-11-28 \\
    --assign assertion-set/carnet-2-a=person/first-last-2 \\
    --assign assertion-set/carnet-3-b=person/first-last-3 \\
    --reason fr="…" --reason en="…" --evidence assertion-set/carnet-3-b"""
)
@click.argument("thing", metavar="A")
@click.option(
    "--assign",
    "assigned",
    metavar="GRAPH=THING",
    multiple=True,
    help="Of which thing a graph speaks; repeatable, once for each graph that speaks of A.",
)
@_grounds_options
def split(thing: str, assigned: tuple[str, ...], **options: Any) -> None:
    """The address A names several things: say of each graph which of them it speaks of.

    A then answers with the choice. Its name goes to each thing that has none of its own.
    """
    from rallynov_graph.identity.decisions import SPLIT, Assignment, Decision
    from rallynov_graph.identity.recording import iri_from

    graphs: dict[str, set[str]] = {}
    for text in assigned:
        graph, equals, to = text.partition("=")
        if not (graph and equals and to):
            raise click.UsageError(f"--assign {text}: write a graph, = and a thing.")
        graphs.setdefault(iri_from(to), set()).add(iri_from(graph))
    assignments = tuple(Assignment(it, tuple(sorted(graphs[it]))) for it in sorted(graphs))
    _decide(Decision("", SPLIT, "", iri_from(thing), assignments), **options)


@click.command()
@click.argument("decision", metavar="DECISION")
@data_folder_option
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
def undo(decision: str, data: Path | None, dry_run: bool) -> None:
    """Take a decision back: its file goes, and the addresses are again what they were."""
    from rallynov_graph.identity import recording

    file = recording.undo(_folder(data), decision, rehearse=dry_run)
    click.echo(f"{file} {'would be' if dry_run else 'is'} removed.")


@click.command("list")
@data_folder_option
def listed(data: Path | None) -> None:
    """List the decisions, with who decided when and why, and what gave way."""
    from rallynov_graph.identity.recording import entries

    count = 0
    for entry in entries(_folder(data).decided()):
        count += 1
        click.echo(f"{entry.decision.name}: {_sentence(entry.decision)}")
        click.echo(f"    {entry.agent}, {entry.day}: {entry.reason}")
        for lost in entry.lost:
            click.echo(f"    {_given_way(lost)}")
    click.echo(f"{count} decision{'' if count == 1 else 's'}.")


for each in (same, different, undecided, split, undo, listed):
    command.add_command(each)


def _decide(
    decision: "Decision",
    *,
    reasons: tuple[str, ...],
    evidence: tuple[str, ...],
    agent: str,
    day: datetime,
    data: Path | None,
    dry_run: bool,
) -> None:
    from rallynov_graph.identity import recording
    from rallynov_graph.identity.recording import iri_from
    from rallynov_graph.identity.writing import Grounds

    pieces = tuple(map(iri_from, evidence))
    folder = _folder(data)
    by_language = _by_language(reasons, _languages(folder))
    grounds = Grounds(by_language, pieces, iri_from(agent), day.date())
    recorded = recording.record(folder, decision, grounds, rehearse=dry_run)
    would = "would be " if dry_run else ""
    click.echo(f"{_sentence(recorded.decision)}: {would}written to {recorded.file}")
    for lost in recorded.lost:
        click.echo(f"  {_given_way(lost)}")
    if not dry_run:
        name = recorded.decision.iri.rpartition("/")[2]
        click.echo("Run rallynov validate: what the decision brings is found there.")
        click.echo(f"To take it back: rallynov identity undo {name}")


def _sentence(decision: "Decision") -> str:
    kept, other = short_iri(decision.kept), short_iri(decision.other)
    if decision.kind == "split":
        return f"{other} is {' and '.join(short_iri(it.thing) for it in decision.assigned)}"
    return {
        "same": f"{other} is {kept}",
        "different": f"{kept} is not {other}",
        "open": f"{kept} may be {other}",
    }[decision.kind]


def _given_way(lost: "Lost") -> str:
    quad = lost.quad
    where = short_iri(quad.graph_name.value)  # type: ignore[union-attr]
    return f"gives way ({where}): {short_iri(quad.predicate.value)} {quad.object}"


def _languages(folder: "DataFolder") -> tuple[str, ...]:
    from rallynov_graph.base.resources import ontology_dir
    from rallynov_graph.identity.owed_languages import owed_languages
    from rallynov_graph.release import building

    return owed_languages(folder.quads, building.ontology_of(ontology_dir()))


def _by_language(reasons: tuple[str, ...], languages: tuple[str, ...]) -> dict[str, str]:
    """Return the reasons by language; raise UsageError unless there is one in each."""
    found: dict[str, str] = {}
    for text in reasons:
        language, equals, reason = text.partition("=")
        if language not in languages or not equals or not reason.strip() or language in found:
            options = " and ".join(f"--reason {it}=…" for it in languages)
            raise click.UsageError(f"--reason {text}: give one reason in each language: {options}.")
        found[language] = reason.strip()
    if missing := [it for it in languages if it not in found]:
        raise click.UsageError(f"A reason is missing: add --reason {missing[0]}=…")
    return {language: found[language] for language in languages}


def _folder(data: Path | None) -> "DataFolder":
    from rallynov_graph.base.resources import data_dir
    from rallynov_graph.identity.recording import DataFolder
    from rallynov_graph.release import building

    folder = data or data_dir()
    return DataFolder(folder, building.written(folder))
