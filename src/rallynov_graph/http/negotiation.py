"""Choose the format that a client prefers (RFC 9110, section 12.5)."""

import re
from collections.abc import Iterator
from typing import Final

from werkzeug.http import parse_list_header, parse_options_header

from rallynov_graph.rdf.formats import Format

HTML: Final = Format("html", "HTML", "text/html", (".html",), also=("application/xhtml+xml",))
_WEIGHT: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_LEAST: Final = 0.001
"""The least weight with which something is taken at all."""
_NAMED: Final = 3
"""The specificity of a range that names a single media type."""

_Ranges = dict[str, float]
"""The media ranges of a header, each with its weight."""


def best(accept: str | None, among: tuple[Format, ...]) -> Format | None:
    """Return the format that the header prefers, the first one if it accepts everything.

    None if it accepts none of them. Among equal weights the more specific range wins, then the
    first in ``among``; an empty or missing header accepts everything. An invalid weight counts as
    the least: its sender accepts the format, and getting it is better than an error.
    """
    if accept is None or not accept.strip():
        return among[0] if among else None
    ranges = _ranges(accept)
    wanted = [(*_wish(form, ranges), -place, form) for place, form in enumerate(among)]
    weight, _, _, form = max(wanted, key=lambda wish: wish[:3])
    return form if weight > 0 else None


def _wish(form: Format, ranges: _Ranges) -> tuple[float, int]:
    """Return a format's weight under its best name, and how specific the range is."""
    own = _weight(form.media_type, ranges)
    if own == (0.0, _NAMED):
        return own
    others = [(ranges[name], _NAMED - 0.5) for name in form.also if name in ranges]
    weight, closeness = max([(own[0], float(own[1])), *others])
    return weight, int(closeness * 2)


def _weight(media_type: str, ranges: _Ranges) -> tuple[float, int]:
    """Return the weight of the most specific range for a media type, and how specific it is."""
    kind = media_type.partition("/")[0]
    for closeness, named in ((_NAMED, media_type), (2, f"{kind}/*"), (1, "*/*")):
        if named in ranges:
            return ranges[named], closeness
    return 0.0, 0


def _ranges(accept: str) -> _Ranges:
    """Return the media ranges of a header, without invalid ones."""
    found: _Ranges = {}
    for media, weight in _weights(accept):
        kind, slash, subtype = media.partition("/")
        if slash and kind and subtype:
            found[media] = max(found.get(media, 0.0), _LEAST if weight is None else weight)
    return found


def _weights(header: str) -> Iterator[tuple[str, float | None]]:
    """Yield each item of a header, in lower case, with its weight from 0 to 1.

    The weight is 1 if none is given, None if it is invalid; RFC 9110 does not say what that means.
    """
    for item in parse_list_header(header):
        name, parameters = parse_options_header(item)
        yield name.lower(), _number(parameters["q"]) if "q" in parameters else 1.0


def _number(text: str) -> float | None:
    number = float(text) if _WEIGHT.fullmatch(text) else None
    return number if number is not None and number <= 1 else None
