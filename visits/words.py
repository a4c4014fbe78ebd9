"""How the trail speaks of notices of serious adverse events."""

from prtras.audit.words import Act, Label, Words
from prtras.labels import T

WORDS = {
    "visits_safetynotice": Words(
        T("SAE 通知待发送", "SAE notice to be sent"),
        (Act(T("发送 SAE 通知", "SAE notice sent"), "sent_at"),),
        {"recipients": Label(T("收件人数", "Recipients"))},
        frozenset({"page_id", "made_at", "sent_at"}),
    )
}
