"""The Nu HTML checker, vnu-jar of npm, run by Java."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from places import TESTS

NO_FAULT = (
    # A script fills the heading before it shows the panel beside the network.
    "Empty heading",
    # The summary that opens the section of the citation names it.
    "Section lacks heading",
    # A page of an edition states its policy itself: what lies beside it has its origin when served,
    # and none for the checker, which reads files. A block of JSON-LD is no script that runs.
    "Resource violates Content Security Policy",
    "Inline script violates Content Security Policy",
)


def html_faults(files: Iterable[Path]) -> list[tuple[Path, str, str]]:
    """Return the faults of HTML files: the file, the message, and an extract.

    Skips the test where Java or vnu is missing and RALLYNOV_CLIENTS does not require them.
    """
    jar, java = TESTS / "clients/node_modules/vnu-jar/build/dist/vnu.jar", shutil.which("java")
    if not (java and jar.is_file()) and "RALLYNOV_CLIENTS" not in os.environ:
        pytest.skip("Java and vnu-jar are not there, and RALLYNOV_CLIENTS does not require them")
    command = [f"{java}", "-Xss4m", "-jar", f"{jar}", "--format", "json"]
    ran = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    return [
        (Path(unquote(urlsplit(it["url"]).path)), it["message"], it.get("extract", ""))
        for it in json.loads(ran.stderr)["messages"]
        if not it["message"].startswith(NO_FAULT)
    ]
