"""The form page: look, draft, submit."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from prtras.accounts.access import AuthenticatedRequest, signed_in
from prtras.accounts.models import User
from prtras.accounts.sessions import ended_by_itself, mark_of
from prtras.crf.access import page_for_edit, page_for_view, page_for_voiding
from prtras.crf.checks import Finding
from prtras.crf.content import stored_page
from prtras.crf.models import CrfPage
from prtras.crf.places import Place
from prtras.crf.planning import PageHeld
from prtras.crf.registry import Form, all_forms, form_of, offers_after
from prtras.entry import conflicts, drafting, unsent_posts, voiding
from prtras.entry.idempotency import key_in, page_done
from prtras.entry.models import Draft
from prtras.entry.page_context import browser_sent, page_context
from prtras.entry.page_view import PageNotes
from prtras.entry.parsing import read
from prtras.entry.remarks import VOID_LIMIT
from prtras.entry.saving import (
    AnswersEmptied,
    ChecksFailed,
    PageChanged,
    PageVoided,
    QuestionsOpen,
    ReasonsMissing,
    Saved,
    save_page,
)
from prtras.labels import T
from prtras.ui import messages
from prtras.ui.offers import offer
from prtras.ui.study_pages import participant_page

TYPING_LIFETIME = 24 * 3600
ALREADY_SAVED = T(
    "“{form}”此前已提交成功，没有重复保存。",
    "“{form}” had already been submitted: it was saved once, and not again.",
)
SAVED = T("“{form}”已提交。", "“{form}” has been submitted.")
HELD = T(
    "此页已冻结或锁定，未提交；您填写的内容已保存为草稿。",
    "The page is frozen or locked: nothing was submitted. What you typed has been saved as your draft.",
)
SENT_BACK = T(
    "会话结束后发送的内容已保存为草稿，请核对并再次提交。",
    "What you sent after your session had ended has been saved as a draft. Please check it and submit it again.",
)
ELSEWHERE = T(
    "您在另一窗口于 {at} 保存了不同的草稿，此处未自动保存。请点击“保存草稿”查看两者。",
    "You saved a different draft in another window at {at}; this one is not saved. Press “Save draft” to see both.",
)
QUERIED = T("新增 {n} 条质疑。", " {n} queries opened.")


def page(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """One page: GET shows it, POST submits it or keeps a draft. What is sent after a session's end is kept."""
    if not signed_in(request):
        return _keep_for_login(request, page_id)
    if request.method == "POST":
        return _submit(request, page_for_edit(request.user, page_id), browser_sent(request))
    shown_page = page_for_view(request.user, page_id)
    notes = PageNotes()
    answering = request.session.pop("answering", None)
    if answering and answering["page"] == str(shown_page.id):
        notes.given = {f"answer.{answering['query']}": answering["text"], f"reason.{answering['place']}": "QUERY"}
    return _render(request, shown_page, form_of(shown_page.form), notes=notes)


def _submit(request: AuthenticatedRequest, page: CrfPage, typed: dict[str, list[str]]) -> HttpResponse:
    """Carry out what was pressed; what was carried out before, or would overwrite another draft, is not."""
    if page_done(key_in(_last(typed, "key")), request.user) == page:
        messages.success(request, ALREADY_SAVED.format(form=form_of(page.form).brief))
        return HttpResponseRedirect(_next_address(page, typed))
    try:
        if _last(typed, "act") in ("draft", "discard"):
            return _draft_or_discard(request, page, typed)
        drafting.require_seen(page, typed, user=request.user, seen_revision=_revision(typed))
    except drafting.DraftChanged as changed:
        return _show_both_drafts(request, page, typed, changed.draft)
    return _save(request, page, typed)


def _save(request: AuthenticatedRequest, page: CrfPage, typed: dict[str, list[str]]) -> HttpResponse:
    form, version = form_of(page.form), _version(typed)
    submission = read(form, typed)
    if submission.problems:  # a code that left its list may stay where it is stored
        submission = read(form, typed, stored_page(page).content(with_voided=True))
    if submission.problems and page.version > version:  # perhaps only what someone else has replaced meanwhile
        return _keep_and_show_conflict(request, page, form, typed, version)
    if submission.problems:
        return _render(request, page, form, typed, PageNotes(problems=submission.problems), status=422)
    save = partial(save_page, page.id, user=request.user, seen_version=version, key=key_in(_last(typed, "key")))
    seen, emptied = (frozenset(_last(typed, name).split("|")) for name in ("shown", "emptied"))
    try:
        saved = save(submission.content, submission.remarks, seen_questions=seen, seen_emptied=emptied)
    except (ChecksFailed, ReasonsMissing, AnswersEmptied, QuestionsOpen) as refused:
        return _render(request, page, form, typed, _notes_of(refused), status=422)
    except (PageVoided, PageHeld) as closed:
        return _keep_as_draft(request, page, typed, version, held=isinstance(closed, PageHeld))
    except PageChanged as conflict:
        return _keep_and_show_conflict(request, conflict.page, form, typed, version)
    messages.success(request, str(_thanks(form, saved)))
    for offered in offers_after(page, request.user):
        offer(request, offered)
    return HttpResponseRedirect(_next_address(page, typed))


