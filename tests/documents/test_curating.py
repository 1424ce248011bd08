"""docs/curating.md, followed to the letter."""

import re
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from curating_page import block, completed, written
from rallynov_graph.base.errors import ValidationFailed
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

pytestmark = pytest.mark.usefixtures("uncounted")


@pytest.fixture(scope="module")
def with_the_carnet(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("curating")
    return build(folder / "releases", data=completed(folder))


def test_the_positions_are_those_that_its_command_prints(tmp_path: Path) -> None:
    written(tmp_path)
    ran = subprocess.run(
        ["bash", "-c", block("sh")], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["25", "41", "73"]
    assert "oa:start 25 ; oa:end 73" in block("trig")


def test_the_new_innovation_is_found_by_its_large_theme(with_the_carnet: Release) -> None:
    question = load()["innovations_on_theme"]
    theme = NamedNode(ID + "theme/cooperation-et-partenariat")
    answer = EmbeddedStore.of_release(with_the_carnet).select(question.bind({"theme": theme}))
    found = {row["innovation"]: row["how"] for row in answer}
    assert found[NamedNode(ID + "innovation/pret-d-outils")] == NamedNode(RN + "inferred")


def test_what_it_leaves_unsaid_is_told_and_released(
    release: Release, with_the_carnet: Release
) -> None:
    before, after = release.manifest.findings, with_the_carnet.manifest.findings
    more = {severity: after[severity] - before[severity] for severity in after}
    assert more == {"Violation": 0, "Warning": 1, "Info": 2}


def test_a_fact_left_without_its_reason_is_refused(tmp_path: Path) -> None:
    data = completed(tmp_path)
    file = data / "carnets" / "carnet-99" / "atelier.trig"
    without = re.sub(r"rn:reason [^;]*;\n", "", file.read_text("utf-8"), count=1)
    without = re.sub(r'rn:reason "Le texte[^\n]*\n', "", without)
    file.write_text(without, "utf-8")
    with pytest.raises(ValidationFailed):
        build(tmp_path / "releases", data=data)
