"""Looking for garbage less often, in processes that build much which stays: their jobs end a third sooner."""

import gc

#: New objects between two searches (Python: 700); of the searches, every how many looks also at older objects.
SELDOM = (100_000, 20, 100)


def collect_seldom(**_signal: object) -> None:
    """Never look again at what is imported by now, and at the rest after every 100,000 objects.

    What nothing refers to any more is freed at once all the same; only objects that refer to each other wait.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
