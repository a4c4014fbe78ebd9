"""The screening and pregnancy tests as the casebook shows them."""

from labs.models import PregnancyTest, ScreeningTests
from prtras.crf.registry import Form, Section
from prtras.labels import T

SCREENING_TESTS = Form(
    "scrlab", T("筛选期血清学与安全性检查", "Screening serology and safety tests"), "single", "LB", ScreeningTests,
    (
        Section(T("血清学", "Serology"),
                ("scr_date", "hav_igm", "hcv_ab", "hcv_rna", "hdv_ab", "hev_igm", "hiv_ab", "ana", "ana_titre")),
        Section(T("心电图与眼底", "ECG and fundus"), ("ecg", "fundus_scr", "fundus_date")),
    ),
    short=T("筛选期血清学与安全性检查", "Screening tests"),
)  # fmt: skip

PREGNANCY_TEST = Form(
    "pregtest", T("妊娠试验", "Pregnancy test"), "visit", "LB", PregnancyTest,
    (Section(T("试验", "Test"), ("pt_done", "pt_reason", "pt_date", "pt_result")),),
)  # fmt: skip
