"""Adverse events: columns are items, in the order in which the facts stand in the source."""

from django.db import models

from prtras.accounts.models import Site
from prtras.audit.models import Audited
from prtras.codelists import CTCGR, NY, NYU
from prtras.crf.conditions import given, the
from prtras.crf.items import CodeItem, DateItem, IntegerItem, LongTextItem, PartialDateItem, TextItem, TimeItem
from prtras.crf.models import CrfPage, FormPage, FormRow
from prtras.files.models import StoredFile
from prtras.jobs.models import Job
from visits.codelists.recurrence import VISIT
from visits.codelists.safety import AEACN, AEOUT, AEREL, AESI, LABTERM, PREGOUT, PREGWHO
from visits.deriving import safety

#: CTCAE grade 5, as `visits.deriving.safety.severity` has it.
DEATHS = models.Q(ae_grade="5") | models.Q(ae_out="FATAL") | models.Q(ae_sdth="Y")


class AdverseEvent(FormPage):
    """Adverse event log."""

    ae_no = IntegerItem(
        "AE编号", "AE number", need="derived", hard=("1", "999"), soft=("1", "50"), cdash="AESPID", sdtm="AE.AESPID"
    )
    ae_term = TextItem(
        "不良事件名称(优先记录诊断)",
        "Adverse event (diagnosis preferred)",
        suggests="ctcae",
        cdash="AETERM",
        sdtm="AE.AETERM",
    )
    ae_llt = TextItem("MedDRA低位语", "MedDRA lower level term", need="optional", cdash="AELLT", sdtm="AE.AELLT")
    ae_pt = TextItem("MedDRA首选语", "MedDRA preferred term", need="optional", cdash="AEDECOD", sdtm="AE.AEDECOD")
    ae_soc = TextItem("系统器官分类", "System organ class", need="optional", cdash="AESOC", sdtm="AE.AESOC")
    ae_start = PartialDateItem("开始日期", "Start date", cdash="AESTDAT", sdtm="AE.AESTDTC")
    ae_ongoing = CodeItem("是否持续", "Ongoing", codes=NY, cdash="AEONGO", sdtm="AE.AEENRTPT")
    ae_end = PartialDateItem(
        "结束日期", "End date", show=the("ae.ae_ongoing") == "N", cdash="AEENDAT", sdtm="AE.AEENDTC"
    )
    ae_grade = CodeItem(
        "CTCAE v5.0最高分级", "CTCAE v5.0 grade (maximum)", codes=CTCGR, cdash="AETOXGR", sdtm="AE.AETOXGR"
    )
    ae_lab = CodeItem(
        "实验室异常AE:指标",
        "Laboratory AE: analyte",
        need="optional",
        codes=LABTERM,
        cdash="AELBTERM",
        sdtm="RELREC",
    )
    ae_lab_visit = CodeItem(
        "最差化验值所在访视",
        "Visit of the worst lab value",
        codes=VISIT,
        show=given(the("ae.ae_lab")),
        cdash="AELBVISIT",
        sdtm="RELREC",
    )
    ae_rel_pg = CodeItem(
        "与聚乙二醇干扰素的关系", "Relationship to peginterferon", codes=AEREL, cdash="AEREL", sdtm="AE.AEREL"
    )
    ae_rel_na = CodeItem(
        "与核苷(酸)类似物的关系",
        "Relationship to nucleos(t)ide analogue",
        codes=AEREL,
        cdash="AERELNA",
        sdtm="SUPPAE",
    )
    ae_rel_proc = CodeItem(
        "与根治性治疗/研究操作的关系",
        "Relationship to radical treatment / study procedure",
        need="expected",
        codes=AEREL,
        cdash="AERELPR",
        sdtm="SUPPAE",
    )
    ae_acn_pg = CodeItem(
        "对聚乙二醇干扰素采取的措施",
        "Action taken with peginterferon",
        codes=AEACN,
        cdash="AEACN",
        sdtm="AE.AEACN",
    )
    ae_acn_na = CodeItem(
        "对核苷(酸)类似物采取的措施",
        "Action taken with nucleos(t)ide analogue",
        codes=AEACN,
        cdash="AEACNNA",
        sdtm="SUPPAE",
    )
    ae_tx_given = CodeItem(
        "是否给予治疗", "Concomitant treatment given", codes=NY, cdash="AECONTRT", sdtm="AE.AECONTRT"
    )
    ae_out = CodeItem("转归", "Outcome", codes=AEOUT, cdash="AEOUT", sdtm="AE.AEOUT")
    ae_aesi = CodeItem("特别关注类别", "Special interest category", codes=AESI, cdash="AESI", sdtm="SUPPAE")
    ae_ser = CodeItem("是否为严重不良事件(SAE)", "Serious (SAE)", codes=NY, cdash="AESER", sdtm="AE.AESER")
    ae_sdth = CodeItem(
        "导致死亡",
        "Results in death",
        codes=NY,
        show=the("ae.ae_ser") == "Y",
        cdash="AESDTH",
        sdtm="AE.AESDTH",
    )
    ae_slife = CodeItem(
        "危及生命",
        "Life threatening",
        codes=NY,
        show=the("ae.ae_ser") == "Y",
        cdash="AESLIFE",
        sdtm="AE.AESLIFE",
    )
    ae_shosp = CodeItem(
        "需住院或延长住院时间",
        "Requires or prolongs hospitalisation",
        codes=NY,
        show=the("ae.ae_ser") == "Y",
        cdash="AESHOSP",
        sdtm="AE.AESHOSP",
    )
    ae_sdisab = CodeItem(
        "永久或显著致残/功能丧失",
        "Persistent or significant disability/incapacity",
        codes=NY,
        show=the("ae.ae_ser") == "Y",
        cdash="AESDISAB",
        sdtm="AE.AESDISAB",
    )
    ae_scong = CodeItem(
        "先天异常或出生缺陷",
        "Congenital anomaly / birth defect",
        codes=NY,
        show=the("ae.ae_ser") == "Y",
        cdash="AESCONG",
        sdtm="AE.AESCONG",
    )
    ae_smie = CodeItem(
        "其他重要医学事件",
        "Other medically important event",
        codes=NY,
        show=the("ae.ae_ser") == "Y",
        cdash="AESMIE",
        sdtm="AE.AESMIE",
    )
    ae_aware = DateItem(
        "研究者获知SAE日期",
        "Date site became aware of the SAE",
        show=the("ae.ae_ser") == "Y",
        cdash="AEAWDAT",
        sdtm="SUPPAE",
    )
    ae_aware_time = TimeItem(
        "研究者获知SAE时间",
        "Time site became aware of the SAE",
        need="expected",
        show=the("ae.ae_ser") == "Y",
        cdash="AEAWTIM",
        sdtm="SUPPAE",
    )
    ae_report = DateItem(
        "SAE上报申办方/伦理日期",
        "Date SAE reported to sponsor / EC",
        show=the("ae.ae_ser") == "Y",
        cdash="AERPTDAT",
        sdtm="SUPPAE",
    )
    ae_report_time = TimeItem(
        "SAE上报时间",
        "Time SAE reported",
        need="expected",
        show=(the("ae.ae_ser") == "Y") & given(the("ae.ae_report")),
        cdash="AERPTTIM",
        sdtm="SUPPAE",
    )
    ae_hosp_start = DateItem(
        "入院日期", "Admission date", show=the("ae.ae_shosp") == "Y", cdash="AEHOSPST", sdtm="SUPPAE"
    )
    ae_hosp_end = DateItem(
        "出院日期",
        "Discharge date",
        need="optional",
        show=the("ae.ae_shosp") == "Y",
        cdash="AEHOSPEN",
        sdtm="SUPPAE",
    )
    ae_narr = LongTextItem("SAE情况描述", "SAE narrative", show=the("ae.ae_ser") == "Y", cdash="AENARR", sdtm="SUPPAE")
    ae_susar = CodeItem(
        "可疑且非预期严重不良反应(SUSAR)",
        "Suspected unexpected serious adverse reaction",
        need="expected",
        codes=NYU,
        show=the("ae.ae_ser") == "Y",
        cdash="AESUSAR",
        sdtm="SUPPAE",
    )

    @property
    def severity(self) -> int | None:
        """The grade by which it is coloured and ordered."""
        return safety.severity(self.ae_grade, self.ae_out, self.ae_sdth)


