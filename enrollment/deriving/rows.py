"""What rows of a log compute. Pure: values in, values out."""

from prtras.crf.registry import Derive


def numbered(form: str, item: str) -> Derive:
    """The number of a row within the participant: nobody types it."""
    return lambda values, context: {item: context.value(form, "row")}