def _notes_of(refused: ChecksFailed | ReasonsMissing | AnswersEmptied | QuestionsOpen) -> PageNotes:
    """What the page shows beside the values when a save was refused."""
    match refused:
        case ChecksFailed(findings=findings):
            questions = refused.questions if refused.may_be_overridden else ()
            overridable = [finding for finding in findings if finding.overridable]
            return PageNotes(problems=_by_place(findings), overridable=overridable, questions=questions)
        case ReasonsMissing(changes=changes):
            return PageNotes(changes=changes)
        case AnswersEmptied():
            return PageNotes(emptying=True)
        case QuestionsOpen(findings=findings):
            return PageNotes(questions=findings)


def _last(typed: Mapping[str, list[str]], name: str) -> str:
    """The last text that a control sent."""
    return (typed.get(name) or [""])[-1]


def _keep_as_draft(
    request: AuthenticatedRequest, page: CrfPage, typed: dict[str, list[str]], version: int, *, held: bool
) -> HttpResponse:
    """The page was taken out, frozen or locked meanwhile: nothing is submitted, the typing stays as a draft."""
    drafting.keep_draft(page, typed, version, user=request.user)
    if not held:
        raise PermissionDenied
    messages.error(request, HELD)
    return redirect("entry:page", page_id=page.id)


def _draft_or_discard(request: AuthenticatedRequest, page: CrfPage, typed: dict[str, list[str]]) -> HttpResponse:
    if _last(typed, "act") == "discard":
        drafting.drop_draft(page, user=request.user)
    else:
        drafting.keep_draft(page, typed, _version(typed), user=request.user, seen_revision=_revision(typed))
        messages.success(request, T("草稿已保存。", "Draft saved."))
    return redirect("entry:page", page_id=page.id)


def _by_place(findings: tuple[Finding, ...]) -> dict[Place, T]:
    problems: dict[Place, T] = {}
    for finding in findings:
        problems[finding.place] = problems.get(finding.place, T("", "")) + finding.text
    return problems


def _thanks(form: Form, saved: Saved) -> T:
    if saved.repeated:
        return ALREADY_SAVED.format(form=form.brief)
    text = SAVED.format(form=form.brief)
    return text + QUERIED.format(n=len(saved.opened)) if saved.opened else text


def _next_address(current: CrfPage, typed: Mapping[str, list[str]]) -> str:
    """The next page of the same visit that still waits, else the participant."""
    if _last(typed, "act") == "next" and current.visit_id:
        waiting = CrfPage.objects.filter(visit=current.visit_id, state="expected").exclude(id=current.id)
        codes = [form.code for form in all_forms()]
        following = sorted(waiting, key=lambda page: codes.index(page.form))
        if following:
            return reverse("entry:page", args=[following[0].id])
    return participant_page(current.participant.number)


def _version(typed: Mapping[str, list[str]]) -> int:
    text = _last(typed, "version")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _revision(typed: Mapping[str, list[str]]) -> int | None:
    """Which draft of theirs the window showed: its revision, 0 for none; None when it does not say."""
    text = _last(typed, "draft")
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _render(
    request: AuthenticatedRequest,
    page: CrfPage,
    form: Form,
    typed: dict[str, list[str]] | None = None,
    notes: PageNotes | None = None,
    status: int = 200,
) -> HttpResponse:
    context = page_context(request.user, page, form, typed, notes or PageNotes())
    context["who"] = _who(request, page)
    if typed is not None:
        context["version"] = _version(typed)
    return render(request, "entry/page.html", context, status=status)


def _who(request: HttpRequest, page: CrfPage) -> str:
    """Who opened which page in which session: what is sent after its end can be kept for that person."""
    session = mark_of(request.session.session_key)
    return signing.dumps({"user": request.user.pk, "page": str(page.id), "session": session}, salt="typing")


