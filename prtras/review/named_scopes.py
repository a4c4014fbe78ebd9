"""What a request wants held: named by page, visit, participant or study; where the person may hold."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from prtras.accounts.access import require
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.crf.access import pages_visible_to, participant_for, visits_visible_to
from prtras.labels import T
from prtras.review import holding, readiness
from prtras.review.holding import Scope
from prtras.review.request_values import number_of, uuid_of

REFUSED = {
    holding.NoReason: T("请填写原因。", "Please enter a reason."),
    holding.StillFollowed: T(
        "仍在随访，可冻结，不能锁定。", "Follow-up is ongoing: you can freeze this, but not lock it."
    ),
    holding.NothingToDo: T(
        "无需处理：已处于该状态，或已有审批结果。", "Nothing to do: already in this state, or already decided."
    ),
}


def named_scope(user: User, *, page: str = "", visit: str = "", participant: str = "", study: str = "") -> Scope:
    """The first that is named, at a site where the person may hold. Raises Http404, PermissionDenied."""
    if page:
        scope = Scope(page=get_object_or_404(pages_visible_to(user), id=uuid_of(page)))
    elif visit:
        scope = Scope(visit=get_object_or_404(visits_visible_to(user), id=number_of(visit)))
    elif participant:
        scope = Scope(participant=participant_for(user, participant))
    elif study:
        if not holding.may_hold_study(user):
            raise PermissionDenied(Action.HOLD)
        return Scope()
    else:
        raise Http404
    assert scope.whose
    require(user, Action.HOLD, scope.whose.site)
    return scope


def why_not(unready: holding.NotReady) -> T:
    """What stands in the way of a lock, in words."""
    titles = {measure.code: measure.title for measure in readiness.MEASURES}
    text = T("尚不能锁定：", "Not ready to lock: ")
    for place, (code, count) in enumerate(unready.counts.items()):
        text = text + (T("、", ", ") if place else T("", "")) + titles[code] + T(f" {count}", f" {count}")
    return text