class AdverseEventGrade(FormRow):
    """From when an adverse event had which grade: one row for each change."""

    aeg_date = DateItem("起始日期", "From", cdash="FADAT", sdtm="FA.FADTC")
    aeg_grade = CodeItem("CTCAE v5.0分级", "CTCAE v5.0 grade", codes=CTCGR, cdash="FAORRES", sdtm="FA.FAORRES")


class Pregnancy(FormPage):
    """Pregnancy notification."""

    pn_no = IntegerItem(
        "序号", "Row number", need="derived", hard=("1", "9"), soft=("1", "2"), cdash="RPSPID", sdtm="RP.RPSPID"
    )
    pn_who = CodeItem("妊娠对象", "Pregnancy of", codes=PREGWHO, cdash="RPWHO", sdtm="SUPPRP")
    pn_date = DateItem("获知妊娠日期", "Date pregnancy known", cdash="RPDAT", sdtm="RP.RPDTC")
    pn_lmp = DateItem("末次月经日期", "Last menstrual period", need="expected", cdash="RPLMP", sdtm="RP.RPORRES")
    pn_exposed = CodeItem(
        "受孕后暴露于聚乙二醇干扰素",
        "Exposed to peginterferon after conception",
        codes=NYU,
        cdash="RPEXP",
        sdtm="SUPPRP",
    )
    pn_out = CodeItem("妊娠结局", "Outcome", codes=PREGOUT, cdash="RPOUT", sdtm="RP.RPORRES")