def _keep_and_show_conflict(
    request: AuthenticatedRequest, page: CrfPage, form: Form, typed: dict[str, list[str]], version: int
) -> HttpResponse:
    """Someone else saved the page meanwhile: the typing stays as a draft, and both are shown."""
    drafting.keep_draft(page, typed, version, user=request.user)
    merged, clashes = conflicts.merge(page, form, typed, version)
    context = page_context(request.user, page, form, merged, PageNotes())
    context |= {"clashes": clashes, "version": page.version, "conflict": True}
    context["who"] = _who(request, page)
    return render(request, "entry/page.html", context, status=409)


def _show_both_drafts(
    request: AuthenticatedRequest, page: CrfPage, typed: dict[str, list[str]], draft: Draft
) -> HttpResponse:
    """Another window of the same person saved another draft: both are shown, and the next press decides."""
    form = form_of(page.form)
    context = page_context(request.user, page, form, typed, PageNotes())
    context |= {"clashes": conflicts.beside_draft(form, draft.typed, typed), "version": _version(typed)}
    context |= {"other_draft": draft, "who": _who(request, page)}
    return render(request, "entry/page.html", context, status=409)


def _keep_for_login(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """The session ended meanwhile: store what was sent, then ask for the password. A script keeps it itself."""
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=401)
    address = request.get_full_path()
    if request.method == "POST":
        try:
            who = signing.loads(request.POST.get("who", ""), salt="typing", max_age=TYPING_LIFETIME)
        except signing.BadSignature:
            who = None
        author = User.objects.filter(pk=who["user"], is_active=True).first() if who else None
        if author and who["page"] == str(page_id) and ended_by_itself(author, who["session"]):
            unsent_posts.store_post(page_for_edit(author, page_id), browser_sent(request), user=author)
    return HttpResponseRedirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': address})}")


def send_unsent_posts(request: AuthenticatedRequest) -> HttpResponse | None:
    """Signed in again: what was sent last after the session's end is sent on. What cannot pass as it is, and what was
    sent before that, waits as drafts.
    """
    posts = unsent_posts.stored_posts(request.user)
    for page, typed in posts[:-1]:
        drafting.keep_draft(page, typed, _version(typed), user=request.user)
    answer = _send_on(request, *posts[-1]) if posts else None
    unsent_posts.discard_posts(request.user)
    return answer


def _send_on(request: AuthenticatedRequest, page: CrfPage, typed: dict[str, list[str]]) -> HttpResponse | None:
    try:
        current = page_for_edit(request.user, page.id)
    except (Http404, PermissionDenied):
        return None
    answer = _submit(request, current, typed)
    if answer.status_code == 302:
        return answer
    drafting.keep_draft(current, typed, _version(typed), user=request.user)
    messages.warning(request, SENT_BACK)
    return redirect("entry:page", page_id=current.id)


@login_required
@require_POST
def void(request: AuthenticatedRequest, page_id: UUID) -> HttpResponse:
    """Entered in error, or after all not."""
    page = page_for_voiding(request.user, page_id)
    act = voiding.restore_page if request.POST.get("act") == "restore" else voiding.void_page
    try:
        act(page.id, request.POST.get("reason", "")[:VOID_LIMIT], user=request.user)
    except voiding.NoReason:
        messages.error(request, T("请填写原因。", "Please enter a reason."))
    except voiding.NotNow:
        messages.error(
            request, T("此页的当前状态不允许该操作。", "The current status of the page does not allow this.")
        )
    return redirect("entry:page", page_id=page.id)


@require_POST
def draft(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """The browser's own saving, two seconds after the last key; it also says who else is at this page."""
    if not signed_in(request):
        return HttpResponse(status=401)
    page = page_for_edit(request.user, page_id)
    typed = browser_sent(request)
    try:
        saved = drafting.keep_draft(page, typed, _version(typed), user=request.user, seen_revision=_revision(typed))
    except drafting.DraftChanged as changed:
        return JsonResponse({"text": str(ELSEWHERE.format(at=_clock(changed.draft)))}, status=409)
    others = " ".join(str(text) for text in drafting.at_page(page, request.user)[1])
    text = str(T("草稿已保存 {at}", "Draft saved {at}").format(at=_clock(saved)))
    return JsonResponse({"text": text, "revision": saved.revision, "others": others})


def _clock(draft: Draft) -> str:
    return timezone.localtime(draft.saved_at).strftime("%H:%M:%S")
