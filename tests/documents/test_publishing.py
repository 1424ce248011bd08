"""The pages about publishing say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from places import ROOT
from rallynov_graph.edition.addresses_of_files import SiteAddress
from rallynov_graph.edition.deploying import server_files

PAGES = [ROOT / "docs" / "publishing.md", ROOT / "docs" / "publishing.fr.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_address_has_the_file_that_is_told(page: Path) -> None:
    rows = re.findall(r"^\| `(/[^`]*)` \| `([^`]+)` \|$", page.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 6
    assert [(address, SiteAddress.of(address).file) for address, _ in rows] == rows


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_file_for_a_server_is_there(page: Path) -> None:
    made = {name for name, _ in server_files("https://data.example.org/rally/")}
    named = set(re.findall(r"`(deploy/[^`]+|\.htaccess)`", page.read_text("utf-8")))
    assert named and named <= made
