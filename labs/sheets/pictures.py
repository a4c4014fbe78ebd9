"""The picture of a sheet: what it is by its content, upright, without what a camera writes into it. Pure."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from labs.files.refusals import FileRefused
from prtras.labels import T

#: How the two kinds of picture begin. The name of a file says nothing.
BEGINNINGS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
#: Dots of the largest picture that is unpacked; a small file can hold gigabytes of one colour.
MOST_DOTS = 60_000_000
#: Dots of the longer side that stay: twice what the reader looks at, so that a person can enlarge it.
LONGER_SIDE = 3600
#: Dots of the shorter side below which no print is legible.
SHORTEST_SIDE = 300
NO_PICTURE = T("不是 JPEG 或 PNG 图片。", "This is not a JPEG or PNG picture.")
BROKEN = T("图片已损坏，无法打开。", "The picture is damaged and cannot be opened.")
TOO_MANY_DOTS = T("图片过大，请降低分辨率后重试。", "The picture has too many pixels; scan or photograph it smaller.")
TOO_SMALL = T("图片过小，无法识别文字。", "The picture is too small; its print cannot be read.")
_STRICT = Lock()


def clean_picture(content: bytes) -> bytes:
    """The picture as its camera meant it to be looked at, as a JPEG of dots and nothing else. Raises FileRefused."""
    kind = next((kind for beginning, kind in BEGINNINGS.items() if content.startswith(beginning)), None)
    if kind is None:
        raise FileRefused(NO_PICTURE)
    try:
        with _whole_only(), Image.open(io.BytesIO(content), formats=(kind,)) as opened:
            _check_size(opened.size)
            upright = ImageOps.exif_transpose(opened)
            return _written(_on_white(upright))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        if isinstance(broken, FileRefused):
            raise
        raise FileRefused(BROKEN) from None


@contextmanager
def _whole_only() -> Iterator[None]:
    """Refuse a picture that breaks off: WeasyPrint lets Pillow fill what is missing, for the whole process."""
    with _STRICT:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_DOTS:
        raise FileRefused(TOO_MANY_DOTS)
    if min(size) < SHORTEST_SIDE:
        raise FileRefused(TOO_SMALL)


def _on_white(picture: Image.Image) -> Image.Image:
    """The dots alone on a new sheet: comments, places, times, previews and colour profiles stay behind."""
    dots = picture.convert("RGBA")
    clean = Image.new("RGB", dots.size, "white")
    clean.paste(dots, mask=dots.getchannel("A"))
    clean.thumbnail((LONGER_SIDE, LONGER_SIDE))
    return clean


def _written(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=93, subsampling=0)
    return stream.getvalue()
