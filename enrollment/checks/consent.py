"""Edit checks: Consent and demographics. Source: checks of the CRF specification 0.1."""

from enrollment.protocol import constant
from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import any_record, empty, exists, given, here, matches, the

CHECKS = (
    hard(
        "CON-001C",
        "consent.icf_date",
        any_record("visit", the("visit.visit_date") < here("consent.icf_date")),
        "签署日期晚于已记录的访视日期。",
        "Consent was signed after a visit that is on record.",
        overridable=True,
    ),
    hard(
        "CON-002C",
        "consent.icf_date",
        any_record("alloc", the("alloc.alloc_date") < here("consent.icf_date")),
        "签署日期晚于选择治疗组的日期。",
        "Consent was signed after the arm was chosen.",
        overridable=True,
    ),
    hard(
        "CON-003",
        "consent.icf_date",
        the("consent.icf_date") < the("consent.icf_version_date"),
        "签署日期早于所用知情同意书版本日期。",
        "Consent was signed before the ICF version was issued.",
    ),
    soft(
        "CON-004",
        "consent.inv_sign_date",
        the("consent.inv_sign_date") != the("consent.icf_date"),
        "研究者签署日期与受试者签署日期不同,请确认。",
        "Investigator signed on a different day from the participant; confirm.",
    ),
    hard(
        "CON-005",
        "consent.signer",
        (the("consent.signer") != "SUBJECT") & (empty(the("consent.incap_reason")) | empty(the("consent.signer_rel"))),
        "由监护人/代理人签署时须填写原因及关系。",
        "Guardian/agent signed: reason and relationship are required.",
    ),
    hard(
        "CON-006",
        "consent.signer",
        (the("consent.signer") == "AGENT") & (the("consent.signer_auth_doc") == "N"),
        "由授权代理人签署但无授权文件存档。",
        "Authorised agent signed but no authorisation document is on file.",
    ),
    soft(
        "CON-007",
        "consent.incap_reason",
        (the("consent.incap_reason") == "ILLITERATE") & (the("consent.witness_needed") != "Y"),
        "受试者无阅读/书写能力,应有公正见证人。",
        "Participant cannot read/write: an impartial witness is expected.",
    ),
    soft(
        "CON-012",
        "consent.withdraw_date",
        given(the("consent.withdraw_date")) & exists("eos") & (the("eos.eos_status") != "WITHDRAWAL BY SUBJECT"),
        "已撤回知情同意,但研究结束状态不一致。",
        "Consent withdrawn but disposition says otherwise.",
    ),
    hard(
        "CON-014",
        "consent.comply_agree",
        (the("consent.comply_agree") == "N") & (the("ie.ie_eligible") == "Y"),
        "受试者不同意遵守研究要求,不符合入选标准7。",
        "Participant does not agree to comply: INC07 is not met.",
    ),
    hard(
        "DM-001",
        "dm.age_consent",
        ((the("dm.age_consent") < constant("age_min")) | (the("dm.age_consent") > constant("age_max")))
        & (the("ie.ie_eligible") == "Y"),
        "签署知情时年龄不在{age_min}~{age_max}岁,但判定为合格。",
        "Age at consent is outside {age_min}-{age_max} years but participant is declared eligible.",
    ),
    hard(
        "DM-002",
        "dm.brthdat",
        the("dm.brthdat") >= the("consent.icf_date"),
        "出生日期应早于知情同意日期。",
        "Date of birth must be before consent.",
    ),
    hard(
        "DM-003",
        "dm.sex",
        (the("dm.sex") == "M") & (given(the("dm.childbear")) | given(the("dm.lactating")) | given(the("dm.contracep"))),
        "男性受试者填写了生育相关项目。",
        "Childbearing items are recorded for a male participant.",
    ),
    soft(
        "DM-004",
        "dm.childbear",
        (the("dm.childbear") == "POSTMENO") & (the("dm.age_consent") < 45),
        "45岁前绝经,请确认。",
        "Post-menopausal before 45 years: confirm.",
    ),
    soft(
        "DM-005",
        "dm.childbear",
        (the("dm.childbear") == "WOCBP") & (the("dm.age_consent") >= 55),
        "≥55岁仍有生育能力,请确认。",
        "Childbearing potential at 55 years or older: confirm.",
    ),
    hard(
        "DM-006",
        "dm.subjid",
        ~matches("[0-9]{2}-[0-9]{3}", the("dm.subjid")),
        "受试者编号应为两位中心号、连字符和三位数字,如01-001。",
        "Participant number must be the site's two digits, a hyphen and three digits, such as 01-001.",
    ),
    hard(
        "CON-013",
        "reconsent.rc_date",
        the("reconsent.rc_date") <= the("consent.icf_date"),
        "再次知情日期应晚于首次知情日期。",
        "Re-consent date must be after the first consent date.",
    ),
    later(
        "PRG-005",
        "dm.childbear",
        (the("dm.childbear") == "WOCBP") & exists("ie") & empty(the("pregtest.pt_done", at="SCR")),
        "缺少筛选期妊娠试验。",
        "Screening pregnancy test is missing.",
    ),
)
