"""What each constant of the protocol is, for people, by name."""

from prtras.labels import T

TEXTS = {
    "age_min": T("入选年龄下限", "Youngest age at consent"),
    "age_max": T("入选年龄上限（满70岁仍可入选）", "Oldest age at consent (70 years completed is still allowed)"),
    "survival_min_months": T("预计生存期须超过", "Expected survival must be longer than"),
    "creat_max_xuln": T("排除标准7：肌酐上限", "Exclusion 7: creatinine above"),
    "radtx_to_w0_min": T("根治性治疗至第0天的最短间隔", "Shortest time from radical treatment to Day 0"),
    "radtx_to_w0_max": T("根治性治疗至第0天的最长间隔", "Longest time from radical treatment to Day 0"),
    "baseline_mri_max_days": T("基线MRI距第0天最长时间", "Longest time from baseline MRI to Day 0"),
    "pg_start_max_days": T(
        "第0天至首次聚乙二醇干扰素给药的最长时间", "Longest time from Day 0 to the first peginterferon dose"
    ),
    "pg_std_dose": T("聚乙二醇干扰素标准周剂量", "Standard weekly dose of peginterferon"),
    "pg_allowed_doses": T("允许的聚乙二醇干扰素剂量", "Allowed doses of peginterferon"),
    "pg_weeks": T("聚乙二醇干扰素计划疗程", "Planned course of peginterferon"),
    "pg_interval_days": T("聚乙二醇干扰素计划给药间隔", "Planned interval between peginterferon doses"),
    "pg_interval_tol": T("给药间隔允许偏差（±）", "Tolerance of the interval (±)"),
    "weight_change_pct": T("体重较上次变化超过即提示", "Change of weight since the visit before that is queried"),
    "alcohol_limit_m": T("酒精性肝病饮酒阈值，男性", "Threshold of alcoholic liver disease, men"),
    "alcohol_limit_f": T("酒精性肝病饮酒阈值，女性", "Threshold of alcoholic liver disease, women"),
    "sae_report_days": T("获知后上报SAE的时限", "Time from awareness to the report of an SAE"),
    "missed_img_gap_days": T("两次影像间隔超过即视为连续缺失两次", "Gap between scans that means two missed ones"),
    "eos_img_gap_days": T(
        "提前退出时，末次可评估MRI早于此天数须复查",
        "At early end, MRI is repeated when the last evaluable one is older",
    ),
    "hbv_rebound_log10": T("病毒学反弹：较最低值升高", "Virological rebound: rise above nadir"),
    "alt_flare_xuln": T("ALT急性升高提示", "ALT flare"),
    "teae_window_days": T(
        "末次聚乙二醇干扰素后仍计为治疗期不良事件的天数", "Treatment-emergent window after the last peginterferon dose"
    ),
    "overdue_grace_days": T(
        "访视窗结束后多少天标记表单逾期", "Time after the window until a missing form is asked for"
    ),
    "n_planned": T("计划样本量", "Planned sample size"),
    "hr_expected": T("预期风险比", "Expected hazard ratio"),
    "power": T("检验效能", "Power"),
    "alpha": T("双侧检验水准", "Two-sided alpha"),
    "km_read_week": T("读取3年累积复发率的计划周", "Nominal week at which 3-year recurrence is read"),
    "km_read_days_sensitivity": T("敏感性分析（实际日期）的读取日", "Day at which the sensitivity analysis is read"),
    "anchor_rule": T("第0天的确定：ALLOC为选择治疗组之日", "What is Day 0: ALLOC is the day of the choice of arm"),
    "pbmc_weeks": T("外周血免疫谱时间点", "Time points of the PBMC immune profile"),
    "visit_interval_weeks": T("影像及访视间隔", "Interval of imaging and visits"),
    "visit_win_days": T("影像及访视窗（±）", "Window of imaging and visits (±)"),
    "total_weeks": T("随访总时长", "Length of follow-up"),
    "scr_max_days": T("筛选检查在第0天前的有效期", "Validity of screening assessments before Day 0"),
    "w0_pre_days": T("基线检查可早于第0天", "Baseline assessments may precede Day 0 by"),
    "safety_win_days": T("安全性访视窗（±）", "Window of safety visits (±)"),
    "safety_weeks": T("联合组安全性访视周", "Weeks of the safety visits of the combination arm"),
    "visit_assign_max_days": T(
        "化验归入访视时距计划日的最大天数", "Farthest day from the target for assigning a result to a visit"
    ),
    "hbvdna_lloq": T("HBV DNA定量下限", "HBV DNA lower limit of quantification"),
    "hbvdna_other_lloq": T(
        "其他HBV DNA检测可接受的最高定量下限", "Highest lower limit accepted of another HBV DNA assay"
    ),
    "hbvdna_uloq": T("HBV DNA定量上限", "HBV DNA upper limit of quantification"),
    "hbvdna_other_uloq": T(
        "其他HBV DNA检测可接受的最低定量上限", "Lowest upper limit accepted of another HBV DNA assay"
    ),
    "hbvdna_copies_per_iu": T("HBV DNA拷贝数换算", "Conversion of HBV DNA copies"),
    "hbvdna_impute_lloq": T("“低于定量下限但检出”的取值", "Value of “detected below the limit”"),
    "hbvdna_impute_tnd": T("“未检测到靶标”的取值", "Value of “target not detected”"),
    "hbsag_lloq": T("HBsAg定量下限", "HBsAg lower limit"),
    "hbsag_upper": T("HBsAg未稀释定量上限", "HBsAg upper limit, undiluted"),
    "hbsag_impute_lloq": T("HBsAg低于下限的取值", "Value of HBsAg below the limit"),
    "hbsag_confirm_days": T("确认HBsAg清除的最短间隔", "Shortest time to the sample that confirms HBsAg loss"),
    "funcure_offtx_days": T("功能性治愈：停药后最短时间", "Functional cure: shortest time off treatment"),
    "funcure_rule": T(
        "功能性治愈：OFF_ALL为两类药物均已停用", "Functional cure: OFF_ALL means that both treatments have stopped"
    ),
    "cp_bil_cut_umol": T("Child-Pugh胆红素切点", "Child-Pugh cuts of bilirubin"),
    "cp_bil_cut_mg": T("Child-Pugh胆红素切点（mg/dL）", "Child-Pugh cuts of bilirubin (mg/dL)"),
    "cp_alb_cut": T("Child-Pugh白蛋白切点", "Child-Pugh cuts of albumin"),
    "cp_inr_cut": T("Child-Pugh INR切点", "Child-Pugh cuts of INR"),
    "cp_pt_cut": T("Child-Pugh凝血酶原时间延长切点", "Child-Pugh cuts of prolonged prothrombin time"),
    "pg_labs_max_days": T("剂量建议所用化验的最长时限", "Age up to which results advise on a dose"),
    "pg_anc_reduce": T("中性粒细胞低于此值减至135 μg", "Neutrophils below: reduce to 135 µg"),
    "pg_anc_hold": T("中性粒细胞低于此值暂停给药", "Neutrophils below: hold"),
    "pg_plt_reduce": T("血小板低于此值减至90 μg", "Platelets below: reduce to 90 µg"),
    "pg_plt_stop": T("血小板低于此值停药", "Platelets below: stop"),
    "pg_alt_reduce_xuln": T("ALT高于此值减量", "ALT above: reduce"),
    "pg_alt_hold_xuln": T("ALT高于此值暂停给药", "ALT above: hold"),
    "pg_tbil_hold_xuln": T("ALT升高且胆红素高于此值暂停给药", "Raised ALT and bilirubin above: hold"),
}
