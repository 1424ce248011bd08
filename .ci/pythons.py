"""Runs the tests of the command line, which build and serve, with each installed Python that
pyproject.toml promises; fails where the oldest of them is not installed.

``make test`` runs them with the Python of ``.venv``, which is left out here.
"""

import os
import re
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE, STDOUT

ROOT = Path(__file__).resolve().parent.parent
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
SAY = "import ensurepip, sys, venv; print(sys.version_info.minor, sys.executable)"


def oldest() -> int:
    """Return the minor version of the oldest Python 3 that is promised."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [minor] = re.findall(r"^>=3\.(\d+)$", project["requires-python"])
    return int(minor)


def installed() -> dict[int, str]:
    """Return a Python for each minor version that is installed.

    A program may be there under the name of a Python and be none: pyenv has such for each version.
    """
    folders = [*map(Path, os.get_exec_path()), *PYENV.glob("versions/*/bin")]
    found: dict[int, str] = {}
    for path in (it for folder in folders for it in sorted(folder.glob("python3.*[0-9]"))):
        ran = subprocess.run([path, "-c", SAY], capture_output=True, text=True, check=False)
        if ran.returncode == 0:
            minor, executable = ran.stdout.strip().split(" ", 1)
            found.setdefault(int(minor), executable)
    return found


def tests_of(minor: int, python: str) -> tuple[int, str]:
    """Return the status of the tests with a Python, and what they print."""
    command = ["make", "--no-print-directory", f"VENV=build/pythons/3.{minor}", f"PYTHON={python}"]
    ran = subprocess.run(
        [*command, "test-cli"],
        cwd=ROOT,
        env={**os.environ, "PIP_COMPILE": "0"},
        stdout=PIPE,
        stderr=STDOUT,
        text=True,
        check=False,
    )
    return ran.returncode, f"Python 3.{minor} ({python}), the command line:\n{ran.stdout}"


def main() -> int:
    found = installed()
    others = {m: it for m, it in found.items() if oldest() <= m != sys.version_info.minor}
    with ThreadPoolExecutor() as pool:
        status = 0
        for failed, said in pool.map(tests_of, others, others.values()):
            print(said, flush=True)
            status |= failed
    if oldest() not in found:
        print(f"Python 3.{oldest()}, which pyproject.toml promises, is not installed.")
        return 1
    return int(status != 0)


if __name__ == "__main__":
    sys.exit(main())
