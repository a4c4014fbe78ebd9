"""Dates as they are typed, and dates of which only the month or the year is known."""

from datetime import date

import pytest

from prtras.crf.dates import PartialDate, normal, parse_date, parse_time


@pytest.mark.parametrize(
    "typed",
    ["20250305", "2025-03-05", "2025-3-5", "2025/3/5", "2025/03/05", "2025.3.5", "2025年3月5日", "2025年03月05日",
     "2025年3月5", " 2025 - 03 - 05 ", "２０２５－０３－０５", "２０２５年３月５日", "2025。3。5",
     "２０２５０３０５", "2025／3／5"],
)  # fmt: skip
def test_it_works(typed):
    assert parse_date(typed) == date(2025, 3, 5)
    assert PartialDate.parse(typed).text == "2025-03-05"


@pytest.mark.parametrize(
    "typed",
    ["", " ", "2025", "2025-03", "31/12", "31/12/2025", "12-31-2025", "2025-13-01", "2025-00-01", "2025-02-30",
     "2025-02-29", "20250229", "2025-1-32", "250305", "2025-03-05T10:00", "2025-03-05 10:00", "2025--03-05", "today",
     "2025-03-05x", "-2025-03-05", "٢٠٢٥-٠٣-٠٥", "0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31",
     "2025年3月5日6"],
)  # fmt: skip
def test_what_is_no_whole_date_is_refused(typed):
    with pytest.raises(ValueError):
        parse_date(typed)


def test_a_leap_day_is_a_day_in_a_leap_year_only():
    assert parse_date("2024-02-29") == date(2024, 2, 29)
    with pytest.raises(ValueError):
        parse_date("2100-02-29")


@pytest.mark.parametrize(
    ("typed", "text"),
    [("2025-11", "2025-11"), ("2025-1", "2025-01"), ("2025/11", "2025-11"), ("2025.11", "2025-11"),
     ("2025年11月", "2025-11"),
     ("２０２５年１１月", "2025-11"), ("2025-11-UK", "2025-11"), ("2025-11-UNK", "2025-11"), ("2025-11-un", "2025-11"),
     ("2025", "2025"), ("2025年", "2025"), ("２０２５", "2025"), ("2025-UK-UK", "2025"), ("2025-UNK-UNK", "2025"),
     ("2025-UK", "2025")],
)  # fmt: skip
def test_a_partial_date_is_kept_as_known(typed, text):
    parsed = PartialDate.parse(typed)
    assert (parsed.text, str(parsed)) == (text, text)


@pytest.mark.parametrize(
    "typed", ["", "25", "2025-13", "2025-00", "2025-11-31", "2025-02-30", "UK", "11-2025", "2025-11-0x", "٢٠٢٥", "0000",
              "0001", "1899-12", "2200", "9999-12", "202511", "2025-UK-05"],
)  # fmt: skip
def test_what_is_no_date_at_all_is_refused(typed):
    with pytest.raises(ValueError):
        PartialDate.parse(typed)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [("2025-03-05", "2025-03-05", "2025-03-05"), ("2025-02", "2025-02-01", "2025-02-28"),
     ("2024-02", "2024-02-01", "2024-02-29"), ("2025-12", "2025-12-01", "2025-12-31"),
     ("2025", "2025-01-01", "2025-12-31")],
)  # fmt: skip
def test_it_is_the_interval_of_days_that_it_may_be(text, earliest, latest):
    parsed = PartialDate(text)
    assert (parsed.earliest.isoformat(), parsed.latest.isoformat()) == (earliest, latest)


def test_two_ways_to_write_one_date_are_the_same_value():
    assert PartialDate.parse("2025年3月") == PartialDate.parse("2025-03")
    assert PartialDate.parse("2025-03") != PartialDate.parse("2025")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("１２。５", "12.5"),
        ("＜１０", "<10"),
        ("ＡＬＴ", "ALT"),
        ("\u3000x\u3000", "x"),
        ("A2", "A2"),
        ("①", "1"),
        ("", ""),
    ],
)
def test_full_width_becomes_plain(typed, plain):
    assert normal(typed) == plain


@pytest.mark.parametrize("typed", ["08:30", "8:30", "0830", "８：３０", "8时30分", "8点30", " 8 : 30 "])
def test_a_time_of_day_is_read_however_it_is_typed(typed):
    assert parse_time(typed) == "08:30"


@pytest.mark.parametrize("typed", ["", "24:00", "8:60", "830", "8", "08:30:15", "8:30 pm", "-8:30"])
def test_what_is_no_time_of_day_is_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        parse_time(typed)
