"""The terms of the CDISC controlled terminology that the study uses: values, NCI concepts, test names.

A selection of SDTM controlled terminology 2025-03-28 (NCI EVS, free to use with attribution).
"""

VERSION = "2025-03-28"
#: Lists by name: the concept of the list, and of each value.
LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "NY": ("C66742", {
        "N": "C49487", "NA": "C48660", "U": "C17998", "Y": "C49488",
    }),
    "SEX": ("C66731", {
        "F": "C16576", "M": "C20197",
    }),
    "AGEU": ("C66781", {
        "YEARS": "C29848",
    }),
    "ND": ("C66789", {
        "NOT DONE": "C49484",
    }),
    "ACN": ("C66767", {
        "DOSE INCREASED": "C49503", "DOSE NOT CHANGED": "C49504", "DOSE RATE REDUCED": "C150826",
        "DOSE REDUCED": "C49505", "DRUG INTERRUPTED": "C49501", "DRUG WITHDRAWN": "C49502",
        "NOT APPLICABLE": "C48660", "UNKNOWN": "C17998",
    }),
    "OUT": ("C66768", {
        "FATAL": "C48275", "NOT RECOVERED/NOT RESOLVED": "C49494", "RECOVERED/RESOLVED": "C49498",
        "RECOVERED/RESOLVED WITH SEQUELAE": "C49495", "RECOVERING/RESOLVING": "C49496", "UNKNOWN": "C17998",
    }),
    "NRIND": ("C78736", {
        "ABNORMAL": "C78802", "HIGH": "C78800", "LOW": "C78801", "NORMAL": "C78727",
    }),
    "DSCAT": ("C74558", {
        "DISPOSITION EVENT": "C74590", "OTHER EVENT": "C150824", "PROTOCOL MILESTONE": "C74588",
    }),
    "IECAT": ("C66797", {
        "EXCLUSION": "C25370", "INCLUSION": "C25532",
    }),
    "ARMNULRS": ("C142179", {
        "ASSIGNED, NOT TREATED": "C142238", "NOT ASSIGNED": "C142239", "SCREEN FAILURE": "C49628",
        "UNPLANNED TREATMENT": "C142240",
    }),
    "STENRF": ("C66728", {
        "AFTER": "C38008", "BEFORE": "C25629", "BEFORE/DURING": "C184710", "COINCIDENT": "C25456",
        "DURING": "C25490", "DURING/AFTER": "C49640", "ONGOING": "C53279", "UNKNOWN": "C17998",
    }),
    "EPOCH": ("C99079", {
        "SCREENING": "C202487", "TREATMENT": "C101526", "FOLLOW-UP": "C202578",
    }),
    "NCOMPLT": ("C66727", {
        "COMPLETED": "C25250", "SCREEN FAILURE": "C49628", "DEATH": "C28554", "LOST TO FOLLOW-UP": "C48227",
        "WITHDRAWAL BY SUBJECT": "C49634", "PHYSICIAN DECISION": "C48250", "ADVERSE EVENT": "C41331",
        "PREGNANCY": "C191656", "PROTOCOL DEVIATION": "C50996", "STUDY TERMINATED BY SPONSOR": "C49632",
        "WITHDRAWAL OF CONSENT": "C176342",
    }),
    "PROTMLST": ("C114118", {
        "ELIGIBILITY CRITERIA MET": "C132447", "ELIGIBILITY CRITERIA NOT MET": "C164344",
        "ENTERED INTO TRIAL": "C161417", "INFORMED CONSENT OBTAINED": "C16735",
    }),
    "DSSCAT": ("C170443", {
        "STUDY PARTICIPATION": "C170569",
    }),
    "ROUTE": ("C66729", {
        "ORAL": "C38288", "SUBCUTANEOUS": "C38299", "INTRAVENOUS": "C38276", "INTRAMUSCULAR": "C28161",
        "TOPICAL": "C38304", "RESPIRATORY (INHALATION)": "C38216", "INTRA-ARTERIAL": "C38222", "RECTAL": "C38295",
        "SUBLINGUAL": "C38300", "NASAL": "C38284", "OPHTHALMIC": "C38287", "TRANSDERMAL": "C38305",
    }),
    "FREQ": ("C71113", {
        "ONCE": "C64576", "QD": "C25473", "BID": "C64496", "TID": "C64527", "QOD": "C64525", "Q3D": "C64533",
        "1 TIME PER WEEK": "C64526", "EVERY 2 WEEKS": "C71127", "EVERY 3 WEEKS": "C64535", "QM": "C64498",
        "PRN": "C64499",
    }),
    "FRM": ("C66726", {
        "TABLET": "C42998", "CAPSULE": "C25158", "INJECTION": "C42946",
    }),
    "UNIT": ("C71620", {
        "10^9/L": "C67255", "10^12/L": "C67308", "ug/L": "C67306", "%": "C25613", "U/L": "C67456",
        "umol/L": "C48508", "g/L": "C42576", "mmol/L": "C64387", "s": "C42535", "RATIO": "C44256",
        "mg/dL": "C67015", "mEq/L": "C67474", "ukat/L": "C67397", "g/dL": "C64783", "mIU/L": "C67405",
        "pmol/L": "C67434", "IU/mL": "C67377", "kPa": "C67284", "IU/L": "C67376", "copies/mL": "C100900",
        "log10 IU/mL": "C116238", "mm": "C28251", "kg": "C28252", "cm": "C49668", "beats/min": "C49673",
        "breaths/min": "C49674", "mmHg": "C49670", "C": "C42559", "kg/m2": "C49671", "ug": "C48152",
        "mg": "C28253", "g": "C48155", "mL": "C28254", "IU": "C48579", "U": "C44278", "TABLET": "C48542",
        "CAPSULE": "C48480", "mL/min/1.73 m2": "C67412", "g/day": "C67372", "ng/dL": "C67326", "ng/L": "C67327",
        "U/mL": "C77607", "10^6/L": "C67452", "DAYS": "C25301", "WEEKS": "C29844",
    }),
    "METHOD": ("C85492", {
        "MRI": "C16809", "CT SCAN": "C17204", "ULTRASOUND": "C17230", "PET/CT SCAN": "C103512",
        "SCINTIGRAPHY": "C62667", "ANGIOGRAPHY": "C20080", "IHC": "C23020",
    }),
    "LOC": ("C74456", {
        "LIVER": "C12392", "LUNG": "C12468", "BONE": "C12366", "BRAIN": "C12439", "LYMPH NODE": "C12745",
        "ADRENAL GLAND": "C12666", "PERITONEUM": "C12770", "THIGH": "C33763", "ARM": "C32141",
    }),
    "CNTMODE": ("C171445", {
        "IN PERSON": "C175574", "TELEPHONE CALL": "C171537", "REMOTE AUDIO VIDEO": "C171525",
    }),
    "SPECTYPE": ("C78734", {
        "SERUM": "C13325", "BLOOD": "C12434", "TISSUE": "C12801", "TUMOR TISSUE": "C18009",
        "PERIPHERAL BLOOD MONONUCLEAR CELL": "C12954",
    }),
    "RELTYPE": ("C78737", {
        "MANY": "C170512", "ONE": "C66832",
    }),
}  # fmt: skip
#: Tests by domain: the concepts of the lists of codes and of names; of each code its concept and its name.
TESTS: dict[str, tuple[str, str, dict[str, tuple[str, str]]]] = {
    "LB": ("C65047", "C67154", {
        "WBC": ("C51948", "Leukocytes"),
        "NEUT": ("C63321", "Neutrophils"),
        "NEUTLE": ("C64827", "Neutrophils/Leukocytes"),
        "LYM": ("C51949", "Lymphocytes"),
        "MONO": ("C64823", "Monocytes"),
        "EOS": ("C64550", "Eosinophils"),
        "RBC": ("C51946", "Erythrocytes"),
        "HGB": ("C64848", "Hemoglobin"),
        "PLAT": ("C51951", "Platelets"),
        "ALT": ("C64433", "Alanine Aminotransferase"),
        "AST": ("C64467", "Aspartate Aminotransferase"),
        "GGT": ("C64847", "Gamma Glutamyl Transferase"),
        "ALP": ("C64432", "Alkaline Phosphatase"),
        "BILI": ("C38037", "Bilirubin"),
        "BILDIR": ("C64481", "Direct Bilirubin"),
        "PROT": ("C64858", "Protein"),
        "ALB": ("C64431", "Albumin"),
        "CREAT": ("C64547", "Creatinine"),
        "UREA": ("C64815", "Urea"),
        "URATE": ("C64814", "Urate"),
        "GLUC": ("C105585", "Glucose"),
        "K": ("C64853", "Potassium"),
        "SODIUM": ("C64809", "Sodium"),
        "PHOS": ("C64857", "Phosphate"),
        "TRIG": ("C64812", "Triglycerides"),
        "CK": ("C64489", "Creatine Kinase"),
        "PT": ("C62656", "Prothrombin Time"),
        "INR": ("C64805", "Prothrombin Intl. Normalized Ratio"),
        "PTAC": ("C170591", "Prothrombin Time Actual/Control"),
        "APTT": ("C38462", "Activated Partial Thromboplastin Time"),
        "FIBRINO": ("C64606", "Fibrinogen"),
        "AFP": ("C74732", "Alpha Fetoprotein"),
        "AFPL3": ("C96564", "Alpha Fetoprotein L3"),
        "AFPL3AFP": ("C96565", "A Fetoprotein L3/A Fetoprotein"),
        "PIVKAII": ("C150846", "Protein Induced by Vitamin K Absence-II"),
        "CEA": ("C81983", "Carcinoembryonic Antigen"),
        "CA19_9AG": ("C81982", "Cancer Antigen 19-9"),
        "TSH": ("C64813", "Thyrotropin"),
        "T4FR": ("C74786", "Thyroxine, Free"),
        "T3FR": ("C74787", "Triiodothyronine, Free"),
        "GFRE": ("C110935", "Glomerular Filtration Rate, Estimated"),
        "HCG": ("C64851", "Choriogonadotropin Beta"),
    }),
    "MB": ("C120527", "C120528", {
        "HBDNA": ("C103404", "Hepatitis B Virus DNA"),
        "HBSAG": ("C64850", "Hepatitis B Virus Surface Antigen"),
        "HBEAG": ("C96663", "Hepatitis B Virus e Antigen"),
        "HBRNA": ("C198316", "Hepatitis B Virus RNA"),
        "HCRNA": ("C142330", "Hepatitis C Virus RNA"),
    }),
    "VS": ("C66741", "C67153", {
        "HEIGHT": ("C25347", "Height"),
        "WEIGHT": ("C25208", "Weight"),
        "BMI": ("C16358", "Body Mass Index"),
        "TEMP": ("C174446", "Temperature"),
        "PULSE": ("C49676", "Pulse Rate"),
        "RESP": ("C49678", "Respiratory Rate"),
        "SYSBP": ("C25298", "Systolic Blood Pressure"),
        "DIABP": ("C25299", "Diastolic Blood Pressure"),
    }),
    "TU": ("C96784", "C96783", {
        "TUMIDENT": ("C94523", "Tumor Identification"),
        "LESIDENT": ("C94189", "Lesion Identification"),
        "DRCRLTLC": ("C123633", "Disease Recurrence Relative Location"),
    }),
    "TR": ("C96779", "C96778", {
        "LDIAM": ("C96684", "Longest Diameter"),
    }),
    "RS": ("C96782", "C96781", {
        "DRCRIND": ("C123621", "Disease Recurrence Indicator"),
        "NEWLIND": ("C142362", "New Lesion Indicator"),
        "BESTRESP": ("C94536", "Best Overall Response"),
    }),
    "RP": ("C106479", "C106478", {
        "CHILDPOT": ("C106508", "Childbearing Potential"),
        "BCMETHOD": ("C106501", "Birth Control Method"),
        "LMPSTDTC": ("C81257", "Last Menstrual Period Start Date"),
    }),
    "DD": ("C116108", "C116107", {
        "PRCDTH": ("C99531", "Primary Cause of Death"),
        "AUTOPIND": ("C135384", "Autopsy Indicator"),
    }),
    "MI": ("C132263", "C132262", {
        "PDL1": ("C154807", "Programmed Death Ligand 1"),
        "KI67": ("C123557", "Ki-67"),
        "HISTTYPC": ("C154802", "Histologic Type of Cancer"),
    }),
}  # fmt: skip
