"""The picture of a sheet: what it is by its content, upright, and nothing of what a camera wrote into it."""

import io

import pytest
from PIL import Image

from labs.files.refusals import FileRefused
from labs.sheets import pictures
from labs.sheets.pictures import clean_picture

WHERE = "Shenzhen, bed 12"


def drawn(kind: str = "JPEG", size: tuple[int, int] = (800, 400), mode: str = "RGB", **saved) -> bytes:
    picture = Image.new(mode, size, "white")
    picture.paste("black", (0, 0, size[0] // 2, size[1] // 2))
    stream = io.BytesIO()
    picture.save(stream, kind, **saved)
    return stream.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(clean_picture(content)))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGB"), ("PNG", "L"), ("PNG", "1")])
def test_it_works(kind, mode):
    picture = opened(drawn(kind, mode=mode))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (800, 400))
    assert picture.getpixel((10, 10))[0] < 20
    assert picture.getpixel((790, 390))[0] > 235


def test_it_is_turned_as_the_camera_says():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: to be turned to the right
    picture = opened(drawn(exif=exif))
    assert picture.size == (400, 800)
    assert picture.getpixel((390, 10))[0] < 20


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_that_a_camera_wrote_stays(kind):
    exif = Image.Exif()
    exif[0x010E], exif[0x0132] = WHERE, "2025:08:25 08:30:00"
    content = drawn(kind, exif=exif, icc_profile=b"profile" * 40, comment=WHERE.encode())
    assert WHERE.encode() in content
    clean = clean_picture(content)
    assert WHERE.encode() not in clean
    picture = Image.open(io.BytesIO(clean))
    assert not picture.getexif()
    assert not {"exif", "icc_profile", "comment"} & picture.info.keys()


def test_what_shines_through_is_white():
    stream = io.BytesIO()
    Image.new("RGBA", (800, 400), (0, 0, 0, 0)).save(stream, "PNG")
    assert opened(stream.getvalue()).getpixel((5, 5)) == (255, 255, 255)


def test_a_very_large_photograph_becomes_smaller():
    assert opened(drawn(size=(6000, 3000))).size == (pictures.LONGER_SIDE, pictures.LONGER_SIDE // 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a JPEG or PNG"),
        (b"%PDF-1.7 sheet.jpg", "not a JPEG or PNG"),
        (b"GIF89a" + bytes(200), "not a JPEG or PNG"),
        (b"\xff\xd8\xff" + bytes(200), "damaged"),
        (drawn()[:600], "damaged"),
        (drawn("PNG")[:60], "damaged"),
        (drawn(size=(299, 400)), "too small"),
    ],
    ids=["empty", "PDF", "GIF", "no JPEG inside", "broken JPEG", "broken PNG", "too small"],
)
def test_what_is_no_legible_picture_is_refused(content, words):
    with pytest.raises(FileRefused, match=words):
        clean_picture(content)


def test_a_small_file_that_unpacks_to_very_much_is_refused_before_it_does(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_DOTS", 319_999)
    with pytest.raises(FileRefused, match="too many pixels"):
        clean_picture(drawn("PNG", mode="1"))
