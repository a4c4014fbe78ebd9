"""Worklist, participants, one participant."""

from collections.abc import Iterable
from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from enrollment.codelists.arm import ARM
from enrollment.codelists.disease import TXTYPE
from prtras.accounts.access import AuthenticatedRequest, may, require, requires
from prtras.accounts.rights import Action
from prtras.codelists import CodeList
from prtras.crf import status
from prtras.crf.access import pages_visible_to, participant_for, participants_visible_to
from prtras.crf.models import FOLLOWED, STATES, CrfPage, Participant, Visit
from prtras.crf.registry import form_of, page_reason
from prtras.crf.schedule import SCHEDULE
from prtras.entry.idempotency import key_in
from prtras.exports.building import may_export
from prtras.labels import LANGUAGES, T
from prtras.review import inbox, readiness
from prtras.review.access import queries_visible_to
from prtras.review.holding import to_decide
from prtras.review.signing import pages_to_sign
from prtras.ui.frame import menu_of
from visits import casebook, ical, planning, timeline
from visits import worklist as work
from visits.appointments import to_come
from visits.codelists.deviations import DVCAT, DVSEV
from visits.sae.clock import clock_of
from visits.versions import planned_by

HOME = (
    (partial(may, action=Action.EDIT_PAGE), "visits:worklist"),
    (partial(may, action=Action.CLOSE_QUERY), "visits:review_worklist"),
    (may_export, "exports:index"),
    (partial(may, action=Action.SEE_POOLED), "analysis:dashboard"),
    (partial(may, action=Action.SEE_PAGES), "visits:participants"),
    (partial(may, action=Action.MANAGE_ACCOUNTS), "accounts:people"),
)


@login_required
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Each role starts where its work is."""
    for fits, address in HOME:
        if fits(request.user):
            return redirect(address)
    for entry in menu_of(request.user):
        return redirect(entry.url)
    return render(request, "403.html", status=403)


@requires(Action.SEE_PAGES)
def worklist(request: AuthenticatedRequest) -> HttpResponse:
    """What is due, what is asked, what was left off."""
    today = timezone.localdate()
    waiting, queries = work.open_queries(request.user)
    due, done = work.progress(request.user, today)
    context = {
        "today": today,
        "groups": work.visit_groups(request.user, today),
        "queries": queries,
        "open_queries": waiting,
        "drafts": work.my_drafts(request.user),
        "saes": [clock_of(event) for event in work.unreported_saes(request.user)],
        "on_study": work.on_study(request.user),
        "complete": 100 * done // due if due else None,
        "may_register": may(request.user, Action.REGISTER),
        "may_edit": may(request.user, Action.EDIT_PAGE),
    }
    if may(request.user, Action.SIGN):
        context |= {"signs": True, "to_sign": pages_to_sign(request.user).count()}
        context |= {"to_review": work.to_review(request.user), "serious": work.latest_serious(request.user)}
    return render(request, "visits/worklist.html", context)


@requires(Action.CLOSE_QUERY)
def review_worklist(request: AuthenticatedRequest) -> HttpResponse:
    """The data manager's home: queries by age, what to verify, deviations, how far from lock."""
    user = request.user
    pages = pages_visible_to(user)
    ages = inbox.ageing(user)
    context = {
        "ages": ages,
        "answered": sum(answered for _, _, _, answered in ages),
        "overdue": queries_visible_to(user).filter(state="open", due__lt=timezone.localdate()).count(),
        "to_verify": work.most_to_verify(user),
        "deviations": _with_reasons(work.deviations_to_complete(user)),
        "saes": [clock_of(event) for event in work.unreported_saes(user)],
        "totals": [(m, m.find(pages).count()) for m in readiness.MEASURES],
        "releases": to_decide(user).count(),
        "may_code": may(user, Action.CODE_TERMS),
    }
    return render(request, "visits/review_worklist.html", context)


def _with_reasons(pages: list[CrfPage]) -> list[tuple[CrfPage, T | None]]:
    return [(page, page_reason(page.reason_code)) for page in pages]


@requires(Action.SEE_PAGES)
def deviations(request: AuthenticatedRequest) -> HttpResponse:
    """Every deviation: drafted by a rule and still to be completed, or on record; by category and importance."""
    pages = pages_visible_to(request.user).filter(form="dv").exclude(state="void")
    category, state = request.GET.get("category", ""), request.GET.get("state", "")
    if category in DVCAT:
        pages = pages.filter(deviation__dv_cat=category)
    if state in ("expected", "submitted"):
        pages = pages.filter(state=state)
    ordered = pages.select_related("participant", "deviation").order_by("participant__number", "repeat")
    shown = Paginator(ordered.filter(Q(state="submitted") | Q(required=True)), 50).get_page(request.GET.get("page"))
    counted = pages.filter(state="submitted").values("deviation__dv_cat", "deviation__dv_sev").annotate(n=Count("pk"))
    summary = [(_text(DVCAT, row["deviation__dv_cat"]), _text(DVSEV, row["deviation__dv_sev"]), row["n"])
               for row in counted.order_by("-n")]  # fmt: skip
    context = {"shown": shown, "lines": [_deviation(page) for page in shown], "summary": summary}
    context |= {"categories": DVCAT.choices(), "category": category, "state": state}
    return render(request, "visits/deviations.html", context)


def _deviation(page: CrfPage) -> tuple[CrfPage, T | None, T | None, T | None]:
    """The page with what asked for it and, once it is filled, its category and importance."""
    stored = getattr(page, "deviation", None)
    category, importance = (_text(DVCAT, stored.dv_cat), _text(DVSEV, stored.dv_sev)) if stored else (None, None)
    return page, page_reason(page.reason_code), category, importance


