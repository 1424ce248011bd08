"""PDFs made for tests: what stands where on each page is said to the point."""

import io
from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
Placed = tuple[float, float, str]
"""Words on a page: points from the left, points from the top, what they are."""


def column(left: float, top: float, *lines: str) -> list[Placed]:
    """Return lines below one another; an empty one is the space between paragraphs."""
    return [(left, top + 13 * number, line) for number, line in enumerate(lines) if line]


def pdf(path: Path, *pages: Sequence[Placed], password: str | None = None) -> Path:
    """Write a PDF of these pages, and return where; with a password it is encrypted."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    encrypt = None if password is None else StandardEncryption(password, canPrint=0)
    canvas = Canvas(str(path), pagesize=A4, encrypt=encrypt)
    for page in pages:
        canvas.setFont("Vera", 10)
        for left, top, words in page:
            canvas.drawString(left, HEIGHT - top, words)
        canvas.showPage()
    canvas.save()
    return path


def scanned(path: Path) -> Path:
    """Write a PDF whose page is a picture, and return where."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    buffer = io.BytesIO()
    Image.new("L", (60, 80), 200).save(buffer, "PNG")
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(ImageReader(buffer), 0, 0, WIDTH, HEIGHT)
    canvas.save()
    return path
