"""The variables of the ADaM datasets: label, type, origin, and how each is derived. Labels: ADaMIG 1.3 (CDISC)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.endpoints import CENSOR_CODES
from prtras.exports.standards.dataset import Dataset, Kind, Origin, Variable
from prtras.labels import T

_CODES = ", ".join(f"{number} {reason}" for reason, number in CENSOR_CODES.items())
CENSORING = T(f"0 为事件；{_CODES}", f"0 is an event; {_CODES}")
#: By name: label in English and Chinese, type (as in `Kind`), and where it comes from or how it is derived.
_DESCRIBED: dict[str, tuple[str, str, Kind, str | T]] = {
    "STUDYID": ("Study Identifier", "研究编号", "text", "DM.STUDYID"),
    "USUBJID": ("Unique Subject Identifier", "受试者唯一编号", "text", "DM.USUBJID"),
    "SUBJID": ("Subject Identifier for the Study", "受试者编号", "text", "DM.SUBJID"),
    "SITEID": ("Study Site Identifier", "研究中心编号", "text", "DM.SITEID"),
    "AGE": ("Age", "年龄", "integer", "DM.AGE"),
    "AGEU": ("Age Units", "年龄单位", "text", "DM.AGEU"),
    "SEX": ("Sex", "性别", "text", "DM.SEX"),
    "RACE": ("Race", "种族", "text", "DM.RACE"),
    "ARM": ("Description of Planned Arm", "计划组别", "text", "DM.ARM"),
    "ARMCD": ("Planned Arm Code", "计划组别代码", "text", "DM.ARMCD"),
    "ACTARM": ("Description of Actual Arm", "实际组别", "text", "DM.ACTARM"),
    "TRT01P": ("Planned Treatment for Period 01", "第 1 期计划治疗", "text", "DM.ARM"),
    "TRT01A": ("Actual Treatment for Period 01", "第 1 期实际治疗", "text", "DM.ACTARM"),
    "TRTP": ("Planned Treatment", "计划治疗", "text", "ADSL.TRT01P"),
    "TRTA": ("Actual Treatment", "实际治疗", "text", "ADSL.TRT01A"),
    "TRTSDT": ("Date of First Exposure to Treatment", "首次治疗日期", "date", "DM.RFXSTDTC"),
    "TRTEDT": ("Date of Last Exposure to Treatment", "末次治疗日期", "date", "DM.RFXENDTC"),
    "RFICDT": ("Date of Informed Consent", "知情同意日期", "date", "DM.RFICDTC"),
    "INDEXDT": ("Date of Radical Treatment", "根治性治疗日期", "date", "SUPPPR.QVAL"),
    "STARTDT": ("Time-to-Event Origin Date for Subject", "时间-事件起点日期", "date",
                T("第 0 天；TTRRAD 为根治性治疗日期", "Day 0; for TTRRAD the day of radical treatment")),
    "ENRLFL": ("Enrolled Population Flag", "入组人群标志", "text", T("已选择治疗组者为 Y", "Y with a chosen arm")),
    "SAFFL": ("Safety Population Flag", "安全性人群标志", "text",
     T("已选择治疗组且有第 0 天者为 Y", "Y with a chosen arm and a Day 0")),
    "FASFL": ("Full Analysis Set Population Flag", "全分析集标志", "text",
     T("第 0 天之后有可评估影像者为 Y", "Y with an evaluable scan after Day 0")),
    "PPROTFL": ("Per-Protocol Population Flag", "符合方案人群标志", "text",
     T("全分析集中未建议剔除者为 Y", "Y in the full analysis set unless exclusion is proposed (DVEXCL)")),
    "DTHFL": ("Subject Death Flag", "死亡标志", "text", "DM.DTHFL"),
    "DTHDT": ("Date of Death", "死亡日期", "date", "DM.DTHDTC"),
    "EOSSTT": ("End of Study Status", "研究结束状态", "text",
     T("由研究结束情况得出；仍在研究中为 ONGOING", "From the disposition; ONGOING while on study")),
    "EOSDT": ("End of Study Date", "研究结束日期", "date", "DS.DSSTDTC"),
    "DCSREAS": ("Reason for Discontinuation from Study", "退出研究的原因", "text", "DS.DSDECOD"),
    "LSTALVDT": ("Date Last Known Alive", "最后已知存活日期", "date", "SUPPDS.QVAL"),
    "BCLC": ("BCLC Stage before Radical Treatment", "根治性治疗前 BCLC 分期", "text", "RS.RSSTRESC"),
    "HBSAGLOG": ("Baseline HBsAg (log10 IU/mL)", "基线 HBsAg（log10 IU/mL）", "float",
     T("W0 的 log10 值，缺失时取筛选期", "log10 at W0, else at screening")),
    "PARAM": ("Parameter", "参数", "text", T("参数名称及单位", "Name of the parameter with its unit")),
    "PARAMCD": ("Parameter Code", "参数代码", "text", T("参数代码", "Code of the parameter")),
    "PARCAT1": ("Parameter Category 1", "参数类别", "text", "LB.LBCAT"),
    "AVAL": ("Analysis Value", "分析值", "float",
     T("ADTTE：ADT - STARTDT + 1（天）；ADLB：结果的数值",
       "ADTTE: ADT - STARTDT + 1 in days; ADLB: the number of the result")),
    "AVALC": ("Analysis Value (C)", "分析值（文本）", "text", "LB.LBSTRESC"),
    "BASE": ("Baseline Value", "基线值", "float", T("ABLFL = Y 的那一行的 AVAL", "AVAL of the row with ABLFL = Y")),
    "CHG": ("Change from Baseline", "较基线变化", "float", T("AVAL - BASE", "AVAL - BASE")),
    "ABLFL": ("Baseline Record Flag", "基线记录标志", "text",
     T("第 0 天当日或之前的最后一个结果", "Last result on or before Day 0")),
    "CNSR": ("Censor", "删失", "integer", CENSORING),
    "EVNTDESC": ("Event or Censoring Description", "事件说明", "text", T("决定事件的原因", "What decides an event")),
    "CNSDTDSC": ("Censor Date Description", "删失日期说明", "text", T("决定删失的原因", "What decides a censoring")),
    "ADT": ("Analysis Date", "分析日期", "date",
     T("事件、删失或结果的日期", "Day of the event, the censoring or the result")),
    "ADY": ("Analysis Relative Day", "分析相对日", "integer",
     T("ADT 减第 0 天，第 0 天及以后加 1", "ADT - Day 0, plus 1 from Day 0 on")),
    "ENTRY": ("Entry into the Risk Set (days)", "进入风险集的时间（天）", "integer",
     T("STARTDT 至第 0 天的天数", "Days from STARTDT to Day 0")),
    "NOMWEEK": ("Nominal Week of ADT from Day 0", "名义周", "integer",
     T("起决定作用的计划访视所在周", "Week of the planned visit that decides")),
    "LNEGDT": ("Date of Last Recurrence-Free Imaging", "最后一次无复发影像日期", "date",
     T("事件之前最后一次可评估影像", "Last evaluable scan before an event")),
    "AVISIT": ("Analysis Visit", "分析访视", "text", "LB.VISIT"),
    "AVISITN": ("Analysis Visit (N)", "分析访视序号", "float", "LB.VISITNUM"),
    "ANRIND": ("Analysis Reference Range Indicator", "参考范围指示", "text", "LB.LBNRIND"),
    "ANRLO": ("Analysis Normal Range Lower Limit", "参考范围下限", "float", "LB.LBSTNRLO"),
    "ANRHI": ("Analysis Normal Range Upper Limit", "参考范围上限", "float", "LB.LBSTNRHI"),
    "ATOXGR": ("Analysis Toxicity Grade", "毒性分级", "text",
     T("来源记录的 CTCAE 5.0 分级", "Grade by CTCAE 5.0 of the source")),
    "SRCDOM": ("Source Data", "来源数据域", "text",
     T("决定该行的记录所在数据域", "Domain of the record that decides the row")),
    "SRCVAR": ("Source Variable", "来源变量", "text",
     T("来源变量；补充域中为 QNAM", "Its variable; in a supplemental domain its QNAM")),
    "SRCSEQ": ("Source Sequence Number", "来源序号", "integer",
               T("来源记录的 --SEQ；补充域取其父记录；DM 和 SV 没有序号",
                 "Its --SEQ, of a supplemental domain that of the parent; DM and SV have none")),
    "SRCVISIT": ("Visit of the Source", "来源访视", "text", T("来源记录的访视代码", "Code of its visit")),
    "ASEQ": ("Analysis Sequence Number", "分析序号", "integer",
     T("每位受试者内排序后的序号", "Number within the subject, after sorting")),
    "ASTDT": ("Analysis Start Date", "分析开始日期", "date",
     T("AESTDTC 已知到日时取其值；不作插补", "AESTDTC where it is known to the day; nothing is imputed")),
    "AENDT": ("Analysis End Date", "分析结束日期", "date",
     T("AEENDTC 已知到日时取其值；不作插补", "AEENDTC where it is known to the day; nothing is imputed")),
    "ASTDY": ("Analysis Start Relative Day", "分析开始相对日", "integer", "AE.AESTDY"),
    "AENDY": ("Analysis End Relative Day", "分析结束相对日", "integer", "AE.AEENDY"),
    "TRTEMFL": ("Treatment Emergent Analysis Flag", "治疗期间出现标志", "text",
                T("在实际治疗的时间窗内开始或可能开始者为 Y（统计分析计划 E4）",
                  "Y where the event began, or may have begun, in the window of the actual treatment (SAP, E4)")),
    "AESEQ": ("Sequence Number", "序号", "integer", "AE.AESEQ"),
    "AETERM": ("Reported Term for the Adverse Event", "报告术语", "text", "AE.AETERM"),
    "AELLT": ("Lowest Level Term", "低位语", "text", "AE.AELLT"),
    "AEDECOD": ("Dictionary-Derived Term", "首选语", "text", "AE.AEDECOD"),
    "AEBODSYS": ("Body System or Organ Class", "系统器官分类", "text", "AE.AEBODSYS"),
    "AESOC": ("Primary System Organ Class", "主系统器官分类", "text", "AE.AESOC"),
    "AESTDTC": ("Start Date/Time of Adverse Event", "开始日期", "text", "AE.AESTDTC"),
    "AEENDTC": ("End Date/Time of Adverse Event", "结束日期", "text", "AE.AEENDTC"),
    "AESTDY": ("Study Day of Start of Adverse Event", "开始研究日", "integer", "AE.AESTDY"),
    "AEENDY": ("Study Day of End of Adverse Event", "结束研究日", "integer", "AE.AEENDY"),
    "AESER": ("Serious Event", "是否严重", "text", "AE.AESER"),
    "AEREL": ("Causality", "因果关系", "text", "AE.AEREL"),
    "AEACN": ("Action Taken with Study Treatment", "采取的措施", "text", "AE.AEACN"),
    "AEOUT": ("Outcome of Adverse Event", "转归", "text", "AE.AEOUT"),
    "AETOXGR": ("Standard Toxicity Grade", "毒性分级", "text", "AE.AETOXGR"),
}  # fmt: skip


@dataclass(frozen=True)
class AnalysisDataset:
    """One ADaM dataset: its names in order, and those that tell its rows apart."""

    name: str
    label: T
    category: str
    structure: str
    keys: tuple[str, ...]
    names: tuple[str, ...]

    def of(self, rows: Sequence[Mapping[str, Any]]) -> Dataset:
        """The dataset with its rows. Raises KeyError for a variable that is not described."""
        variables = tuple(self._variable(name, rows) for name in self.names)
        return Dataset(
            self.name, self.label, self.category, T(self.structure, self.structure), self.keys, variables, rows
        )

    def _variable(self, name: str, rows: Sequence[Mapping[str, Any]]) -> Variable:
        en, zh, kind, source = _DESCRIBED[name]
        if kind == "float" and all(isinstance(row.get(name), int | None) for row in rows):
            kind = "integer"
        origin: Origin = "Predecessor" if isinstance(source, str) else "Derived"
        method, predecessor = (None, source) if isinstance(source, str) else (source, "")
        return Variable(name, T(zh, en), kind, origin, None, name in self.keys, "", method, predecessor)


_SUBJECT = "STUDYID USUBJID SUBJID SITEID"
ADSL = AnalysisDataset(
    "ADSL", T("受试者水平分析数据集", "Subject-Level Analysis Dataset"), "SUBJECT LEVEL ANALYSIS DATASET",
    "One record per subject", ("STUDYID", "USUBJID"),
    tuple(f"{_SUBJECT} AGE AGEU SEX RACE ARM ARMCD ACTARM TRT01P TRT01A TRTSDT TRTEDT RFICDT STARTDT INDEXDT ENRLFL"
          " SAFFL FASFL PPROTFL DTHFL DTHDT EOSSTT EOSDT DCSREAS LSTALVDT BCLC HBSAGLOG".split()),
)  # fmt: skip
ADTTE = AnalysisDataset(
    "ADTTE", T("时间-事件分析数据集", "Time-to-Event Analysis Dataset"), "BASIC DATA STRUCTURE",
    "One record per subject per parameter", ("STUDYID", "USUBJID", "PARAMCD"),
    tuple(f"{_SUBJECT} ASEQ TRTP TRTA ARMCD FASFL AGE SEX BCLC HBSAGLOG PARAM PARAMCD AVAL STARTDT ADT ENTRY CNSR"
          " EVNTDESC CNSDTDSC NOMWEEK LNEGDT SRCDOM SRCVAR SRCSEQ SRCVISIT".split()),
)  # fmt: skip
ADLB = AnalysisDataset(
    "ADLB", T("实验室检查分析数据集", "Laboratory Analysis Dataset"), "BASIC DATA STRUCTURE",
    "One record per subject per parameter per analysis visit per analysis date", ("STUDYID", "USUBJID", "ASEQ"),
    tuple(f"{_SUBJECT} ASEQ TRTP TRTA SAFFL FASFL PARAM PARAMCD PARCAT1 AVAL AVALC BASE CHG ABLFL ADT ADY AVISIT"
          " AVISITN ANRIND ANRLO ANRHI ATOXGR SRCDOM SRCVAR SRCSEQ".split()),
)  # fmt: skip
ADAE = AnalysisDataset(
    "ADAE", T("不良事件分析数据集", "Adverse Event Analysis Dataset"), "OCCURRENCE DATA STRUCTURE",
    "One record per subject per adverse event", ("STUDYID", "USUBJID", "AESEQ"),
    tuple(f"{_SUBJECT} AESEQ TRTP TRTA SAFFL FASFL AETERM AELLT AEDECOD AEBODSYS AESOC AESTDTC AEENDTC ASTDT AENDT"
          " ASTDY AENDY AESTDY AEENDY TRTEMFL AESER AEREL AEACN AEOUT AETOXGR ATOXGR SRCDOM SRCSEQ".split()),
)  # fmt: skip
