"""What was typed, as people read it: codes by their texts, reasons of changes by theirs."""

from collections.abc import Iterable

from prtras.codelists import MISS_REASON
from prtras.crf.items import Item
from prtras.labels import T

#: Why a submitted value is changed.
REASONS = (
    ("ENTRY", T("录入错误", "Data entry error")),
    ("SOURCE", T("源数据更正", "Source data corrected")),
    ("NEW", T("新信息", "New information")),
    ("QUERY", T("答复质疑", "Response to query")),
)


def in_words(item: Item, texts: Iterable[str]) -> str:
    """A typed value as people read it: codes (also of a missing reason) by their texts, a dash for nothing."""
    return "、".join(str(_word(item, text)) for text in texts) or "–"


def _word(item: Item, text: str) -> T | str:
    if item.codes and (text in item.codes or text in item.codes.retired):
        return item.codes.text(text)
    if item.kind not in ("text", "long") and text in MISS_REASON:  # a text may read like a code
        return MISS_REASON.text(text)
    return item.codes.text(text) if item.codes else text


def reason_in_words(reason: str) -> str:
    """A reason in words: its code's text, and the note."""
    code, colon, note = reason.partition(": ")
    return f"{dict(REASONS).get(code, code)}{colon}{note}"
