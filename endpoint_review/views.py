"""The pages of the blind endpoint review. Nothing on them tells arm, doses, adverse events, names or numbers."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from endpoint_review import case_opening
from endpoint_review.case_packets import without_case
from endpoint_review.cases import CaseLine, case_for, changed_lines, line_for, lines_for, readings_shown, reviews
from endpoint_review.codelists import CATEGORY, CONFIDENCE, VERDICT
from endpoint_review.judgement import LONGEST_COMMENT, Judgement
from endpoint_review.packet import evaluable_days
from endpoint_review.packet_view import shown
from endpoint_review.readings import ReadingShown
from endpoint_review.rights import ADJUDICATE
from endpoint_review.signing import Incomplete, NotYours, sign_reading
from prtras.accounts.access import AuthenticatedRequest, may, requires
from prtras.accounts.reauthenticating import NotAuthenticated, reauthenticate
from prtras.accounts.second_factors import kinds_of
from prtras.labels import T
from prtras.review.signing import SigningRests
from prtras.ui import messages

SHOWN = 50
SIGNED = T("病例 {number}：已签名。", "Case {number}: signed.")
NOT_AUTHENTICATED = T("密码或验证码不正确，未签名。", "Incorrect password or code; nothing was signed.")
RESTS = T("您的电子签名已暂停，请在“我的账号”页确认。未签名。",
          "Your electronic signature is suspended; see “My account”. Nothing was signed.")  # fmt: skip
NOT_YOURS = T("该病例已不待您评审，未签名。", "This case no longer waits for you; nothing was signed.")
OPENED = T("已纳入 {n} 个病例。", "{n} cases opened.")
REOPENED = T("病例 {number}：已开放新一轮评审。", "Case {number}: another round is open.")
NOTHING_CHANGED = T("数据未变，无需重新评审。", "Nothing changed; there is nothing to read again.")
NO_REASON = T("请填写原因。", "Give the reason.")


@login_required
def cases(request: AuthenticatedRequest) -> HttpResponse:
    """What waits for the reader, all cases, or (to the adjudicator) those whose data changed."""
    _require_reviewer(request)
    adjudicates = may(request.user, ADJUDICATE)
    every = lines_for(request.user)
    state = request.GET.get("state", "")
    listed = [line for line in every if line.waits_for_me]
    if state == "all":
        listed = every
    elif state == "changed" and adjudicates:
        listed = changed_lines(every)
    context: dict[str, object] = {"shown": Paginator(listed, SHOWN).get_page(request.GET.get("page")), "state": state}
    context |= {"every": len(every), "to_do": sum(line.waits_for_me for line in every), "adjudicates": adjudicates}
    context["to_open"] = without_case(request.user).count() if adjudicates else 0
    return render(request, "endpoint_review/cases.html", context)


def _require_reviewer(request: AuthenticatedRequest) -> None:
    if not reviews(request.user):
        raise PermissionDenied


@login_required
def case(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """The packet of a case and what may be seen of its readings; a POST signs the reader's own."""
    _require_reviewer(request)
    line = line_for(request.user, case_for(request.user, number))
    if request.method == "GET":
        return _case(request, line, {}, None)
    judgement = _judgement(request)
    try:
        reauthenticate(request, request.POST)
        sign_reading(line.round, judgement, user=request.user)
    except NotAuthenticated:
        return _case(request, line, {"password": NOT_AUTHENTICATED}, judgement)
    except SigningRests:
        return _case(request, line, {"password": RESTS}, judgement)
    except NotYours:
        return _case(request, line, {"password": NOT_YOURS}, judgement)
    except Incomplete as incomplete:
        return _case(request, line, incomplete.problems, judgement)
    messages.success(request, SIGNED.format(number=number))
    return redirect("endpoint_review:cases")


def _judgement(request: AuthenticatedRequest) -> Judgement:
    verdict, category, confidence, comment, day = (
        request.POST.get(name, "").strip() for name in ("verdict", "category", "confidence", "comment", "day")
    )
    known = day.isdecimal() and len(day) < 6
    return Judgement(verdict, (int(day) if known else -1) if day else None, category, confidence, comment)


def _case(
    request: AuthenticatedRequest, line: CaseLine, problem: dict[str, T], judgement: Judgement | None
) -> HttpResponse:
    adjudicates = may(request.user, ADJUDICATE)
    readings = readings_shown(request.user, line, adjudicates=adjudicates)
    context: dict[str, object] = {"line": line, "packet": shown(line.round.packet), "problem": problem}
    context |= {"typed": judgement, "readings": [ReadingShown.of(each, user_id=request.user.pk) for each in readings]}
    context |= {"verdicts": VERDICT.choices(), "categories": CATEGORY.choices(), "confidences": CONFIDENCE.choices()}
    context |= {"days": evaluable_days(line.round.packet), "longest": LONGEST_COMMENT}
    context |= {"kinds": kinds_of(request.user), "changed": changed_lines([line]) if adjudicates else []}
    return render(request, "endpoint_review/case.html", context, status=422 if problem else 200)


@require_POST
@requires(ADJUDICATE)
def open_new(request: AuthenticatedRequest) -> HttpResponse:
    """Make cases of everybody who has an evaluable scan and is none yet."""
    messages.success(request, OPENED.format(n=case_opening.open_cases(user=request.user)))
    return redirect("endpoint_review:cases")


@require_POST
@requires(ADJUDICATE)
def reopen(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """Another round of a case whose data changed."""
    reopened = case_for(request.user, number)
    try:
        case_opening.reopen(reopened, request.POST.get("reason", "")[: case_opening.LONGEST_REASON], user=request.user)
    except case_opening.NoReason:
        messages.error(request, NO_REASON)
    except case_opening.NothingChanged:
        messages.error(request, NOTHING_CHANGED)
    else:
        messages.success(request, REOPENED.format(number=number))
    return redirect("endpoint_review:case", number=number)
