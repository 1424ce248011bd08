"""The file of decisions: acts are added whole or not at all, and what is wrong has its line."""

import resource
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.desk import decisions_file
from rallynov_graph.desk.acts import (
    KINDS,
    Act,
    DocumentText,
    Dropped,
    Opened,
    RefusedProposal,
    Stated,
    TextSelection,
)
from rallynov_graph.desk.document_reading import reading_of

TEXT = DocumentText(f"{ID}document/essai", f"{ID}extraction/essai", "0" * 64, 100, ("fr",))
OPENING = Opened(TEXT, f"{ID}agent/anne")
AT = "2026-11-28T09:00:00Z"


def thing(name: str) -> Stated:
    return Stated("thing", f"{ID}place/{name}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions" / "anne.jsonl"


def acts_in(path: Path) -> list[Act]:
    return [it.act for it in decisions_file.read(path).acts]


def test_acts_come_back_as_they_were_done(path: Path) -> None:
    acts = [
        thing("ici"),
        RefusedProposal("person", (TextSelection(3, 9, "abc123"),), "gazetteer"),
        Dropped(f"{ID}place/ici"),
    ]
    decisions_file.append(path, OPENING, acts[:1], AT)
    decisions_file.append(path, OPENING, acts[1:], AT)
    found = decisions_file.read(path)
    assert found.opening == OPENING
    assert [(it.line, it.at, it.act) for it in found.acts] == [
        (number, AT, act) for number, act in enumerate(acts, 2)
    ]


def test_half_a_line_is_put_aside_by_the_next_act_and_a_whole_one_counts(path: Path) -> None:
    decisions_file.append(path, OPENING, [thing("ici"), thing("la")], AT)
    path.write_bytes(path.read_bytes()[:-8])
    found = decisions_file.read(path)
    assert [it.act for it in found.acts] == [thing("ici")]
    assert found.remark is not None and f"{path}, line 3" in found.remark.en
    assert f"{path}, ligne 3" in found.remark.fr
    decisions_file.append(path, OPENING, [thing("ailleurs")], AT)
    aside = path.with_name(f"{path.name}.torn").read_text("utf-8")
    assert aside == '{"thing":"pla\n'
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert acts_in(path) == [thing("ici"), thing("ailleurs")]
    decisions_file.append(path, OPENING, [thing("la")], AT)
    assert acts_in(path) == [thing("ici"), thing("ailleurs"), thing("la")]


UNREADABLE = [
    ("{", "it is not a line of JSON"),
    ("[" * 100_000, "it is not a line of JSON"),
    ('{"thing":"nowhere"}', "'nowhere' is not an address"),
    ('{"set":"a","words":"9-3"}', "'9-3' is not a selection"),
    ('{"sentiment":"a"}', "this version does not recognise anything in it"),
    ('{"thing":"place/a","mood":1}', "'mood' is not a key of this version"),
    ('{"thing":"place/a","says":{"rn:x":true}}', "True is not a value"),
    ('"thing"', "it is not an act"),
    ('{"person":""}', "the person has no name"),
    ('{"graph":"a","file":"../../a"}', "'../../a' is not a file name"),
    ('{"files":{"/etc/a":"0"}}', "'/etc/a' is not a file name"),
    ('{"set":"1-9","inferred":7}', "it refers to line 7, which has no reason"),
]


def test_what_cannot_be_read_is_named_with_its_line(path: Path) -> None:
    decisions_file.append(path, OPENING, [thing("ici")], AT)
    whole = path.read_text("utf-8")
    for line, reason in UNREADABLE:
        path.write_text(f"{whole}{line}\n", "utf-8")
        with pytest.raises(SourceError) as refused:
            decisions_file.read(path)
        assert str(refused.value) == f"{path}, line 3: {reason}"
        french = refused.value.text("fr")
        assert french.startswith(f"{path}, ligne 3 : ")
        assert french.rpartition(" : ")[2] != reason.rpartition(": ")[2]
    path.write_text(whole.replace('"version":1', '"version":2'), "utf-8")
    with pytest.raises(SourceError, match="line 1: its version is 2, not 1: update") as told:
        decisions_file.read(path)
    assert told.value.text("fr").endswith("sa version est 2, et non 1 : mettez rallynov à jour")
    path.write_text(whole.partition("\n")[2], "utf-8")
    with pytest.raises(SourceError, match="line 1: it does not begin like a file of decisions"):
        decisions_file.read(path)


def test_on_a_full_disk_no_act_is_written_and_what_was_there_stays(path: Path) -> None:
    """A limit on the size of files ends a write as a full disk does: in the middle."""
    decisions_file.append(path, OPENING, [thing("ici")], AT)
    before = path.read_bytes()
    script = f"""
import resource, signal
from pathlib import Path
from test_decisions_file import AT, OPENING, decisions_file, thing
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) + 40}, {len(before) + 40}))
try:
    decisions_file.append(Path({str(path)!r}), OPENING, [thing("n" * 30), thing("m")], AT)
except decisions_file.SourceError as error:
    print(error)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent,
    )
    assert "it cannot be written" in ran.stdout
    assert path.read_bytes() == before
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_two_windows_of_one_reader_both_have_their_acts(path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from test_decisions_file import AT, OPENING, decisions_file, thing
for number in range(30):
    decisions_file.append(Path({str(path)!r}), OPENING, [thing(f"{{sys.argv[1]}}-{{number}}")], AT)
"""
    windows = [
        subprocess.Popen([sys.executable, "-c", script, name], cwd=Path(__file__).parent)
        for name in ("a", "b")
    ]
    assert [window.wait() for window in windows] == [0, 0]
    found = decisions_file.read(path)
    assert found.torn is None
    wanted = {f"{ID}place/{name}-{number}" for name in "ab" for number in range(30)}
    assert {key[1] for key in reading_of(found.opening, found.acts).entries} == wanted


def test_a_later_act_changes_what_it_names_and_nothing_else(path: Path) -> None:
    lines = (
        '{"set":"~a","words":"1-9","how":"inferred","place/x":{"a":"Place","number":3}}',
        '{"set":"~a","place/x":{"number":4,"a":null}}',
    )
    decisions_file.append(path, OPENING, [], AT)
    path.write_text(path.read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
    found = decisions_file.read(path)
    (entry,) = reading_of(found.opening, found.acts).entries.values()
    assert entry.address == f"{ID}assertion-set/essai-a"
    assert [str(it) for it in entry.words] == ["1-9"]
    (said,) = entry.facts.values()
    assert {name.rpartition("#")[2]: [v.value for v in them] for name, them in said.items()} == {
        "number": ["4"]
    }


def test_the_lines_of_version_1_stay_readable_and_are_written_alike(path: Path) -> None:
    """``version-1.jsonl`` has every kind of line: each act, each kind of entry, each key."""
    version_1 = (Path(__file__).parent / "version-1.jsonl").read_text("utf-8")
    decisions_file.append(path, OPENING, [], AT)
    head = path.read_text("utf-8")
    path.write_text(f"{head}{version_1}", "utf-8")
    found = decisions_file.read(path)
    again = path.with_name("again.jsonl")
    decisions_file.append(again, OPENING, [it.act for it in found.acts], AT)
    lines = [line.replace(f',"at":"{AT}"', "") for line in again.read_text("utf-8").splitlines()]
    assert lines[1:] == version_1.splitlines()
    assert {type(it.act) for it in found.acts} == {*get_args(Act)}
    assert {*KINDS} == {it.act.kind for it in found.acts if isinstance(it.act, Stated)}
    entries = reading_of(found.opening, found.acts).entries
    assert {address.removeprefix(ID) for _, address in entries} == {
        "graph/essai",
        "extraction/essai",
        "part/essai-tout",
        "passage/essai-5-9",
        "organisation/l-atelier-du-lac",
        "stage/etape-a-dole",
        "role/tient-un-stand",
        "role/parle",
        "figure/essai-12",
        "assertion-set/essai-1-9",
        "assertion-set/essai-1-9-2",
        "assertion-set/essai-nom",
        "assertion-set/essai-60-70",
        "question/essai-q",
        "reading/essai-q-1",
    }
