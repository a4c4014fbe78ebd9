"""Death and end of study: columns are items, in the order in which the facts stand in the source."""

from prtras.codelists import NYU
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, IntegerItem, TextItem
from prtras.crf.models import FormPage
from visits.codelists.disposition import DSDECOD, DTHCAUSE, DTHSRC, LASTALIVE
from visits.codelists.safety import AEREL


class Death(FormPage):
    """Death."""

    dth_date = DateItem("死亡日期", "Date of death", cdash="DTHDAT", sdtm="DM.DTHDTC")
    dth_cause = CodeItem(
        "主要死亡原因", "Primary cause of death", codes=DTHCAUSE, cdash="DDORRES", sdtm="DD.DDORRES (DDTESTCD=PRCDTH)"
    )
    dth_cause_oth = TextItem(
        "死因说明",
        "Specify cause",
        show=the("death.dth_cause") == "OTHER",
        cdash="DDORRESOTH",
        sdtm="DD.DDORRES",
    )
    dth_hcc = CodeItem("死亡时存在肝癌", "HCC present at death", codes=NYU, cdash="DDORRES", sdtm="DD.DDORRES")
    dth_rel = CodeItem("与研究治疗的关系", "Related to study treatment", codes=AEREL, cdash="DDREL", sdtm="SUPPDD")
    dth_autopsy = CodeItem("是否尸检", "Autopsy", need="optional", codes=NYU, cdash="DDAUTOP", sdtm="SUPPDD")
    dth_src = CodeItem("信息来源", "Source of information", codes=DTHSRC, cdash="DDSRC", sdtm="SUPPDD")
    dth_ae_no = IntegerItem(
        "关联致死AE编号",
        "Linked fatal AE number",
        links="ae",
        need="expected",
        hard=("1", "999"),
        soft=("1", "50"),
        cdash="DDAENO",
        sdtm="RELREC",
    )


class EndOfStudy(FormPage):
    """End of study / disposition."""

    eos_date = DateItem("研究结束日期", "End-of-study date", cdash="DSSTDAT", sdtm="DS.DSSTDTC")
    eos_status = CodeItem("研究结束状态", "Disposition", codes=DSDECOD, cdash="DSDECOD", sdtm="DS.DSDECOD")
    eos_reason_oth = TextItem(
        "具体说明",
        "Specify",
        show=the("eos.eos_status").one_of("OTHER", "PHYSICIAN DECISION", "PROTOCOL DEVIATION"),
        cdash="DSTERM",
        sdtm="DS.DSTERM",
    )
    eos_ae_no = IntegerItem(
        "关联AE编号",
        "Linked AE number",
        links="ae",
        hard=("1", "999"),
        soft=("1", "50"),
        show=the("eos.eos_status") == "ADVERSE EVENT",
        cdash="DSAENO",
        sdtm="RELREC",
    )
    last_alive = DateItem("末次已知存活日期", "Last date known alive", cdash="DSLALVDT", sdtm="DM.LSTALVDT")
    last_status = CodeItem(
        "末次随访生存状态", "Survival status at last contact", codes=LASTALIVE, cdash="DSSURV", sdtm="SUPPDS"
    )
    last_img = DateItem(
        "末次可评估影像日期",
        "Last evaluable tumour imaging date",
        need="derived",
        cdash="DSLIMGDT",
        sdtm="SUPPDS",
    )
    pg_total = IntegerItem(
        "聚乙二醇干扰素累计剂量(μg)",
        "Cumulative peginterferon dose (ug)",
        need="derived",
        unit="ug",
        hard=("0", "25000"),
        soft=("0", "8640"),
        cdash="EXTOTDOS",
        sdtm="SUPPDS",
    )
    pg_ndose = IntegerItem(
        "聚乙二醇干扰素实际给药次数",
        "Number of peginterferon doses given",
        need="derived",
        hard=("0", "120"),
        soft=("0", "48"),
        cdash="EXNDOSE",
        sdtm="SUPPDS",
    )
    eos_sign_date = DateItem("研究者电子签名日期", "Investigator e-signature date", cdash="DSSIGDAT", sdtm="SUPPDS")