class SafetyNotice(Audited):
    """That people were told of a serious adverse event: once for each, when it was sent and to how many."""

    page = models.OneToOneField(CrfPage, models.PROTECT, related_name="safety_notice")
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    recipients = models.PositiveSmallIntegerField(default=0)


class SaeReport(Job):
    """One report of a serious adverse event as PDF in both languages: the initial one, a follow-up, or the final one.

    It says what the casebook said of the event when it was made (`page_version`); `changes` is what is new since the
    report before it. Where nothing is missing for it, it is an ICSR (ICH E2B(R3)) too, as XML and as JSON.
    """

    page = models.ForeignKey(CrfPage, models.PROTECT, related_name="sae_reports")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, help_text="initial, followup or final")
    changes = models.TextField(blank=True)
    page_version = models.PositiveIntegerField(null=True)
    file_zh = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    file_en = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    e2b_xml = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    e2b_json = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    e2b_missing = models.JSONField(default=list, help_text="why there is no ICSR: texts in Chinese and English")

    class Meta(Job.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="an_sae_report_number_once")]


class ExpectedReaction(Audited):
    """A term that the reference document of a drug lists: a reaction of this kind is expected. Never deleted.

    `drug` is PG (peginterferon) or NA. `source` is the document and its version. `ended` is the day from which the term
    is no longer listed.
    """

    site = models.ForeignKey(Site, models.PROTECT)
    drug = models.CharField(max_length=2)
    term = models.CharField(max_length=120)
    source = models.CharField(max_length=120)
    valid_from = models.DateField()
    ended = models.DateField(null=True)

    class Meta:
        ordering = ["drug", "term", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["site", "drug", "term", "valid_from"], name="an_expected_term_once_a_day")
        ]
