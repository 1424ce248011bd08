"""What a model takes for a name is one reason more; without the model, the rules decide alone.

spaCy weighs 300 MB, so no lock has it: what needs it is run by hand.
"""

import importlib
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from rallynov_graph.cli.desk import propose as command
from rallynov_graph.desk.proposing.known_names import KnownNames
from rallynov_graph.desk.proposing.proposers import model_entities
from rallynov_graph.desk.proposing.proposers.model_entities import Entity
from rallynov_graph.desk.proposing.reading import Reading

TEXT = "Le marché de Dorbel accueille\nl’Atelier Tramor et Odile Marchevin."
with_spacy = pytest.mark.skipif(find_spec("spacy") is None, reason="spaCy is installed by hand")


def span(words: str, label: str) -> Entity:
    start = TEXT.index(words)
    return Entity(label, start, start + len(words))


def test_an_entity_is_a_reason_for_its_kind_from_its_first_capital_on() -> None:
    entities = [
        span("de Dorbel", "LOC"),
        span("l’Atelier Tramor", "ORG"),
        span("Odile Marchevin", "PER"),
        span("Odile", "MISC"),
        span("Le marché", "ORG"),
    ]
    found = [*model_entities.reasons(Reading(TEXT, KnownNames()), entities)]
    assert [(it.kind, TEXT[it.start : it.end]) for it in found] == [
        ("place", "Dorbel"),
        ("organisation", "Atelier Tramor"),
        ("person", "Odile Marchevin"),
    ]
    assert all("modèle" in it.why.fr and "model" in it.why.en for it in found)


CANNOT_HELP = (
    (
        "",
        "fr_no_model",
        "spaCy est installé, son modèle français ne l’est pas",
        "is installed, its",
    ),
    (
        "raise ImportError('libblis is of another processor')",
        "json",
        "les règles lisent sans eux : libblis is of another processor.",
        "cannot be loaded, the rules read without them: libblis is of another processor.",
    ),
)


@pytest.mark.parametrize(("spacy", "model", "french", "english"), CANNOT_HELP)
def test_a_spacy_that_cannot_help_is_told_and_the_rules_propose(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    spacy: str,
    model: str,
    french: str,
    english: str,
) -> None:
    package = tmp_path / "installed" / "spacy"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(spacy, "utf-8")
    letter = tmp_path / "lettre.txt"
    letter.write_text("« Oui », dit Odile Marchevin, potière.\n", "utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setattr(model_entities, "MODEL", model)
    importlib.invalidate_caches()
    model_entities.installed.cache_clear()
    try:
        for language, words in (("fr", french), ("en", english)):
            answer = CliRunner().invoke(command, [str(tmp_path), str(letter), "--lang", language])
            assert answer.exit_code == 0
            assert words in answer.stderr
            assert '"Odile Marchevin"' in answer.stdout
    finally:
        model_entities.installed.cache_clear()


@with_spacy
@pytest.mark.skipif(find_spec(model_entities.MODEL) is None, reason="so is its French model")
def test_the_french_model_names_persons() -> None:
    assert model_entities.remark() is None
    found = model_entities.propose(Reading(TEXT, KnownNames()))
    assert ("person", "Odile Marchevin") in [(it.kind, TEXT[it.start : it.end]) for it in found]
