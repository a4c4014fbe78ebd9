"""Nothing outgrows its limit, every text has two languages, every form is wired: ratchets that a linter cannot see."""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from prtras.audit.installing import audited_models
from prtras.audit.kinds import all_kinds
from prtras.crf.items import Item
from prtras.crf.registry import Form, all_checks, all_forms
from prtras.crf.schedule import SCHEDULE
from prtras.entry.history import data_tables
from prtras.entry.page_view import WIDTHS, FieldView
from tests.packages import PRODUCT

ROOT = Path(__file__).resolve().parents[2]
LINES_OF_A_FILE, LINES_OF_A_FUNCTION, LINES_OF_A_VIEW, LINES_OF_A_TEMPLATE = 400, 50, 25, 150
#: Characters of a line of a template, a style sheet or a script.
LENGTH_OF_A_LINE = 140
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


def sources() -> Iterator[Path]:
    for package in PRODUCT:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_has_more_than_400_lines():
    assert [short(p) for p in sources() if len(p.read_text().splitlines()) > LINES_OF_A_FILE] == []


def test_no_function_has_more_than_50_lines_and_no_view_more_than_25():
    actual = []
    for path in sources():
        is_view = path.name.endswith("views.py") or path.parent.name == "views"
        limit = LINES_OF_A_VIEW if is_view else LINES_OF_A_FUNCTION
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > limit:
                    actual.append(f"{short(path)}:{node.name} has {lines}")
    assert actual == []


def test_every_public_thing_says_what_it_is():
    actual = []
    for path in sources():
        tree = ast.parse(path.read_text())
        if not ast.get_docstring(tree) and path.read_text().strip():
            actual.append(short(path))
        for node in tree.body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and not ast.get_docstring(node) and path.name not in EXEMPT_FROM_DOCSTRINGS:
                actual.append(f"{short(path)}:{node.name}")
    assert actual == []


#: Framework glue whose base class says what it is.
EXEMPT_FROM_DOCSTRINGS = {"apps.py", "items.py", "expressions.py", "rights.py", "models.py", *(
    f"{name}.py" for name in ("migrate", "verify_audit", "night_run", "analyse", "demo_cohort", "import_labs", "set_up")
)}  # fmt: skip


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_is_small_and_says_what_it_is(path):
    text = path.read_text()
    assert len(text.splitlines()) <= LINES_OF_A_TEMPLATE
    assert text.startswith("{#")


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_has_no_script_style_or_handler_of_its_own(path):
    assert not re.search(r"<style|<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_every_visible_text_of_a_template_has_both_languages(path):
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.S)
    long_text = re.compile(r"{% text\b[^%]*%}(.*?){% english %}(.*?){% endtext %}", re.S)
    for zh, en in re.findall(r'{% t "([^"]*)" "([^"]*)"', text) + long_text.findall(text):
        assert re.search(r"[\u4e00-\u9fff]", zh) or zh == en or not re.search(r"[a-zA-Z]{3}", zh), zh
        assert en
        assert not re.search(r"[\u4e00-\u9fff]", en), en
    text = re.sub(r"{% block \w+_class %}.*?{% endblock %}", "", long_text.sub("", text))
    bare = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", " ", text, flags=re.S)
    words = set(re.findall(r"[A-Za-z\u4e00-\u9fff]{2,}", bare)) - UNTRANSLATED
    assert words == set()


#: Names, units and statistics that are the same in both languages.
UNTRANSLATED = {
    "PRTRAS", "EDC", "NCT", "IIT", "SHA", "HR", "CI", "ESS", "NE", "KM", "df", "Alt", "Ctrl", "Enter", "中文",
    "English", "PDF", "CSV", "SVG", "amp", "nbsp", "middot",
}  # fmt: skip


def test_every_item_has_two_labels_and_every_section_knows_its_items():
    for form in all_forms():
        for items in (form.items, form.rows.items if form.rows else {}):
            for name, item in items.items():
                assert item.label.zh, (form.code, name)
                assert item.label.en, (form.code, name)
                assert item.kind not in ("code", "codes") or item.codes, (form.code, name)
        shown = [name for section in form.sections for name in section.items]
        assert len(shown) == len(set(shown))
        assert set(shown) <= set(form.items), form.code
        hidden = {n for n, item in form.items.items() if not item.derived} - set(shown)
        assert hidden == set(), form.code


