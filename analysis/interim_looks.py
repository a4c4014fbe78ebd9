"""Whether the plan was changed after somebody had first looked at results by arm. Reads; decides nothing."""

from django.utils import timezone

from analysis.plan_items import Change, changed_after
from prtras.accounts.models import ArmView


def plan_changed_after_a_look() -> Change | None:
    """The newest version of the plan, if it is younger than the first look on record."""
    first = ArmView.objects.order_by("pk").values_list("at", flat=True).first()
    return changed_after([timezone.localdate(first)] if first else [])
