"""``rallynov identity``: decide which addresses name the same thing, and undo it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.cli.options import data_folder_option, dry_run_option
from rallynov_graph.cli.words import Command, Group, t

if TYPE_CHECKING:
    from rallynov_graph.identity.decisions import Decision
    from rallynov_graph.identity.recording import DataFolder
    from rallynov_graph.identity.rewriting import Lost


@click.group("identity", cls=Group)
def identity() -> None:
    """Decide which addresses name the same thing, with evidence; undo it."""


def _grounds_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for the reason, the evidence, the author and the date of a decision."""
    day = click.DateTime(["%Y-%m-%d"])
    for option in (
        dry_run_option,
        data_folder_option,
        click.option("--agent", metavar="AGENT", default="agent/curateurs", show_default=True),
        click.option("--date", "day", type=day, required=True, metavar="YYYY-MM-DD"),
        click.option("--evidence", metavar="SET", multiple=True, required=True),
        click.option("--reason", "reasons", metavar="LANG=TEXT", multiple=True, required=True),
    ):
        function = option(function)
    return function


def _about_two(kind: str) -> None:
    @identity.command(kind, cls=Command, table=f"identity-{kind}")
    @click.argument("first", metavar="A")
    @click.argument("second", metavar="B")
    @_grounds_options
    def decide(first: str, second: str, **options: Any) -> None:
        from rallynov_graph.identity.decisions import Decision
        from rallynov_graph.identity.recording import iri_from

        _decide(Decision("", kind, iri_from(first), iri_from(second)), **options)


for each in ("same", "different", "open"):
    _about_two(each)


@identity.command("split", cls=Command, table="identity-split")
@click.argument("thing", metavar="A")
@click.option("--assign", "assigned", metavar="GRAPH=THING", multiple=True)
@_grounds_options
def split(thing: str, assigned: tuple[str, ...], **options: Any) -> None:
    """Split the address A, which names several things: assign each graph to one of them."""
    from rallynov_graph.identity.decisions import SPLIT, Assignment, Decision
    from rallynov_graph.identity.recording import iri_from

    graphs: dict[str, set[str]] = {}
    for text in assigned:
        graph, equals, to = text.partition("=")
        if not (graph and equals and to):
            raise click.UsageError(t("identity.assign", text=text))
        graphs.setdefault(iri_from(to), set()).add(iri_from(graph))
    assignments = tuple(Assignment(it, tuple(sorted(graphs[it]))) for it in sorted(graphs))
    _decide(Decision("", SPLIT, "", iri_from(thing), assignments), **options)


@identity.command("undo", cls=Command, table="identity-undo")
@click.argument("decision", metavar="DECISION")
@data_folder_option
@dry_run_option
def undo(decision: str, data: Path | None, dry_run: bool) -> None:
    """Undo a decision: remove its file, so that the addresses are again as before."""
    from rallynov_graph.identity import recording

    file = recording.undo(_folder(data), decision, rehearse=dry_run)
    click.echo(t("identity.removed_dry" if dry_run else "identity.removed", file=file))


@identity.command("list", cls=Command, table="identity-list")
@data_folder_option
def listed(data: Path | None) -> None:
    """List the decisions, with author, date, reason, and the replaced addresses."""
    from rallynov_graph.identity.recording import entries

    count = 0
    for it in entries(_folder(data).decided()):
        count += 1
        click.echo(t("identity.decision", name=it.decision.name, sentence=_sentence(it.decision)))
        told = t("identity.grounds", agent=it.agent, day=it.day, reason=it.reason)
        click.echo(f"    {told}")
        for lost in it.lost:
            click.echo(f"    {_given_way(lost)}")
    click.echo(t("identity.one") if count == 1 else t("identity.count", count=count))


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
    sentence = _sentence(recorded.decision)
    key = "identity.written_dry" if dry_run else "identity.written"
    click.echo(t(key, sentence=sentence, file=recorded.file))
    for lost in recorded.lost:
        click.echo(f"  {_given_way(lost)}")
    if not dry_run:
        name = recorded.decision.iri.rpartition("/")[2]
        click.echo(t("identity.validate"))
        click.echo(t("identity.undo", name=name))


def _sentence(decision: "Decision") -> str:
    kept, other = short_iri(decision.kept), short_iri(decision.other)
    things = t("identity.and").join(short_iri(it.thing) for it in decision.assigned)
    return t(f"identity.sentences.{decision.kind}", kept=kept, other=other, things=things)


def _given_way(lost: "Lost") -> str:
    quad = lost.quad
    graph = short_iri(quad.graph_name.value)  # type: ignore[union-attr]
    statement = f"{short_iri(quad.predicate.value)} {quad.object}"
    return t("identity.gives_way", graph=graph, statement=statement)


def _languages(folder: "DataFolder") -> tuple[str, ...]:
    from rallynov_graph.base.resources import ontology_dir
    from rallynov_graph.identity.recording import owed_languages
    from rallynov_graph.release import building

    return owed_languages(folder.quads, building.ontology_of(ontology_dir()))


def _by_language(reasons: tuple[str, ...], languages: tuple[str, ...]) -> dict[str, str]:
    """Return the reasons by language; raise UsageError unless each language has one."""
    found: dict[str, str] = {}
    for text in reasons:
        language, equals, reason = text.partition("=")
        if language not in languages or not equals or not reason.strip() or language in found:
            options = t("identity.and").join(f"--reason {it}=…" for it in languages)
            raise click.UsageError(t("identity.wrong_reason", text=text, options=options))
        found[language] = reason.strip()
    if missing := [it for it in languages if it not in found]:
        raise click.UsageError(t("identity.no_reason", language=missing[0]))
    return {language: found[language] for language in languages}


def _folder(data: Path | None) -> "DataFolder":
    from rallynov_graph.base.resources import data_dir
    from rallynov_graph.identity.recording import DataFolder
    from rallynov_graph.release import building

    folder = data or data_dir()
    return DataFolder(folder, building.written(folder))
