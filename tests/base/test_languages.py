"""The languages of the site: listed in one module."""

import re

from places import ROOT
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES

LISTED = re.compile(
    rf"""[(\[{{]\s*["']({"|".join(LANGUAGES)})["'],\s*["']({"|".join(LANGUAGES)})["']\s*[)\]}}]"""
)


def test_french_comes_first() -> None:
    assert LANGUAGES[0] == DEFAULT_LANGUAGE == "fr"


def test_no_module_lists_the_languages() -> None:
    source = ROOT / "src/rallynov_graph"
    found = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if LISTED.search(path.read_text("utf-8"))
    }
    assert found == {"base/languages.py"}


def test_no_template_lists_the_languages_or_names_the_first() -> None:
    features = [it for it in (ROOT / "web").iterdir() if it.name not in ("node_modules", "static")]
    templates = [path for folder in features for path in folder.rglob("*.html")]
    assert len(templates) > 20
    named = re.compile(rf"""[!=]= ["']{DEFAULT_LANGUAGE}["']""")
    texts = {path.name: path.read_text("utf-8") for path in templates}
    assert [n for n, text in texts.items() if LISTED.search(text) or named.search(text)] == []
