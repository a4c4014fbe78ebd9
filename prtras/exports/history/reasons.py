"""Why a value was changed, in the words that may leave the house. Pure."""

from prtras.crf.places import Place
from prtras.entry.in_words import REASONS
from prtras.exports.history.casebook import Event
from prtras.labels import T

NOT_WRITTEN = T("（文字未导出）", "(text not exported)")


def reason_of(event: Event, place: Place | None) -> str:
    """The code of a reason with its texts; what was typed beside it, or instead, is not written."""
    reasons = event.reasons or {}
    reason = reasons.get(place or "") or reasons.get(place.item if place else "") or event.reason
    code, _colon, note = reason.partition(": ")
    text = dict(REASONS).get(code)
    if text is None:
        return f"{NOT_WRITTEN.zh} {NOT_WRITTEN.en}" if reason else ""
    return f"{code}: {text.zh} / {text.en}" + (f" {NOT_WRITTEN.zh} {NOT_WRITTEN.en}" if note else "")
