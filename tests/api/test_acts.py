"""Every act of a page has its twin in the API, or stands here with the reason why not."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from prtras.api.endpoint import Endpoint, Operation
from tests.access.url_table import ENDPOINTS, GET, POST, URLS

PERSON = "the person's own account and session"
ACCOUNTS = "nobody manages accounts by a program"
LATER = "no operation yet"
#: Acts of pages without a twin.
WITHOUT = {
    "accounts:sign_out": PERSON, "accounts:language": PERSON, "accounts:my_account": PERSON, "accounts:totp": PERSON,
    "accounts:sign_in": PERSON, "accounts:recovery": PERSON, "accounts:passkey_offer": PERSON,
    "accounts:add_passkey": PERSON, "accounts:end_factor": PERSON, "accounts:end_session": PERSON,
    "accounts:change_email": PERSON, "accounts:object": PERSON, "accounts:policies": PERSON, "accounts:tokens": PERSON,
    "accounts:revoke_token": PERSON, "accounts:revoke_token_of": ACCOUNTS, "accounts:access_review": ACCOUNTS,
    "accounts:people": ACCOUNTS, "accounts:switch": ACCOUNTS, "accounts:decide": ACCOUNTS,
    "entry:draft": "a draft is what a person has not submitted yet",
    "trail:data_review": "a person looks and signs off", "review:sign": "a signature is a person's",
    "api:schema": "it is the API",
    "exports:check": "a bundle is checked without the product: python -m prtras.exports.verify",
    "endpoint_review:open": "the blind review is read and signed by people",
    "endpoint_review:case": "the blind review is read and signed by people",
    "endpoint_review:reopen": "the blind review is read and signed by people",
    "paper:print_crf": LATER, "paper:print_casebook": LATER, "review:raise_many": LATER,
    "visits:sae": LATER, "visits:expected": LATER, "coding:index": LATER, "coding:releases": LATER,
    "coding:release": LATER, "labs:graded": LATER, "labs:ranges": LATER, "labs:range_preview": LATER,
    "labs:sheets": LATER, "labs:sheet": LATER, "analysis:again": LATER, "exports:cuts": LATER,
    "exports:compare_cuts": LATER,
}  # fmt: skip


def endpoints() -> Iterator[tuple[str, type[Endpoint]]]:
    """The classes behind the API's addresses, with their names."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, type[Endpoint]]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else prefix)
            elif isinstance(view := getattr(pattern.callback, "cls", None), type) and issubclass(view, Endpoint):
                yield f"{prefix}{pattern.name}", view

    return walk(get_resolver().url_patterns, "")


def operations() -> Iterator[tuple[str, str, Operation | None]]:
    """Every method of every endpoint, with what it says of itself."""
    for name, view in endpoints():
        for method in ("get", "post", "put", "patch", "delete"):
            if handler := getattr(view, method, None):
                yield name, method, getattr(handler, "operation", None)


def twins() -> set[str]:
    """The acts of pages that the API has."""
    return {act for _, _, described in operations() if described for act in described.acts}


def acts() -> set[str]:
    """The addresses of pages where a POST is something else than a look, and not refused to everybody."""
    answers = {(url.name, url.method): url.expected for url in URLS}
    listed = {url.name for url in URLS if {*answers[url.name, POST]} != {405}}
    return {name for name in listed if answers[name, GET] != answers[name, POST]}


def test_every_act_of_a_page_has_its_twin_or_a_reason():
    assert acts() - twins() - set(WITHOUT) == set(), "an act of a page without its operation"
    assert twins() & set(WITHOUT) == set(), "it has its operation now"
    assert (twins() | set(WITHOUT)) - {url.name for url in URLS} == set(), "an act that is gone"


def test_every_method_says_what_it_is_in_both_languages():
    assert {name for name, _ in endpoints()} == set(ENDPOINTS)
    for name, method, described in operations():
        assert described is not None, (name, method)
        assert described.title.zh, (name, method)
        assert described.title.en, (name, method)
