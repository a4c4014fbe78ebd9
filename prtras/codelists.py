"""What a code list is, and the lists that every form may use."""

from dataclasses import dataclass, field

from prtras.labels import T


@dataclass(frozen=True)
class CodeList:
    """Codes with their texts, in the order in which people read them.

    `standard` names where the codes come from (CDISC controlled terminology or the sponsor's own).
    """

    name: str
    title: T
    codes: dict[str, T] = field(default_factory=dict)
    standard: str = "sponsor"

    def text(self, code: str) -> T:
        """The text of a code. Raises KeyError for a code that is not in the list."""
        return self.codes[code]

    def choices(self) -> list[tuple[str, T]]:
        """(code, text) pairs in order, for a form control."""
        return list(self.codes.items())

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


HISTO = CodeList(
    "HISTO",
    T("组织学诊断(入选:HCC)", "Histological diagnosis (eligible: HCC)"),
    {
        "HCC": T("肝细胞癌", "Hepatocellular carcinoma"),
        "FLC": T("纤维板层型肝癌", "Fibrolamellar carcinoma"),
        "CHC": T("混合型肝细胞癌-胆管癌", "Combined hepatocellular-cholangiocarcinoma"),
        "ICC": T("肝内胆管癌", "Intrahepatic cholangiocarcinoma"),
        "OTHER": T("其他", "Other"),
    },
    standard="WHO 2019",
)


LRCAT = CodeList(
    "LRCAT",
    T("LI-RADS v2018诊断分类", "LI-RADS v2018 diagnostic category"),
    {
        "LR-NC": T("LR-NC 无法分类", "LR-NC Not categorizable"),
        "LR-1": T("LR-1 肯定良性", "LR-1 Definitely benign"),
        "LR-2": T("LR-2 可能良性", "LR-2 Probably benign"),
        "LR-3": T("LR-3 中度可疑恶性", "LR-3 Intermediate probability of malignancy"),
        "LR-4": T("LR-4 可能HCC", "LR-4 Probably HCC"),
        "LR-5": T("LR-5 肯定HCC", "LR-5 Definitely HCC"),
        "LR-M": T("LR-M 可能或肯定恶性,非HCC特异", "LR-M Probably/definitely malignant, not HCC specific"),
        "LR-TIV": T("LR-TIV 静脉内癌栓", "LR-TIV Tumour in vein"),
        "PATH": T("已有病理证实(不适用LI-RADS)", "Pathology-proven (no LI-RADS category)"),
    },
    standard="LI-RADS v2018",
)


SEGMENT = CodeList(
    "SEGMENT",
    T("肝段(Couinaud)", "Liver segment (Couinaud)"),
    {
        "S1": T("I段(尾状叶)", "Segment I (caudate)"),
        "S2": T("II段", "Segment II"),
        "S3": T("III段", "Segment III"),
        "S4A": T("IVa段", "Segment IVa"),
        "S4B": T("IVb段", "Segment IVb"),
        "S5": T("V段", "Segment V"),
        "S6": T("VI段", "Segment VI"),
        "S7": T("VII段", "Segment VII"),
        "S8": T("VIII段", "Segment VIII"),
    },
    standard="Couinaud",
)
