"""Code lists: Consent and demographics. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

CHILDBEAR = CodeList(
    "CHILDBEAR",
    T("生育状态", "Childbearing status"),
    {
        "WOCBP": T("有生育能力", "Of childbearing potential"),
        "POSTMENO": T("绝经(≥12个月)", "Post-menopausal (>=12 months)"),
        "SURGICAL": T("手术绝育", "Surgically sterile"),
    },
    standard="sponsor",
)

CONTRACEP = CodeList(
    "CONTRACEP",
    T("避孕方式", "Contraception"),
    {
        "BARRIER": T("屏障避孕", "Barrier method"),
        "HORMONAL": T("激素避孕", "Hormonal"),
        "IUD": T("宫内节育器", "Intrauterine device"),
        "STERIL": T("绝育(本人或伴侣)", "Sterilisation (self or partner)"),
        "ABSTIN": T("禁欲", "Abstinence"),
        "NONE": T("未避孕", "None"),
    },
    standard="sponsor",
)

EDU = CodeList(
    "EDU",
    T("文化程度", "Education level"),
    {
        "PRIMARY": T("小学及以下", "Primary school or below"),
        "JUNIOR": T("初中", "Junior secondary"),
        "SENIOR": T("高中/中专", "Senior secondary / vocational"),
        "COLLEGE": T("大专/本科", "College / university"),
        "POSTGRAD": T("研究生及以上", "Postgraduate"),
        "U": T("不详", "Unknown"),
    },
    standard="sponsor",
)

ETHNIC_CN = CodeList(
    "ETHNIC_CN",
    T("民族", "Ethnic group (China)"),
    {
        "HAN": T("汉族", "Han"),
        "ZHUANG": T("壮族", "Zhuang"),
        "HUI": T("回族", "Hui"),
        "MANCHU": T("满族", "Manchu"),
        "MIAO": T("苗族", "Miao"),
        "YI": T("彝族", "Yi"),
        "TUJIA": T("土家族", "Tujia"),
        "YAO": T("瑶族", "Yao"),
        "UYGUR": T("维吾尔族", "Uygur"),
        "MONGOL": T("蒙古族", "Mongol"),
        "TIBETAN": T("藏族", "Tibetan"),
        "OTHER": T("其他", "Other"),
    },
    standard="GB/T 3304 (subset)",
)

INCAP_REASON = CodeList(
    "INCAP_REASON",
    T("受试者无法本人签署的原因", "Why participant could not sign"),
    {
        "CAPACITY": T("无/限制民事行为能力", "Lacks legal capacity"),
        "ILLITERATE": T("无阅读/书写能力", "Unable to read or write"),
        "PHYSICAL": T("身体原因无法签署", "Physically unable"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

RELATION = CodeList(
    "RELATION",
    T("与受试者关系", "Relationship to participant"),
    {
        "SPOUSE": T("配偶", "Spouse"),
        "PARENT": T("父母", "Parent"),
        "CHILD": T("成年子女", "Adult child"),
        "SIBLING": T("兄弟姐妹", "Sibling"),
        "RELATIVE": T("其他亲属", "Other relative"),
        "COURT": T("法院/机构指定", "Court- or authority-appointed"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

SEX = CodeList(
    "SEX",
    T("性别", "Sex"),
    {
        "M": T("男", "Male"),
        "F": T("女", "Female"),
    },
    standard="CDISC SEX (subset)",
)

SIGNER = CodeList(
    "SIGNER",
    T("知情同意书签署人", "Person who signed consent"),
    {
        "SUBJECT": T("受试者本人", "Participant"),
        "GUARDIAN": T("法定监护人", "Legal guardian"),
        "AGENT": T("授权代理人", "Authorised agent"),
    },
    standard="sponsor",
)
