"""How grave an adverse event is. Pure. Source: CTCAE v5.0 (NCI, 2017)."""


def severity(grade: str | None, outcome: str | None, results_in_death: str | None) -> int | None:
    """The grade, 1 to 5, by which an event is coloured and ordered; a death is grade 5 whatever stands elsewhere.

    None where neither is known.
    """
    if outcome == "FATAL" or results_in_death == "Y":
        return 5
    return int(grade) if grade else None
