"""How the trail speaks of normal ranges and imported files."""

from prtras.audit.words import Label, Words
from prtras.jobs.words import words_of_a_job
from prtras.labels import T

WHERE = Label(T("研究中心", "Site"), names="site")
OUTCOMES = {
    "confirmed": T("已核对", "confirmed"),
    "discarded": T("已放弃", "discarded"),
    "expired": T("逾期删除", "deleted unconfirmed after some days"),
}
WORDS: dict[str, Words] = {
    "labs_normalrange": Words(
        T("新增正常值范围", "Normal range added"),
        columns={
            "site_id": WHERE,
            "laboratory": Label(T("检验机构", "Laboratory")),
            "analyte": Label(T("项目", "Analyte")),
            "sex": Label(T("性别", "Sex")),
            "age_from": Label(T("年龄下限", "Age from")),
            "age_to": Label(T("年龄上限", "Age to")),
            "unit": Label(T("单位", "Unit")),
            "low": Label(T("下限", "Lower limit")),
            "high": Label(T("上限", "Upper limit")),
            "lloq": Label(T("定量下限", "LLOQ")),
            "valid_from": Label(T("生效日期", "Valid from")),
        },
    ),
    "labs_rangepreview": words_of_a_job(
        T("申请预览正常值文件", "Preview of a file of normal ranges"),
        {
            "site_id": WHERE,
            "name": Label(T("文件", "File")),
            "laboratory": Label(T("检验机构", "Laboratory")),
            "valid_from": Label(T("生效日期", "Valid from")),
            "applied_at": Label(T("导入时间", "Imported at")),
        },
        frozenset({"file_id", "report"}),
    ),
    "labs_labimport": words_of_a_job(
        T("申请导入检验文件", "Laboratory file to be imported"),
        {
            "site_id": WHERE,
            "name": Label(T("文件", "File")),
            "dry_run": Label(T("试运行", "Dry run")),
            "part": Label(T("导入范围", "Lines")),
            "correction": Label(T("更正原因", "Reason for corrections")),
            "participants": Label(T("所选受试者", "Chosen participants")),
            "confirmed": Label(T("已核对可疑样本", "Doubtful samples confirmed")),
            "applied": Label(T("已导入", "Applied")),
            "complete": Label(T("全部行已导入", "All lines taken")),
        },
        frozenset({"file_id", "mapping", "report", "listing_id"}),
    ),
    "labs_labsheet": words_of_a_job(
        T("申请识别检验单图片", "Picture of a laboratory sheet to be read"),
        {
            "site_id": WHERE,
            "outcome": Label(T("处理结果", "Outcome"), codes=OUTCOMES),
            "closed_at": Label(T("处理时间", "Closed at")),
        },
        frozenset({"participant_id", "reading", "became_id"}),
    ),
    "labs_savedmapping": Words(
        T("保存列映射", "Column mapping saved"),
        columns={"site_id": WHERE, "name": Label(T("名称", "Name"))},
        silent=frozenset({"mapping"}),
    ),
}

#: Where acts of this room come from.
SOURCES = {
    "import": T("文件导入", "import"),
    "graded result": T("由分级结果提出", "proposed from a graded result"),
    "normal ranges": T("正常值范围", "normal ranges"),
    "laboratory sheet": T("检验单图片", "laboratory sheet"),
}
