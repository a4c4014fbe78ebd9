"""Coding: what is to be coded with its suggestions, one term, and the releases of the dictionary."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from prtras.accounts.access import AuthenticatedRequest, requires, sites_where
from prtras.accounts.rights import Action
from prtras.coding.accepting import CodingRefused, accept, take_back
from prtras.coding.importing import effects_of, import_release, may_put_in_force, put_in_force
from prtras.coding.meddra_ascii import ReleaseRefused
from prtras.coding.models import Dictionary
from prtras.coding.open_terms import codings_visible_to, open_terms, suggest
from prtras.coding.releases import dictionary_in_force, terms_of
from prtras.crf.registry import form_of
from prtras.files.uploads import NO_FILE, too_large, was_too_large
from prtras.labels import T
from prtras.ui import messages

SHOWN = 25
LANGUAGES = {"zh": T("中文", "Chinese"), "en": T("英文", "English")}
CODED = T("已编码 {n} 条。", "{n} coded.")
WITHDRAWN = T("已撤回编码。", "The coding was taken back.")
CARRIED = T("已启用；{n} 条编码随版本更新。", "In force; {n} codings were carried on.")


@requires(Action.CODE_TERMS)
def index(request: AuthenticatedRequest) -> HttpResponse:
    """What is to be coded, or what is coded; a POST accepts a suggestion or takes a coding back."""
    if request.method == "POST":
        return _take_back(request) if "coding" in request.POST else _accept(request)
    dictionary = dictionary_in_force()
    terms = open_terms(request.user, dictionary) if dictionary else []
    codings = codings_visible_to(request.user)
    done = request.GET.get("state") == "coded"
    shown: Page[Any] = Paginator(codings if done else terms, SHOWN).get_page(request.GET.get("page"))
    if dictionary and not done:
        suggest(list(shown), dictionary, most=1)  # the list has room for the best
    context = {"dictionary": dictionary, "shown": shown, "done": done, "to_code": len(terms), "coded": codings.count()}
    return render(request, "coding/index.html", context)


@requires(Action.CODE_TERMS)
def term(request: AuthenticatedRequest) -> HttpResponse:
    """One text that is to be coded: where it stands, what is near, and a search."""
    form, text, typed = (request.GET.get(name, "").strip() for name in ("form", "text", "q"))
    dictionary = dictionary_in_force()
    terms = open_terms(request.user, dictionary, form, text) if dictionary and form and text else []
    if not terms or dictionary is None:
        raise Http404
    if not typed:
        suggest(terms, dictionary)
    near = terms_of(dictionary).search(typed) if typed else terms[0].near
    context = {"term": terms[0], "typed": typed, "near": near, "dictionary": dictionary}
    return render(request, "coding/term.html", context)


def _accept(request: AuthenticatedRequest) -> HttpResponse:
    """Code a text by the term that was chosen."""
    form, text, chosen = (request.POST.get(name, "") for name in ("form", "text", "llt"))
    if not (chosen.isdecimal() and len(chosen) < 10):
        raise Http404
    try:
        coded = accept(form_of(form).code, text, int(chosen), user=request.user)
    except KeyError:
        raise Http404 from None
    except CodingRefused as refused:
        messages.error(request, refused.text)
    else:
        messages.success(request, CODED.format(n=coded))
    return redirect("coding:index")


def _take_back(request: AuthenticatedRequest) -> HttpResponse:
    number = request.POST["coding"]
    codings = codings_visible_to(request.user).filter(pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
    if not codings:
        raise Http404
    try:
        take_back(codings, user=request.user)
    except CodingRefused as refused:
        messages.error(request, refused.text)
    else:
        messages.success(request, WITHDRAWN)
    return redirect("coding:index")


@requires(Action.CODE_TERMS)
def releases(request: AuthenticatedRequest) -> HttpResponse:
    """The releases that the site brought; a POST brings one."""
    if request.method == "POST":
        return _upload(request)
    return _releases(request)


def _releases(request: AuthenticatedRequest, problem: T | None = None) -> HttpResponse:
    listed = [
        (each, [LANGUAGES[language] for language in each.languages.split()])
        for each in Dictionary.objects.select_related("imported_by")
    ]
    context = {"releases": listed, "problem": problem}
    return render(request, "coding/releases.html", context, status=422 if problem else 200)


def _upload(request: AuthenticatedRequest) -> HttpResponse:
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return _releases(request, too_large(request) if was_too_large(request) else NO_FILE)
    try:
        dictionary = import_release(uploaded.read(), user=request.user)
    except ReleaseRefused as refused:
        return _releases(request, refused.text)
    return redirect("coding:release", dictionary_id=dictionary.pk)


@requires(Action.CODE_TERMS)
def release(request: AuthenticatedRequest, dictionary_id: int) -> HttpResponse:
    """What a release changes in the codings there are; a POST puts it in force."""
    dictionary = get_object_or_404(Dictionary, pk=dictionary_id)
    if request.method == "POST":
        messages.success(request, CARRIED.format(n=put_in_force(dictionary, user=request.user)))
        return redirect("coding:index")
    carried, concerned = effects_of(dictionary)
    sites = sites_where(request.user, Action.SEE_PAGES)
    context: dict[str, Any] = {"dictionary": dictionary, "carried": len(carried), "concerned": len(concerned)}
    context["listed"] = [each for each in concerned if each.coding.page.participant.site_id in sites]
    context["languages"] = [LANGUAGES[language] for language in dictionary.languages.split()]
    return render(request, "coding/release.html", context | {"may_take": may_put_in_force(request.user)})
