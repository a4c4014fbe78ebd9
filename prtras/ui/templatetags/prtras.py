"""The few tags that templates need: a text in two languages, an icon, a date, the key of a form."""

from datetime import date, datetime
from uuid import uuid4

from django import template
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from prtras.labels import T
from prtras.ui import study_pages
from prtras.ui.icons import ICONS

register = template.Library()


@register.simple_tag
def t(zh: str, en: str, **values: object) -> str:
    """`{% t "访视" "Visit" %}`; `{name}` places are filled from the tag's arguments."""
    text = T(zh, en)
    return str(text.format(**values) if values else text)


class LongText(template.Node):
    """A text in two languages that fills several lines of a template."""

    def __init__(self, zh: str, en: str, values: dict[str, FilterExpression]) -> None:
        self.zh, self.en, self.values = zh, en, values

    def render(self, context: template.Context) -> SafeString:
        """The reader's language, escaped."""
        values = {name: value.resolve(context) for name, value in self.values.items()}
        return conditional_escape(t(self.zh, self.en, **values))


@register.tag("text")
def long_text(parser: Parser, token: Token) -> LongText:
    """`{% text n=rows %} 中文 {% english %} English {% endtext %}`: `t` for long texts; a line break is one space."""

    def until(end: str) -> str:
        nodes = parser.parse((end,))
        parser.delete_first_token()
        return " ".join(nodes.render(template.Context()).split())

    values = token_kwargs(token.split_contents()[1:], parser)
    return LongText(until("english"), until("endtext"), values)


@register.simple_tag
def new_key() -> str:
    """A key for one form that is shown: sent twice, it has one effect."""
    return str(uuid4())


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the sprite; always beside a text, so hidden from screen readers."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"no icon {name}")
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def sprite() -> SafeString:
    """Every symbol, once per page."""
    return mark_safe("".join(ICONS.values()))  # noqa: S308 - our own drawings


@register.simple_tag(takes_context=True)
def here(context: template.Context, *names: str) -> str:
    """`aria-current` for the part of the site in which the reader is."""
    match = getattr(context.get("request"), "resolver_match", None)
    place = match.view_name if match else ""
    return mark_safe(' aria-current="page"') if place in names else ""


@register.simple_tag
def participant_page(number: str) -> str:
    """The address of the study's page of a participant."""
    return study_pages.participant_page(number)


@register.filter
def zh(text: T) -> str:
    """The Chinese side of a text."""
    return text.zh


@register.filter
def other(text: T) -> str:
    """The side that the reader did not choose, for a gloss."""
    return text.zh if str(text) == text.en else text.en


@register.filter
def iso(value: date | datetime | str | None) -> str:
    """2026-11-23, or 2026-11-23 11:42 in the site's time zone; a dash for none (Django hands on "" for a.b of None)."""
    if value is None or isinstance(value, str):
        return "–"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat()


@register.filter
def zoned(value: datetime | None) -> str:
    """2026-11-23 11:42:05 +08:00: a moment to the second with its zone, as a signature needs it."""
    if value is None:
        return "–"
    text = timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S %z")
    return f"{text[:-2]}:{text[-2:]}"


@register.filter
def get(mapping: dict[object, object], key: object) -> object:
    """A value by key."""
    return mapping.get(key)


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, to loop over."""
    return text.split()


@register.filter
def pick(mapping: dict[str, object], names: str) -> list[object]:
    """The values of some keys, in order."""
    return [mapping[name] for name in names.split()]


@register.filter
def dashes(name: str) -> str:
    """A form name as it stands in an element's id."""
    return name.replace(".", "-")


@register.filter
def abs_value(number: int) -> int:
    """The number without its sign."""
    return abs(number)
