"""The process environment, read once and strictly: a setting that makes no sense stops the process."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("demo", "test", "production")


class SettingError(SystemExit):
    """A setting is missing or makes no sense; the message says which and what would be right."""


def text(name: str, default: str | None = None) -> str:
    """The value of an environment variable. Raises SettingError when it has none and no default."""
    value = os.environ.get(name) or default
    if value is None:
        raise SettingError(f"{name} is not set.")
    return value


def secret(name: str) -> str:
    """The value of an environment variable, or the content of the file that NAME_FILE names. Raises SettingError."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return text(name)
    try:
        return Path(path).read_text()
    except OSError as wrong:
        raise SettingError(f"{name}_FILE cannot be read: {wrong.strerror}.") from None


def secret_or_empty(name: str) -> str:
    """As `secret`; empty where neither NAME nor NAME_FILE is set."""
    return secret(name) if os.environ.get(name) or os.environ.get(f"{name}_FILE") else ""


def flag(name: str, default: bool) -> bool:
    """`1`/`true`/`yes` or `0`/`false`/`no`. Raises SettingError for anything else."""
    value = os.environ.get(name, str(default)).strip().lower()
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    raise SettingError(f"{name} must be true or false, not {value!r}.")


def days(name: str, default: str) -> int:
    """A number of days, one or more. Raises SettingError for anything else."""
    value = text(name, default).strip()
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= 366):
        raise SettingError(f"{name} must be a number of days from 1 to 366, not {value!r}.")
    return int(value)


def environment() -> str:
    """`demo` (default), `test` or `production`."""
    value = os.environ.get("PRTRAS_ENV", "demo")
    if value not in ENVIRONMENTS:
        raise SettingError(f"PRTRAS_ENV must be one of {', '.join(ENVIRONMENTS)}, not {value!r}.")
    return value


def database(url: str) -> dict[str, object]:
    """Django's settings of `postgresql://user:password@host:port/name`, or of `postgresql://user@/name?host=/socket/folder`."""
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingError("DATABASE_URL must begin with postgresql://.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
        "PORT": str(parts.port or ""),
    }
