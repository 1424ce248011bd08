"""What errors say, in English and in French."""

import ast
import tomllib
from pathlib import Path

import pytest

import rallynov_graph
from rallynov_graph.base import errors
from rallynov_graph.base.errors import QueryError, RallynovError, SourceError, in_french

PACKAGE = Path(rallynov_graph.__file__).parent
RAISED = {name for name in vars(errors) if name.endswith(("Error", "Failed"))}


@pytest.mark.parametrize(
    ("error", "french"),
    [
        (
            QueryError("No question is called 'stag': did you mean stages or stage?"),
            "Aucune question ne s’appelle 'stag' : vouliez-vous dire stages ou stage ?",
        ),
        (
            SourceError("a.ttl", "it is not TOML: x; correct it", 3),
            "a.ttl, ligne 3 : ce n’est pas du TOML : x ; corrigez-le",
        ),
        (RallynovError("Something else."), "Something else."),
        (RallynovError("It is late.", french="Il est tard."), "Il est tard."),
    ],
)
def test_an_error_speaks_both_languages(error: RallynovError, french: str) -> None:
    assert error.text("fr") == french
    assert error.text("en") == str(error)


def sentence(node: ast.expr) -> str:
    """Return the beginning of what a text in code says; fields are a sign."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(sentence, node.values))
    return "…"


def test_each_sentence_of_an_error_has_its_french() -> None:
    lacking, count = [], 0
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED):
                continue
            place = 1 if getattr(node.func, "id", "") == "SourceError" else 0
            said = [sentence(it) for it in node.args[place : place + 1]]
            has_french = {it.arg for it in node.keywords} & {"french", "reasons"}
            if has_french or not said or said[0].endswith("…") or said[0].startswith("… …"):
                continue
            count += 1
            if in_french(said[0]) == said[0] and said[0] not in OPEN:
                lacking.append(f"{path.name}:{node.lineno} {said[0]}")
    assert lacking == []
    assert count > 100


OPEN = {
    "… is a number above 0…, not ….",
    "…….",
    "… for … s.",
    "it leads to itself…, and SHACL does not define that; remove one reference",
    "Something of … is asked for, which … is not…",
}
"""What other words stand in; the table has a line for each of these."""


def test_french_has_the_fields_of_the_english_and_its_signs() -> None:
    table = tomllib.loads((PACKAGE / "base" / "french.toml").read_text("utf-8"))
    for name, row in ((name, row) for part in table.values() for name, row in part.items()):
        fields = {it: it for it in errors._pattern(row["en"]).groupindex}
        assert row["fr"].format(**fields) and row["fr"] != row["en"], name
        assert {it for it in fields if f"{{{it}}}" not in row["fr"]} <= {"what", "format"}, name
