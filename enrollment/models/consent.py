"""Consent and demographics: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.consent import (
    CHILDBEAR,
    CONTRACEP,
    EDU,
    ETHNIC_CN,
    INCAP_REASON,
    RELATION,
    SEX,
    SIGNER,
)
from prtras.codelists import NY, NYNA
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, CodesItem, DateItem, IntegerItem, TextItem
from prtras.crf.models import FormPage


class Consent(FormPage):
    """Informed consent."""

    icf_version = TextItem("知情同意书版本号", "ICF version number", max_length=20, cdash="ICFVER", sdtm="SUPPDS")
    icf_version_date = DateItem("知情同意书版本日期", "ICF version date", cdash="ICFVERDAT", sdtm="SUPPDS", shared=True)
    icf_date = DateItem("签署知情同意书日期", "Date informed consent signed", cdash="RFICDAT", sdtm="DM.RFICDTC")
    signer = CodeItem("签署人", "Signed by", codes=SIGNER, cdash="ICSIGNER", sdtm="SUPPDS")
    incap_reason = CodeItem(
        "受试者无法本人签署的原因",
        "Reason participant could not sign",
        codes=INCAP_REASON,
        show=the("consent.signer") != "SUBJECT",
        cdash="ICINCAP",
        sdtm="SUPPDS",
    )
    signer_rel = CodeItem(
        "监护人/代理人与受试者关系",
        "Relationship of guardian/agent to participant",
        codes=RELATION,
        show=the("consent.signer") != "SUBJECT",
        cdash="ICREL",
        sdtm="SUPPDS",
    )
    signer_rel_other = TextItem(
        "关系说明",
        "Specify relationship",
        show=the("consent.signer_rel") == "OTHER",
        cdash="ICRELOTH",
        sdtm="SUPPDS",
    )
    signer_auth_doc = CodeItem(
        "授权文件已存档",
        "Authorisation document on file",
        codes=NY,
        show=the("consent.signer") == "AGENT",
        cdash="ICAUTH",
        sdtm="SUPPDS",
    )
    signer_assent = CodeItem(
        "已获得受试者本人同意(知情赞同)",
        "Participant's own assent obtained",
        need="expected",
        codes=NYNA,
        show=the("consent.signer") != "SUBJECT",
        cdash="ICASSENT",
        sdtm="SUPPDS",
    )
    witness_needed = CodeItem(
        "需要公正见证人",
        "Impartial witness required",
        need="expected",
        codes=NY,
        cdash="ICWITYN",
        sdtm="SUPPDS",
    )
    witness_date = DateItem(
        "见证人签署日期",
        "Date witness signed",
        show=the("consent.witness_needed") == "Y",
        cdash="ICWITDAT",
        sdtm="SUPPDS",
    )
    comply_agree = CodeItem(
        "同意遵守研究要求",
        "Agrees to comply with study requirements",
        codes=NY,
        cdash="ICCOMPLY",
        sdtm="SUPPDS",
    )
    copy_given = CodeItem(
        "已向受试者提供知情同意书副本",
        "Copy of ICF given to participant",
        codes=NY,
        cdash="ICCOPY",
        sdtm="SUPPDS",
    )
    inv_sign_date = DateItem("研究者签署日期", "Date investigator signed", cdash="ICINVDAT", sdtm="SUPPDS")
    biobank_consent = CodeItem(
        "同意留存剩余生物样本",
        "Consent to storage of residual samples",
        need="expected",
        codes=NY,
        cdash="ICBIO",
        sdtm="SUPPDS",
    )
    withdraw_date = DateItem(
        "撤回知情同意日期", "Date consent withdrawn", need="optional", cdash="ICWDDAT", sdtm="DS.DSSTDTC"
    )


class Demographics(FormPage):
    """Demographics."""

    subjid = TextItem("受试者编号", "Participant number", need="derived", cdash="SUBJID", sdtm="DM.SUBJID")
    scrno = TextItem("筛选号", "Screening number", need="derived", cdash="SCRNO", sdtm="SUPPDM")
    initials = TextItem(
        "姓名拼音缩写", "Pinyin initials", identifies=True, pattern=r"^[A-Z-]{2,4}$", cdash="INITIALS", sdtm="SUPPDM"
    )
    brthdat = DateItem("出生日期", "Date of birth", identifies=True, cdash="BRTHDAT", sdtm="DM.BRTHDTC")
    age_consent = IntegerItem(
        "签署知情时年龄(周岁)",
        "Age at consent (completed years)",
        need="derived",
        hard=("0", "120"),
        soft=("18", "70"),
        cdash="AGE",
        sdtm="DM.AGE",
    )
    sex = CodeItem("性别", "Sex", codes=SEX, cdash="SEX", sdtm="DM.SEX")
    ethnic = CodeItem("民族", "Ethnic group", need="expected", codes=ETHNIC_CN, cdash="ETHNIC", sdtm="SUPPDM")
    ethnic_other = TextItem(
        "民族说明", "Specify ethnic group", show=the("dm.ethnic") == "OTHER", cdash="ETHNICOTH", sdtm="SUPPDM"
    )
    edu = CodeItem("文化程度", "Education level", need="optional", codes=EDU, cdash="EDULEVEL", sdtm="SUPPDM")
    childbear = CodeItem(
        "生育状态",
        "Childbearing status",
        show=the("dm.sex") == "F",
        codes=CHILDBEAR,
        cdash="RPCHILD",
        sdtm="RP.RPORRES",
    )
    contracep = CodesItem(
        "避孕方式",
        "Contraception used",
        codes=CONTRACEP,
        show=the("dm.childbear") == "WOCBP",
        cdash="RPCONTR",
        sdtm="RP.RPORRES",
    )
    lactating = CodeItem(
        "哺乳期",
        "Breastfeeding",
        codes=NY,
        show=the("dm.childbear") == "WOCBP",
        cdash="RPLACT",
        sdtm="RP.RPORRES",
    )


class ReConsent(FormPage):
    """Re-consent log."""

    rc_version = TextItem("新版知情同意书版本号", "New ICF version", cdash="ICFVER", sdtm="SUPPDS")
    rc_version_date = DateItem("新版版本日期", "New ICF version date", cdash="ICFVERDAT", sdtm="SUPPDS", shared=True)
    rc_date = DateItem("再次知情签署日期", "Date re-consent signed", cdash="DSSTDAT", sdtm="DS.DSSTDTC")
    rc_signer = CodeItem("签署人", "Signed by", codes=SIGNER, cdash="ICSIGNER", sdtm="SUPPDS")
