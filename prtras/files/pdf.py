"""HTML to PDF."""

from django.template.loader import render_to_string
from django.utils.translation import override

from prtras import env

#: Tagged for who reads with the ears: ISO 14289-1.
ACCESSIBLE = "pdf/ua-1"


def render(template: str, context: dict[str, object], language: str, *, tagged: bool = False) -> bytes:
    """The template as PDF bytes in `zh-hans` or `en`. WeasyPrint is loaded on first use: it costs half a second.

    `tagged` writes PDF/UA-1: headings, tables and figures as such, title and language of the document.
    """
    from weasyprint import HTML

    with override(language):
        html = render_to_string(template, context | {"language": language})
    return (
        HTML(string=html, base_url=str(env.ROOT / "static")).write_pdf(pdf_variant=ACCESSIBLE if tagged else None)
        or b""
    )
