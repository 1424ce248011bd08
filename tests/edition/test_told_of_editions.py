"""Pages of an edition tell what holds for files, and promise nothing that a server has alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from reading_pages import Page

SERVICE: Final = re.compile(
    r"/api/|\bAPI\b|OpenAPI|OpenRefine|/reconcile|ETag|ce site ne sert"
    r"|this site serves|répondent ici|answer here|certainty=|lang=",
    re.IGNORECASE,
)
"""What pages of a server say alone."""


@pytest.mark.parametrize("language", ["", ".en"])
def test_pages_of_the_edition_tell_of_files_and_of_no_service(
    some_pages: Path, language: str
) -> None:
    for name in ("about", "api", "releases", "changes"):
        told = " ".join(
            text for text, _ in Page((some_pages / f"{name}{language}.html").read_text()).spoken
        )
        assert "SHA256SUMS" in told or name not in ("about", "api")
        assert not SERVICE.search(told), SERVICE.search(told)
