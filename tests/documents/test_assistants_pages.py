"""The pages about assistants say what there is."""

import json
import re
from collections.abc import Callable

import pytest

from conftest import Ran
from places import ROOT
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.claims.checked_claim import Verdict
from rallynov_graph.claims.claim_words import WORDS
from rallynov_graph.site.assistants.graph_resources import LISTED, TEMPLATES
from rallynov_graph.site.assistants.tool_words import TOOL_WORDS
from rallynov_graph.site.assistants.tools import TOOLS

PAGES = {"en": ROOT / "docs" / "assistants.md", "fr": ROOT / "docs" / "assistants.fr.md"}


@pytest.mark.parametrize("language", PAGES)
def test_a_page_names_every_tool_resource_and_verdict(language: str) -> None:
    text = PAGES[language].read_text("utf-8")
    rows = re.findall(r"^\| `([a-z_ ]+)` \|", text.rpartition("\n## ")[0], re.MULTILINE)
    assert rows == [*TOOLS, *map(str, Verdict)]
    for uri, _ in (*LISTED.values(), *TEMPLATES.values()):
        assert f"`{uri}`" in text


@pytest.mark.parametrize("language", PAGES)
def test_the_claim_of_a_page_is_told_so(
    language: str, rallynov: Callable[..., Ran], release: object
) -> None:
    text = PAGES[language].read_text("utf-8")
    (shown,) = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    options = ("--format=json", f"--language={language}", "--release", release.path)  # type: ignore[attr-defined]
    ran = rallynov("claim", "Étape de Vesoul", "lieu", "Dole", *options)
    assert ran.out.startswith(shown) and json.loads(ran.out)["verdict"] == "contradicted"


def test_what_is_told_is_told_in_every_language() -> None:
    for words in (WORDS, TOOL_WORDS):
        keys = [{*words[language]} for language in LANGUAGES]
        assert all(own == keys[0] for own in keys)
