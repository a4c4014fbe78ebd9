"""How the trail speaks of data cuts."""

from prtras.audit.words import Label, Words
from prtras.labels import T

WORDS = {
    "datacut_datacut": Words(
        T("生成数据快照", "Data cut taken"),
        columns={
            "cutoff": Label(T("截止日期", "Cut-off date")),
            "name": Label(T("名称", "Name")),
            "entered_until": Label(T("录入截止时间", "Entered until")),
            "rows": Label(T("行数", "Rows")),
        },
        silent=frozenset(
            {"created_at", "file_id", "sha256", "head_seal", "last_event", "open_transactions", "unbegun"}
        ),
    )
}
