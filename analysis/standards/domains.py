"""The domains of SDTM that the study fills: what each is, and the variables that it always has. Source: SDTMIG 3.4."""

from dataclasses import dataclass

from prtras.labels import T


@dataclass(frozen=True)
class Domain:
    """A domain: `always` are the parts of names (`variables.SUFFIXES`) that stand there even when they are empty."""

    code: str
    label: T
    category: str
    structure: str
    always: tuple[str, ...]

    @property
    def is_findings(self) -> bool:
        return self.category.startswith("FINDINGS")


_TIMES = "VISITNUM DTC"
_LISTED = (
    ("AE", "不良事件", "Adverse Events", "EVENTS", "One record per adverse event per subject",
     "TERM LLT LLTCD DECOD PTCD HLT HLTCD HLGT HLGTCD BODSYS BDSYCD SOC SOCCD SER ACN REL STDTC ENDTC"),
    ("CM", "既往及合并用药", "Concomitant/Prior Medications", "INTERVENTIONS",
     "One record per recorded intervention occurrence or constant-dosing interval per subject", "TRT"),
    ("CP", "细胞表型", "Cell Phenotype Findings", "FINDINGS", "One record per test per specimen per visit per subject",
     "TESTCD TEST MRKSTR ORRES STRESC DTC"),
    ("DD", "死亡详情", "Death Details", "FINDINGS", "One record per finding per subject",
     "TESTCD TEST ORRES STRESC DTC"),
    ("DM", "人口学", "Demographics", "SPECIAL PURPOSE", "One record per subject",
     "SUBJID RFSTDTC RFENDTC RFXSTDTC RFXENDTC RFICDTC RFPENDTC DTHDTC DTHFL SITEID AGE AGEU SEX RACE ARMCD ARM"
     " ACTARMCD ACTARM ARMNRS ACTARMUD COUNTRY"),
    ("DS", "受试者分布", "Disposition", "EVENTS", "One record per disposition status or protocol milestone per subject",
     "TERM DECOD CAT STDTC STDY"),
    ("DV", "方案偏离", "Protocol Deviations", "EVENTS", "One record per protocol deviation per subject", "TERM"),
    ("EC", "给药（原始记录）", "Exposure as Collected", "INTERVENTIONS",
     "One record per collected dosing interval per subject, per mood", "TRT DOSE DOSU DOSFRM STDTC ENDTC"),
    ("EG", "心电图", "ECG Test Results", "FINDINGS", "One record per ECG observation per visit per subject",
     f"TESTCD TEST ORRES STRESC {_TIMES}"),
    ("EX", "给药", "Exposure", "INTERVENTIONS", "One record per constant-dosing interval per subject",
     "TRT DOSE DOSU DOSFRM STDTC ENDTC"),
    ("FA", "关于事件或干预的观察", "Findings About Events or Interventions", "FINDINGS ABOUT",
     "One record per finding, per object, per visit per subject", f"TESTCD TEST OBJ ORRES STRESC {_TIMES}"),
    ("IE", "未满足的入排标准", "Inclusion/Exclusion Criteria Not Met", "FINDINGS",
     "One record per inclusion/exclusion criterion not met per subject", "TESTCD TEST CAT ORRES STRESC"),
    ("IS", "免疫学标本检查", "Immunogenicity Specimen Assessments", "FINDINGS",
     "One record per test per visit per subject",
     "TESTCD TEST ORRES ORRESU ORNRLO ORNRHI STRESC STRESN STRESU STNRLO STNRHI NRIND LLOQ VISITNUM DTC"),
    ("LB", "实验室检查", "Laboratory Test Results", "FINDINGS", "One record per lab test per visit per subject",
     "TESTCD TEST CAT ORRES ORRESU ORNRLO ORNRHI STRESC STRESN STRESU STNRLO STNRHI NRIND LOBXFL VISITNUM DTC"),
    ("MB", "微生物学标本检查", "Microbiology Specimen", "FINDINGS",
     "One record per microbiology specimen finding per visit per subject", f"TESTCD TEST ORRES STRESC METHOD {_TIMES}"),
    ("MH", "病史", "Medical History", "EVENTS", "One record per medical history event per subject", "TERM"),
    ("MI", "显微镜检查", "Microscopic Findings", "FINDINGS", "One record per finding per specimen per subject",
     f"TESTCD TEST ORRES STRESC SPEC SPCCND LOBXFL {_TIMES}"),
    ("MO", "形态学检查", "Morphology", "FINDINGS", "One record per morphology finding per visit per subject",
     f"TESTCD TEST ORRES STRESC {_TIMES}"),
    ("OE", "眼科检查", "Ophthalmic Examinations", "FINDINGS", "One record per ophthalmic finding per visit per subject",
     f"TESTCD TEST ORRES STRESC {_TIMES}"),
    ("PE", "体格检查", "Physical Examination", "FINDINGS",
     "One record per body system or abnormality per visit per subject", f"TESTCD TEST ORRES STRESC {_TIMES}"),
    ("PR", "操作", "Procedures", "INTERVENTIONS", "One record per recorded procedure per occurrence per subject",
     "TRT STDTC"),
    ("QS", "问卷", "Questionnaires", "FINDINGS", "One record per questionnaire per question per visit per subject",
     f"TESTCD TEST CAT ORRES STRESC LOBXFL {_TIMES}"),
    ("RP", "生殖系统检查", "Reproductive System Findings", "FINDINGS", "One record per finding per visit per subject",
     f"TESTCD TEST ORRES STRESC {_TIMES}"),
    ("RS", "疾病缓解与临床分级", "Disease Response and Clin Classification", "FINDINGS",
     "One record per response assessment or classification per visit per subject",
     f"TESTCD TEST CAT ORRES STRESC {_TIMES}"),
    ("SE", "受试者阶段要素", "Subject Elements", "SPECIAL PURPOSE", "One record per actual Element per subject",
     "ETCD STDTC ENDTC"),
    ("SU", "物质使用", "Substance Use", "INTERVENTIONS", "One record per substance type per subject", "TRT"),
    ("SV", "受试者访视", "Subject Visits", "SPECIAL PURPOSE", "One record per actual or planned visit per subject",
     "VISITNUM PRESP OCCUR STDTC ENDTC"),
    ("TR", "肿瘤/病灶测量结果", "Tumor/Lesion Results", "FINDINGS",
     "One record per tumor measurement/assessment per visit per subject",
     f"LNKID TESTCD TEST ORRES ORRESU STRESC STRESN STRESU METHOD LOBXFL EVAL {_TIMES}"),
    ("TU", "肿瘤/病灶识别", "Tumor/Lesion Identification", "FINDINGS", "One record per identified tumor per subject",
     f"LNKID TESTCD TEST ORRES STRESC LOC METHOD LOBXFL EVAL {_TIMES}"),
    ("VS", "生命体征", "Vital Signs", "FINDINGS", "One record per vital sign measurement per visit per subject",
     f"TESTCD TEST ORRES ORRESU STRESC STRESN STRESU LOBXFL {_TIMES}"),
)  # fmt: skip

