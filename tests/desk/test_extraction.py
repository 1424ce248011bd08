"""A document becomes a text: which one it is, in which order, and what is told of bad ones."""

import hashlib
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from printed_pages import column, forms, pdf, scanned
from rallynov_graph.base.errors import SourceError
from rallynov_graph.cli.desk import propose as command
from rallynov_graph.desk.extraction import pdf_text
from rallynov_graph.desk.extraction.document_text import LARGEST, extract
from rallynov_graph.desk.extraction.pdf_text import WrittenWords, joined

SAID = "L’été à Sarlieu, cœur de l’œuvre : « ça tient ».\n"


def written(folder: Path, content: bytes, name: str = "lettre.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


ENCODED = (
    (SAID.encode(), ()),
    (b"\xef\xbb\xbf" + SAID.encode(), ()),
    (SAID.encode("cp1252"), ("Windows-1252",)),
    (SAID.encode("utf-16"), ("UTF-16",)),
    (SAID.replace("\n", "\r\n").encode(), ("line ends",)),
    (SAID.replace("é", "e\u0301").encode(), ("NFC",)),
    (SAID.replace(" ", "\x07 \x1b", 1).encode(), ("2 control characters",)),
)


def test_however_it_is_encoded_it_is_one_text_and_what_changed_is_told(tmp_path: Path) -> None:
    for content, told in ENCODED:
        text = extract(written(tmp_path, content))
        assert (text.text, text.length) == (SAID, len(SAID))
        assert text.sha256 == hashlib.sha256(SAID.encode()).hexdigest()
        assert [word in remark.en for word, remark in zip(told, text.remarks, strict=True)] == [
            True for _ in told
        ]


BAD = {
    "empty": (b" \n", "vide", "empty"),
    "no word": (b"---\n***\n", "aucun mot", "no word"),
    "binary": (b"lettre\0\1\2", "binaire", "binary"),
    "another alphabet": ("Привет, друзья\n".encode("koi8-r"), "encodage", "encoding"),
    "an office document": (b"PK\x03\x04" + bytes(40), "PDF ou en texte", "as PDF or"),
    "lettre.pdf": (SAID.encode(), "PDF", "it is not a PDF"),
    "a broken PDF": (b"%PDF-1.7\n1 0 obj\n<<", "endommagé", "damaged"),
}


def test_a_bad_document_is_a_sentence_in_the_language_asked(tmp_path: Path) -> None:
    for name, (content, fr, en) in BAD.items():
        path = written(tmp_path, content, name)
        with pytest.raises(SourceError) as refused:
            extract(path)
        for language, words in (("fr", fr), ("en", en)):
            assert words in refused.value.text(language)
            assert str(path) in refused.value.text(language)
    with pytest.raises(SourceError, match="it cannot be read") as refused:
        extract(tmp_path / "nowhere.txt")
    assert refused.value.text("fr").endswith(
        "nowhere.txt : lecture impossible : aucun fichier de ce nom ; le chemin est-il juste ?"
    )
    large = tmp_path / "large.txt"
    large.touch()
    os.truncate(large, LARGEST + 1)
    with pytest.raises(SourceError, match="more than 32 MiB"):
        extract(large)


LEFT = (
    "Les tiers-",
    "lieux de la vallée se sont ou-",
    "verts en mai. La commune de Franche-",
    "Rive y a pris part, et l’éco\xad",
    "nomie locale avec elle.",
)
RIGHT = (
    "À droite commence un autre article :",
    "la ﬁn des vélos, des ﬂeurs, puis",
    "d’autres lignes qui disent la suite",
    "jusqu’au bas de la colonne.",
)
WHOLE = "Une ligne va d’un bord à l’autre, sous les deux colonnes, et rien ne la coupe en deux."
HEAD = (50, 30, "La Lettre de Sarlieu – n° 4")


def newsletter(path: Path) -> Path:
    first = [HEAD, (250, 815, "– 1 –"), (50, 90, "Titre")]
    first += [*column(50, 120, *LEFT), *column(310, 120, *RIGHT), (50, 260, WHOLE)]
    for number, cells in enumerate((("8 mai", "9 h", "Auch"), ("9 juin", "14 h", "Gap"))):
        first += [(50 + 100 * at, 300 + 14 * number, cell) for at, cell in enumerate(cells)]
    return pdf(path, first, [HEAD, (250, 815, "– 2 –"), *column(50, 120, "La page deux.")])


def test_a_pdf_is_read_column_by_column_and_its_words_are_whole(tmp_path: Path) -> None:
    text = extract(newsletter(tmp_path / "lettre.pdf")).text
    flat = " ".join(text.split())
    wanted = (
        "Les tiers-lieux de la vallée se sont ouverts en mai.",
        "La commune de Franche-Rive y a pris part, et l’économie locale avec elle.",
        "À droite commence un autre article : la fin des vélos, des fleurs, puis",
        WHOLE,
        "8 mai 9 h Auch 9 juin 14 h Gap",
        "La page deux.",
    )
    places = [flat.find(words) for words in wanted]
    assert -1 not in places and places == sorted(places), flat
    assert text.count("La Lettre de Sarlieu – n° 4") == 1, "a running head stands once"
    assert "– 1 –" not in text and "– 2 –" not in text
    assert extract(tmp_path / "lettre.pdf").text == text


def test_a_sentence_that_goes_on_in_the_next_column_is_in_one_paragraph(tmp_path: Path) -> None:
    left = (
        "Une phrase commence à gauche, dans",
        "la première colonne de la page, et",
        "se poursuit à",
    )
    right = (
        "droite de la page jusqu’à son point.",
        "",
        "Un autre paragraphe la suit ici même,",
        "et il",
    )
    page = [*column(50, 120, *left), *column(310, 120, *right, "finit là, en bas de la colonne.")]
    text = extract(pdf(tmp_path / "lettre.pdf", page)).text
    assert [" ".join(it.split()) for it in text.split("\n\n")] == [
        "Une phrase commence à gauche, dans la première colonne de la page, et se poursuit à "
        "droite de la page jusqu’à son point.",
        "Un autre paragraphe la suit ici même, et il finit là, en bas de la colonne.",
    ]


def test_a_picture_of_a_text_and_an_encrypted_one_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="its pages are pictures"):
        extract(scanned(tmp_path / "scan.pdf"))
    secret = pdf(tmp_path / "secret.pdf", [(50, 100, "secret")], password="ouvre-toi")
    with pytest.raises(SourceError, match="encrypted"):
        extract(secret)
    whole = newsletter(tmp_path / "lettre.pdf").read_bytes()
    with pytest.raises(SourceError, match=r"damaged|no text"):
        extract(written(tmp_path, whole[: len(whole) // 3], "half.pdf"))
    text = extract(pdf(tmp_path / "lettre.pdf", [(50, 100, "Bonjour")], []))
    assert [remark.en for remark in text.remarks] == ["pages without text: 2"]


def test_a_small_pdf_cannot_take_more_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_text, "_MEMORY", 128 << 20)
    monkeypatch.setattr(pdf_text, "_SECONDS", 1)
    that_swells = (b"BT /F 9 Tf (Bonjour) Tj ET" + bytes(200 << 20),)
    of_forms_within_forms = (b"/X Do " * 10,) * 20 + (b"BT ET",)
    for contents, fr, en in (
        (that_swells, "mémoire", "too much memory"),
        (of_forms_within_forms, "temps", "too much time"),
    ):
        path = forms(tmp_path / "lettre.pdf", *contents, deflated=2)
        assert path.stat().st_size < 7000
        with pytest.raises(SourceError, match=en) as refused:
            extract(path)
        assert fr in refused.value.text("fr")


def test_a_hyphen_stays_where_the_document_has_it_and_goes_where_it_has_the_word() -> None:
    lines = ["un savoir-", "faire, une porte-", "fenêtre, un inter-", "locuteur, un co-", "voit"]
    written = WrittenWords.of("un savoir-faire, nos interlocuteurs et un interlocuteur")
    assert joined(lines, written) == [
        "un savoir-faire,",
        "une porte-fenêtre,",
        "un interlocuteur,",
        "un co-voit",
    ]


def test_the_command_prints_the_text_and_tells_on_the_other_stream(tmp_path: Path) -> None:
    path = written(tmp_path, SAID.encode("cp1252"))
    ran = CliRunner().invoke(command, [str(tmp_path), str(path), "--text"])
    assert (ran.exit_code, ran.stdout) == (0, SAID)
    assert "lu comme Windows-1252" in ran.stderr
