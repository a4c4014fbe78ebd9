"""Text in a picture, by rapidocr with the models of its wheel: nothing leaves this machine and nothing is fetched.

The one module that knows it. It comes with `prtras-edc[ocr]`; without that `is_installed` is False and nothing of
sheets shows. It is imported when the first sheet is read: that takes a second and 100 MB, and only the worker needs it.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from labs.sheets.text_boxes import TextBox

PACKAGES = ("rapidocr", "onnxruntime", "cv2")
MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
#: The second look takes in this part of a letter's height more on each side, enlarged so many times.
MARGIN, ENLARGED = 0.08, 1.6
#: What is looked at a second time is no longer than this: values and ranges, not sentences.
LONGEST_AGAIN = 30


class NotInstalled(RuntimeError):
    """The extra is not there, or not whole."""


def is_installed() -> bool:
    """Whether sheets can be read here."""
    return all(find_spec(name) for name in PACKAGES)


def recognise(picture: bytes) -> list[TextBox]:
    """The texts of a picture with their places; figures are looked at twice. Raises NotInstalled."""
    engine, dots = _engine(), _dots(picture)
    read = engine(dots)
    if read.boxes is None or read.txts is None:
        return []
    corners = [[(float(x), float(y)) for x, y in box] for box in read.boxes]
    digits = [
        at for at, text in enumerate(read.txts) if len(text) <= LONGEST_AGAIN and any(sign.isdigit() for sign in text)
    ]
    again = engine.recognize_txt([_enlarged(dots, corners[at]) for at in digits]).txts if digits else ()
    looks = dict(zip(digits, again, strict=True))
    return [
        TextBox(text, (box[0], box[1], box[2], box[3]), float(score), looks.get(at))
        for at, (text, box, score) in enumerate(zip(read.txts, corners, read.scores, strict=True))
    ]


@cache
def _engine() -> Any:
    """The reader. Its models are named by their files, so that it has no reason to look for others."""
    if not is_installed():
        raise NotInstalled("prtras-edc[ocr] is not installed: make ocr")
    from rapidocr import RapidOCR  # optional, and slow to import

    folder = Path(str(find_spec("rapidocr").origin)).parent / "models"  # type: ignore[union-attr]
    files = {stage: folder / name for stage, name in MODELS.items()}
    if missing := [path.name for path in files.values() if not path.is_file()]:
        raise NotInstalled(f"rapidocr without its models: {', '.join(missing)}")
    return RapidOCR(params={
        **{f"{stage}.model_path": str(path) for stage, path in files.items()},
        "Global.use_cls": False,  # it turns a lone arrow down into an arrow up, and 66 into 99
        "Global.log_level": "error",
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    })  # fmt: skip


def _dots(picture: bytes) -> Any:
    import cv2  # optional
    import numpy as np

    return cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)


def _enlarged(dots: Any, corners: list[tuple[float, float]]) -> Any:
    """The place of a text with a margin, turned upright and enlarged."""
    import cv2  # optional
    import numpy as np
    from rapidocr.utils.process_img import get_rotate_crop_image

    box = np.array(corners, dtype=np.float32)
    away = box - box.mean(axis=0)
    high = float(np.linalg.norm(box[3] - box[0]))
    wider = box + away / np.linalg.norm(away, axis=1, keepdims=True) * (MARGIN * high)
    cut = get_rotate_crop_image(dots, wider.astype(np.float32))
    return cv2.resize(cut, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
