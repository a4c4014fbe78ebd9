"""Numbers as people read them."""

from decimal import Decimal


def plain(number: Decimal) -> str:
    """Without an exponent and without trailing zeros: 37, 0.05, 1250.3."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
