"""Terms of the CTCAE that are likely in this study, in Chinese and English, by system organ class.

Source: NCI CTCAE v5.0 (2017), its terms and classes; Chinese as in the Chinese version in use. Not the whole list: what
is not here is typed as free text. Names only; grading rules are in `prtras.clinical.ctcae`.
"""

from prtras.labels import T

#: Chinese and English name of a class, and its terms as `Chinese|English`.
_CLASSES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("血液和淋巴系统疾病", "Blood and lymphatic system disorders", (
        "贫血|Anemia", "发热性中性粒细胞减少症|Febrile neutropenia",
        "弥散性血管内凝血|Disseminated intravascular coagulation", "溶血|Hemolysis", "白细胞增多|Leukocytosis",
        "淋巴结痛|Lymph node pain", "血栓性血小板减少性紫癜|Thrombotic thrombocytopenic purpura",
        "嗜酸性粒细胞增多|Eosinophilia",
    )),
    ("心脏疾病", "Cardiac disorders", (
        "急性冠脉综合征|Acute coronary syndrome", "心房颤动|Atrial fibrillation", "心力衰竭|Heart failure",
        "心肌梗死|Myocardial infarction", "心肌炎|Myocarditis", "心悸|Palpitations", "心包积液|Pericardial effusion",
        "窦性心动过缓|Sinus bradycardia", "窦性心动过速|Sinus tachycardia", "心源性胸痛|Chest pain - cardiac",
        "室性心律失常|Ventricular arrhythmia",
    )),
    ("耳及迷路疾病", "Ear and labyrinth disorders", (
        "听力下降|Hearing impaired", "耳鸣|Tinnitus", "眩晕|Vertigo",
    )),
    ("内分泌系统疾病", "Endocrine disorders", (
        "甲状腺功能减退|Hypothyroidism", "甲状腺功能亢进|Hyperthyroidism", "肾上腺功能不全|Adrenal insufficiency",
        "垂体炎|Hypophysitis",
    )),
    ("眼部疾病", "Eye disorders", (
        "视物模糊|Blurred vision", "结膜炎|Conjunctivitis", "干眼|Dry eye", "视网膜病变|Retinopathy",
        "视网膜血管疾病|Retinal vascular disorder", "视神经疾病|Optic nerve disorder", "视力下降|Vision decreased",
        "飞蚊症|Floaters", "眼痛|Eye pain",
    )),
    ("胃肠系统疾病", "Gastrointestinal disorders", (
        "腹胀|Abdominal distension", "腹痛|Abdominal pain", "腹水|Ascites", "便秘|Constipation", "腹泻|Diarrhea",
        "口干|Dry mouth", "消化不良|Dyspepsia", "吞咽困难|Dysphagia",
        "食管静脉曲张出血|Esophageal varices hemorrhage", "胃炎|Gastritis",
        "胃食管反流病|Gastroesophageal reflux disease", "胃溃疡|Gastric ulcer", "胃出血|Gastric hemorrhage",
        "上消化道出血|Upper gastrointestinal hemorrhage", "下消化道出血|Lower gastrointestinal hemorrhage",
        "痔疮|Hemorrhoids", "肠梗阻|Ileus", "口腔黏膜炎|Mucositis oral", "恶心|Nausea", "呕吐|Vomiting",
        "胰腺炎|Pancreatitis", "胃痛|Stomach pain", "腹膜后出血|Retroperitoneal hemorrhage", "结肠炎|Colitis",
        "牙龈痛|Gingival pain",
    )),
    ("全身性疾病及给药部位反应", "General disorders and administration site conditions", (
        "寒战|Chills", "肢体水肿|Edema limbs", "乏力|Fatigue", "发热|Fever", "流感样症状|Flu like symptoms",
        "注射部位反应|Injection site reaction", "不适|Malaise", "非心源性胸痛|Non-cardiac chest pain", "疼痛|Pain",
        "全身水肿|Generalized edema", "多器官衰竭|Multi-organ failure", "原因不明的猝死|Sudden death NOS",
    )),
    ("肝胆系统疾病", "Hepatobiliary disorders", (
        "胆管狭窄|Bile duct stenosis", "胆囊炎|Cholecystitis", "肝衰竭|Hepatic failure", "肝出血|Hepatic hemorrhage",
        "肝区疼痛|Hepatic pain", "门静脉高压|Portal hypertension", "门静脉血栓|Portal vein thrombosis",
        "布-加综合征|Budd-Chiari syndrome", "肝坏死|Hepatic necrosis",
        "肝窦阻塞综合征|Sinusoidal obstruction syndrome",
    )),
    ("免疫系统疾病", "Immune system disorders", (
        "过敏反应|Allergic reaction", "严重过敏反应|Anaphylaxis", "自身免疫性疾病|Autoimmune disorder",
        "血清病|Serum sickness",
    )),
    ("感染及侵染类疾病", "Infections and infestations", (
        "腹腔感染|Abdominal infection", "胆道感染|Biliary tract infection", "支气管感染|Bronchial infection",
        "导管相关感染|Catheter related infection", "乙型肝炎再激活|Hepatitis B reactivation",
        "病毒性肝炎|Hepatitis viral", "单纯疱疹再激活|Herpes simplex reactivation", "肝脏感染|Hepatic infection",
        "肺部感染|Lung infection", "腹膜感染|Peritoneal infection", "咽炎|Pharyngitis", "脓毒症|Sepsis",
        "带状疱疹|Shingles", "鼻窦炎|Sinusitis", "皮肤感染|Skin infection",
        "上呼吸道感染|Upper respiratory infection", "尿路感染|Urinary tract infection", "伤口感染|Wound infection",
        "牙齿感染|Tooth infection",
    )),
    ("损伤、中毒及手术并发症", "Injury, poisoning and procedural complications", (
        "胆瘘|Biliary anastomotic leak", "瘀伤|Bruising", "跌倒|Fall", "骨折|Fracture",
        "术后出血|Postoperative hemorrhage", "伤口裂开|Wound dehiscence", "伤口并发症|Wound complication",
        "输注相关反应|Infusion related reaction",
    )),
    ("实验室检查", "Investigations", (
        "丙氨酸氨基转移酶升高|Alanine aminotransferase increased", "碱性磷酸酶升高|Alkaline phosphatase increased",
        "天冬氨酸氨基转移酶升高|Aspartate aminotransferase increased", "血胆红素升高|Blood bilirubin increased",
        "血乳酸脱氢酶升高|Blood lactate dehydrogenase increased", "胆固醇升高|Cholesterol high",
        "肌酸磷酸激酶升高|CPK increased", "肌酐升高|Creatinine increased",
        "心电图QT间期延长|Electrocardiogram QT corrected interval prolonged", "γ-谷氨酰转移酶升高|GGT increased",
        "INR升高|INR increased", "淋巴细胞计数降低|Lymphocyte count decreased",
        "中性粒细胞计数降低|Neutrophil count decreased", "血小板计数降低|Platelet count decreased",
        "脂肪酶升高|Lipase increased", "血淀粉酶升高|Serum amylase increased", "体重下降|Weight loss",
        "体重增加|Weight gain", "白细胞计数降低|White blood cell decreased",
        "促甲状腺激素升高|Thyroid stimulating hormone increased", "血红蛋白升高|Hemoglobin increased",
        "纤维蛋白原降低|Fibrinogen decreased",
    )),
    ("代谢及营养类疾病", "Metabolism and nutrition disorders", (
        "食欲减退|Anorexia", "脱水|Dehydration", "高血糖|Hyperglycemia", "高钾血症|Hyperkalemia",
        "高甘油三酯血症|Hypertriglyceridemia", "高尿酸血症|Hyperuricemia", "低白蛋白血症|Hypoalbuminemia",
        "低钙血症|Hypocalcemia", "低血糖|Hypoglycemia", "低钾血症|Hypokalemia", "低镁血症|Hypomagnesemia",
        "低钠血症|Hyponatremia", "低磷血症|Hypophosphatemia", "酸中毒|Acidosis", "高脂血症|Hyperlipidemia",
    )),
    ("肌肉骨骼及结缔组织疾病", "Musculoskeletal and connective tissue disorders", (
        "关节痛|Arthralgia", "关节炎|Arthritis", "背痛|Back pain", "骨痛|Bone pain", "肌痛|Myalgia", "肌炎|Myositis",
        "颈痛|Neck pain", "骨质疏松|Osteoporosis", "肢体疼痛|Pain in extremity", "肌无力|Generalized muscle weakness",
        "横纹肌溶解症|Rhabdomyolysis",
    )),
    ("神经系统疾病", "Nervous system disorders", (
        "注意力障碍|Concentration impairment", "头晕|Dizziness", "味觉障碍|Dysgeusia", "肝性脑病|Encephalopathy",
        "头痛|Headache", "颅内出血|Intracranial hemorrhage", "记忆障碍|Memory impairment", "感觉异常|Paresthesia",
        "周围感觉神经病变|Peripheral sensory neuropathy", "癫痫发作|Seizure", "嗜睡|Somnolence", "脑卒中|Stroke",
        "晕厥|Syncope", "震颤|Tremor",
    )),
    ("精神疾病", "Psychiatric disorders", (
        "激越|Agitation", "焦虑|Anxiety", "意识模糊|Confusion", "抑郁|Depression", "失眠|Insomnia",
        "易怒|Irritability", "躁狂|Mania", "精神病|Psychosis", "自杀意念|Suicidal ideation",
        "自杀未遂|Suicide attempt", "性欲减退|Libido decreased",
    )),
    ("肾脏及泌尿系统疾病", "Renal and urinary disorders", (
        "急性肾损伤|Acute kidney injury", "慢性肾脏病|Chronic kidney disease", "血尿|Hematuria", "蛋白尿|Proteinuria",
        "肾结石|Renal calculi", "尿频|Urinary frequency", "尿潴留|Urinary retention",
    )),
    ("生殖系统及乳腺疾病", "Reproductive system and breast disorders", (
        "勃起功能障碍|Erectile dysfunction", "月经不调|Irregular menstruation", "月经过多|Menorrhagia",
        "男性乳房发育|Gynecomastia",
    )),
    ("呼吸系统、胸及纵隔疾病", "Respiratory, thoracic and mediastinal disorders", (
        "过敏性鼻炎|Allergic rhinitis", "咳嗽|Cough", "呼吸困难|Dyspnea", "鼻衄|Epistaxis",
        "胸腔积液|Pleural effusion", "间质性肺炎|Pneumonitis", "气胸|Pneumothorax", "咽痛|Sore throat",
        "低氧|Hypoxia", "呼吸衰竭|Respiratory failure", "呃逆|Hiccups", "肺栓塞|Pulmonary embolism",
    )),
    ("皮肤及皮下组织疾病", "Skin and subcutaneous tissue disorders", (
        "脱发|Alopecia", "皮肤干燥|Dry skin", "湿疹|Eczema", "多形红斑|Erythema multiforme", "多汗|Hyperhidrosis",
        "皮肤瘙痒|Pruritus", "斑丘疹|Rash maculo-papular", "痤疮样皮疹|Rash acneiform", "荨麻疹|Urticaria",
        "皮肤色素沉着|Skin hyperpigmentation", "银屑病|Psoriasis", "史蒂文斯-约翰逊综合征|Stevens-Johnson syndrome",
    )),
    ("血管与淋巴管类疾病", "Vascular disorders", (
        "潮红|Flushing", "血肿|Hematoma", "高血压|Hypertension", "低血压|Hypotension",
        "血栓栓塞事件|Thromboembolic event", "血管炎|Vasculitis", "静脉炎|Phlebitis",
    )),
)  # fmt: skip

#: Every term with its class, in the order of the CTCAE's classes.
CTCAE_TERMS: tuple[tuple[T, T], ...] = tuple(
    (T(*term.split("|")), T(zh, en)) for zh, en, terms in _CLASSES for term in terms
)
