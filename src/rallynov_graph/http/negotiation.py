"""Which of our formats a client asks for (RFC 9110, section 12.5)."""

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
"""How close a range is that names a media type, and no group of them."""

_Ranges = dict[str, float]
"""The media ranges of a header, each with its weight."""


def best(accept: str | None, among: tuple[Format, ...]) -> Format | None:
    """Return the format that the header wants most, the first one where it does not care.

    None where it takes none of them. Of equal weights the more closely named format wins, then
    the one that comes first in ``among``; an empty or missing header takes everything. A weight
    that is none counts as the least: who sends one takes the format, and better that than nothing.
    """
    if accept is None or not accept.strip():
        return among[0] if among else None
    ranges = _ranges(accept)
    wanted = [(*_wish(form, ranges), -place, form) for place, form in enumerate(among)]
    weight, _, _, form = max(wanted, key=lambda wish: wish[:3])
    return form if weight > 0 else None


def _wish(form: Format, ranges: _Ranges) -> tuple[float, int]:
    """Return how much a format is wanted under any of its names, and how closely it is named."""
    own = _weight(form.media_type, ranges)
    if own == (0.0, _NAMED):
        return own
    others = [(ranges[name], _NAMED - 0.5) for name in form.also if name in ranges]
    weight, closeness = max([(own[0], float(own[1])), *others])
    return weight, int(closeness * 2)


def _weight(media_type: str, ranges: _Ranges) -> tuple[float, int]:
    """Return the weight of the range that names a media type most closely, and how closely."""
    kind = media_type.partition("/")[0]
    for closeness, named in ((_NAMED, media_type), (2, f"{kind}/*"), (1, "*/*")):
        if named in ranges:
            return ranges[named], closeness
    return 0.0, 0


def _ranges(accept: str) -> _Ranges:
    """Return the media ranges of a header; what is not one is passed over."""
    found: _Ranges = {}
    for media, weight in _weights(accept):
        kind, slash, subtype = media.partition("/")
        if slash and kind and subtype:
            found[media] = max(found.get(media, 0.0), _LEAST if weight is None else weight)
    return found


def _weights(header: str) -> Iterator[tuple[str, float | None]]:
    """Yield each item of a header, in small letters, with its weight from 0 to 1.

    The weight is 1 where none is given, None where what is given is none: RFC 9110 leaves open
    what that means.
    """
    for item in parse_list_header(header):
        name, parameters = parse_options_header(item)
        yield name.lower(), _number(parameters["q"]) if "q" in parameters else 1.0


def _number(text: str) -> float | None:
    number = float(text) if _WEIGHT.fullmatch(text) else None
    return number if number is not None and number <= 1 else None
