"""How the trail speaks of its own review."""

from prtras.audit.words import Label, Words
from prtras.labels import T

WORDS = {
    "trail_datareview": Words(
        T("数据审核签核", "Data review signed off"),
        columns={
            "since": Label(T("自", "From")),
            "until": Label(T("至", "Until")),
            "note": Label(T("结论", "Outcome")),
        },
        silent=frozenset({"by_id", "at", "counts", "head_seal"}),
    )
}
