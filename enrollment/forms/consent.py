"""The forms on consent and demographics as the casebook shows them."""

from enrollment.deriving import consent
from enrollment.models import (
    Consent,
    Demographics,
    ReConsent,
)
from prtras.crf.registry import Form, Section
from prtras.labels import T

CONSENT = Form(
    "consent", T("知情同意", "Informed consent"), "single", "DS", Consent,
    (
        Section(
            T("签署", "Signature"),
            ("icf_version", "icf_version_date", "icf_date", "signer", "incap_reason", "signer_rel",
             "signer_rel_other", "signer_auth_doc", "signer_assent"),
        ),
        Section(T("见证与承诺", "Witness and commitments"),
                ("witness_needed", "witness_date", "comply_agree", "copy_given", "inv_sign_date", "biobank_consent")),
        Section(T("撤回", "Withdrawal"), ("withdraw_date",)),
    ),
)  # fmt: skip

DEMOGRAPHICS = Form(
    "dm", T("人口学资料", "Demographics"), "single", "DM", Demographics,
    (
        Section(T("编号", "Numbers"), ("subjid", "scrno", "initials")),
        Section(T("人口学", "Demographics"), ("brthdat", "age_consent", "sex", "ethnic", "ethnic_other", "edu")),
        Section(T("生育", "Childbearing"), ("childbear", "contracep", "lactating")),
    ),
    derive=consent.demographics,
    reads=("consent",),
)  # fmt: skip

RE_CONSENT = Form(
    "reconsent", T("再次知情同意记录", "Re-consent log"), "log", "DS", ReConsent,
    (Section(T("签署", "Signature"), ("rc_version", "rc_version_date", "rc_date", "rc_signer")),),
    short=T("再次知情同意", "Re-consent"),
)  # fmt: skip
