"""The scripts and letters that the build makes: small, from here, kept, and not built twice."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask.testing import FlaskClient

from places import ROOT
from rallynov_graph.base.errors import AssetsError
from rallynov_graph.base.kinds import DRAWN, SIGNS
from rallynov_graph.base.resources import web_dir
from rallynov_graph.site.web import assets
from reading_pages import is_built, read

BUILT = web_dir() / "static" / assets.BUILT
KINDS = "src/rallynov_graph/site/kinds.toml"
MOST = 60_000
"""Bytes, compressed, of all scripts of a page."""
MOST_WITHOUT_EDITOR = 30_000
"""The same of the workbench, once somebody is there."""
MOST_WITH_EDITOR = 200_000
"""The same with the largest of what comes later: the editor, or what draws charts."""
IMPORTED = re.compile(r'(?:\bfrom|\bimport)\s*"\./([\w-]+\.js)"')
LATER = re.compile(r'\bimport\("\./([\w-]+\.js)"\)')
"""What a script asks for only when it is wanted."""
PAGES = [
    "/",
    "/list/stage",
    "/page/organisation/legeni",
    "/list/organisation?view=matrix",
    "/search?q=a",
    "/between",
]
PAGES += ["/compare", "/network", "/list/stage?view=timeline", "/carnet/carnet-2", "/questions"]
PAGES += ["/sparql"]
PAGES += ["/builder", "/builder?kind=rn:Stage"]
PAGES += [
    "/report",
    "/ontology",
    "/about",
    "/page/stage/nowhere",
    "/list/organisation?view=matrix&certainty=perhaps",
]


def with_all_it_loads(path: Path) -> set[Path]:
    """Return a script and every script that it imports at once, not what it may ask for later."""
    found, wanted = set(), [path]
    while wanted:
        script = wanted.pop()
        if script not in found:
            found.add(script)
            wanted += [BUILT / name for name in IMPORTED.findall(script.read_text())]
    return found


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_few_scripts_all_of_the_build(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    told = read(client, address, answer.status_code).all("script")
    run = [tag for tag in told if tag["type"] != "application/ld+json"]
    scripts = [tag for tag in run if is_built(tag)]
    assert scripts == run and scripts
    files = set().union(
        *(with_all_it_loads(BUILT / tag["src"].rpartition("/")[2]) for tag in scripts)
    )
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < MOST


def test_the_editor_charts_and_explanations_come_when_they_are_asked_for() -> None:
    entry = BUILT / assets.load().files["workbench.js"]
    (workbench,) = LATER.findall(entry.read_text())
    at_once = {*with_all_it_loads(entry), *with_all_it_loads(BUILT / workbench)}
    standing = sum(len(gzip.compress(file.read_bytes())) for file in at_once)
    assert standing < MOST_WITHOUT_EDITOR
    later = {BUILT / name for script in at_once for name in LATER.findall(script.read_text())}
    sizes = sorted(
        sum(len(gzip.compress(it.read_bytes())) for it in {*with_all_it_loads(script)} - at_once)
        for script in later - at_once
    )
    assert len(sizes) >= len(("the editor", "charts", "explanations", "an edition's answers"))
    assert standing + sizes[-1] < MOST_WITH_EDITOR


def test_all_that_was_built_is_kept_for_long_and_named_by_its_content(client: FlaskClient) -> None:
    for name in assets.load().files.values():
        assert re.search(r"-([A-Z0-9]{8}|[0-9a-f]{8})(?:\.\w+)+$", name)
        answer = client.get(f"/static/built/{name}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(("name", "status"), [("site-AAAAAAAA.js", 404), ("manifest.json", 200)])
def test_what_may_change_is_not_kept(client: FlaskClient, name: str, status: int) -> None:
    answer = client.get(f"/static/built/{name}")
    assert answer.status_code == status
    assert "immutable" not in answer.headers["Cache-Control"]


def test_letters_are_latin_swapped_in_and_from_here(client: FlaskClient) -> None:
    page = read(client, "/")
    style = page.all("link", rel="stylesheet")[0]["href"]
    css = client.get(style).text
    letters = re.findall(r'url\("?([^")]+)"?\)', css)
    assert len(letters) == 5
    assert all(
        re.match(r"\./[a-z0-9-]+-latin(-ext)?-wght-\w+-[A-Z0-9]+\.woff2$", it) for it in letters
    )
    assert css.count("font-display:swap") == len(letters)
    loaded = {Path(link["href"]).name for link in page.all("link", rel="preload")}
    assert loaded and loaded <= {Path(it).name for it in letters}
    assert css.count("size-adjust") == 2


def passed_on(licences: str) -> list[tuple[str, ...]]:
    """Return the name, version and licence of each package in the file of licences."""
    texts = licences.split(f"\n\n{'-' * 80}\n\n")
    found = [re.fullmatch(r"(\S+) (\S+) \((.+)\)", it.partition("\n")[0]) for it in texts]
    return [it.groups() for it in found if it is not None]


def test_the_licences_of_all_that_is_passed_on_are_passed_on_too(client: FlaskClient) -> None:
    page = read(client, "/about")
    (link,) = [a["href"] for a in page.all("a") if "licences-" in a["href"]]
    licences = client.get(link).text
    licences_known = {"BSD-3-Clause", "ISC", "MIT", "MIT OR Apache-2.0", "OFL-1.1"}
    assert {licence for _, _, licence in passed_on(licences)} == licences_known
    locked = json.loads((ROOT / "web/package-lock.json").read_text("utf-8"))["packages"]
    for name, version, licence in passed_on(licences):
        it = locked[f"node_modules/{name}"]
        assert (it["version"], it["license"].strip("()")) == (version, licence)
    assert licences.count("SIL OPEN FONT LICENSE Version 1.1") == 2


def test_scripts_letters_and_questions_may_come_from_this_site_alone(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"].split("; ")
    assert {"script-src 'self'", "font-src 'self'", "connect-src 'self'"} <= {*policy}
    assert "style-src 'self'" in policy and "default-src 'none'" in policy


@pytest.mark.parametrize("address", ["/", "/search?q=x", "/sparql", "/builder", "/no/such/page"])
def test_forms_frames_and_bases_are_this_site_s_own(client: FlaskClient, address: str) -> None:
    """What ``default-src`` does not cover: a form that was slipped in would send to anywhere."""
    policy = client.get(address).headers["Content-Security-Policy"].split("; ")
    assert {"form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} <= {*policy}


@pytest.mark.parametrize("manifest", [None, "{", "[]", '{"packages": [{}]}'])
def test_without_what_is_built_there_is_no_site_and_it_says_what_to_do(
    tmp_path: Path, manifest: str | None
) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(AssetsError, match="make setup"):
        assets.load(tmp_path)


# The build


COMMUNES = [
    {"nom": "Roudour", "type": "commune-actuelle", "population": 1500},
    {"nom": "Éclose", "type": "commune-actuelle", "population": 20000},
    {"nom": "Bréhal", "type": "commune-actuelle", "population": 1499},
    {"nom": "Roudour 1er Arrondissement", "type": "arrondissement-municipal", "population": 9000},
    {"nom": "Hameau", "type": "commune-deleguee"},
]


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def ran(hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the build asks Node.js for, instead of asking; it leaves what a build leaves."""
    asked: list[list[str]] = []

    def run(program: Any, arguments: list[str], folder: Path) -> None:
        asked.append(arguments)
        communes = folder / hook.COMMUNES_FROM
        communes.parent.mkdir(parents=True, exist_ok=True)
        communes.write_text(json.dumps(COMMUNES))
        if arguments[0] == "build.mjs":
            (folder / arguments[1]).mkdir(parents=True, exist_ok=True)
            (folder / arguments[1] / "manifest.json").write_text(
                f'{{"made_from": "{arguments[2]}"}}'
            )

    monkeypatch.setattr(hook, "run", run)
    return asked


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "web/one").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "build.mjs", "one/site.js"):
        (tmp_path / "web" / name).write_text(name)
    (tmp_path / KINDS).parent.mkdir(parents=True)
    (tmp_path / KINDS).write_text("[stage]\ndrawn = { sign = 'diamond' }\n")
    return tmp_path


