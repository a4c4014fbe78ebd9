"""Start the product, let people work, kill, come to rest, compare."""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.ledger import Ledger
    from tests.faults.stack import Stack
    from tests.faults.world import World

#: How long it may take until the product works again after a kill, and until nothing is open any more after the last.
UP_SECONDS, REST_SECONDS = 120, 300
VICTIMS = ("web", "worker 1", "worker 2", "redis", "postgres", "beat 1", "beat 2", "redis hangs")


def main() -> int:
    """Everything; 1 when something is missing or double."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Kills, and a ledger.")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--every", type=float, default=4, help="seconds between two kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--folder", type=Path, help="default: a new one among the temporary files")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="prtras-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PRTRAS_DB_ROLE"):
        os.environ.pop(name, None)
    os.environ |= {"PRTRAS_ENV": "demo", "PRTRAS_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    print(f"folder {folder}, seed {given.seed}", flush=True)
    return run(folder, given.port, given.kills, given.every, random.Random(given.seed))


def run(folder: Path, port: int, kills: int, every: float, chance: random.Random) -> int:
    """One run in an empty folder."""
    from tests.faults.stack import Stack, wait_until  # the settings are read from here on: the environment stands now

    with ExitStack() as running:
        stack = Stack(folder, port)
        running.callback(stack.end)
        stack.start("postgres")
        wait_until(lambda: (folder / "postgres" / "postmaster.pid").exists())
        subprocess.run([sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity", "0"], check=True)
        import django

        django.setup()
        from tests.faults.world import create_world

        world = create_world()
        for name in stack.commands:
            if name != "postgres":
                stack.start(name)
        ledger = work(stack, port, world, kills, every, chance)
        return compare(ledger, folder)


def work(stack: "Stack", port: int, world: "World", kills: int, every: float, chance: random.Random) -> "Ledger":
    """People work while one process after the other is killed; what they wrote down."""
    from tests import casebook
    from tests.faults.ledger import Ledger, Person, ask, enter, report
    from tests.visits.test_notifying import SERIOUS

    ledger, stop = Ledger(), threading.Event()
    consent, event = casebook.typed("consent"), casebook.typed("ae", **SERIOUS)
    half = len(world.pages) // 2
    people = [
        threading.Thread(target=enter, args=(Person("lin", port, ledger), world.pages[:half], consent, stop)),
        threading.Thread(target=enter, args=(Person("zhao", port, ledger), world.pages[half:], consent, stop)),
        threading.Thread(target=report, args=(Person("lin", port, ledger), world.patient, event, stop)),
        threading.Thread(target=ask, args=(Person("zhao", port, ledger), stop)),
    ]
    for person in people:
        person.start()
    for number in range(kills):
        at_work(ledger)
        time.sleep(every * chance.uniform(0.5, 1.5))
        victim = VICTIMS[number] if number < len(VICTIMS) else chance.choice(VICTIMS)
        print(f"{number + 1:3} {victim}, {sum(map(len, ledger.saved.values()))} saves", flush=True)
        if victim == "redis hangs":
            stack.hang("redis", 3)
        else:
            stack.kill(victim)
    at_work(ledger)
    stop.set()
    for person in people:
        person.join()
    return ledger


def at_work(ledger: "Ledger") -> None:
    """Wait until the product is in use again: a kill strikes something that works."""
    from tests.faults.stack import wait_until

    before = sum(map(len, ledger.saved.values()))
    wait_until(lambda: sum(map(len, ledger.saved.values())) >= before + 3, UP_SECONDS)


def compare(ledger: "Ledger", folder: Path) -> int:
    """Wait until nothing is open any more, and look."""
    from django.db import connection

    from tests.faults import verdict
    from tests.faults.stack import wait_until

    connection.close()
    wrong = []
    try:
        wait_until(verdict.at_rest, REST_SECONDS)
    except TimeoutError:
        wrong.append(f"after {REST_SECONDS} seconds something is still open")
    wrong += verdict.faults(ledger, folder / "mail")
    saves, unsure = (sum(map(len, each.values())) for each in (ledger.saved, ledger.unsure))
    print(f"{saves} saves acknowledged, {unsure} unsure; {len(ledger.events)} events; {dict(ledger.jobs)}")
    print(f"answers {dict(ledger.answers)}; the slowest took {ledger.slowest:.1f} s")
    print("\n".join(wrong) or "nothing is lost, nothing is double")
    connection.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
