"""The files that are given as texts of documents: each is one that the data describe."""

from pathlib import Path

import pytest

from made_up_carnet import BETTER, TEXT, document, second_text, store_of
from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.documents import SourceFile, loaded
from rallynov_graph.sparql.embedded import EmbeddedStore

FIRST, SECOND, DOCUMENT = (
    f"{ID}{name}" for name in ("extraction/essai", "extraction/essai-2", "document/essai")
)


@pytest.fixture
def essay(tmp_path: Path) -> EmbeddedStore:
    """The store of a document with two texts; its parts lie in the first."""
    return store_of(document() + second_text(), tmp_path)


def given(tmp_path: Path, **texts: str) -> list[SourceFile]:
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_bytes(text.encode())
    return [SourceFile.read(tmp_path / f"{name}.txt") for name in texts]


def test_two_texts_of_a_document_are_told_apart_by_their_digests(
    essay: EmbeddedStore, tmp_path: Path
) -> None:
    texts = loaded(essay, given(tmp_path, better=BETTER, first=TEXT))
    assert texts.of_extractions == {FIRST: TEXT, SECOND: BETTER}
    assert texts.of_documents == {DOCUMENT: TEXT}, "its parts lie in the first"


def test_a_document_is_not_read_in_a_text_without_its_parts(
    essay: EmbeddedStore, tmp_path: Path
) -> None:
    texts = loaded(essay, given(tmp_path, better=BETTER))
    assert texts and (texts.of_extractions, texts.of_documents) == ({SECOND: BETTER}, {})


def test_a_file_that_is_none_of_the_texts_is_refused_with_those_that_there_are(
    essay: EmbeddedStore, tmp_path: Path
) -> None:
    (other,) = given(tmp_path, other=TEXT + "\n")
    with pytest.raises(SourceError) as refused:
        loaded(essay, [other])
    said = str(refused.value)
    assert "other.txt" in said and other.sha256 in said
    assert f"<{FIRST}>" in said and f"<{SECOND}>" in said and said.count("\n") == 0


def test_a_text_that_is_given_twice_is_refused_with_both_files(
    essay: EmbeddedStore, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=r"again\.txt.*the same text as .*first\.txt"):
        loaded(essay, given(tmp_path, first=TEXT, again=TEXT))


def test_a_length_that_is_not_that_of_the_text_is_told(tmp_path: Path) -> None:
    wrong = document().replace(f"rn:lengthInCodePoints {len(TEXT)}", "rn:lengthInCodePoints 9")
    with pytest.raises(SourceError, match=f"has {len(TEXT)} code points, but the data say 9"):
        loaded(store_of(wrong, tmp_path), given(tmp_path, first=TEXT))


def test_a_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    latin = "Élan".encode("latin-1")
    file = tmp_path / "latin.txt"
    file.write_bytes(latin)
    read = SourceFile.read(file)
    told = document().replace(given(tmp_path, first=TEXT)[0].sha256, read.sha256)
    with pytest.raises(SourceError, match="not text in UTF-8"):
        loaded(store_of(told, tmp_path), [read])
