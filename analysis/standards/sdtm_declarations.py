"""What the SDTM names of the items do not say: which records a form makes, tests by their codes, coded values.

Whatever is not listed here follows from `Item.sdtm` alone. Keys are `table.item`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from prtras.labels import T


@dataclass(frozen=True)
class Record:
    """A record of an event, an intervention or a single lesion that a row of a form makes.

    It is made where one of `when` has a value (or the named one is `equals`), always without `when`. It takes `items`
    (empty: all of its domain that no other record takes). `constants` by part of a name; `$item` is an item's value,
    `$a|b` the first of two that has one.
    """

    domain: str
    when: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    equals: str = ""


@dataclass(frozen=True)
class Measurement:
    """Several items that are one finding: text, unit, number, and whether the number is one (`QUANT`)."""

    domain: str
    test: str
    text: str
    number: str = ""
    unit: str = ""
    quantified: str = ""
    method: str = ""
    category: str = ""

    @property
    def items(self) -> tuple[str, ...]:
        listed = (self.text, self.number, self.unit, self.quantified, self.method)
        return tuple(item for item in listed if item)


MILESTONE, LIVER = {"CAT": "PROTOCOL MILESTONE"}, {"CAT": "LIVER DISEASE HISTORY"}
PRESPECIFIED = {"PRESP": "Y"}
RADICAL = {"CAT": "RADICAL TREATMENT"}


def _occurrence(domain: str, item: str, name: str, *more: str, **constants: str) -> Record:
    """Something that the form asks about by name."""
    return Record(
        domain, (item,), (item, *more), {"TRT" if domain != "MH" else "TERM": name, **PRESPECIFIED, **constants}
    )


RECORDS: dict[str, tuple[Record, ...]] = {
    "consent": (
        Record("DS", ("icf_date",), constants={"TERM": "INFORMED CONSENT OBTAINED", "STDTC": "$icf_date",
                                               "DECOD": "INFORMED CONSENT OBTAINED", **MILESTONE}, items=("-",)),
        Record("DS", ("withdraw_date",), ("withdraw_date",), {"TERM": "WITHDRAWAL OF CONSENT",
                                                              "DECOD": "WITHDRAWAL OF CONSENT", "CAT": "OTHER EVENT"}),
        Record("DM"),
    ),
    "reconsent": (Record("DS", ("rc_date",), constants={"TERM": "INFORMED CONSENT OBTAINED AGAIN",
                                                        "DECOD": "INFORMED CONSENT OBTAINED", **MILESTONE}),),
    "ie": (Record("DS", ("scr_outcome",), constants={"TERM": "$scr_outcome", "STDTC": "$ie_date", **MILESTONE}),),
    "alloc": (
        Record("DS", ("alloc_date",), constants={"TERM": "TREATMENT GROUP CHOSEN, NOT RANDOMIZED",
                                                 "DECOD": "ENTERED INTO TRIAL", **MILESTONE}),
        Record("DM"),
    ),
    "eos": (Record("DS", ("eos_status", "eos_date"),
                   constants={"TERM": "$eos_reason_oth|eos_status", "CAT": "DISPOSITION EVENT",
                              "SCAT": "STUDY PARTICIPATION"}),),
    "hbvhx": (
        Record("MH", items=("hbv_first_date",), constants={"TERM": "CHRONIC HEPATITIS B", **LIVER}),
        _occurrence("MH", "cirrhosis", "CIRRHOSIS", "cirrh_method", **LIVER),
        _occurrence("MH", "decomp_evt", "HEPATIC DECOMPENSATION", **LIVER),
        _occurrence("MH", "varices", "OESOPHAGOGASTRIC VARICES", **LIVER),
        _occurrence("MH", "splenomeg", "SPLENOMEGALY", **LIVER),
        _occurrence("MH", "fatty_liver", "FATTY LIVER DISEASE", **LIVER),
        _occurrence("MH", "diabetes", "DIABETES MELLITUS", CAT="CONCOMITANT DISEASE"),
        _occurrence("MH", "hypertension", "HYPERTENSION", CAT="CONCOMITANT DISEASE"),
        _occurrence("CM", "prior_na", "NUCLEOS(T)IDE ANALOGUE", "prior_na_start", "prior_na_drugs",
                    CAT="PRIOR ANTIVIRAL TREATMENT"),
        _occurrence("CM", "prior_ifn", "INTERFERON", "prior_ifn_end", "prior_ifn_weeks",
                    CAT="PRIOR ANTIVIRAL TREATMENT"),
        _occurrence("SU", "alcohol", "ALCOHOL", "alcohol_g"),
        _occurrence("SU", "drug_abuse", "DRUGS OF ABUSE"),
        _occurrence("SU", "smoke", "TOBACCO", "pack_years"),
    ),
    "hcc": (Record("MH", ("dx_date", "dx_basis", "first_hcc"),
                   constants={"TERM": "HEPATOCELLULAR CARCINOMA", "CAT": "INDEX TUMOUR"}),),
    "hccles": (Record("TU", constants={"TESTCD": "TUMIDENT", "ORRES": "INDEX TUMOUR"}, items=("-",)),),
    "radtx": (
        Record("PR", ("res_date", "res_kind"),
               ("res_date", "res_kind", "res_extent", "res_approach", "blood_loss", "transfusion"),
               {"TRT": "HEPATIC RESECTION", **RADICAL}),
        Record("PR", ("abl_date", "abl_mod"),
               ("abl_date", "abl_mod", "abl_mod_other", "abl_approach", "abl_guide", "abl_sessions", "abl_margin5"),
               {"TRT": "LOCAL ABLATION", **RADICAL}),
        _occurrence("PR", "adj_tace", "PROPHYLACTIC TACE", "adj_tace_date", CAT="ADJUVANT TREATMENT"),
    ),
    "visit": (Record("SV"),),
    "adh": (Record("EC", constants={"TRT": "NUCLEOS(T)IDE ANALOGUE", "MOOD": "PERFORMED", **PRESPECIFIED}),),
    "mri": (Record("PR", constants={"TRT": "LIVER IMAGING", "STDTC": "$mri_date", "CAT": "TUMOUR IMAGING",
                                    **PRESPECIFIED}),),
    "na": (Record("EC", constants={"MOOD": "PERFORMED", "CAT": "NUCLEOS(T)IDE ANALOGUE", "ENTPT": "$cutoff"}),),
    "pegifn": (Record("EC", constants={"TRT": "PEGINTERFERON ALFA-2B", "MOOD": "PERFORMED", "DOSFRM": "INJECTION",
                                       "PRESP": "Y", "CAT": "PEGINTERFERON", "TPTNUM": "$pg_week"}),),
    "cm": (Record("CM", constants={"ENTPT": "$cutoff"}),),
    "mh": (Record("MH", constants={"ENTPT": "$cutoff"}),),
    "ae": (Record("AE", constants={"ENTPT": "$cutoff"}),),
    "subtx": (Record("CM", constants={"TRT": "$st_detail|st_type", "SCAT": "SUBSEQUENT ANTI-TUMOUR THERAPY",
                                      "ENTPT": "$cutoff"}),),
    "recur": (Record("TU", ("rec_adj",), ("-",), {"TESTCD": "TUMIDENT", "ORRES": "RECURRENCE"}, equals="CONFIRMED"),),
}  # fmt: skip

MEASUREMENTS: dict[str, tuple[Measurement, ...]] = {
    "lbviro": (
        Measurement("MB", "HBDNA", "hbvdna_raw", "hbvdna_val", "hbvdna_u", "hbvdna_q", "hbvdna_assay", "QUANTITATIVE"),
        Measurement("MB", "HBSAG", "hbsag_raw", "hbsag_val", "", "hbsag_q", "hbsag_assay", "QUANTITATIVE"),
    ),
}

#: The code and the name of a test where the item does not give it in its SDTM name.
TESTS: dict[str, tuple[str, str]] = {
    "lbviro.hbsab_val": ("HBSAB", "Hepatitis B Virus Surface Antibody"),
    "lbviro.hbsab_res": ("HBSAB", "Hepatitis B Virus Surface Antibody"),
    "lbviro.hbeab_res": ("HBEAB", "Hepatitis B Virus e Antibody"),
    "lbviro.hbcab_res": ("HBCAB", "Hepatitis B Virus Core Antibody"),
    "scrlab.hcv_rna": ("HCRNA", ""),
    "mriobs.obs_type": ("LESIDENT", ""),
    "mriobs.size_mm": ("LDIAM", ""),
    "mriobs.lr_cat": ("LIRADS", "LI-RADS Category"),
    "hccles.les_mm": ("LDIAM", ""),
    "hccles.les_lr": ("LIRADS", "LI-RADS Category"),
    "mri.mri_overall": ("MRIOVR", "Overall Conclusion of Imaging"),
    "recur.rec_site": ("RECSITE", "Recurrence Pattern"),
    "subtx.st_resp": ("BESTRESP", ""),
    "dm.childbear": ("CHILDPOT", ""),
    "dm.contracep": ("BCMETHOD", ""),
    "pregn.pn_lmp": ("LMPSTDTC", ""),
    "path.histo": ("HISTTYPC", ""),
    "path.ki67": ("KI67", ""),
    "aegr.aeg_grade": ("AEGRADE", "CTCAE v5.0 Grade from this Day"),
}
#: Findings about something: what.
OBJECTS: dict[str, str] = {"aegr": "$ae_term"}
#: Categories of findings, by table or by item.
CATEGORIES: dict[str, str] = {
    "lbhem_results": "HEMATOLOGY", "lbchem_results": "CHEMISTRY", "lbcoag_results": "COAGULATION",
    "lbcoag": "COAGULATION",
    "lbthy_results": "THYROID FUNCTION", "lbtm_results": "TUMOR MARKERS", "liverfn": "LIVER FUNCTION SCORES",
    "hcc": "INDEX TUMOUR", "hccles": "LI-RADS V2018", "mriobs": "LI-RADS V2018", "mri": "TUMOUR IMAGING",
    "recur": "RECURRENCE", "subtx": "RESPONSE TO SUBSEQUENT THERAPY", "pe.ecog": "ECOG", "hcc.ecog_pre": "ECOG",
    "liverfn.cp_score": "CHILD-PUGH CLASSIFICATION", "liverfn.cp_class": "CHILD-PUGH CLASSIFICATION",
    "pe.phq9": "PHQ-9",
}  # fmt: skip
#: The item that dates the findings of a domain, where it is not the domain's own.
DATED_BY: dict[tuple[str, str], str] = {("hcc", "TR"): "img_date"}
#: The item that says whether something was done, and the finding that was not when it is N.
NOT_DONE: dict[str, tuple[str, str, str]] = {
    "pregtest.pt_done": ("HCG", "", "pt_reason"),
    "tissue.tis_avail": ("TISSUE", "Tumour Tissue", "tis_nd_reason"),
    "tissue.pdl1_done": ("PDL1", "", ""),
    "tissue.tc_done": ("TCSCORE", "T-cell Infiltration Score", ""),
    "recur.rec_biopsy": ("HISTTYPC", "", ""),
}
#: A second record of an item: its test, and the value for each code that decides it.
ALSO: dict[str, tuple[str, str, dict[str, str]]] = {
    "mri.mri_overall": ("RS", "DRCRIND", {"RECUR": "Y", "NED": "N"}),
}
#: Links written with the kind of lesion, since index lesions and observations are numbered apart.
LINKS: dict[str, str] = {"hccles.les_no": "INDEX-{}", "mriobs.obs_no": "OBS-{}"}

_PARENT = T(
    "其父数据域未必有记录，改放在本表单必有记录的数据域", "its own domain may have no record here; this one has"
)
_ONE_EACH = T("每次治疗各为一条记录", "each treatment is a record of its own")
_FEATURE = T("TU 仅识别病灶，病灶特征属于 TR", "TU identifies a lesion; what is seen of it belongs into TR")
_NO_VARIABLE = T("SDTMIG 3.4 没有这个变量", "SDTMIG 3.4 has no such variable")
_FAMILY = T("关联人员数据未单独建立数据域", "no domain of associated persons is made")
_NOT_A_TERM = T("不是受控术语中的值", "holds no term of the controlled terminology")
_ONE_TEST = T("只属于其中一项检查", "belongs to one of the tests only")
_NO_LINK = T("没有可链接的记录编号", "gives no number of a record")

ROUTES: dict[str, tuple[str, T]] = {
    **{f"ie.{item}": ("SUPPDS", _PARENT)
       for item in ("exc01_detail", "exc04_detail", "exc14_detail", "ie_calc", "ie_sign_date")},
    **{f"mri.{item}": ("SUPPPR", _PARENT)
       for item in ("mri_contrast", "mri_quality", "mri_nobs", "mri_read_date", "mri_blinded", "mri_other", "mri_dev",
                    "mri_win")},
    "mri.mri_reader": ("SUPPPR", _NOT_A_TERM),
    "ie.ie_eligible": ("SUPPDS", _NO_VARIABLE),
    "eos.last_alive": ("SUPPDS", _NO_VARIABLE),
    "radtx.tx_type": ("SUPPPR", _ONE_EACH),
    "radtx.tx_date": ("SUPPPR", _ONE_EACH),
    "hccles.les_tx": ("SUPPTU", _ONE_EACH),
    "mriobs.prior_date": ("SUPPTR", T("是对照检查的日期", "the day of another examination")),
    "recur.rec_adj": ("SUPPRS", _NOT_A_TERM),
    "tissue.pdl1_clone": ("SUPPMI", _ONE_TEST),
    "tissue.tc_method": ("SUPPMI", _ONE_TEST),
    "tissue.tc_reader": ("SUPPMI", _NOT_A_TERM),
    "hbvhx.fam_hbv": ("SUPPMH", _FAMILY),
    "hbvhx.fam_hcc": ("SUPPMH", _FAMILY),
    "hbvhx.prior_na_drugs": ("SUPPCM", T("可能有多种药物", "may name several drugs")),
    "ae.ae_lab": ("SUPPAE", _NO_LINK),
    "ae.ae_lab_visit": ("SUPPAE", _NO_LINK),
    "lbviro.hbsag_dil": ("SUPPMB", T("属于 HBsAg，在 MB 中", "belongs to HBsAg, which is in MB")),
    "lbviro.hbsag_status": ("SUPPMB", T("属于 HBsAg，在 MB 中", "belongs to HBsAg, which is in MB")),
    **{f"{place}": ("TR.TRORRES", _FEATURE)
       for place in ("hcc.vasc_inv", "hcc.extrahep", "hccles.les_path", "recur.rec_vasc")},
    **{f"mriobs.{item}": ("TR.TRORRES", _FEATURE)
       for item in ("path_proven", "nc", "tiv", "benign", "lrm", "aphe", "washout", "capsule", "tg", "afmal", "afhcc",
                    "afben", "tr_eval", "tr_pattern", "tr_morph", "tr_aphe", "tr_wo", "tr_sim")},
    "mriobs.tg_calc": ("TR.TRSTRESC", _FEATURE),
}  # fmt: skip
