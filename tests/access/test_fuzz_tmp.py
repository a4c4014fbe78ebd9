import traceback, collections
from django.db import transaction
from prtras.crf.registry import all_forms, form_of
from prtras.entry.reading import read
from prtras.entry.judging import judge
from prtras.entry.saving import *
from prtras.crf.models import CrfPage
from tests import casebook
from tests.conftest import page_of
from visits import planning
from prtras.audit.acting import acting

NASTY = ["-1","0","99999999999","999999999999","1e11","-1e11","1e-4","0.0001","0001-01-01","9999-12-31","1900-01-01","0001","9999","<","<10",">1e40","9"*40,"1e40","1e999999","😀"*20,"=1+1","１２","²","٣"]

def test_fuzz(enrolled, fill, lin):
    fill(enrolled, "visit", "W12")
    bad = collections.Counter()
    n=0
    for code in casebook.CLEAN:
        form = form_of(code)
        if form.kind=="log":
            page = planning.add_log_page(enrolled, code, user=lin)
        else:
            visit = "W12" if form.kind=="visit" else None
            page = page_of(enrolled, code, visit)
        page = CrfPage.objects.select_related("participant","visit").get(pk=page.pk)
        base = casebook.typed(code)
        if code=="mri": base |= casebook.typed("mri", mri_nobs="1", **casebook.observation())
        names = [x for x,i in form.items.items() if not i.derived]
        if form.rows:
            keys = form.rows.keys[:3] or ["1"]
            names += [f"row.{k}.{x}" for k in keys for x,i in form.rows.items.items() if not i.derived]
        for name in names:
            for nasty in NASTY:
                typed = base | {name:[nasty], "reason.all":["ENTRY"]}
                n+=1
                try:
                    e = read(form, typed)
                    if e.problems: continue
                    with transaction.atomic():
                        try:
                            save_page(page.id, e, user=lin, seen_version=page.version)
                        except (Refused,):
                            pass
                        transaction.set_rollback(True)
                except Exception as x:
                    tb = traceback.extract_tb(x.__traceback__)[-1]
                    bad[f"{type(x).__name__} {str(x)[:80]!r} {tb.filename.split('/')[-1]}:{tb.lineno} {tb.name}"]+=1
                    print(code,name,nasty,type(x).__name__,str(x)[:100], [f"{t.filename.split('/')[-1]}:{t.lineno}" for t in traceback.extract_tb(x.__traceback__)[-4:]])
    print(n); 
    for k,v in bad.most_common(): print(v,k)
    assert not bad
