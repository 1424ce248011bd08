"""What a model takes for a name is one reason more; without the model, the rules decide alone.

spaCy weighs 300 MB, so no lock has it: what needs it is run by hand (decision 54 says how).
"""

import importlib
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from rallynov_graph.cli.propose import command
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


@pytest.mark.parametrize(
    ("spacy", "model", "told"),
    [
        (
            "",
            "fr_no_model",
            {
                "fr": "spaCy est installé, son modèle français ne l’est pas : les règles lisent "
                "sans lui ; « python -m spacy download fr_core_news_md » l’installe.",
                "en": "spaCy is installed, its French model is not: the rules read without it; "
                "“python -m spacy download fr_core_news_md” installs it.",
            },
        ),
        (
            "raise ImportError('libblis is of another processor')",
            "json",
            {
                "fr": "spaCy ou son modèle français ne peuvent pas être chargés, les règles "
                "lisent sans eux : libblis is of another processor.",
                "en": "spaCy or its French model cannot be loaded, the rules read without them: "
                "libblis is of another processor.",
            },
        ),
    ],
)
def test_a_spacy_that_cannot_help_is_told_and_the_rules_propose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spacy: str, model: str, told: dict[str, str]
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
        for language, sentence in told.items():
            answer = CliRunner().invoke(command, [str(tmp_path), str(letter), "--lang", language])
            assert answer.exit_code == 0
            assert answer.stderr.endswith(f"{sentence}\n")
            assert '"Odile Marchevin"' in answer.stdout
    finally:
        model_entities.installed.cache_clear()


@with_spacy
def test_what_a_pipeline_of_spacy_labels_is_a_reason() -> None:
    import spacy

    language = spacy.blank("fr")
    ruler = language.add_pipe("entity_ruler")
    ruler.add_patterns(
        [{"label": "LOC", "pattern": "Dorbel"}, {"label": "ORG", "pattern": "Atelier Tramor"}]
    )
    reading = Reading(f"{TEXT}\n\n\n{TEXT}\n", KnownNames())
    found = [*model_entities.reasons(reading, model_entities.entities(reading, language))]
    assert [(it.kind, reading.text[it.start : it.end]) for it in found] == [
        ("place", "Dorbel"),
        ("organisation", "Atelier Tramor"),
    ] * 2


@with_spacy
@pytest.mark.skipif(find_spec(model_entities.MODEL) is None, reason="so is its French model")
def test_the_french_model_names_persons() -> None:
    assert model_entities.remark() is None
    found = model_entities.propose(Reading(TEXT, KnownNames()))
    assert ("person", "Odile Marchevin") in [(it.kind, TEXT[it.start : it.end]) for it in found]
