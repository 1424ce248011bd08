"""The how-to pages, tried as they stand as far as their tools can be had."""

from __future__ import annotations

import csv
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import networkx
import pytest
from flask.testing import FlaskClient

from conftest import Ran
from places import ROOT

BOTH = pytest.mark.parametrize("language", ["en", "fr"])


def blocks(name: str, language: str, kind: str) -> list[str]:
    page = ROOT / "docs" / "how-to" / f"{name}{'.fr' * (language == 'fr')}.md"
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.M)


@BOTH
def test_what_gephi_and_zotero_get_is_there(
    client: FlaskClient, after_serving: Callable[..., Ran], language: str
) -> None:
    for name in ("gephi", "zotero"):
        for command in blocks(name, language, "sh")[0].splitlines():
            words = shlex.split(command)
            assert after_serving(*words[1:]).status == 0, command
            assert Path(words[-1]).stat().st_size > 100, command
    assert len(networkx.read_gexf("network.gexf")) > 50
    for address in blocks("zotero", language, "text")[0].split():
        assert client.get(address).status_code == 200, address


@BOTH
def test_a_spreadsheet_gets_accents_and_columns(
    client: FlaskClient, tmp_path: Path, language: str
) -> None:
    [command] = blocks("spreadsheet", language, "sh")
    for address in blocks("spreadsheet", language, "text")[0].split():
        answer = client.get(address)
        assert answer.status_code == 200 and answer.content_type == "text/csv; charset=utf-8"
        (tmp_path / "stage.csv").write_bytes(answer.data)
        run = ["bash", "-ec", command.replace("python3", shlex.quote(sys.executable))]
        subprocess.run(run, cwd=tmp_path, check=True)
        copy = (tmp_path / "stage-excel.csv").read_bytes()
        assert copy.startswith(b"\xef\xbb\xbf")
        ours = [*csv.reader(io.StringIO(answer.text, newline=""))]
        theirs = csv.reader(io.StringIO(copy.decode("utf-8-sig"), newline=""), delimiter=";")
        assert [*theirs] == ours and len(ours) > 3
