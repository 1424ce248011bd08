"""A build that begins with what the last one found ends with the bytes of one that does not."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import standin
from rallynov_graph.base.errors import ValidationFailed
from rallynov_graph.release import release
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.validation import changed_data
from standin import StandIn

FURTHER = """\
@prefix : <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix schema: <https://schema.org/> .
:more {
    :three a rn:Stage ; rdfs:label "Troisième étape"@fr ; schema:location :here .
    :more a rn:Inference ; rdfs:label "Suite"@fr .
}
"""


def edited(file: str, old: str, new: str) -> Callable[[StandIn], None]:
    """Return a change of a file of the stand-in."""

    def change(made: StandIn) -> None:
        path = made.data.parent / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def add_a_document(made: StandIn) -> None:
    further = made.data / "carnets" / "2" / "stages.trig"
    further.parent.mkdir()
    further.write_text(FURTHER)


def remove_a_document(made: StandIn) -> None:
    shutil.rmtree(made.data / "carnets" / "2")


LABEL = "rns:StageShape-label a sh:PropertyShape ;"
CHANGES: tuple[tuple[Callable[[StandIn], None], bool], ...] = (
    (StandIn.change, True),
    (add_a_document, True),
    (remove_a_document, True),
    (edited("data/dataset.trig", "Essai", "Essais"), True),
    (edited("ontology/rallynov.ttl", '"étape"@fr', '"halte"@fr'), False),
    (edited("ontology/shapes.ttl", LABEL, f"{LABEL} sh:severity sh:Warning ;"), False),
    (edited("ontology/shapes.ttl", "sh:minCount 1 ;", "sh:minCount 2 ;"), False),
    (edited("data/carnets/1/stages.trig", "Deuxième", "Seconde"), True),
)
"""Each change, and whether a build after it begins with what was known."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each build that knew something began with it."""
    monkeypatch.setattr("rallynov_graph.release.known_findings.FROM", 1)
    used: list[bool] = []
    whole = changed_data.found

    def noting(*given: object, **named: object) -> object:
        found = whole(*given, **named)  # type: ignore[arg-type]
        used.append(found is not None)
        return found

    monkeypatch.setattr(changed_data, "found", noting)
    return used


def built(made: StandIn, out: Path) -> Release:
    return build(out, data=made.data, ontology=made.ontology)


def bytes_of(made: Release) -> dict[str, str]:
    hashes, files = standin.hashes(made.path), (it.path for it in made.manifest.files)
    return {name: hashes[name] for name in (release.MANIFEST, *files)}


def test_after_each_kind_of_change_the_bytes_are_those_of_a_whole_build(
    tmp_path: Path, asked: list[bool]
) -> None:
    made, out = standin.make(tmp_path / "sources"), tmp_path / "out"
    built(made, out)
    for number, (change, begins_with_known) in enumerate(CHANGES):
        change(made)
        asked.clear()
        one = built(made, out)
        assert asked == [True] * begins_with_known, number
        asked.clear()
        whole = built(made, tmp_path / f"whole-{number}")
        assert not asked
        assert bytes_of(one) == bytes_of(whole), number


def test_what_is_known_may_be_damaged_of_another_release_or_gone(
    tmp_path: Path, asked: list[bool]
) -> None:
    made, out = standin.make(tmp_path / "sources"), tmp_path / "out"
    first = built(made, out)
    made.change()
    whole = built(made, tmp_path / "whole")
    [known] = first.path.glob("results-*/findings-*")
    [other] = whole.path.glob("results-*/findings-*")
    content = known.read_bytes()
    for damaged in (content[:-1], content[:-1] + b"x", b"", None):
        known.unlink() if damaged is None else known.write_bytes(damaged)
        assert bytes_of(built(made, out)) == bytes_of(whole)
        (out / release.LATEST).write_text(first.path.name)
    assert not asked
    assert other.name == known.name  # named by what data are held to; the folder by the release
    assert other.parent.name != known.parent.name


def test_what_is_wrong_is_found_and_nothing_is_released(tmp_path: Path, asked: list[bool]) -> None:
    made, out = standin.make(tmp_path / "sources"), tmp_path / "out"
    first = built(made, out)
    made.forget_a_name()
    with pytest.raises(ValidationFailed) as one:
        built(made, out)
    with pytest.raises(ValidationFailed) as whole:
        built(made, tmp_path / "whole")
    assert asked == [True]
    assert one.value.report == whole.value.report
    assert release.latest(out) == first.path
