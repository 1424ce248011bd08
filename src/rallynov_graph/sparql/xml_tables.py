"""Tables in XML, made ready for a parser that drops white space at the ends of a text."""

import re
from typing import Final

_WHITE: Final = rb"[ \t\r\n]+"
_ENDS: Final = re.compile(rb"(<literal[^>]*>)(%s)|(%s)(?=</literal>)" % (_WHITE, _WHITE))


def with_kept_spaces(content: bytes) -> bytes:
    """Return a table in which white space at the ends of a text is written as references.

    Oxigraph's parser drops it otherwise. A CDATA section has no references; no server was seen to
    write one, and a table with one stays as it is.
    """
    if b"<![CDATA[" in content:
        return content
    return _ENDS.sub(_as_references, content)


def _as_references(found: re.Match[bytes]) -> bytes:
    tag, at_start, at_end = found.groups()
    return (tag or b"") + b"".join(b"&#%d;" % character for character in at_start or at_end)
