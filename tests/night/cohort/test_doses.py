"""What the whole cohort shows of doses and of the advice on them."""

import pytest

from prtras.crf.models import CrfPage
from visits.deviating import HIGHEST
from visits.models import PegIfnDose

pytestmark = [pytest.mark.usefixtures("cast"), pytest.mark.xdist_group("night")]


def test_every_dose_against_the_advice_is_on_the_log_of_deviations() -> None:
    against = [
        dose
        for dose in PegIfnDose.objects.select_related("page")
        if dose.pg_dose and dose.pg_dose > HIGHEST.get(dose.pg_advice or "", dose.pg_dose)
    ]
    on_record = set(CrfPage.objects.filter(form="dv", state="submitted").values_list("participant_id", "reason_code"))
    assert against
    assert {(dose.page.participant_id, f"dose {dose.page.repeat}") for dose in against} <= on_record
