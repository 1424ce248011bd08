"""A site of another programme's newsletters says nothing of our rally."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import tutorial_pictures
from demo import BASE, TEXTS, TITLE, made
from other_programme import speak
from programmes import rallynov_in
from rallynov_graph.base.languages import words_of
from rallynov_graph.base.resources import web_dir
from rallynov_graph.site.web.messages import load
from reading_pages import Page
from servers import serving, start


@pytest.fixture(scope="module")
def estran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made(tmp_path_factory.mktemp("other") / "estran")
    built = rallynov_in(folder.parent, "build", "estran")
    assert built.returncode == 0, built.stderr
    assert "findings: 0 violations" in built.stdout
    return folder


@pytest.fixture(scope="module")
def told(estran: Path) -> Any:
    return json.loads(speak(estran))


def test_nothing_of_our_rally_is_on_its_pages_in_its_files_and_messages(told: Any) -> None:
    assert told["failed"] == []
    assert told["pages"] > 60
    assert told["found"] == []


def test_its_home_page_is_its_own_and_shows_the_french_that_it_has(told: Any) -> None:
    home = told["home"]
    assert f"— {TITLE}</title>" in home
    assert "Ce que dit la lettre des rivages, avec la source et la certitude" in home
    assert "Les lecteurs de l’Estran" in home
    assert re.search(r'href="/page/stage/\w+', home) and '<html lang="fr"' in home
    assert re.search(r'<p class="lead"[^>]* lang="fr"', told["english"])


def test_what_pages_say_of_another_programme_takes_the_place_of_words_that_there_are() -> None:
    replaced = words_of(web_dir() / "base" / "programme.toml")
    for language, words in load().items():
        assert {*replaced[language]} <= {*words}


def test_its_things_lie_under_its_own_address(estran: Path) -> None:
    (data,) = (estran / "releases").glob("*/data.nq")
    text = data.read_text("utf-8")
    assert f"<{BASE}id/stage/" in text
    assert "w3id.org/rallynov/id" not in text


def test_the_demonstration_shows_words_and_what_its_two_documents_contradict(estran: Path) -> None:
    recorded = json.loads(tutorial_pictures.WORDS.read_text("utf-8"))
    texts = [word for text in sorted((estran / "texts").iterdir()) for word in ("--source", text)]
    with serving(str(estran), *map(str, texts), "--workers", "1", starting=start) as running:
        for slug in TEXTS:
            first_word = (estran / "texts" / f"{slug}.txt").read_text("utf-8").split()[0]
            assert first_word in running.ask("GET", f"/carnet/{slug}").text
        for name, shot in tutorial_pictures.shots().items():
            if shot.site == "demo":
                shown = unescape(re.sub("<[^>]*>", "", running.ask("GET", shot.path).text))
                assert all(it in shown for it in recorded[name].split()), "run `make pictures`"
        differ = running.ask("GET", "/questions/contradictions_between_documents.csv").text
        assert "contradiction tranchée" in differ and ",contradiction," in differ
        doubts = Page(running.ask("GET", "/doubts").text)
        section = doubts.one("section", **{"aria-labelledby": "contradictions"}).text
        assert f"{len(differ.splitlines()) - 1} contradictions" in section
        assert "34 selon L'Estran, n° 7" in section and "43 selon L'Estran, n° 8" in section
        assert "Le filet consigné" not in section, "each of its ports can be true"
