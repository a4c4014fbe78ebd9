"""Pathology of the treated tumour: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.disease import HISTO, MARGIN
from enrollment.codelists.pathology import DIFF, EDMONDSON, MVI, PT, SCHEUER_G, SCHEUER_S, SPECTYPE, TCAPS
from prtras.codelists import NYU
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, DecimalItem, IntegerItem, TextItem
from prtras.crf.models import FormPage


class Pathology(FormPage):
    """Pathology."""

    path_no = TextItem("病理号", "Pathology number", cdash="MIREFID", sdtm="MI.MIREFID")
    spec_type = CodeItem("标本类型", "Specimen type", codes=SPECTYPE, cdash="MISPEC", sdtm="MI.MISPEC")
    spec_date = DateItem("取材日期", "Specimen collection date", cdash="MIDAT", sdtm="MI.MIDTC")
    path_date = DateItem("病理报告日期", "Pathology report date", cdash="MIRPTDAT", sdtm="SUPPMI")
    histo = CodeItem("组织学诊断", "Histological diagnosis", codes=HISTO, cdash="MIORRES", sdtm="MI.MIORRES")
    edmondson = CodeItem(
        "Edmondson-Steiner分级",
        "Edmondson-Steiner grade",
        need="expected",
        codes=EDMONDSON,
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    diff = CodeItem("分化程度", "Differentiation", need="expected", codes=DIFF, cdash="MIORRES", sdtm="MI.MIORRES")
    path_mm = DecimalItem(
        "病理最大肿瘤径",
        "Largest tumour diameter (pathology)",
        need="expected",
        places=1,
        unit="mm",
        other_units={"cm": "10"},
        hard=("1", "300"),
        soft=("5", "100"),
        show=the("path.spec_type") == "RESECT",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    path_n = IntegerItem(
        "病理肿瘤数目",
        "Number of tumours (pathology)",
        need="expected",
        hard=("1", "20"),
        soft=("1", "3"),
        show=the("path.spec_type") == "RESECT",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    mvi = CodeItem("微血管侵犯(MVI)", "Microvascular invasion", codes=MVI, cdash="MIORRES", sdtm="MI.MIORRES")
    mvi_n = IntegerItem(
        "MVI数目",
        "Number of MVI foci",
        need="optional",
        hard=("0", "500"),
        soft=("0", "50"),
        show=the("path.mvi").one_of("M1", "M2"),
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    mvi_far = CodeItem(
        "远癌旁(>1 cm)MVI",
        "MVI > 1 cm from tumour",
        need="expected",
        codes=NYU,
        show=the("path.mvi").one_of("M1", "M2"),
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    satellite = CodeItem(
        "卫星结节",
        "Satellite nodules",
        need="expected",
        codes=NYU,
        show=the("path.spec_type") == "RESECT",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    capsule = CodeItem(
        "肿瘤包膜",
        "Tumour capsule",
        need="optional",
        codes=TCAPS,
        show=the("path.spec_type") == "RESECT",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    path_margin = CodeItem(
        "病理切缘",
        "Pathological margin",
        codes=MARGIN,
        show=the("path.spec_type") == "RESECT",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    necrosis_pct = IntegerItem(
        "肿瘤坏死比例",
        "Tumour necrosis",
        need="optional",
        unit="%",
        hard=("0", "100"),
        soft=("0", "95"),
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    pt = CodeItem(
        "病理T分期",
        "pT category",
        need="optional",
        codes=PT,
        show=the("path.spec_type") == "RESECT",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    scheuer_g = CodeItem(
        "背景肝炎症分级(Scheuer G)",
        "Background liver inflammation (Scheuer G)",
        need="expected",
        codes=SCHEUER_G,
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    scheuer_s = CodeItem(
        "背景肝纤维化分期(Scheuer S)",
        "Background liver fibrosis (Scheuer S)",
        need="expected",
        codes=SCHEUER_S,
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    ki67 = IntegerItem(
        "Ki-67增殖指数",
        "Ki-67 index",
        need="optional",
        unit="%",
        hard=("0", "100"),
        soft=("1", "90"),
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
