"""Antiviral treatment, adherence and peginterferon doses: columns are items, in the order of the source."""

from enrollment.codelists.history import NADRUG
from prtras.codelists import NY
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, DecimalItem, IntegerItem, PartialDateItem, TextItem
from prtras.crf.models import FormPage
from visits.codelists.medication import FREQ, ROUTE
from visits.codelists.treatment import NAREASON, PGACT, PGBY, PGREASON, PGSITE, PGSTAT


class NaRegimen(FormPage):
    """Nucleos(t)ide analogue regimen log."""

    na_no = IntegerItem(
        "序号", "Row number", need="derived", hard=("1", "99"), soft=("1", "10"), cdash="ECSPID", sdtm="EC.ECSPID"
    )
    na_drug = CodeItem("药物", "Drug", codes=NADRUG, cdash="ECTRT", sdtm="EC.ECTRT")
    na_other = TextItem("药物说明", "Specify drug", show=the("na.na_drug") == "OTHER", cdash="ECTRTOTH", sdtm="SUPPEC")
    na_dose = DecimalItem(
        "单次剂量",
        "Dose per administration",
        places=2,
        unit="mg",
        hard=("0.1", "1200"),
        soft=("0.5", "600"),
        cdash="ECDOSE",
        sdtm="EC.ECDOSE",
    )
    na_freq = CodeItem("频次", "Frequency", codes=FREQ, cdash="ECDOSFRQ", sdtm="EC.ECDOSFRQ")
    na_start = PartialDateItem("开始日期", "Start date", cdash="ECSTDAT", sdtm="EC.ECSTDTC")
    na_start_reason = CodeItem("启用原因", "Reason started", codes=NAREASON, cdash="ECREASST", sdtm="SUPPEC")
    na_ongoing = CodeItem("是否持续", "Ongoing", codes=NY, cdash="ECONGO", sdtm="EC.ECENRTPT")
    na_end = PartialDateItem(
        "结束日期", "End date", show=the("na.na_ongoing") == "N", cdash="ECENDAT", sdtm="EC.ECENDTC"
    )
    na_end_reason = CodeItem(
        "停用/更换原因",
        "Reason stopped / changed",
        codes=NAREASON,
        show=the("na.na_ongoing") == "N",
        cdash="ECREASEND",
        sdtm="SUPPEC",
    )
    na_ae_no = IntegerItem(
        "关联AE编号",
        "Linked AE number",
        links="ae",
        hard=("1", "999"),
        soft=("1", "50"),
        show=the("na.na_end_reason") == "AE",
        cdash="ECAENO",
        sdtm="RELREC",
    )


class Adherence(FormPage):
    """Treatment adherence since last visit."""

    adh_na_taking = CodeItem(
        "是否按医嘱服用核苷(酸)类似物", "Taking NA as prescribed", codes=NY, cdash="ECOCCUR", sdtm="EC.ECOCCUR"
    )
    adh_na_missed = IntegerItem(
        "漏服核苷(酸)类似物次数",
        "NA doses missed since last visit",
        hard=("0", "200"),
        soft=("0", "14"),
        cdash="ECMISS",
        sdtm="SUPPEC",
    )
    adh_na_days = IntegerItem(
        "统计天数", "Days covered", unit="days", hard=("1", "400"), soft=("1", "120"), cdash="ECPERDY", sdtm="SUPPEC"
    )
    adh_na_pct = DecimalItem(
        "核苷(酸)类似物依从率",
        "NA adherence",
        need="derived",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("80", "100"),
        cdash="ECADHPCT",
        sdtm="SUPPEC",
    )


