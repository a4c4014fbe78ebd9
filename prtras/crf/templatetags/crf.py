"""What templates call a page and the places on it."""

from django import template

from prtras.crf.models import CrfPage
from prtras.crf.registry import form_of
from prtras.labels import T

register = template.Library()


@register.filter
def form_title(page: CrfPage) -> T:
    """The title of the page's form, for a list."""
    return form_of(page.form).brief


@register.filter
def label_of(page: CrfPage, place: str) -> T:
    """What a place on the page is called."""
    return form_of(page.form).label_of(place)
