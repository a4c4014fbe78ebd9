"""Acts that hold data still: freeze (for a while), lock (for good), release. The database refuses what they forbid.

A lock belongs to who set it. Another person may request its release; a second one, never the requester, grants it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from prtras.accounts.access import may, role_for, sites_where
from prtras.accounts.models import Membership, Site, User
from prtras.accounts.rights import Action, roles_that_may
from prtras.audit.acting import acting
from prtras.crf.models import FOLLOWED, CrfPage, Participant, Study, Visit
from prtras.review import readiness
from prtras.review.models import HoldAct


@dataclass(frozen=True)
class Scope:
    """What is held: one page, one visit, one participant, or (none of these) the study."""

    participant: Participant | None = None
    visit: Visit | None = None
    page: CrfPage | None = None

    def pages(self) -> QuerySet[CrfPage]:
        """Every page in it."""
        if self.page:
            return CrfPage.objects.filter(pk=self.page.pk)
        if self.visit:
            return CrfPage.objects.filter(visit=self.visit)
        return CrfPage.objects.filter(participant=self.participant) if self.participant else CrfPage.objects.all()

    @property
    def whose(self) -> Participant | None:
        """The participant in whose casebook it is; None for the study."""
        within = self.page or self.visit
        return within.participant if within else self.participant

    @property
    def columns(self) -> dict[str, object]:
        return {"participant": self.whose, "visit": self.visit, "page": self.page}


class NoReason(ValueError):
    """Nobody said why."""


class NotReady(Exception):
    """What stands in the way of a lock: how many pages, by measure."""

    def __init__(self, counts: dict[str, int]) -> None:
        super().__init__(", ".join(f"{code}: {count}" for code, count in counts.items()))
        self.counts = counts


class StillFollowed(Exception):
    """Pages are still to come: a participant in follow-up, or a study with one, can be frozen but not locked."""


class NothingToDo(Exception):
    """Everything is held like this already, or nothing is held."""


def hold(scope: Scope, kind: str, reason: str, *, user: User) -> HoldAct:
    """Freeze or lock what is in a scope. Raises NoReason, NotReady, StillFollowed (both for a lock), NothingToDo."""
    with acting(user, role=_role(scope, user), reason=_words(reason), source="hold"):
        pages = _locked_pages(scope)
        weaker = [page for page in pages if page.hold not in (kind, "locked")]
        if not weaker and not _widens(scope, kind):
            raise NothingToDo
        if kind == "locked":
            _refuse_unready(scope)
        CrfPage.objects.filter(pk__in=[p.pk for p in weaker]).update(hold=kind, held_by=user)
        _mark_whole(scope, kind)
        return HoldAct.objects.create(act=kind, reason=reason.strip(), by=user, pages=len(weaker), **scope.columns)


def release(scope: Scope, reason: str, *, user: User) -> HoldAct:
    """Let data be changed again, at once or (when someone else locked it) on a second person's word.

    Raises NoReason, NothingToDo.
    """
    with acting(user, role=_role(scope, user), reason=_words(reason), source="hold"):
        held = [page for page in _locked_pages(scope) if page.hold]
        if not held:
            raise NothingToDo
        act = HoldAct(act="release", reason=reason.strip(), by=user, pages=len(held), **scope.columns)
        if any(page.hold == "locked" and page.held_by_id != user.pk for page in held) and _others(scope, user):
            act.state = "requested"
        else:
            _let_go(scope, held)
        act.save()
    return act


def decide_release(act_id: int, *, grant: bool, user: User) -> HoldAct:
    """A second person grants or refuses a release. Raises NothingToDo for their own request, or one that is decided."""
    act = HoldAct.objects.select_related("participant", "visit__participant", "page__participant").get(id=act_id)
    scope = scope_of(act)
    with acting(user, role=_role(scope, user), reason=act.reason, source="hold"):
        held = [page for page in _locked_pages(scope) if page.hold]
        act = HoldAct.objects.select_for_update().get(id=act_id)
        if act.state != "requested" or act.by_id == user.pk:
            raise NothingToDo
        act.state, act.second, act.second_at = ("done" if grant else "refused"), user, timezone.now()
        if grant:
            _let_go(scope, held)
        act.save(update_fields=["state", "second", "second_at"])
    return act


def scope_of(act: HoldAct) -> Scope:
    """What an act on record was about; its participant is noted with a page or a visit as well."""
    if act.page or act.visit:
        return Scope(visit=act.visit, page=act.page)
    return Scope(participant=act.participant)


def _words(reason: str) -> str:
    if not reason.strip():
        raise NoReason
    return reason.strip()


def _role(scope: Scope, user: User) -> str:
    return role_for(user, Action.HOLD, scope.whose.site if scope.whose else None)


def _others(scope: Scope, user: User) -> bool:
    """Is there anyone else who could agree today?"""
    members = Membership.objects.filter(role__in=roles_that_may(Action.HOLD), user__is_active=True).exclude(user=user)
    if scope.whose is None:
        return any(may_hold_study(member.user) for member in members.select_related("user"))
    return any(may(member.user, Action.HOLD, scope.whose.site) for member in members.select_related("user"))


def _locked_pages(scope: Scope) -> list[CrfPage]:
    """The pages, held for this act; participants first, as every act on a page does."""
    people = Participant.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    list(people.filter(pk=scope.whose.pk) if scope.whose else people)
    return list(scope.pages().select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _widens(scope: Scope, kind: str) -> bool:
    """A whole casebook, or the study, of which all pages were held one by one."""
    if scope.page or scope.visit:
        return False
    whole = Participant.objects.filter(pk=scope.participant.pk) if scope.participant else Study.objects.all()
    return not whole.filter(hold__in=(kind, "locked")).exists()


def _refuse_unready(scope: Scope) -> None:
    if not (scope.page or scope.visit):
        people = Participant.objects.filter(state__in=FOLLOWED)
        if (people.filter(pk=scope.participant.pk) if scope.participant else people).exists():
            raise StillFollowed
    finds = {measure.code: measure.find for measure in readiness.MEASURES} | {"missing": readiness.unfilled}
    counts = {code: n for code, find in finds.items() if (n := find(scope.pages()).count())}
    if counts:
        raise NotReady(counts)


def _mark_whole(scope: Scope, kind: str) -> None:
    if scope.page or scope.visit:
        return
    people = Participant.objects.exclude(hold__in=(kind, "locked"))
    (people.filter(pk=scope.participant.pk) if scope.participant else people).update(hold=kind)
    if scope.participant is None:
        study, _ = Study.objects.get_or_create(pk=1)
        study.hold = kind
        study.save(update_fields=["hold"])


def _let_go(scope: Scope, held: Iterable[CrfPage]) -> None:
    """A casebook with a page that can be changed is not held as a whole any more; the study still takes nobody."""
    if scope.whose is None:
        Study.objects.exclude(hold="").update(hold="")
    people = Participant.objects.exclude(hold="")
    (people.filter(pk=scope.whose.pk) if scope.whose else people).update(hold="")
    CrfPage.objects.filter(pk__in=[page.pk for page in held]).update(hold="", held_by=None)


def may_hold_study(user: User) -> bool:
    """May this person hold the study, that is every site?"""
    return set(sites_where(user, Action.HOLD)) >= set(Site.objects.values_list("pk", flat=True))


def acts_visible_to(user: User) -> QuerySet[HoldAct]:
    """Freezes, locks and releases at the reader's sites, and those of the study."""
    visible = Q(participant__site__in=sites_where(user, Action.SEE_PAGES)) | Q(participant=None)
    return HoldAct.objects.filter(visible)


def requests_visible_to(user: User) -> QuerySet[HoldAct]:
    """Acts at sites where this person may hold, of the study only for who may hold that."""
    visible = Q(participant__site__in=sites_where(user, Action.HOLD))
    if may_hold_study(user):
        visible |= Q(participant=None)
    return HoldAct.objects.filter(visible)


def to_decide(user: User) -> QuerySet[HoldAct]:
    """Releases that wait for this person: requested by someone else, at sites where they may hold."""
    return requests_visible_to(user).filter(state="requested").exclude(by=user)
