"""A drawing as a picture for slides and text processors."""

import io
import re

#: Pixels a point of PDF: three a unit of the drawing (a CSS pixel), so that a figure 860 units wide has 2,580.
SCALE = 4.0
_BOX = re.compile(r'viewBox="0 0 (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)"')
_PAGE = "<style>@page {{ size: {width}px {height}px; margin: 0 }} svg {{ display: block }}</style>{svg}"


def png(svg: str) -> bytes:
    """An SVG as PNG bytes, drawn as the PDF reports draw it. Raises ValueError for one without a viewBox from 0 0."""
    from pypdfium2 import PdfDocument
    from weasyprint import HTML

    box = _BOX.search(svg)
    if box is None:
        raise ValueError("this drawing has no viewBox from 0 0")
    page = _PAGE.format(width=box[1], height=box[2], svg=svg)
    printed = HTML(string=page).write_pdf() or b""
    document = PdfDocument(printed)
    try:
        picture = document[0].render(scale=SCALE).to_pil()
    finally:
        document.close()
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()
