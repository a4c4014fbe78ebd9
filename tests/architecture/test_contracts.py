"""What the layers in .importlinter cannot say."""

import grimp
import pytest

PACKAGES = ("prtras", "enrollment", "visits", "labs", "analysis")
ACTING = "prtras.audit.acting"
#: Modules and folders that translate for a person or a program, and call acts.
DOORS = ("views", "api", "tasks")
#: Acts of a room that is named for its thing, not for what it does.
ROOMS = {
    "prtras.accounts.sessions": "sign in, renew, sign out, refuse, end",
    "prtras.accounts.second_factors": "add, accept and end a factor",
    "prtras.entry.nightly_checks": "runs the batch of edit checks",
    "prtras.trail.data_review": "signs off the review",
}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    """Who imports whom."""
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def is_act(module: str) -> bool:
    """Acts are named for what they do: saving, querying, locking."""
    return module.endswith("ing") or module in ROOMS


def test_only_acts_write(imports: grimp.ImportGraph) -> None:
    others = [module for module in imports.find_modules_that_directly_import(ACTING) if not is_act(module)]

    assert not others, f"{others} write; only modules whose names end in -ing may import {ACTING}"


def test_acts_know_no_door(imports: grimp.ImportGraph) -> None:
    acts = imports.find_modules_that_directly_import(ACTING)
    doors = [module for module in imports.modules if set(module.split(".")) & set(DOORS)]
    found = [chain for act in acts for door in doors if (chain := imports.find_shortest_chain(act, door))]

    assert not found, f"an act reaches a door: {' -> '.join(found[0])}"
