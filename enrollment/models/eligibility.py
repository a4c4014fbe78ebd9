"""Eligibility: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.eligibility import SCRSTATUS
from enrollment.protocol import value_of
from prtras.codelists import NY, NYNA
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, TextItem
from prtras.crf.models import FormPage

INCLUSION = tuple(f"inc{number:02d}" for number in range(1, 8))
EXCLUSION = tuple(f"exc{number:02d}" for number in range(1, 16))


class Eligibility(FormPage):
    """Eligibility (inclusion / exclusion)."""

    ie_date = DateItem("入排标准评估日期", "Date eligibility assessed", cdash="IEDAT", sdtm="IE.IEDTC")
    inc01 = CodeItem(
        "入选1 年龄18~70岁",
        "INC01 Age between 18 and 70 years",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=INC01",
    )
    inc02 = CodeItem(
        "入选2 乙肝表面抗原(HBsAg)阳性",
        "INC02 HBsAg positive",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=INC02",
    )
    inc03 = CodeItem(
        "入选3 经手术切除或局部消融取得病理确诊的肝细胞癌",
        "INC03 HCC confirmed by pathology via surgical resection or local ablation",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=INC03",
    )
    inc04 = CodeItem(
        "入选4 BCLC分期0期或A期",
        "INC04 BCLC stage 0 or A",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=INC04",
    )
    inc05 = CodeItem(
        "入选5 肝功能正常或代偿良好,Child-Pugh A级",
        "INC05 Normal or well-compensated liver function, Child-Pugh A",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=INC05",
    )
    inc06 = CodeItem(
        f"入选6 预计生存期>{value_of('survival_min_months')}个月",
        f"INC06 Expected survival > {value_of('survival_min_months')} months",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=INC06",
    )
    inc07 = CodeItem(
        "入选7 签署知情同意书(本人,或无法签署时由法定监护人/代理人)并同意遵守研究要求",
        "INC07 Informed consent signed (participant, or legal guardian/agent) and agrees to comply",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=INC07",
    )
    exc01 = CodeItem(
        "排除1 既往接受过系统性抗肿瘤治疗(肝移植、化疗、靶向治疗或生物治疗)",
        "EXC01 Prior systemic cancer treatment (liver transplantation, chemotherapy, targeted or biological therapy)",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC01",
    )
    exc02 = CodeItem(
        "排除2 既往或合并其他活动性恶性肿瘤(已治愈的皮肤基底细胞癌/鳞状细胞癌或宫颈原位癌除外)",
        "EXC02 History or presence of other active malignancy (except cured skin basal/squamous cell carcinoma "
        "or cervical carcinoma in situ)",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC02",
    )
    exc03 = CodeItem(
        "排除3 对干扰素或其任何成分过敏,或研究者认为不适合干扰素治疗",
        "EXC03 Allergy to interferon or its components, or unsuitable for interferon per investigator",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC03",
    )
    exc04 = CodeItem(
        "排除4 合并其他慢性肝病(甲/丙/丁/戊型肝炎病毒感染、酒精性肝病、遗传代谢性肝病、药物性肝病等)",
        "EXC04 Other chronic liver disease (hepatitis A, C, D or E, alcoholic, genetic metabolic, drug-induced)",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC04",
    )
    exc05 = CodeItem(
        "排除5 自身免疫性疾病(含自身免疫性肝病、银屑病)",
        "EXC05 Autoimmune disease, including autoimmune liver disease and psoriasis",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC05",
    )
    exc06 = CodeItem(
        "排除6 严重肝功能不全或失代偿期肝硬化",
        "EXC06 Severe liver dysfunction or decompensated cirrhosis",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC06",
    )
    exc07 = CodeItem(
        "排除7 血清肌酐>1.5倍正常值上限(ULN)",
        "EXC07 Serum creatinine > 1.5 x ULN",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC07",
    )
    exc08 = CodeItem(
        "排除8 心、肺、肾、脑或血液系统严重疾病",
        "EXC08 Severe systemic disease of heart, lungs, kidneys, brain or blood",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC08",
    )
    exc09 = CodeItem(
        "排除9 严重神经精神疾病(癫痫、抑郁症、躁狂症、精神分裂症等)",
        "EXC09 Severe neuropsychiatric disorder (epilepsy, depression, mania, schizophrenia)",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC09",
    )
    exc10 = CodeItem(
        "排除10 未稳定控制的糖尿病、高血压、甲状腺功能亢进或其他内分泌疾病",
        "EXC10 Unstable diabetes, hypertension, hyperthyroidism or other endocrine disease",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC10",
    )
    exc11 = CodeItem(
        "排除11 严重视网膜病变史或其他视网膜病变证据",
        "EXC11 History of severe retinopathy or other evidence of retinopathy",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC11",
    )
    exc12 = CodeItem(
        "排除12 药物滥用或酗酒史",
        "EXC12 History of drug abuse or alcoholism",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC12",
    )
    exc13 = CodeItem(
        "排除13 妊娠、哺乳,或研究期间计划妊娠且不愿避孕的女性",
        "EXC13 Pregnant, breastfeeding, or planning pregnancy during study and unwilling to use contraception",
        codes=NYNA,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC13",
    )
    exc14 = CodeItem(
        "排除14 研究者认为目前情况不适合参加研究",
        "EXC14 Unsuitable per investigator judgement",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC14",
    )
    exc15 = CodeItem(
        "排除15 正在参加其他临床研究",
        "EXC15 Concurrent participation in another clinical research trial",
        codes=NY,
        cdash="IEORRES",
        sdtm="IE.IETESTCD=EXC15",
    )
    exc01_detail = TextItem("排除1 说明", "EXC01 detail", show=the("ie.exc01") == "Y", cdash="IECOM", sdtm="SUPPIE")
    exc04_detail = TextItem(
        "排除4 说明(具体疾病)",
        "EXC04 detail (which disease)",
        show=the("ie.exc04") == "Y",
        cdash="IECOM",
        sdtm="SUPPIE",
    )
    exc14_detail = TextItem("排除14 说明", "EXC14 detail", show=the("ie.exc14") == "Y", cdash="IECOM", sdtm="SUPPIE")
    ie_calc = CodeItem(
        "系统判定是否合格", "Eligible (system)", need="derived", codes=NY, cdash="IEYNDRV", sdtm="SUPPIE"
    )
    ie_eligible = CodeItem(
        "研究者判定:是否合格", "Investigator decision: eligible?", codes=NY, cdash="IEYN", sdtm="IE.IEYN"
    )
    scr_outcome = CodeItem("筛选结论", "Screening outcome", codes=SCRSTATUS, cdash="DSDECOD", sdtm="DS.DSDECOD")
    ie_sign_date = DateItem(
        "研究者确认入排日期", "Date investigator signed eligibility", cdash="IESIGDAT", sdtm="SUPPIE"
    )