def test_what_is_built_is_built_once(
    hook: ModuleType, ran: list[list[str]], checkout: Path
) -> None:
    hook.build(checkout)
    assert [arguments[0] for arguments in ran] == ["ci", "build.mjs"]
    assert "--ignore-scripts" in ran[0]
    hook.build(checkout)
    assert len(ran) == 2


@pytest.mark.parametrize(
    ("file", "names"), [("COMMUNES", "Roudour\nÉclose\n"), ("SMALL_COMMUNES", "Bréhal\nHameau\n")]
)
def test_the_names_of_communes_are_built_and_again_where_they_are_lost(
    hook: ModuleType, ran: list[list[str]], checkout: Path, file: str, names: str
) -> None:
    hook.build(checkout)
    built = checkout / getattr(hook, file)
    assert built.read_text("utf-8") == names
    built.unlink()
    ran.clear()
    hook.build(checkout)
    assert built.is_file() and not ran


def test_what_checks_the_scripts_is_got_when_it_is_asked_for_and_serves_to_build(
    hook: ModuleType, ran: list[list[str]], checkout: Path
) -> None:
    hook.build(checkout)
    assert "--omit=dev" in ran[0]
    hook.build(checkout, tools=True)
    hook.build(checkout, tools=True)
    (checkout / "web/one/site.js").write_text("changed")
    hook.build(checkout)
    assert [arguments[0] for arguments in ran] == ["ci", "build.mjs", "ci", "build.mjs"]
    assert "--omit=dev" not in ran[2]


