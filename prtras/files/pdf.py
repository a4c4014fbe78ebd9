"""HTML to PDF."""

from django.template.loader import render_to_string
from django.utils.translation import override

from prtras import env


def render(template: str, context: dict[str, object], language: str) -> bytes:
    """The template as PDF bytes in `zh-hans` or `en`. WeasyPrint is loaded on first use: it costs half a second."""
    from weasyprint import HTML

    with override(language):
        html = render_to_string(template, context | {"language": language})
    return HTML(string=html, base_url=str(env.ROOT / "static")).write_pdf() or b""