def _text(codes: CodeList, code: str | None) -> T | None:
    return codes.text(code) if code else None


@requires(Action.SEE_PAGES)
def participants(request: AuthenticatedRequest) -> HttpResponse:
    """The participants of the reader's sites, with progress and queries."""
    state, sought = request.GET.get("state", ""), request.GET.get("q", "").strip()
    people = participants_visible_to(request.user)
    if state in STATES:
        people = people.filter(state=state)
    if sought:
        people = people.filter(Q(number__icontains=sought) | Q(screening_number__iexact=sought))
    shown = Paginator(people.order_by("number"), 50).get_page(request.GET.get("page"))
    listed = participants_visible_to(request.user).filter(pk__in=[p.pk for p in shown]).order_by("number")
    rows = listed.annotate(
        done=Count("pages", filter=Q(pages__state="submitted"), distinct=True),
        queried=Count("pages__queries", filter=Q(pages__queries__state="open"), distinct=True),
    )
    lines = [(row, STATES.text(row.state), _text(ARM, row.arm)) for row in rows]
    context: dict[str, object] = {"shown": shown, "lines": lines, "may_register": may(request.user, Action.REGISTER)}
    context |= {"state": state, "sought": sought, "states": STATES.choices()}
    return render(request, "visits/participants.html", context)


@requires(Action.SEE_PAGES)
def find(request: AuthenticatedRequest) -> HttpResponse:
    """From what was typed in the search box to the participant, or to the list."""
    sought = request.GET.get("q", "").strip().upper()
    exact = participants_visible_to(request.user).filter(Q(number=sought) | Q(screening_number=sought)).first()
    if exact is None and sought.isdecimal() and len(sought) < 5:
        exact = participants_visible_to(request.user).filter(number__endswith=f"-{int(sought):03d}").first()
    if exact is not None:
        return redirect("visits:participant", number=exact.number)
    return redirect(f"{reverse('visits:participants')}?{urlencode({'q': sought})}")


@login_required
def participant(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """One participant's casebook."""
    person = participant_for(request.user, number)
    today = timezone.localdate()
    story = casebook.story(person)
    matrix = casebook.matrix(person, request.user, today)
    visits = [column.visit for column in matrix["columns"]]
    upcoming = [v for v in visits if v.state == "planned" and v.closes and v.closes >= today]
    context = matrix | {
        "participant": person,
        "state": STATES.text(person.state),
        "arm": _text(ARM, person.arm),
        "treatment": _text(TXTYPE, story.treatment),
        "story": story,
        "timeline": timeline.draw(person, visits, story, today),
        "next_visit": upcoming[0] if upcoming else None,
        "legend": status.ALL,
        "editable": may(request.user, Action.EDIT_PAGE, person.site) and not person.hold,
        "may_hold": may(request.user, Action.HOLD, person.site),
        "may_sign": may(request.user, Action.SIGN, person.site),
        "may_trail": may(request.user, Action.SEE_TRAIL, person.site),
        "neighbours": _neighbours(request, number),
    }
    return render(request, "visits/participant.html", context)


@login_required
def calendar(request: AuthenticatedRequest, number: str, language: str) -> HttpResponse:
    """The visits to come, for the participant's own calendar."""
    person = participant_for(request.user, number)
    if language not in LANGUAGES:
        raise Http404
    text = ical.calendar(person, _expected(person), LANGUAGES[language], timezone.now())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="PRTRAS-001-{person.number}.ics"'
    return answer


@login_required
def appointments(request: AuthenticatedRequest, number: str, language: str) -> HttpResponse:
    """The same visits on paper, for the participant to take home, in their language."""
    person = participant_for(request.user, number)
    if language not in LANGUAGES:
        raise Http404
    with translation.override(LANGUAGES[language]):
        context = {
            "participant": person,
            "appointments": to_come(_expected(person), person.pages.all(), timezone.localdate()),
            "other_language": next(other for other in LANGUAGES if other != language),
        }
        return render(request, "visits/calendar.html", context)


def _expected(person: Participant) -> Iterable[Visit]:
    """Who is not followed any more has no visits to come."""
    return person.visits.all() if person.state in FOLLOWED else ()


@requires(Action.SEE_PAGES)
def schedule(request: AuthenticatedRequest) -> HttpResponse:
    """The schedule of assessments, newest version first, with how many visits each version planned."""
    versions = [(each, planned_by(each, request.user)) for each in reversed(list(SCHEDULE))]
    return render(request, "visits/schedule.html", {"versions": versions, "newest": SCHEDULE.newest.version})


def _neighbours(request: AuthenticatedRequest, number: str) -> tuple[str | None, str | None]:
    visible = participants_visible_to(request.user)
    before = visible.filter(number__lt=number).order_by("-number").values_list("number", flat=True).first()
    after = visible.filter(number__gt=number).order_by("number").values_list("number", flat=True).first()
    return before, after


@login_required
@require_POST
def add(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """A further page: another adverse event, a recurrence, an unscheduled visit."""
    person = participant_for(request.user, number)
    require(request.user, Action.EDIT_PAGE, person.site)
    what = request.POST.get("form", "")
    if person.hold:
        raise PermissionDenied("held")
    if what == "UNS":
        key = key_in(request.POST.get("key", ""))
        return redirect("entry:page", page_id=planning.add_unscheduled_page(person, user=request.user, key=key).id)
    try:
        form = form_of(what)
    except KeyError:
        raise Http404 from None
    if form.kind != "log" and form.code != "death":
        raise Http404
    return redirect("entry:page", page_id=planning.add_log_page(person, form.code, user=request.user).id)
