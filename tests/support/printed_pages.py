"""PDFs made for tests: what stands where on each page is said to the point."""

import io
import zlib
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


def forms(path: Path, *contents: bytes, deflated: int = 1) -> Path:
    """Write a PDF whose page has the first content, and the form that it calls X the next one."""
    fonts = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << %s /XObject << /X 5 0 R >> >> >>" % fonts,
    ]
    for unpacked in contents:
        content = unpacked
        for _ in range(deflated):
            content = zlib.compress(content, 9)
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length %d /Filter [%s] "
            b"/Resources << %s /XObject << /X %d 0 R >> >> >>\nstream\n%s\nendstream"
            % (len(content), b"/FlateDecode " * deflated, fonts, len(objects) + 2, content)
        )
    written = [b"%%PDF-1.7\n", *(b"%d 0 obj\n%s\nendobj\n" % it for it in enumerate(objects, 1))]
    written.append(b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF\n" % (len(objects) + 1))
    path.write_bytes(b"".join(written))
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
