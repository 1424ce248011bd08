"""A build that cannot be finished leaves nothing."""

import os
from contextlib import suppress

import pytest

from made_up_rules import HEADER
from rallynov_graph.base.errors import RuleError
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.whole_files import locked
from rallynov_graph.release.building import build
from rallynov_graph.rules import inference, rulebook

ENDLESS = f"""{HEADER}
PREFIX rn: <{RN}>
CONSTRUCT {{ ?new a rn:Rally }} WHERE {{
  ?x a rn:Rally . BIND (IRI(CONCAT(STR(?x), "x")) AS ?new)
}}"""


def left_over(out):
    return list(out.glob(".unfinished-*"))


def test_a_rule_that_never_ends_leaves_nothing(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(inference, "MOST", 10)
    monkeypatch.setattr(inference, "MOST_FOR_ONE", 0)
    monkeypatch.setattr(rulebook, "load", lambda: (rulebook.parse("endless", ENDLESS),))
    with pytest.raises(RuleError, match="rule endless"):
        build(tmp_path / "out", checked=False)
    assert not (tmp_path / "out").exists()
    assert capfd.readouterr().err == ""


def test_what_is_still_written_does_not_keep_a_folder_from_being_swept(tmp_path, monkeypatch):
    """The engine's threads go on where a build fails, until its store is given up."""
    left = tmp_path / ".unfinished-x"
    left.mkdir()
    rmdir = os.rmdir

    def written_meanwhile(*args, **named):
        with suppress(FileNotFoundError):
            (left / "late").touch()
        rmdir(*args, **named)

    monkeypatch.setattr(os, "rmdir", written_meanwhile)
    with locked(tmp_path):
        assert not left_over(tmp_path)
