"""What describes the program to machines and strangers says the same everywhere."""

import json
import re
import tomllib
from typing import Any

import rallynov_graph
from places import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
META: dict[str, Any] = json.loads((ROOT / "codemeta.json").read_text("utf-8"))
CITATION = (ROOT / "CITATION.cff").read_text("utf-8")


def cited(key: str) -> str:
    """Return a value of one line of the citation."""
    found = re.search(rf'^{key}: "?(.*?)"?$', CITATION, re.MULTILINE)
    assert found, key
    return found[1]


def listed(key: str) -> list[str]:
    """Return the values of a list of the citation."""
    found = re.search(rf"^{key}:\n((?:  - .*\n)+)", CITATION, re.MULTILINE)
    assert found, key
    return [line.removeprefix("  - ") for line in found[1].splitlines()]


def test_version_title_and_summary_are_the_same() -> None:
    assert cited("version") == META["version"] == rallynov_graph.__version__
    assert cited("title") == META["name"]
    assert cited("abstract") == META["description"] == PROJECT["description"]
    assert META["identifier"] == PROJECT["name"]
    assert META["runtimePlatform"].split()[1] == PROJECT["requires-python"].removeprefix(">=")


def test_authors_licences_and_keywords_are_the_same() -> None:
    authors = [it["name"] for it in PROJECT["authors"]]
    assert [it["name"] for it in META["author"]] == authors
    assert [it.removeprefix("name: ").strip('"') for it in listed("authors")] == authors
    licences = PROJECT["license"].split(" AND ")
    assert listed("license") == licences
    assert [it.rpartition("/")[2] for it in META["license"]] == licences
    assert listed("keywords") == META["keywords"] == PROJECT["keywords"]


def test_what_is_linked_is_there_and_each_leads_to_the_others() -> None:
    for key in ("readme", "softwareHelp"):
        assert (ROOT / META[key]).exists()
    for name in ("README.md", "README.fr.md"):
        text = (ROOT / name).read_text("utf-8")
        for linked in ("CONTRIBUTING.md", "SECURITY.md", "CITATION.cff", "LICENSE"):
            assert f"({linked}" in text, f"{name}: {linked}"
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## {re.escape(META['version'])}\b", changes, re.MULTILINE)
