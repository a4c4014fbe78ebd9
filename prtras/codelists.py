"""What a code list is, and the lists that every form may use."""

from dataclasses import dataclass, field

from prtras.labels import T

RETIRED = T("{text}（已停用）", "{text} (retired)")


@dataclass(frozen=True)
class CodeList:
    """Codes with their texts, in the order in which people read them.

    `standard` names where the codes come from (CDISC controlled terminology or the sponsor's own). `retired` holds the
    codes that left the list: nobody enters them any more, but where they are stored they stand and may be saved again.
    """

    name: str
    title: T
    codes: dict[str, T] = field(default_factory=dict)
    standard: str = "sponsor"
    retired: dict[str, T] = field(default_factory=dict)

    def text(self, code: str) -> T:
        """The text of a code; one that is not in the list (any more) is marked as retired."""
        return self.codes.get(code) or RETIRED.format(text=self.retired.get(code, code))

    def choices(self, *stored: str) -> list[tuple[str, T]]:
        """(code, text) pairs in order, for a form control; behind them what is `stored` and left the list."""
        left = [code for code in dict.fromkeys(stored) if code and code not in self.codes]
        return [*self.codes.items(), *((code, self.text(code)) for code in left)]

    def __contains__(self, code: object) -> bool:
        return code in self.codes


MISS_REASON = CodeList(
    "MISS_REASON",
    T("未完成原因", "Reason visit/assessment not done"),
    {
        "REFUSED": T("受试者拒绝", "Participant refused"),
        "FORGOT": T("受试者遗忘/失联", "Participant forgot / could not be reached"),
        "OTHER_HOSP": T("外院完成但无法获取结果", "Done at another hospital, result unavailable"),
        "HOSPITALISED": T("住院/病情不允许", "Hospitalised / too ill"),
        "SITE": T("研究中心/设备原因", "Site / equipment reason"),
        "CONTRA": T("医学禁忌", "Medical contraindication"),
        "SAMPLE": T("标本溶血/不足/丢失", "Sample haemolysed / insufficient / lost"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)


NY = CodeList(
    "NY",
    T("是/否", "No/Yes"),
    {
        "Y": T("是", "Yes"),
        "N": T("否", "No"),
    },
    standard="CDISC NY (subset)",
)


NYNA = CodeList(
    "NYNA",
    T("是/否/不适用", "No/Yes/Not applicable"),
    {
        "Y": T("是", "Yes"),
        "N": T("否", "No"),
        "NA": T("不适用", "Not applicable"),
    },
    standard="CDISC NY",
)


NYU = CodeList(
    "NYU",
    T("是/否/不详", "No/Yes/Unknown"),
    {
        "Y": T("是", "Yes"),
        "N": T("否", "No"),
        "U": T("不详", "Unknown"),
    },
    standard="CDISC NY",
)


CTCGR = CodeList(
    "CTCGR",
    T("CTCAE分级", "CTCAE grade"),
    {
        "1": T("1级 轻度", "Grade 1 Mild"),
        "2": T("2级 中度", "Grade 2 Moderate"),
        "3": T("3级 重度", "Grade 3 Severe"),
        "4": T("4级 危及生命", "Grade 4 Life-threatening"),
        "5": T("5级 死亡", "Grade 5 Death"),
    },
    standard="NCI CTCAE v5.0",
)
