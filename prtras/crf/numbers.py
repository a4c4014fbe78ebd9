"""Numbers as people read them."""

from decimal import Decimal


def plain(number: Decimal) -> str:
    """Without an exponent and without trailing zeros: 37, 0.05, 1250.3."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def between(low: Decimal | None, high: Decimal | None) -> str:
    """A range: `9–50`, `≥60`, `≤7`; empty without limits."""
    if low is not None and high is not None:
        return f"{plain(low)}–{plain(high)}"
    return f"≥{plain(low)}" if low is not None else f"≤{plain(high)}" if high is not None else ""
