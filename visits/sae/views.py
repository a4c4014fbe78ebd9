"""Serious adverse events: the listing with its clocks, one event with its reports, what does not agree."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from prtras.accounts.access import AuthenticatedRequest, may, require, requires, sites_where
from prtras.accounts.models import Site
from prtras.accounts.rights import Action
from prtras.crf.access import pages_visible_to
from prtras.crf.dates import parse_date
from prtras.crf.study import protocol
from prtras.crf.typed_values import NOT_A_DATE
from prtras.files import storing
from prtras.files.tables import csv_for_people
from prtras.labels import LANGUAGES, T
from visits import tasks
from visits.models import ExpectedReaction, SaeReport
from visits.sae import expecting
from visits.sae.clock import clock_of
from visits.sae.e2b.case import missing
from visits.sae.expectedness import DRUGS, expectedness_of
from visits.sae.expecting import TermsRefused
from visits.sae.line_list import COLUMNS, lines_of, mismatches, serious_events
from visits.sae.reporting import KINDS, ReportRefused, file_name, request_report

SHOWN = 50


@requires(Action.SEE_PAGES)
def saes(request: AuthenticatedRequest) -> HttpResponse | FileResponse:
    """The line listing, those that wait for their report first in mind; as CSV too."""
    waiting, number = request.GET.get("state") == "waiting", request.GET.get("participant", "").strip()
    events = serious_events(request.user, waiting=waiting, number=number)
    if request.GET.get("format") == "csv":
        content = csv_for_people([str(column) for column in COLUMNS], (line.cells for line in lines_of(events)))
        stored = storing.store(content, user=request.user)
        return storing.serve(stored, protocol().file_name("sae-listing.csv"), user=request.user)
    shown = Paginator(events, SHOWN).get_page(request.GET.get("page"))
    context = {"shown": shown, "lines": list(lines_of(shown)), "columns": COLUMNS, "waiting": waiting, "number": number}
    context |= {"total": shown.paginator.count, "may_code": may(request.user, Action.CODE_TERMS)}
    return render(request, "visits/saes.html", context)


@requires(Action.SEE_PAGES)
def sae(request: AuthenticatedRequest, page_id: UUID) -> HttpResponse:
    """One serious event: its clock, its reports, and a new one. A POST asks for it."""
    page = get_object_or_404(pages_visible_to(request.user).select_related("adverseevent"), pk=page_id, form="ae")
    event = get_object_or_404(serious_events(request.user), page=page)
    context: dict[str, Any] = {"page": page, "event": event, "clock": clock_of(event), "kinds": KINDS.choices()}
    context["expectedness"] = list(expectedness_of(event))
    if request.method == "POST":
        kind, changes = request.POST.get("kind", ""), request.POST.get("changes", "")
        try:
            requested = request_report(page, kind, changes, user=request.user)
        except KeyError:
            raise Http404 from None
        except ReportRefused as refused:
            return render(request, "visits/sae.html", context | _reports(request, page)
                          | {"problem": refused.text, "kind": kind, "changes": changes}, status=422)  # fmt: skip
        tasks.write_sae_report.delay_on_commit(str(requested.pk))
        return redirect("visits:sae", page_id=page.pk)
    return render(request, "visits/sae.html", context | _reports(request, page))


def _reports(request: AuthenticatedRequest, page: Any) -> dict[str, Any]:
    """The reports of an event, whether the reader may add one, and what its ICSR still lacks."""
    site = page.participant.site
    reports = [
        (each, KINDS.text(each.kind), [T(*text) for text in each.e2b_missing])
        for each in page.sae_reports.select_related("requested_by").order_by("number")
    ]
    kind = "followup" if any(each.status != "failed" for each, *_ in reports) else "initial"
    editable = may(request.user, Action.EDIT_PAGE, site) or may(request.user, Action.SIGN, site)
    working = any(each.open for each, *_ in reports)
    shown = {"reports": reports, "kind": kind, "editable": editable, "working": working}
    return shown | {"missing": missing(page) if editable else []}


@requires(Action.SEE_PAGES)
def sae_report(request: AuthenticatedRequest, report_id: UUID, language: str) -> FileResponse:
    """A report as PDF."""
    reports = SaeReport.objects.filter(page__in=pages_visible_to(request.user), status="done")
    report = get_object_or_404(reports.select_related("page__participant", "file_zh", "file_en"), pk=report_id)
    stored = report.file_en if language == "en" else report.file_zh
    if language not in LANGUAGES or stored is None:
        raise Http404
    return storing.serve(stored, file_name(report, f"{language}.pdf"), user=request.user, inline=True)


@requires(Action.SEE_PAGES)
def sae_case(request: AuthenticatedRequest, report_id: UUID, format: str) -> FileResponse:
    """A report as ICSR (ICH E2B(R3)), XML or JSON."""
    reports = SaeReport.objects.filter(page__in=pages_visible_to(request.user), status="done")
    report = get_object_or_404(reports.select_related("page__participant", "e2b_xml", "e2b_json"), pk=report_id)
    stored = {"xml": report.e2b_xml, "json": report.e2b_json}.get(format)
    if stored is None:
        raise Http404
    return storing.serve(stored, file_name(report, f"e2b.{format}"), user=request.user)


@requires(Action.SEE_PAGES)
def reconciliation(request: AuthenticatedRequest) -> HttpResponse:
    """Where serious events, deaths, hospital stays and the end of study do not agree."""
    listed = mismatches(request.user)
    shown = Paginator(listed, SHOWN).get_page(request.GET.get("page"))
    return render(request, "visits/sae_reconciliation.html", {"shown": shown, "total": len(listed)})


@requires(Action.SEE_PAGES)
def expected(request: AuthenticatedRequest) -> HttpResponse:
    """The list of expected reactions; who signs puts terms on it and takes them off."""
    listed = ExpectedReaction.objects.filter(site__in=sites_where(request.user, Action.SEE_PAGES))
    context: dict[str, Any] = {"listed": [(each, DRUGS.text(each.drug)) for each in listed], "drugs": DRUGS.choices()}
    context["editable"] = may(request.user, Action.SIGN)
    if request.method != "POST":
        return render(request, "visits/expected.html", context)
    require(request.user, Action.SIGN)
    try:
        _change_list(request)
    except TermsRefused as refused:
        context |= {"problem": refused.text, "at": refused.item, "typed": request.POST}
        return render(request, "visits/expected.html", context, status=422)
    return redirect("visits:expected")


def _change_list(request: AuthenticatedRequest) -> None:
    """Put the typed terms on the list, or take one off. Raises PermissionDenied, TermsRefused."""
    if number := request.POST.get("end", ""):
        reaction = get_object_or_404(ExpectedReaction, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
        expecting.end_term(reaction, timezone.localdate(), user=request.user)
        return
    site = Site.objects.get(pk=sites_where(request.user, Action.SIGN)[0])
    typed = request.POST.get("valid_from", "").strip()
    try:
        day = parse_date(typed)
    except ValueError:
        raise TermsRefused("valid_from", NOT_A_DATE.format(typed=typed)) from None
    drug, terms = request.POST.get("drug", ""), request.POST.get("terms", "").splitlines()
    if drug not in DRUGS:
        raise Http404
    expecting.add_terms(site, drug, terms, request.POST.get("source", ""), day, user=request.user)
