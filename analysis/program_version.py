"""Which program computes: the version of the plan, the code by its checksum, the packages that compute with it."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from typing import Any

from django.conf import settings

from analysis import plan_items
from prtras import env

#: The folders of the code: whatever of it changed, the checksum is another.
CODE = ("prtras", "templates", *(app for app in settings.STUDY_APPS if "." not in app))
#: Of their files those that make a number, a rule or a sentence.
SUFFIXES = (".py", ".R", ".sql", ".html")
#: The packages with which numbers and reports are made.
PACKAGES = ("numpy", "pandas", "lifelines", "weasyprint")


def program() -> dict[str, Any]:
    """What is stored with every run and bundle: `plan`, `code` (SHA-256) and `packages` by name."""
    packages = {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}
    return {"plan": plan_items.CHANGES[-1].version, "code": code_sha256(), "packages": packages}


@cache
def code_sha256() -> str:
    """The checksum of all our programs, triggers and templates with their paths."""
    digest = hashlib.sha256()
    paths = (path for folder in CODE for path in (env.ROOT / folder).rglob("*") if path.suffix in SUFFIXES)
    for path in sorted(paths):
        digest.update(f"{path.relative_to(env.ROOT).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()
