"""How the trail speaks of notices and reports of serious adverse events."""

from prtras.audit.words import Act, Label, Words
from prtras.jobs.words import words_of_a_job
from prtras.labels import T
from visits.sae.expectedness import DRUGS
from visits.sae.reporting import KINDS

WORDS = {
    "visits_safetynotice": Words(
        T("SAE 通知待发送", "SAE notice to be sent"),
        (Act(T("发送 SAE 通知", "SAE notice sent"), "sent_at"),),
        {"recipients": Label(T("收件人数", "Recipients"))},
        frozenset({"page_id", "made_at", "sent_at"}),
    ),
    "visits_expectedreaction": Words(
        T("新增预期反应", "Expected reaction added"),
        (Act(T("移出预期反应表", "Taken off the list"), "ended"),),
        {
            "site_id": Label(T("研究中心", "Site"), names="site"),
            "drug": Label(T("药物", "Drug"), DRUGS.codes),
            "term": Label(T("术语", "Term")),
            "source": Label(T("参考文件", "Reference document")),
            "valid_from": Label(T("生效日期", "Valid from")),
            "ended": Label(T("截止日期", "Until")),
        },
    ),
    "visits_saereport": words_of_a_job(
        T("申请SAE报告", "SAE report requested"),
        {
            "number": Label(T("报告序号", "Number")),
            "kind": Label(T("报告类型", "Type"), KINDS.codes),
            "changes": Label(T("新信息", "What is new")),
            "page_version": Label(T("表单版本", "Version of the page")),
        },
        frozenset({"page_id", "file_zh_id", "file_en_id", "e2b_xml_id", "e2b_json_id", "e2b_missing"}),
    ),
}

#: Where acts of this room come from.
SOURCES = {
    "amendment": T("方案修订", "amendment"),
    "notice": T("通知", "notice"),
    "expected reactions": T("预期反应表", "list of expected reactions"),
    "sae report": T("SAE报告", "SAE report"),
}
