"""What templates name outright is set into them; all else waits for the page."""

from types import CodeType

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined

from rallynov_graph.site.web.template_preload import preloaded


def environment(source: str, language: str = "fr") -> Environment:
    common = Environment(
        loader=DictLoader({"page.html": source}), autoescape=True, undefined=StrictUndefined
    )
    always = {
        "t": {
            "fr": {"bold": "l’<b>essai</b>", "told": "{n} choses"},
            "en": {"bold": "a <b>test</b>", "told": "{n} things"},
        }[language].__getitem__,
        "url": lambda path: f"{path}?lang={language}&x",
    }
    return preloaded(common, always)


def test_what_is_named_outright_is_escaped_as_a_page_would() -> None:
    source = """<p>{{ t("bold") }} {{ url('/a') }}</p>"""
    made = environment(source).get_template("page.html").render(t=None, url=None)
    assert made == "<p>l’&lt;b&gt;essai&lt;/b&gt; /a?lang=fr&amp;x</p>"


def test_each_language_is_dressed_in_its_own_words() -> None:
    shown = [
        environment('{{ t("bold") }}', code).get_template("page.html") for code in ("fr", "en")
    ]
    assert [it.render() for it in shown] == [
        "l’&lt;b&gt;essai&lt;/b&gt;",
        "a &lt;b&gt;test&lt;/b&gt;",
    ]


def test_a_template_is_compiled_once_for_all_sites_that_show_it_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled = []
    compiling = Environment.compile

    def compile_(self: Environment, source: str, *given: str) -> CodeType:
        compiled.append(source)
        return compiling(self, source, *given)

    monkeypatch.setattr(Environment, "compile", compile_)
    first = "<i>{{ t('bold') }}</i>"
    for source, code in ((first, "fr"), (first, "en"), (first, "fr"), (f"{first}!", "fr")):
        environment(source, code).get_template("page.html").render()
    assert compiled == [
        "<i>l’&lt;b&gt;essai&lt;/b&gt;</i>",
        "<i>a &lt;b&gt;test&lt;/b&gt;</i>",
        "<i>l’&lt;b&gt;essai&lt;/b&gt;</i>!",
    ]


def test_words_that_look_like_a_template_are_never_read_as_one() -> None:
    made = environment('{{ t("told") }}').get_template("page.html").render(n=3)
    assert made == "{n} choses"


def test_what_a_page_works_out_is_left_to_it() -> None:
    source = '{{ t("bo" ~ end) }}{{ t(end) if 0 }}'
    assert "essai" in environment(source).get_template("page.html").render(end="ld")


def test_a_word_that_is_missing_is_found_out_when_the_template_is_read() -> None:
    with pytest.raises(KeyError):
        environment('{% if 0 %}{{ t("absent") }}{% endif %}').get_template("page.html")
