"""HBsAg status: runs of negatives, treatment stops, and the HBV DNA that goes with them."""

from datetime import date, timedelta

import pytest

from prtras.clinical.hbsag_status import statuses
from prtras.clinical.inputs import BadInput, MissingInput

FIRST = date(2026, 1, 5)


def records(*results):
    """(days after the first, hbsag_q, hbvdna_q)"""
    return [{"date": FIRST + timedelta(days), "hbsag_q": hbsag, "hbvdna_q": dna} for days, hbsag, dna in results]


def off_since(day, *results, **criteria):
    """The last status, all treatment stopped this many days after the first record."""
    stopped = FIRST + timedelta(day)
    return statuses(records=records(*results), na_ongoing="N", na_end_date=stopped, **criteria)[-1]


def test_an_empty_list_has_no_statuses():
    assert statuses(records=[], na_ongoing="N") == ()


def test_an_invalid_result_has_no_status_and_does_not_break_the_run():
    actual = records((0, "LT_LLOQ", "TND"), (40, "INVALID", "TND"), (77, "LT_LLOQ", "TND"))
    assert statuses(records=actual, na_ongoing="Y") == ("LOSS_UNCONF", None, "LOSS_CONF")


def test_every_positive_after_a_negative_is_reverted():
    actual = records((0, "LT_LLOQ", "TND"), (9, "GT_RANGE", "TND"), (18, "QUANT", None), (27, None, None))
    assert statuses(records=actual, na_ongoing="Y") == ("LOSS_UNCONF", "REVERTED", "REVERTED", None)


def test_the_run_starts_anew_after_a_positive():
    actual = records((0, "LT_LLOQ", "TND"), (9, "QUANT", "TND"), (18, "LT_LLOQ", "TND"), (94, "LT_LLOQ", "TND"))
    assert statuses(records=actual, na_ongoing="Y")[-1] == "LOSS_UNCONF"  # 76 days since day 18


def test_off_treatment_counts_from_the_first_negative_when_that_is_later():
    assert off_since(-400, (0, "LT_LLOQ", "TND"), (160, "LT_LLOQ", "TND")) == "LOSS_CONF"
    assert off_since(-400, (0, "LT_LLOQ", "TND"), (161, "LT_LLOQ", "TND")) == "FUNCURE"


def test_a_later_peginterferon_dose_moves_the_start():
    dose = FIRST + timedelta(50)
    negative = ((0, "LT_LLOQ", "TND"), (210, "LT_LLOQ", "TND"))
    assert off_since(0, *negative) == "FUNCURE"
    assert off_since(0, *negative, last_pg_date=dose) == "LOSS_CONF"  # 160 days
    assert off_since(0, negative[0], (211, "LT_LLOQ", "TND"), last_pg_date=dose) == "FUNCURE"


def test_without_a_stop_date_of_the_analogue_off_all_is_never_met():
    actual = records((0, "LT_LLOQ", "TND"), (900, "LT_LLOQ", "TND"))
    assert statuses(records=actual, na_ongoing="N", last_pg_date=FIRST)[-1] == "LOSS_CONF"


@pytest.mark.parametrize(
    ("day", "dna", "expected"),
    [
        (49, "QUANT", "FUNCURE"),
        (50, "QUANT", "LOSS_CONF"),
        (60, "GT_ULOQ", "LOSS_CONF"),
        (60, "INVALID", "FUNCURE"),
        (60, None, "FUNCURE"),
    ],
)
def test_detectable_dna_blocks_cure_from_the_stop_of_treatment_on(day, dna, expected):
    run = [(0, "LT_LLOQ", "TND"), (day, "LT_LLOQ", dna), (300, "LT_LLOQ", "TND")]
    assert off_since(50, *run) == expected


def test_detectable_dna_counts_also_where_the_antigen_has_no_result():
    assert off_since(0, (0, "LT_LLOQ", "TND"), (9, None, "QUANT"), (300, "LT_LLOQ", "TND")) == "LOSS_CONF"


@pytest.mark.parametrize("dna", ["QUANT", "GT_ULOQ", "INVALID", None])
def test_cure_needs_undetectable_dna_at_the_record_itself(dna):
    assert off_since(0, (0, "LT_LLOQ", "TND"), (300, "LT_LLOQ", dna)) == "LOSS_CONF"


def test_the_day_counts_can_be_set():
    run = ((0, "LT_LLOQ", "TND"), (10, "LT_LLOQ", "TND"))
    assert off_since(0, *run, confirm_days=11) == "LOSS_UNCONF"
    assert off_since(0, *run, confirm_days=10, offtx_days=11) == "LOSS_CONF"
    assert off_since(0, *run, confirm_days=10, offtx_days=10) == "FUNCURE"


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-01-05",
        ["2026-01-05"],
        [{"hbsag_q": "QUANT", "hbvdna_q": "TND"}],
        [{"date": "2026-01-05", "hbsag_q": "QUANT", "hbvdna_q": "LT_LLOQ"}],
        records((0, "QUANT", "TND"), (0, "QUANT", "TND")),
    ],
)
def test_a_bad_record_is_refused(wrong):
    with pytest.raises(BadInput) as bad:
        statuses(records=wrong, na_ongoing="N")
    assert bad.value.field == "records"


def test_both_needed_inputs_are_named():
    with pytest.raises(MissingInput) as missing:
        statuses(records=None, na_ongoing=None, na_end_date="2026-01-05")
    assert missing.value.fields == ("records", "na_ongoing")
