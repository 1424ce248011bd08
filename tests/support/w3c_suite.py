"""The W3C's own tests of SHACL, as the pinned source of pySHACL holds them; got by pip, once."""

from __future__ import annotations

import fcntl
import re
import subprocess
import sys
import tarfile
from pathlib import Path

from places import ROOT

FOLDER = ROOT / "build/w3c-shacl"
PINNED = re.compile(r"^pyshacl==\S+", re.MULTILINE)
INSIDE = "/test/resources/sht_tests/"


def suite() -> Path:
    """Return the folder of the suite, with ``core`` and ``sparql`` in it."""
    (pin,) = PINNED.findall((ROOT / "requirements/run.txt").read_text("utf-8"))
    unpacked = FOLDER / pin.replace("==", "-") / "test/resources/sht_tests"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not unpacked.is_dir():
            got = FOLDER / "got"
            options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--dest", str(got)]
            subprocess.run([sys.executable, "-m", "pip", "download", *options, pin], check=True)
            (archive,) = got.glob("*.tar.gz")
            with tarfile.open(archive) as files:
                members = [it for it in files.getmembers() if INSIDE in it.name]
                files.extractall(FOLDER, members, filter="data")
    return unpacked
