"""The moves a query may make: one table, decided without a database."""

#: States in which a query still waits for someone.
LIVE = ("open", "answered")

NEXT = {
    ("open", "answer"): "answered",
    ("open", "close"): "closed",
    ("answered", "answer"): "answered",
    ("answered", "close"): "closed",
    ("answered", "reopen"): "open",
    ("closed", "reopen"): "open",
    ("open", "cure"): "closed",
    ("answered", "cure"): "closed",
    ("open", "cancel"): "cancelled",
    ("answered", "cancel"): "cancelled",
    ("open", "keep"): "answered",
    ("answered", "keep"): "answered",
    ("open", "assign"): "open",
    ("answered", "assign"): "answered",
}


class NotAllowedNow(Exception):
    """The query is in a state from which this move does not start."""


def next_state(state: str, act: str) -> str:
    """Where `act` leads from `state`. Raises NotAllowedNow."""
    try:
        return NEXT[state, act]
    except KeyError:
        raise NotAllowedNow(f"{act} from {state}") from None
