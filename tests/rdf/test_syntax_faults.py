"""Turtle that cannot be read: what is missing, after which word, in plain words."""

import pytest

from rallynov_graph.base.errors import SourceError
from rallynov_graph.rdf import sources

HEAD = "@prefix e: <https://example.org/> .\n@prefix long: <https://example.org/l> .\n"


FAULTS = [
    ('e:a e:p "x"@fr\n  e:q e:b .', 3, "un signe avant « e:q »", "missing before “e:q”"),
    ('e:a e:p "x"@fr\n  a e:b .', 3, "un signe avant « a »", "missing before “a”"),
    ('e:a e:p "x"@fr\n "y"@en .', 3, "il manque une virgule", "a comma is missing"),
    ('e:a e:p "x\n e:q e:b .', 3, "n’est pas fermé", "is not closed"),
    ('e:a e:p "x "y" z" .', 3, "« y » est hors du texte", "“y” is outside"),
    ("e:g {\n e:a e:p e:b .\n", 3, "il manque « } »", "“}” at the end is missing"),
    ("e:g {\n e:a e:p e:b .\nGRAPH e:h { }", 3, "il manque « } »", "“}” at the end is"),
    ("e:g {\n e:a e:p e:b .\n}\n}", 6, "« } » de trop", "one “}” too many"),
    ("e:a e:p e:b", 3, "le fichier s’arrête", "the file ends"),
    ("e:a e:p\n rn:b .", 4, "@prefix rn: <https://w3id.org/", "@prefix rn: <https://w3id"),
    ("e:a e:p lonk:b .", 3, "vouliez-vous dire long: ?", "did you mean long:?"),
    ("e:a e:p other:b .", 3, "other: n’est pas déclaré", "declare it at the top"),
    ("e:a e:p ;\n e:q e:b .", 3, "une valeur avant « ; »", "a value is missing before “;”"),
    ("e:a e:p word .", 3, "« word » n’est pas une valeur", "“word” is not a value"),
    ('e:a "x" .', 3, "une propriété avant", "a property is missing before"),
    ("e:a e:p “x” .", 3, "des guillemets droits", "straight quotation marks"),
    ("e:a/b e:p e:c .", 3, "un nom n’a pas de « / »", "a name has no “/”"),
    ("e:l'a e:p e:c .", 3, "n’a pas d’apostrophe", "has no apostrophe"),
]


def test_what_is_missing_is_said_where_it_is_written(tmp_path):
    for written, line, fr, en in FAULTS:
        file = tmp_path / "a.trig"
        file.write_text(HEAD + written, "utf-8")
        with pytest.raises(SourceError) as raised:
            list(sources.quads([file], relative_iris=False))
        assert raised.value.line == line
        assert fr in raised.value.text("fr")
        assert en in raised.value.text("en") == str(raised.value)


def test_a_prefix_that_a_file_beside_declares_is_given_with_its_address(tmp_path):
    (tmp_path / "b.trig").write_text("@prefix own: <https://example.org/own/> .", "utf-8")
    file = tmp_path / "a.trig"
    file.write_text("own:a a own:b .", "utf-8")
    with pytest.raises(SourceError, match=r"@prefix own: <https://example\.org/own/> \."):
        list(sources.quads([file]))
