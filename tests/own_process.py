"""Something run in a process of its own, with a database in a folder of its own."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: What would lead to another database, broker or study.
NOT_INHERITED = ("PRTRAS_DB_ROLE", "DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "REDIS_URL")


def environment(var: Path, **settings: str) -> dict[str, str]:
    """This process's environment without what leads to its servers; `var` is the folder of the other one's."""
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return inherited | {"PRTRAS_VAR": str(var)} | settings
