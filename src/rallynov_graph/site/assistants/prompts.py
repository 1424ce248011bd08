"""The prompt that a user may choose: have what a text says checked before it is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.site.assistants.tool_call import LONGEST, BadArgument
from rallynov_graph.site.assistants.tool_words import TOOL_WORDS

CHECK_TEXT: Final = "check_text"
ABOUT: Final = (
    "Have each statement of a text about the rally checked against its newsletters, and cited"
)
ARGUMENTS: Final[Mapping[str, tuple[str, bool]]] = {
    "text": ("the text whose statements are checked", True),
    "language": ("fr (default) or en", False),
}
"""What the prompt takes: what each argument is, and whether it is needed."""


def prompt_of(name: str, arguments: Mapping[str, Any]) -> str:
    """Return the text of a prompt; raise BadArgument, which says what would be right."""
    language = arguments.get("language", DEFAULT_LANGUAGE)
    words = TOOL_WORDS[language if language in LANGUAGES else DEFAULT_LANGUAGE]
    if name != CHECK_TEXT:
        raise BadArgument(words["no_prompt"].format(name=name[:60], allowed=CHECK_TEXT))
    if language not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise BadArgument(words["one_of"].format(name="language", allowed=allowed))
    text = arguments.get("text", "")
    if not isinstance(text, str) or not text.strip():
        raise BadArgument(words["text"].format(name="text"))
    if len(text) > LONGEST:
        raise BadArgument(words["long"].format(name="text", most=LONGEST))
    return words[CHECK_TEXT].format(text=text.strip())