class PegIfnDose(FormPage):
    """Peginterferon alfa-2b dosing log (A2 only)."""

    pg_no = IntegerItem(
        "注射序号",
        "Injection number",
        need="derived",
        hard=("1", "120"),
        soft=("1", "48"),
        cdash="ECSPID",
        sdtm="EC.ECSPID",
    )
    pg_week = IntegerItem(
        "计划给药周次", "Planned treatment week", hard=("1", "104"), soft=("1", "48"), cdash="ECTPT", sdtm="EC.ECTPT"
    )
    pg_status = CodeItem("给药状态", "Administration status", codes=PGSTAT, cdash="ECOCCUR", sdtm="EC.ECOCCUR")
    pg_date = DateItem(
        "注射日期(未给药则为决定日期)",
        "Injection date (or date decision made if not given)",
        cdash="ECSTDAT",
        sdtm="EC.ECSTDTC",
    )
    pg_dose = IntegerItem(
        "实际剂量",
        "Dose given",
        unit="ug",
        hard=("0", "200"),
        soft=("90", "180"),
        show=the("pegifn.pg_status").one_of("GIVEN", "REDUCED", "DELAYED"),
        cdash="ECDOSE",
        sdtm="EC.ECDOSE",
    )
    pg_route = CodeItem(
        "给药途径",
        "Route",
        codes=ROUTE,
        show=the("pegifn.pg_status").one_of("GIVEN", "REDUCED", "DELAYED"),
        cdash="ECROUTE",
        sdtm="EC.ECROUTE",
    )
    pg_site = CodeItem(
        "注射部位",
        "Injection site",
        need="expected",
        codes=PGSITE,
        show=the("pegifn.pg_status").one_of("GIVEN", "REDUCED", "DELAYED"),
        cdash="ECLOC",
        sdtm="EC.ECLOC",
    )
    pg_by = CodeItem(
        "给药人",
        "Administered by",
        need="expected",
        codes=PGBY,
        show=the("pegifn.pg_status").one_of("GIVEN", "REDUCED", "DELAYED"),
        cdash="ECBY",
        sdtm="SUPPEC",
    )
    pg_lot = TextItem(
        "批号",
        "Lot number",
        need="expected",
        show=the("pegifn.pg_status").one_of("GIVEN", "REDUCED", "DELAYED"),
        cdash="ECLOT",
        sdtm="EC.ECLOT",
    )
    pg_expiry = DateItem(
        "有效期",
        "Expiry date",
        need="expected",
        show=the("pegifn.pg_status").one_of("GIVEN", "REDUCED", "DELAYED"),
        cdash="ECEXPDAT",
        sdtm="SUPPEC",
        may_be_future=True,
        shared=True,
    )
    pg_reason = CodeItem(
        "调整/未给药原因",
        "Reason for modification / not given",
        codes=PGREASON,
        show=the("pegifn.pg_status").one_of("REDUCED", "DELAYED", "HELD", "MISSED", "STOPPED"),
        cdash="ECREASOC",
        sdtm="EC.ECREASOC",
    )
    pg_reason_oth = TextItem(
        "原因说明", "Specify reason", show=the("pegifn.pg_reason") == "OTHER", cdash="ECREASOCOTH", sdtm="SUPPEC"
    )
    pg_ae_no = IntegerItem(
        "关联AE编号",
        "Linked AE number",
        links="ae",
        hard=("1", "999"),
        soft=("1", "50"),
        show=the("pegifn.pg_reason").one_of(
            "NEUT", "PLT", "HGB", "ALTFLARE", "PSYCH", "THYROID", "RETINA", "AUTOIMM", "FLU", "OTHERAE"
        ),
        cdash="ECAENO",
        sdtm="RELREC",
    )
    pg_interval = IntegerItem(
        "距上次实际给药天数",
        "Days since previous dose given",
        need="derived",
        unit="days",
        hard=("1", "400"),
        soft=("5", "9"),
        cdash="ECINTV",
        sdtm="SUPPEC",
    )
    pg_advice = CodeItem(
        "基于最近化验的剂量建议(仅提示)",
        "Advisory action from latest labs (info only)",
        need="derived",
        codes=PGACT,
        cdash="ECADV",
        sdtm="SUPPEC",
    )
    pg_count = CodeItem(
        "有近期血常规", "Current blood count available", need="derived", codes=NY, cdash="ECADVCNT", sdtm="SUPPEC"
    )
    pg_basis = TextItem(
        "建议依据(检验值及采样日期)",
        "Values behind the advice, with their days",
        need="derived",
        max_length=300,
        cdash="ECADVBAS",
        sdtm="SUPPEC",
    )
    pg_cum = IntegerItem(
        "累计剂量",
        "Cumulative dose",
        need="derived",
        unit="ug",
        hard=("0", "25000"),
        soft=("0", "8640"),
        cdash="ECCUMDOS",
        sdtm="SUPPEC",
    )
    pg_why = TextItem(
        "未按建议给药的理由",
        "Reason for not following the advice",
        need="optional",
        max_length=300,
        cdash="ECADVREA",
        sdtm="SUPPEC",
    )