def test_every_form_of_the_schedule_and_every_form_model_is_registered():
    codes = {form.code for form in all_forms()}
    for visit in SCHEDULE.visits.values():
        assert set(visit.required) | set(visit.optional) <= codes
    registered = {form.model for form in all_forms()} | {form.rows.model for form in all_forms() if form.rows}
    with_items = {model for model in apps.get_models() if any(isinstance(f, Item) for f in model._meta.get_fields())}
    assert with_items == registered


def declared(folder: str) -> Iterator[tuple[str, Any]]:
    """What the modules in this folder of every app of the study hold, by module and name; tuples one by one."""
    for path in sorted(path for app in PRODUCT[1:] for path in (ROOT / app / folder).glob("[!_]*.py")):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, value in vars(module).items():
            for each in value if isinstance(value, tuple) else (value,):
                yield f"{module.__name__}.{name}", each


def test_every_form_and_every_check_that_a_module_declares_is_registered():
    forms, checks = all_forms(), {check.id for check in all_checks()}
    loose = {name for name, each in declared("forms") if isinstance(each, Form) and each not in forms}
    loose |= {name for name, each in declared("checks") if name.endswith(".CHECKS") and each.id not in checks}
    assert loose == set(), "add them to FORMS or CHECKS of the package"


def test_every_model_is_in_the_models_of_its_app():
    own = {
        name: each
        for name, each in declared("models")
        if isinstance(each, type) and issubclass(each, Model) and each.__module__ == name.rpartition(".")[0]
    }
    packages = {name: importlib.import_module(f"{model._meta.app_label}.models") for name, model in own.items()}
    assert own
    missing = {name for name, model in own.items() if getattr(packages[name], model.__name__, None) is not model}
    assert missing == set(), "import them in models/__init__.py: makemigrations does not see them"


def test_every_version_of_the_schedule_names_forms_that_exist_and_no_form_of_a_visit_is_at_none():
    forms = {form.code: form for form in all_forms()}
    visits = [visit for schedule in SCHEDULE for visit in schedule.visits.values()]
    named = {code for v in visits for code in (*v.required, *v.optional, *(form for form, _ in v.conditional))}
    assert named <= set(forms)
    assert {code for code, form in forms.items() if form.kind == "visit"} - named == set()


def test_every_check_has_two_texts_and_a_place_on_its_form():
    ids = [check.id for check in all_checks()]
    assert len(ids) == len(set(ids)) > 100
    for check in all_checks():
        assert check.text.zh, check.id
        assert check.text.en, check.id
        assert check.looks_at, check.id


#: What is not the platform: medicine, the demo, and where platform and study are put together.
NOT_PLATFORM = ("prtras/clinical/", "prtras/demo/", "prtras/settings.py", "prtras/urls.py")
#: Codes of PRTRAS that mean something else in the platform. As the code of a form they may not stand there either.
HOMONYMS = {"visit": "a visit of a participant", "cm": "a unit", "path": "an element of an SVG drawing"}
#: Functions whose first argument is the code of a form.
BY_CODE = {"form_of", "holder_of", "records_of", "records", "value", "previous", "exists", "acts_after", "checks_of",
           "checks_about", "add_page", "_load", "_source"}  # fmt: skip


def platform() -> list[Path]:
    """The modules of the platform."""
    return [
        path for path in sources() if short(path).startswith("prtras/") and not short(path).startswith(NOT_PLATFORM)
    ]


def platform_pages() -> list[Path]:
    """Templates and scripts of the platform."""
    own = [path for path in TEMPLATES if path.relative_to(ROOT / "templates").parts[0] not in PRODUCT]
    return [*own, *sorted((ROOT / "static" / "js").glob("*.js"))]