DOMAINS: dict[str, Domain] = {
    code: Domain(code, T(zh, en), category, structure, tuple(always.split()))
    for code, zh, en, category, structure, always in _LISTED
}
#: Parts of names that hold numbers.
NUMBERS = frozenset(
    [
        "SEQ",
        "STRESN",
        "STNRLO",
        "STNRHI",
        "DOSE",
        "AGE",
        "VISITNUM",
        "VISITDY",
        "DY",
        "STDY",
        "ENDY",
        "TPTNUM",
        "LLTCD",
        "PTCD",
        "HLTCD",
        "HLGTCD",
        "BDSYCD",
        "SOCCD",
        "TAETORD",
        "LLOQ",
    ]
)
#: Parts of names that stand without the domain.
SHARED = frozenset(
    [
        "STUDYID",
        "DOMAIN",
        "RDOMAIN",
        "USUBJID",
        "SUBJID",
        "VISITNUM",
        "VISIT",
        "VISITDY",
        "EPOCH",
        "TAETORD",
        "ETCD",
        "ELEMENT",
        "RFSTDTC",
        "RFENDTC",
        "RFXSTDTC",
        "RFXENDTC",
        "RFICDTC",
        "RFPENDTC",
        "DTHDTC",
        "DTHFL",
        "SITEID",
        "AGE",
        "AGEU",
        "SEX",
        "RACE",
        "ETHNIC",
        "ARMCD",
        "ARM",
        "ACTARMCD",
        "ACTARM",
        "ARMNRS",
        "ACTARMUD",
        "COUNTRY",
        "IDVAR",
        "IDVARVAL",
        "QNAM",
        "QLABEL",
        "QVAL",
        "QORIG",
        "QEVAL",
        "RELTYPE",
        "RELID",
        "TABRANCH",
        "TATRANS",
        "TESTRL",
        "TEENRL",
        "TEDUR",
        "TVSTRL",
        "TVENRL",
        "IETESTCD",
        "IETEST",
        "IECAT",
        "TIVERS",
        "TSPARMCD",
        "TSPARM",
        "TSVAL",
        "TSVALNF",
        "TSVALCD",
        "TSVCDREF",
        "TSVCDVER",
    ]
)


def variable_name(domain: str, suffix: str) -> str:
    """The whole name of a variable."""
    return suffix if suffix in SHARED else f"{domain}{suffix}"
