"""Runs the tests of the command line, which build and serve, on an installed wheel, with each
installed Python that pyproject.toml promises; fails where the oldest of them is not installed.

The oldest has the lowest version of each package that pyproject.toml allows, and runs all of these
tests. Those between it and the Python of ``.venv``, with which ``make test`` runs, build, ask and
serve once.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT

ROOT = Path(__file__).resolve().parent.parent
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
BETWEEN = ("test_cli_build.py", "test_cli_query.py", "test_cli_serve.py")
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


def tests_of(minor: int, python: str, wheel: Path) -> tuple[bool, str]:
    """Return whether the tests fail with a Python, and what they print."""
    folder = ROOT / f"build/pythons/3.{minor}"
    pip = f"{folder}/bin/python -m pip --disable-pip-version-check --quiet install --no-compile"
    lists = ["build", "run", "dev", *(["lowest"] if minor == oldest() else [])]
    tests = "tests/cli" if minor == oldest() else " ".join(f"tests/cli/{it}" for it in BETWEEN)
    said = [f"Python 3.{minor} ({python}), the command line:"]
    for command in (
        f"{python} -m venv --clear {folder}",
        *(f"{pip} --require-hashes --no-deps -r requirements/{it}.txt" for it in lists),
        f"{pip} --no-deps {wheel}",
        f"{folder}/bin/python -m pytest {tests} -q -n 2 --dist loadfile -p no:cacheprovider",
    ):
        ran = subprocess.run(
            command.split(), cwd=ROOT, stdout=PIPE, stderr=STDOUT, text=True, check=False
        )
        said.append(ran.stdout)
        if ran.returncode:
            return True, "\n".join([*said, f"Failed: {command}"])
    return False, "\n".join(said)


def main() -> int:
    status, found = False, installed()
    others = {m: it for m, it in found.items() if oldest() <= m != sys.version_info.minor}
    out = ROOT / "build/pythons/wheel"
    shutil.rmtree(out, ignore_errors=True)
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", out]
    subprocess.run(build, cwd=ROOT, check=True, stdout=DEVNULL)
    [wheel] = out.glob("*.whl")
    with ThreadPoolExecutor() as pool:
        ran = [pool.submit(tests_of, *it, wheel) for it in others.items()]
        for failed, said in (it.result() for it in ran):
            print(said, flush=True)
            status |= failed
    if oldest() not in found:
        print(f"Python 3.{oldest()}, which pyproject.toml promises, is not installed.")
        return 1
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