def names_of_the_study() -> tuple[set[str], re.Pattern[str]]:
    """Codes of forms, rows and visits; and what names the study within a text: its addresses, tables and items."""
    forms = {form.code for form in all_forms()} | {form.rows.code for form in all_forms() if form.rows}
    visits = {code for schedule in SCHEDULE for code in schedule.visits}
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.app_label in PRODUCT]
    addresses = "|".join(PRODUCT)
    patterns = [
        rf"(?:{addresses}):[a-z_]+",
        rf"(?:{'|'.join(sorted(forms))})\.[a-z_]+",
        *(rf".*\b{t}\b.*" for t in tables),
    ]
    return forms | visits, re.compile("|".join(patterns), re.DOTALL)


def literals(tree: ast.AST) -> Iterator[str]:
    """Every text in the code of a module that is no docstring."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def as_codes(tree: ast.AST) -> Iterator[str]:
    """The texts that stand where the code of a form does: given as `form`, compared with it, or looked up by it."""
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in BY_CODE:
            parts = node.args[:1]
        elif isinstance(node, ast.keyword) and (node.arg or "").split("__")[-1] == "form":
            parts = [node.value]
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(getattr(side, "attr", getattr(side, "id", "")) in ("form", "code") for side in sides):
                parts = sides
        for part in parts:
            yield from literals(part)


def quoted(path: Path) -> list[str]:
    """The texts in quotes in a script, or in the tags of a template."""
    text = path.read_text()
    if path.suffix == ".html":
        text = " ".join(re.findall(r"{%.*?%}|{{.*?}}", re.sub(r"{#.*?#}", "", text, flags=re.DOTALL), re.DOTALL))
    return re.findall(r"""["']([^"'\n]*)["']""", text)


def test_the_platform_names_no_form_visit_table_or_address_of_the_study():
    codes, within = names_of_the_study()
    faults = []
    for path in platform():
        tree = ast.parse(path.read_text())
        named = {text for text in literals(tree) if text in codes - HOMONYMS.keys() or within.fullmatch(text)}
        faults += [f"{short(path)}: {text!r}" for text in sorted(named | (set(as_codes(tree)) & codes))]
    for path in platform_pages():
        texts = quoted(path)
        named = {text for text in texts if text in codes - HOMONYMS.keys() or within.fullmatch(text)}
        faults += [f"{short(path)}: {text!r}" for text in sorted(named)]
    assert faults == []


def test_the_platform_never_names_a_form_an_arm_or_mri():
    named = re.compile(r"\bMRI\b|LI-RADS|\bA2\b|Peg-IFN|PRTRAS-\d|NCT\d|enrollment\.|visits\.models|labs\.models")
    faults = [
        f"{short(path)}: {line.strip()}"
        for path in (*platform(), *platform_pages())
        for line in path.read_text().splitlines()
        if named.search(line)
    ]
    assert faults == []


def test_every_audited_table_is_data_or_belongs_to_a_kind_of_act():
    listed = [table for kind in all_kinds() for table in kind.tables]
    audited = {model._meta.db_table for model in audited_models()}
    assert len(listed) == len(set(listed))
    assert audited == set(listed) | set(data_tables())


#: Kinds of rows for which a rule of the trigger finds the participant, besides the columns `page` and `participant`.
PLACED_BY_THE_TRIGGER = {"participant", "message"}


def test_everybody_who_may_read_the_trail_finds_the_rows_of_every_audited_table():
    for model in audited_models():
        table, columns = model._meta.db_table, {field.name for field in model._meta.concrete_fields}
        about_someone = columns & {"page", "participant"} or {*model.trigger_arguments()[:1]} & PLACED_BY_THE_TRIGGER
        kind = next((kind for kind in all_kinds() if table in kind.tables), None)
        by_kind = kind is not None and (kind.conduct or table in kind.every_site)
        assert about_someone or by_kind, f"{table}: rows about no participant need a kind with conduct or every_site"


def test_foreign_keys_point_down():
    order = [
        "audit",
        "accounts",
        "files",
        "jobs",
        "crf",
        "coding",
        "review",
        "datacut",
        "entry",
        "trail",
        "paper",
        "exports",
        "api",
        "enrollment",
        "visits",
        "labs",
        "endpoint_review",
        "analysis",
    ]
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            here, there = model._meta.app_label, target._meta.app_label if target else ""
            if field.concrete and target and here in order and there in order:
                assert order.index(there) <= order.index(here), f"{model.__name__}.{field.name}"


@pytest.mark.parametrize("path", [*TEMPLATES, *STYLES, *SCRIPTS], ids=short)
def test_no_line_of_a_template_a_style_or_a_script_is_longer_than_140(path):
    assert [
        number for number, line in enumerate(path.read_text().splitlines(), 1) if len(line) > LENGTH_OF_A_LINE
    ] == []


def test_every_class_is_styled_or_named_as_a_hook():
    styled = classes_of_styles()
    begins = {name for name in classes_of_templates() if name.endswith("-")}
    loose = {name for name in begins if not any(each.startswith(name) for each in styled)}
    loose |= (classes_of_templates() | classes_of_code() | classes_of_scripts()) - begins - styled
    assert {name for name in loose if not HOOKS.fullmatch(name)} == set()


def test_every_style_is_used():
    used = classes_of_templates() | classes_of_code() | classes_of_scripts() | FROM_DATA
    begins = tuple(name for name in used if name.endswith("-"))
    assert {name for name in classes_of_styles() if name not in used and not name.startswith(begins)} == set()


#: Parts of charts, named for tests; their looks are attributes, which the PDF understands too. What curves share is
#: named after the chart's kind: `km-line`, and in the code `-line` behind it.
HOOKS = re.compile(
    r"(accrual|chart|course|flow|forest|gauge|km|love|mirror|progress|scatter|timeline|waterfall)(-[\w-]*)?|-[\w-]+"
)
#: Codes of data that are classes as they are.
FROM_DATA = {"HIGH", "LOW"}


def classes_of_styles() -> set[str]:
    texts = [re.sub(r'/\*.*?\*/|"[^"]*"', "", path.read_text(), flags=re.S) for path in STYLES]
    selectors = re.findall(r"([^{};]*){", "".join(texts))
    return {name for selector in selectors for name in re.findall(r"\.([A-Za-z][\w-]*)", selector)}


def classes_of_templates() -> set[str]:
    """Every class; of one that ends in a value, its beginning with the hyphen."""
    text = "".join(path.read_text() for path in TEMPLATES)
    values = re.findall(r'(?<![\w-])class="((?:[^"{]|{{.*?}}|{%.*?%})*)"', text)
    values += re.findall(r"{% block \w+_class %}(.*?){% endblock %}", text)
    values += [words.replace('"', " ") for words in re.findall(r"{% cycle (.*?) %}", text)]
    plain = [re.sub(r"{%.*?%}", " ", re.sub(r"(?<!-){{.*?}}", " ", value)) for value in values]
    return {word for value in plain for word in re.sub(r"{{.*?}}", " ", value).split()}


def classes_of_code() -> set[str]:
    """Classes of fields, and what charts and tags write."""
    classes = set(WIDTHS.values())
    marks = ast.parse(textwrap.dedent(inspect.getsource(FieldView.classes.fget)))
    classes |= strings(node for node in ast.walk(marks) if isinstance(node, ast.List))
    for path in sources():
        nodes = [*ast.walk(ast.parse(path.read_text()))]
        drawn = ("class_", "kind") if "charts" in path.parts else ()
        classes |= strings(node.value for node in nodes if isinstance(node, ast.keyword) and node.arg in drawn)
        for text in (n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)):
            classes |= {word for value in re.findall(r'class="([\w -]+)"', text) for word in value.split()}
    return classes


def strings(nodes: Iterable[ast.AST]) -> set[str]:
    constants = (n.value for node in nodes for n in ast.walk(node) if isinstance(n, ast.Constant))
    return {word for text in constants if isinstance(text, str) for word in text.split()}


def classes_of_scripts() -> set[str]:
    text = "".join(path.read_text() for path in SCRIPTS)
    selectors = re.findall(r'(?:querySelector(?:All)?|closest|matches)\("([^"]*)"\)', text)
    classes = {name for selector in selectors for name in re.findall(r"\.([A-Za-z][\w-]*)", selector)}
    return classes | set(re.findall(r'classList\.\w+\("([\w-]+)"', text))


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "js").glob("*.js")), ids=short)
def test_a_script_takes_every_address_from_the_page(path):
    """A `data-` attribute follows when an address changes; a literal does not."""
    assert re.findall(r"""["'`]/[a-z][^"'`]*["'`]""", path.read_text()) == []
