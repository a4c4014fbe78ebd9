"""`docs/reference.md`: commands, settings, variables, forms, roles, addresses and edit checks, read from the code.

What the code cannot say, what a setting or a variable is for, stands here; a name without its words is an error.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.conf import global_settings, settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from docs.tables import HEAD, table
from prtras import env
from prtras.accounts.rights import GRANTS, RIGHTS, ROLE_TITLES, Action
from prtras.crf.checks import Check
from prtras.crf.general_rules import RULES
from prtras.crf.registry import all_checks, all_forms, checks_everywhere, holder_of
from prtras.crf.schedule import SCHEDULE
from tests.access.url_table import GET, LOGIN, POST, URLS, Url
from tests.packages import PRODUCT

#: Programs that are no management commands.
PROGRAMS = {
    "python -m prtras.demo": "The demo: everything in one process. `--port`.",
    "python -m prtras.clinical": "The calculators: `--list`, or a name; reads JSON from standard input.",
    "python -m benchmarks": "Our costs against baselines, in one run.",
    "python -m tests.faults": "Sixty kills, and a ledger of what was acknowledged. `--kills`, `--every`, `--seed`.",
    "python -m docs.generate": "Writes this page and [data-model](data-model.md).",
}

#: Settings that are neither Django's nor a library's, and what they are for.
OWN_SETTINGS = {
    "ROOT": "The folder of the checkout.",
    "ENVIRONMENT": "`demo`, `test` or `production`: the variable PRTRAS_ENV.",
    "PRODUCTION": "Is it production? Then nothing is guessed and everything is strict.",
    "VAR": "Where files, logs and the embedded servers' data are kept.",
    "DB_ROLE": "`owner` migrates, `app` serves ([0002](decisions/0002-two-database-roles.md)).",
    "APP_ROLE": "The name of the database role that serves; `migrate` gives it its rights.",
    "READER_ROLE": "The name of the database role that takes data cuts; `migrate` gives it its rights.",
    "REDIS_URL": "Celery's broker.",
    "STUDY_APPS": "The apps of PRTRAS-001; another study names its own.",
    "STUDY_TIMETABLE": "What Celery's beat starts for this study.",
    "PLATFORM_APPS": "The apps that every study has.",
    "PLATFORM_TIMETABLE": "What Celery's beat starts in every study.",
    "ICSR": "Sender and receiver of case safety reports: the variables PRTRAS_ICSR_*.",
    "SECOND_FACTOR": "Is a second factor asked of everyone?",
    "BEHIND_PROXY": "Is the browser's address the last one in X-Forwarded-For?",
    "FILES_FOLDER": "Where stored files lie, by their SHA-256.",
    "LAB_FOLDER": "Where a laboratory's system lays its files ([laboratory import](lab-import/README.md)).",
    "LAB_USER": "In whose name they are tried.",
    "SHEETS_FOLDER": "Where pictures of laboratory sheets lie, encrypted, until they are confirmed; in no backup.",
    "BACKUP_FOLDER": "Where backups go; empty: there are none.",
    "BACKUP_COPY": "A second place that is kept like it.",
    "BACKUP_RECIPIENT": "The key (age) for which backups are encrypted.",
    "BACKUP_IDENTITY": "Its private half, where this machine may decrypt.",
    "BACKUP_URL": "The server as a role that may replicate; empty: the embedded one.",
    "BACKUP_SPOOL": "Where a backup lies until it is encrypted.",
    "BACKUP_DAYS": "Days for which backups are kept.",
    "POSTGRES_BIN": "Where the programs of PostgreSQL are; empty: in the wheel.",
    "EXPORT_DAYS": "Days on which an export can be downloaded after it is done.",
    "SHEET_DAYS": "After how many days they are deleted at the latest.",
    "SIGNING_KEY": "The private key (Ed25519) that signs bundles; made beside the demo's data.",
    "UPLOADS_FOLDER": "Where uploaded bundles lie, encrypted, until they are checked; in no backup.",
    "API_REQUESTS_A_MINUTE": "How many requests a minute a token of the API may make ([limits](limits.md)).",
    "BUNDLE_LIMIT": "The same of a bundle that is to be checked.",
    "UPLOAD_LIMITS": "Pages that take larger files than others.",
    "UPLOAD_LIMIT": "The largest upload in bytes ([limits](limits.md)).",
}
#: Settings of Django that have no default there.
WITHOUT_DEFAULT = ("ROOT_URLCONF", "EMAIL_FILE_PATH")
LIBRARIES = {
    "CELERY_": "Celery",
    "CONTENT_SECURITY_POLICY": "django-csp",
    "WHITENOISE_": "WhiteNoise",
    "REST_FRAMEWORK": "Django REST framework",
    "SPECTACULAR_SETTINGS": "drf-spectacular",
}

#: Variables of the environment, where they are read, and what they are for.
VARIABLES = {
    "PRTRAS_ENV": "`demo` (where it is not set), `test` or `production`.",
    "CDISC_REFERENCE": "A folder with CDISC's own reference files: tests look at them where it is set.",
    "PRTRAS_VAR": "The folder for files, logs and embedded servers; `var` in the checkout where it is not set.",
    "PRTRAS_DB_ROLE": "`owner` or `app`. `manage.py` chooses the owner for commands that migrate; `app` otherwise.",
    "PRTRAS_APP_ROLE": "The name of the serving database role; `prtras_app` where it is not set.",
    "PRTRAS_READER_ROLE": "The name of the role that takes data cuts; `prtras_reader` where it is not set.",
    "PRTRAS_SECOND_FACTOR": "`yes` or `no`: a second factor for everyone; `yes` in production where it is not set.",
    "PRTRAS_LAB_FOLDER": "A folder for the files of laboratory systems, `SITE/MAPPING/file`; none where it is not set.",
    "PRTRAS_LAB_USER": "The username in whose name they are tried; a person with the right to import.",
    "PRTRAS_EXPORT_DAYS": "Days on which an export can be downloaded after it is done; 30 where it is not set.",
    "PRTRAS_FILES_FOLDER": "Where stored files lie; `files` in `PRTRAS_VAR` where it is not set.",
    "PRTRAS_BACKUP_FOLDER": "Where backups go ([backup and restore](operations/backup.md)); none where it is not set.",
    "PRTRAS_BACKUP_COPY": "A second folder that is kept like it.",
    "PRTRAS_BACKUP_RECIPIENT": "The key (age) for which backups are encrypted; none are made without it.",
    "PRTRAS_BACKUP_IDENTITY": "Its private half; needed here only for the nightly proof. Also as `..._FILE`.",
    "PRTRAS_BACKUP_URL": "The server as a role that may replicate; the embedded one where it is not set.",
    "PRTRAS_BACKUP_DAYS": "Days for which backups are kept; 35 where it is not set.",
    "PRTRAS_POSTGRES_BIN": "Where the programs of PostgreSQL are; those of the wheel where it is not set.",
    "BACKUP_PASSWORD": "The password of the role that copies the server (docker-compose.yml).",
    "BACKUP_FOLDER": "A folder of the machine for backups (docker-compose.yml); a volume where it is not set.",
    "PRTRAS_SHEET_DAYS": "Days after which a laboratory sheet that nobody confirmed is deleted; 7 where it is not set.",
    "PRTRAS_ICSR_SENDER": "Who sends case safety reports (ICH E2B(R3)), by identifier; without it there are none.",
    "PRTRAS_ICSR_RECEIVER": "The identifier of their receiver, as both agreed.",
    "PRTRAS_ICSR_ORGANISATION": "The name of the sender's organisation.",
    "PRTRAS_ICSR_SENDER_TYPE": "Its type by C.3.1 of the guide: `3` health professional, `6` other, and so on.",
    "PRTRAS_ORACLE": "Tests only: a folder with further reference values from R.",
    "DATABASE_URL": "`postgresql://user:password@host:port/name` of the serving role; must be set in production.",
    "DATABASE_OWNER_URL": "The same for the owner; must be set where production migrates, and nowhere else.",
    "DATABASE_READER_URL": "The same for the role that takes data cuts; must be set in production.",
    "REDIS_URL": "The broker; must be set in production.",
    "SECRET_KEY": "Signs sessions and encrypts second factors; must be set in production.",
    "PRTRAS_SIGNING_KEY": "Signs bundles: an Ed25519 key (PEM, or its base64 in one line); in production this or "
    "PRTRAS_SIGNING_KEY_FILE, the name of a file with it, must be set.",
    "ALLOWED_HOSTS": "The names under which people reach the page, separated by commas; must be set in production.",
    "EMAIL_HOST": "The hospital's mail server; `localhost` where it is not set.",
    "EMAIL_PORT": "Its port; 25 where it is not set.",
    "EMAIL_USER": "The account at the mail server; TLS is used when there is one.",
    "EMAIL_PASSWORD": "Its password.",
    "EMAIL_FROM": "The sender of every message; `prtras@localhost` where it is not set.",
    "POSTGRES_PASSWORD": "Compose only: the superuser of PostgreSQL, for backups.",
    "OWNER_PASSWORD": "Compose only: the role that owns the tables.",
    "APP_PASSWORD": "Compose only: the role that serves.",
    "READER_PASSWORD": "Compose only: the role that takes data cuts.",
    "WEB_PORT": "Compose only: where the page listens on this machine; 8000 where it is not set.",
}

#: The columns of `tests/access/url_table.py` that stand for a role. eve is a coordinator elsewhere.
WHO = {0: "coordinator", 1: "investigator", 2: "monitor", 3: "statistician", 4: "admin"}
NOBODY = 6


def page() -> str:
    """The whole page as Markdown."""
    parts = (_commands, _timetable, _settings, _variables, _roles, _addresses, _forms, _visits, _checks)
    lines = [HEAD, "", "# Reference", "", "Everything that has a name, read from the code by `make docs`.", ""]
    for part in parts:
        lines += [*part(), ""]
    return "\n".join(lines).rstrip() + "\n"


# -- Commands and settings ---------------------------------------------------------------------------


def commands() -> dict[str, BaseCommand]:
    """The management commands of ours, by name."""
    named = {name: app for name, app in get_commands().items() if isinstance(app, str) and app.split(".")[0] in PRODUCT}
    return {name: load_command_class(app, name) for name, app in sorted(named.items())}


def _commands() -> Iterator[str]:
    yield from ("## Commands", "", "Options in detail: `manage.py NAME --help`.", "")
    rows = [(f"`manage.py {name}`", command.help, ", ".join(_options(name, command)))
            for name, command in commands().items()]  # fmt: skip
    yield from table(("command", "what it does", "options"), [*rows, *((f"`{n}`", w, "") for n, w in PROGRAMS.items())])


def _options(name: str, command: BaseCommand) -> Iterator[str]:
    everywhere = {action.dest for action in BaseCommand().create_parser("manage.py", name)._actions}
    if name in ("migrate",):  # Django's own options are described there
        return
    for action in command.create_parser("manage.py", name)._actions:
        if action.dest not in everywhere:
            yield f"`{action.option_strings[0] if action.option_strings else action.dest.upper()}`"


def _timetable() -> Iterator[str]:
    yield from ("## What runs by itself", "", "Celery's beat, in the time zone Asia/Shanghai.", "")
    rows = [(name, f"`{each['task']}`", _moment(each["schedule"]))
            for name, each in settings.CELERY_BEAT_SCHEDULE.items()]  # fmt: skip
    yield from table(("what", "task", "when"), rows)


def _moment(schedule: object) -> str:
    hour, minute = getattr(schedule, "_orig_hour", "*"), getattr(schedule, "_orig_minute", "*")
    if str(hour) != "*":
        return f"every day at {int(hour):02d}:{int(minute):02d}"
    if str(minute) == "*":
        return "every minute"
    return f"every {minute[2:]} minutes" if str(minute).startswith("*/") else f"every hour at minute {minute}"


def settings_written() -> dict[str, str]:
    """What `settings.py` sets, as it is written there."""
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse((env.ROOT / "prtras" / "settings.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and target.id.isupper():
                    found[target.id] = ast.unparse(node.value)
    return found


def _settings() -> Iterator[str]:
    written = settings_written()
    yield from ("## Settings", "", "Our own:", "")
    ours = [name for name in written if not _of_django(name) and not _library(name)]
    yield from table(("setting", "what it is for"), [(f"`{name}`", OWN_SETTINGS[name]) for name in ours])
    yield from ("", "Of Django and of libraries, as `prtras/settings.py` writes them:", "")
    others = [name for name in written if name not in ours]
    yield from table(
        ("setting", "of", "value"), [(f"`{n}`", _library(n) or "Django", _short(written[n])) for n in others]
    )


def _of_django(name: str) -> bool:
    return hasattr(global_settings, name) or name in WITHOUT_DEFAULT


def _library(name: str) -> str:
    return next((library for prefix, library in LIBRARIES.items() if name.startswith(prefix)), "")


def _short(value: str) -> str:
    return f"`{value}`" if len(value) <= 70 else "see there"


def variables() -> set[str]:
    """Every variable of the environment that settings, compose file or our own code read."""
    read = re.compile(r"""(?:environ(?:\.get\(|\[)|env\.\w+\(|_database\()\s*["']([A-Z][A-Z0-9_]+)["']""")
    found = set()
    for folder in (*PRODUCT, "benchmarks", "tests"):
        for path in (env.ROOT / folder).rglob("*.py"):
            found |= set(read.findall(path.read_text(encoding="utf-8")))
    found |= set(re.findall(r"\$\{([A-Z_]+)", (env.ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    return {name for name in found if not name.startswith(("DJANGO_", "PYTEST_", "PATH"))}


def _variables() -> Iterator[str]:
    yield from ("## Variables of the environment", "", "What a hospital fills in stands in `.env.example`.", "")
    yield from table(("variable", "what it is for"), [(f"`{name}`", VARIABLES[name]) for name in sorted(variables())])


# -- People and pages --------------------------------------------------------------------------------


def _roles() -> Iterator[str]:
    yield from ("## Roles", "", "Anything that is not here is refused; `granted`: to a person by name.")
    yield from ("Source: `prtras/accounts/rights.py`. A study may add roles: [another study](another-study.md).", "")
    head = ("action", *(f"{ROLE_TITLES[role].en} (`{role}`)" for role in RIGHTS))
    own = sorted({action for rights in RIGHTS.values() for action in rights} - set(Action))
    yield from table(head, [(f"`{action}`", *(_right(role, action) for role in RIGHTS)) for action in (*Action, *own)])


def _right(role: str, action: str) -> str:
    if action in RIGHTS[role]:
        return "yes"
    return "granted" if action in GRANTS and role in GRANTS[action].roles else ""


def addresses() -> dict[str, str]:
    """The path of every address by its name."""
    return dict(_walk(get_resolver().url_patterns))


def _walk(patterns: Iterable[URLPattern | URLResolver], space: str = "", path: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner, path + str(pattern.pattern))
        else:
            yield f"{space}{pattern.name}", f"/{path}{pattern.pattern}"


def _addresses() -> Iterator[str]:
    yield from ("## Addresses", "", "Who gets there, by `tests/access/url_table.py`: there the investigator and the")
    yield "statistician have every grant, and a printout, an uploaded file or a factor is the coordinator's own."
    yield from ("Pages of another site do not exist for anybody.", "")
    rows = [(f"`{name}`", f"`{path}`", _who(name, GET), _who(name, POST)) for name, path in addresses().items()]
    yield from table(("name", "path", "opens it", "may send"), rows)


def _who(name: str, method: str) -> str:
    answers = [url for url in URLS if url.name == name and url.method == method]
    if any(_gets_there(url, NOBODY) for url in answers):
        return "everyone"
    people = [role for column, role in WHO.items() if any(_gets_there(url, column) for url in answers)]
    return "everyone signed in" if len(people) == len(WHO) else ", ".join(people)


def _gets_there(url: Url, column: int) -> bool:
    return url.expected[column] not in (LOGIN, 401, 403, 404, 405)


# -- The casebook ------------------------------------------------------------------------------------


def _forms() -> Iterator[str]:
    yield from ("## Forms", "", "`single`: once; `visit`: at visits; `log`: a page for each row.", "")
    rows = []
    for form in all_forms():
        repeating = f"`{form.rows.code}`" if form.rows else ""
        module = form.model.__module__
        rows.append(
            (f"`{form.code}`", form.title.en, form.title.zh, form.kind, repeating, f"`{module}.{form.model.__name__}`")
        )
    yield from table(("code", "title", "标题", "kind", "rows", "model"), rows)


def _visits() -> Iterator[str]:
    yield from ("## Visits", "", f"Version {SCHEDULE.newest.version} of the schedule; days after Day 0.", "")
    rows = []
    for visit in sorted(SCHEDULE.visits.values(), key=lambda visit: visit.position):
        conditional = (f"{code} (under a condition)" for code, _ in visit.conditional)
        days = "" if visit.first is None else f"{visit.first} to {visit.last}"
        rows.append((f"`{visit.code}`", visit.title.en, days, visit.arm, ", ".join((*visit.required, *conditional)),
                     ", ".join(visit.optional)))  # fmt: skip
    yield from table(("visit", "title", "window", "arm", "expected", "may be added"), rows)


def _checks() -> Iterator[str]:
    yield from (
        "## Edit checks",
        "",
        "`hard` refuses the page, `soft` asks change or keep, `later` waits for the night. The words and",
    )
    yield from ("conditions: *Checks* in the application, and the modules `checks` of each app.", "")
    rows = [(f"`{code}`", *(_ids(checks, severity) for severity in ("hard", "soft", "later")))
            for code, checks in _by_form().items()]  # fmt: skip
    yield from table(("form", "hard", "soft", "later"), rows)
    yield from ("", "On every form:", "")
    everywhere = {check.id: (check.severity, check.text) for check in checks_everywhere()} | RULES
    yield from table(("check", "severity", "text"), [(f"`{id}`", s, text.en) for id, (s, text) in everywhere.items()])


def _by_form() -> dict[str, list[Check]]:
    by_form: dict[str, list[Check]] = defaultdict(list)
    for form in all_forms():
        by_form[form.code] = []
    for check in all_checks():
        by_form[holder_of(check.form)[0].code].append(check)
    return {code: checks for code, checks in by_form.items() if checks}


def _ids(checks: Iterable[Check], severity: str) -> str:
    return " ".join(check.id for check in checks if check.severity == severity)
