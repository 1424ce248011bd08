"""What only a thing's page shows, as HTML: its sentence, and how strongly it is linked to themes.

Written here for the reason that ``site/web/html.py`` gives.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from markupsafe import Markup

from rallynov_graph.questions.labels import last_part
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.thing.sentences import Sentence
from rallynov_graph.site.thing.theme_strength import ThemeStrength
from rallynov_graph.site.web.html import Html, in_html
from rallynov_graph.site.web.messages import Messages, load

_COUNTED: Final = "strength.counted_"


@cache
def thing_html(language: str, foreign: bool) -> ThingHtml:
    """Return what writes the parts of a page in a language."""
    words = load()[language]
    return ThingHtml(Html(words, foreign), words)


@dataclass(frozen=True)
class ThingHtml:
    """Writes the parts of a thing's page in the words of one language."""

    html: Html
    words: Messages

    def sentence(self, it: Sentence) -> Markup:
        """Write a sentence; a name in a script from right to left leaves its neighbours alone."""
        return Markup(
            "".join(
                in_html(part.text) if part.node is None else self._name(part.node)
                for part in it.parts
            )
        )

    def _name(self, node: Node) -> str:
        return f"<bdi>{self.html.node(node, False)}</bdi>"

    def strength(self, it: ThemeStrength) -> Markup:
        """Write a theme as an item of a list: a block a clue, its name, the way to the evidence."""
        blocks = "".join(f'<span class="block block-{how}"></span>' for how in it.blocks)
        hidden = len(it.clues) - len(it.blocks)
        more = f" {in_html(self.words('strength.more', n=hidden))}" if hidden else ""
        counts = ", ".join(self.words.count(f"{_COUNTED}{how}_", n) for how, n in it.counted)
        name = (
            it.theme if it.theme.text.strip() else replace(it.theme, text=last_part(it.theme.iri))
        )
        within = self.html.nodes(it.within, False)
        narrower = f'\n<span class="themes-within">{within}</span>' if within else ""
        explanation = it.fact.explanation if it.fact is not None else None
        way = self.html.evidence_link(explanation, self.html.called(name)) if explanation else ""
        return Markup(
            f'<li>\n<span class="blocks" aria-hidden="true">{blocks}{more}</span>\n'
            f'<span class="strength-name">{self.html.node(name)}'
            f'<span class="unseen">{self.words["site.colon"]} {in_html(counts)}</span>'
            f"{narrower}</span>\n"
            f'<span class="strength-evidence">{way}</span>\n</li>\n'
        )