def test_what_is_built_from_is_there_without_what_checks_it() -> None:
    packages = json.loads((ROOT / "web/package-lock.json").read_text("utf-8"))["packages"]
    needed = {
        name.rpartition("node_modules/")[2] for name, it in packages.items() if not it.get("dev")
    }
    licences = assets.load().path("licences.txt").removeprefix("/static/")
    text = (ROOT / "web" / "static" / licences).read_text("utf-8")
    told = {name for name, _, _ in passed_on(text)}
    assert {"esbuild", *told} <= needed
    assert not {"typescript", "eslint", "prettier"} & needed


@pytest.mark.parametrize(
    ("changed", "expected"),
    [("one/site.js", ["build.mjs"]), ("package-lock.json", ["ci", "build.mjs"])],
)
def test_what_has_changed_is_built_again(
    hook: ModuleType, ran: list[list[str]], checkout: Path, changed: str, expected: list[str]
) -> None:
    hook.build(checkout)
    ran.clear()
    (checkout / "web" / changed).write_text("changed")
    hook.build(checkout)
    assert [arguments[0] for arguments in ran] == expected


def test_a_kind_that_gets_another_sign_is_drawn_by_it(
    hook: ModuleType, ran: list[list[str]], checkout: Path
) -> None:
    hook.build(checkout)
    ran.clear()
    (checkout / KINDS).write_text("[stage]\ndrawn = { sign = 'square' }\n[person]\n")
    hook.build(checkout)
    assert json.loads(ran[0][3]) == {"stage": "square"}


def test_every_sign_has_its_style_and_its_outline() -> None:
    style = next(BUILT.glob("style-*.css")).read_text("utf-8")
    for kind, drawn in DRAWN.items():
        assert drawn.sign == "square" or f".shape-{kind}{{" in style, kind
    assert not re.search(rf"\.sign-({'|'.join(SIGNS)})\b", style)
    painted = (web_dir() / "explore/network/paint.js").read_text("utf-8")
    assert {*re.findall(r'sign === "(\w+)"', painted)} == {*SIGNS}


def test_what_was_built_is_what_its_sources_make(hook: ModuleType) -> None:
    assert hook.stamp_of(BUILT / "manifest.json") == hook.stamp(ROOT)


def test_a_build_that_fails_says_what_was_not_reached(hook: ModuleType, tmp_path: Path) -> None:
    def npm(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        del options["return_completed_process"]
        return subprocess.run(["sh", "-c", "echo no such host; exit 1"], check=False, **options)

    with pytest.raises(hook.AssetsError, match=r"(?s)no such host.*must be reached once"):
        hook.run(npm, ["ci"], tmp_path)


def test_the_packages_are_locked_and_name_no_registry() -> None:
    lock = (ROOT / "web/package-lock.json").read_text("utf-8")
    assert '"integrity"' in lock and '"resolved"' not in lock


def test_each_selector_of_the_style_sheet_stands_once(hook: ModuleType) -> None:
    """Where one stands twice, what was written for one page changes another."""
    style = "\n".join(
        path.read_text("utf-8") for path in hook.of_features(ROOT / "web", ("*.css",))
    )
    selectors = re.findall(r"^(?!@)([^\s{}/][^{}]*?)\s*\{", style, re.MULTILINE)
    assert len(selectors) > 300
    assert [it for it, times in Counter(selectors).items() if times > 1] == []
