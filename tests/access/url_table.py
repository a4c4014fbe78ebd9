"""Every URL x method x person -> what they get. Authority: product description, section 2.

`LOGIN` is a redirect to the sign-in page. What a person may not know of is 404; what they may see but not do is 403.
lin: coordinator, zhao: investigator (granted results by arm and export), wang: monitor, chen: statistician (granted
results by arm), adm: administrator, mei: endpoint reviewer, qin: endpoint adjudicator, eve: coordinator of another
site.
"""

from dataclasses import dataclass, field

PEOPLE = ("lin", "zhao", "wang", "chen", "adm", "mei", "qin", "eve", "anonymous")
LOGIN = "login"
GET, POST = "get", "post"


@dataclass(frozen=True)
class Url:
    """One name and method, what is sent, and the expected answer for each of PEOPLE."""

    name: str
    method: str
    expected: tuple[int | str, ...]
    sent: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.sent or ''}".strip()


NUMBERS = {"number": "no", "screening_number": "no"}
DRAFT, AE, WORDS = {"act": "draft"}, {"form": "ae"}, {"place": "icf_date", "text": "Please check."}
MESSAGE = {"text": "Checked."}
CANCEL, CHANGE = MESSAGE | {"act": "cancel"}, MESSAGE | {"act": "change"}
FREEZE, FREEZE_ALL = (
    {"act": "frozen", "reason": "Interim.", **what} for what in ({"participant": "01-001"}, {"study": "all"})
)
FEVER = {"form": "ae", "text": "Fever", "llt": "90000001"}
ANSWER, CLOSE, REOPEN = MESSAGE | {"act": "answer"}, MESSAGE | {"act": "close"}, MESSAGE | {"act": "reopen"}

ASSIGN = {"assignee": "lin", "due": "2030-01-01"}
#: Endpoints of the API. No session opens one; what a token opens is in tests/api/test_access.py.
ENDPOINTS = (
    "api:participants", "api:participant", "api:visits", "api:forms", "api:schedule", "api:pages", "api:page",
    "api:validate", "api:history", "api:void", "api:restore", "api:queries", "api:say", "api:changes", "api:exports",
    "api:verification", "api:holds", "api:decide", "api:assign", "api:close_many",
    "api:export", "api:export_file", "enrollment:api_registrations", "visits:api_pages", "labs:api_imports",
    "labs:api_import", "labs:api_commit", "analysis:api_runs", "analysis:api_run", "analysis:api_cancel",
    "analysis:api_numbers",
)  # fmt: skip

URLS = (
    #   name                    method   lin  zhao wang chen adm  mei  qin  eve  anonymous  sent
    Url("home",                   GET,  (302, 302, 302, 302, 302, 302, 302, 302, LOGIN)),
    Url("home",                   POST, (302, 302, 302, 302, 302, 302, 302, 302, LOGIN)),
    Url("accounts:sign_in",       GET,  (200, 200, 200, 200, 200, 200, 200, 200, 200)),
    Url("accounts:sign_in",       POST, (422, 422, 422, 422, 422, 422, 422, 422, 422)),
    Url("accounts:sign_out",      GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("accounts:sign_out",      POST, (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    Url("accounts:second_factor", GET,  (302, 302, 302, 302, 302, 302, 302, 302, 302)),  # no password before it
    Url("accounts:second_factor", POST, (302, 302, 302, 302, 302, 302, 302, 302, 302)),
    Url("accounts:invitation",    GET,  (404, 404, 404, 404, 404, 404, 404, 404, 404)),  # never given out
    Url("accounts:invitation",    POST, (404, 404, 404, 404, 404, 404, 404, 404, 404)),
    Url("accounts:session",       GET,  (200, 200, 200, 200, 200, 200, 200, 200, 200)),
    Url("accounts:session",       POST, (200, 200, 200, 200, 200, 200, 200, 200, 200)),
    Url("accounts:my_account",    GET,  (200, 200, 200, 200, 200, 200, 200, 200, LOGIN)),
    Url("accounts:my_account",    POST, (422, 422, 422, 422, 422, 422, 422, 422, LOGIN)),
    Url("accounts:totp",          GET,  (200, 200, 200, 200, 200, 200, 200, 200, LOGIN)),
    Url("accounts:totp",          POST, (422, 422, 422, 422, 422, 422, 422, 422, LOGIN)),
    Url("accounts:recovery",      GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("accounts:recovery",      POST, (302, 302, 302, 302, 302, 302, 302, 302, LOGIN)),
    Url("accounts:passkey_offer", GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("accounts:passkey_offer", POST, (200, 200, 200, 200, 200, 200, 200, 200, LOGIN)),
    Url("accounts:add_passkey",   GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("accounts:add_passkey",   POST, (302, 302, 302, 302, 302, 302, 302, 302, LOGIN)),
    Url("accounts:end_factor",    GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("accounts:end_factor",    POST, (302, 404, 404, 404, 404, 404, 404, 404, LOGIN)),  # lin's own
    Url("accounts:end_session",   GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("accounts:end_session",   POST, (302, 302, 302, 302, 302, 302, 302, 302, LOGIN)),  # ends one's own only
    Url("accounts:change_email",  GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("accounts:change_email",  POST, (302, 302, 302, 302, 302, 302, 302, 302, LOGIN)),  # no password: nothing
    Url("accounts:object",        GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("accounts:object",        POST, (302, 302, 302, 302, 302, 302, 302, 302, LOGIN)),  # the same
    Url("accounts:policies",      GET,  (200, 200, 200, 200, 200, 200, 200, 200, LOGIN)),
    Url("accounts:policies",      POST, (302, 302, 302, 302, 302, 302, 302, 302, LOGIN)),
    Url("accounts:access_review", GET,  (403, 403, 403, 403, 200, 403, 403, 403, LOGIN)),
    Url("accounts:access_review", POST, (403, 403, 403, 403, 422, 403, 403, 403, LOGIN)),
    Url("accounts:language",      GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("accounts:language",      POST, (302, 302, 302, 302, 302, 302, 302, 302, 302), {"language": "zh-hans"}),
    Url("accounts:tokens",        GET,  (200, 200, 200, 200, 200, 200, 200, 200, LOGIN)),
    Url("accounts:tokens",        POST, (422, 422, 422, 422, 422, 422, 422, 422, LOGIN)),  # without the password
    Url("accounts:revoke_token",  GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("accounts:revoke_token",  POST, (302, 404, 404, 404, 404, 404, 404, 404, LOGIN)),  # lin's own
    Url("accounts:revoke_token_of", GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("accounts:revoke_token_of", POST, (403, 403, 403, 403, 302, 403, 403, 403, LOGIN)),
    Url("api:docs",               GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("api:docs",               POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("api:schema",             GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("api:schema",             POST, (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("accounts:people",        GET,  (403, 403, 403, 403, 200, 403, 403, 403, LOGIN)),
    Url("accounts:people",        POST, (403, 403, 403, 403, 422, 403, 403, 403, LOGIN)),
    Url("accounts:switch",        GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("accounts:switch",        POST, (403, 403, 403, 403, 302, 403, 403, 403, LOGIN), {"act": "active"}),
    Url("accounts:decide",        GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("accounts:decide",        POST, (403, 403, 403, 403, 302, 403, 403, 403, LOGIN), {"act": "agree"}),
    Url("enrollment:register",    GET,  (200, 200, 403, 403, 403, 403, 403, 200, LOGIN)),
    Url("enrollment:register",    POST, (422, 422, 403, 403, 403, 403, 403, 422, LOGIN), NUMBERS),
    Url("enrollment:constants",   GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("enrollment:constants",   POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("enrollment:screening",   GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("enrollment:screening",   POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:worklist",        GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:worklist",        POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:review_worklist", GET,  (403, 403, 200, 403, 403, 403, 403, 403, LOGIN)),
    Url("visits:review_worklist", POST, (403, 403, 200, 403, 403, 403, 403, 403, LOGIN)),
    Url("visits:deviations",      GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:deviations",      POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:participants",    GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:participants",    POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:find",            GET,  (302, 302, 302, 302, 403, 403, 403, 302, LOGIN), {"q": "1"}),
    Url("visits:find",            POST, (302, 302, 302, 302, 403, 403, 403, 302, LOGIN)),
    Url("visits:participant",     GET,  (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("visits:participant",     POST, (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("visits:add",             GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("visits:add",             POST, (302, 302, 403, 403, 403, 403, 403, 404, LOGIN), AE),
    Url("entry:page",             GET,  (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("entry:page",             POST, (302, 302, 403, 403, 403, 403, 403, 404, LOGIN), DRAFT),
    Url("entry:draft",            GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("entry:draft",            POST, (200, 200, 403, 403, 403, 403, 403, 404, 401)),
    Url("trail:history",          GET,  (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("trail:history",          POST, (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("trail:list",             GET,  (200, 200, 200, 403, 200, 403, 403, 200, LOGIN)),
    Url("trail:list",             POST, (200, 200, 200, 403, 200, 403, 403, 200, LOGIN)),
    Url("trail:file",             GET,  (200, 200, 200, 403, 200, 403, 403, 200, LOGIN)),
    Url("trail:file",             POST, (200, 200, 200, 403, 200, 403, 403, 200, LOGIN)),
    Url("trail:data_review",      GET,  (403, 403, 200, 403, 403, 403, 403, 403, LOGIN)),
    Url("trail:data_review",      POST, (403, 403, 422, 403, 403, 403, 403, 403, LOGIN)),
    Url("entry:void",             GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("entry:void",             POST, (302, 302, 403, 403, 403, 403, 403, 404, LOGIN), {"reason": "Twice."}),
    Url("review:inbox",           GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("review:inbox",           POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("paper:print_crf",        GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("paper:print_crf",        POST, (302, 302, 302, 302, 403, 403, 403, 302, LOGIN)),
    Url("paper:print_casebook",   GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("paper:print_casebook",   POST, (302, 302, 302, 302, 403, 403, 403, 404, LOGIN)),
    Url("paper:printout",         GET,  (200, 404, 404, 404, 403, 403, 403, 404, LOGIN)),
    Url("paper:printout",         POST, (200, 404, 404, 404, 403, 403, 403, 404, LOGIN)),
    Url("visits:calendar",        GET,  (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("visits:calendar",        POST, (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("visits:appointments",    GET,  (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("visits:appointments",    POST, (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("visits:schedule",        GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:schedule",        POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("review:checks",          GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("review:checks",          POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("exports:dictionary",     GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("exports:dictionary",     POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("exports:dictionary_csv", GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("exports:dictionary_csv", POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("review:ask",             GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("review:ask",             POST, (403, 302, 302, 403, 403, 403, 403, 404, LOGIN), WORDS),
    Url("review:say",             GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("review:say",             POST, (302, 302, 403, 403, 404, 404, 404, 404, LOGIN), ANSWER),
    Url("review:say",             POST, (403, 403, 302, 403, 404, 404, 404, 404, LOGIN), CLOSE),
    Url("review:say",             POST, (403, 403, 302, 403, 404, 404, 404, 404, LOGIN), REOPEN),
    Url("review:say",             POST, (403, 403, 302, 403, 404, 404, 404, 404, LOGIN), CANCEL),
    Url("review:say",             POST, (302, 302, 403, 403, 404, 404, 404, 404, LOGIN), CHANGE),
    Url("review:assign",          GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("review:assign",         POST, (403, 302, 302, 403, 404, 404, 404, 404, LOGIN), ASSIGN),
    Url("review:close_many",      GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("review:close_many",      POST, (403, 403, 302, 403, 403, 403, 403, 403, LOGIN), {"query": "1"}),
    Url("review:raise_many",      GET,  (403, 200, 200, 403, 403, 403, 403, 403, LOGIN)),
    Url("review:raise_many",      POST, (403, 422, 422, 403, 403, 403, 403, 403, LOGIN)),
    Url("review:verify",          GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("review:verify",          POST, (403, 403, 302, 403, 403, 403, 403, 404, LOGIN), {"place": "", "version": "0"}),
    Url("review:hold",            GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("review:hold",            POST, (403, 403, 302, 403, 403, 403, 403, 404, LOGIN), FREEZE),
    Url("review:hold",            POST, (403, 403, 403, 403, 403, 403, 403, 403, LOGIN), FREEZE_ALL),  # of two sites
    Url("review:decide",          GET,  (405, 405, 405, 405, 405, 405, 405, 405, LOGIN)),
    Url("review:decide",          POST, (403, 403, 302, 403, 403, 403, 403, 403, LOGIN), {"act": "grant"}),
    Url("review:sign",            GET,  (403, 200, 403, 403, 403, 403, 403, 403, LOGIN)),
    Url("review:sign",            POST, (403, 422, 403, 403, 403, 403, 403, 403, LOGIN)),
    Url("review:readiness",       GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("review:readiness",       POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("review:ready_pages",     GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("review:ready_pages",     POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:saes",            GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:saes",            POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:sae",             GET,  (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("visits:sae",             POST, (404, 404, 403, 403, 403, 403, 403, 404, LOGIN)),  # without a type of report
    Url("visits:sae_report",      GET,  (404, 404, 404, 404, 403, 403, 403, 404, LOGIN)),  # it is not written yet
    Url("visits:sae_case",        GET,  (404, 404, 404, 404, 403, 403, 403, 404, LOGIN)),  # nor this
    Url("visits:sae_case",        POST, (404, 404, 404, 404, 403, 403, 403, 404, LOGIN)),
    Url("visits:sae_report",      POST, (404, 404, 404, 404, 403, 403, 403, 404, LOGIN)),
    Url("visits:expected",        GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:expected",        POST, (403, 422, 403, 403, 403, 403, 403, 403, LOGIN)),
    Url("visits:sae_reconciliation", GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("visits:sae_reconciliation", POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("entry:suggestions",      GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("entry:suggestions",      POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("labs:course",            GET,  (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("labs:course",            POST, (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("analysis:participant",   GET,  (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("analysis:participant",   POST, (200, 200, 200, 200, 403, 403, 403, 404, LOGIN)),
    Url("analysis:plan",          GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:plan",          POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:plan_pdf",      GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:plan_pdf",      POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("coding:index",           GET,  (403, 200, 200, 403, 403, 403, 403, 403, LOGIN)),
    Url("coding:index",           POST, (403, 404, 404, 403, 403, 403, 403, 403, LOGIN)),
    Url("coding:index",           POST, (403, 302, 302, 403, 403, 403, 403, 403, LOGIN), FEVER),
    Url("coding:term",            GET,  (403, 404, 404, 403, 403, 403, 403, 403, LOGIN)),
    Url("coding:term",            POST, (403, 404, 404, 403, 403, 403, 403, 403, LOGIN)),
    Url("coding:releases",        GET,  (403, 200, 200, 403, 403, 403, 403, 403, LOGIN)),
    Url("coding:releases",        POST, (403, 422, 422, 403, 403, 403, 403, 403, LOGIN)),
    Url("coding:release",         GET,  (403, 200, 200, 403, 403, 403, 403, 403, LOGIN)),
    Url("coding:release",         POST, (403, 302, 302, 403, 403, 403, 403, 403, LOGIN)),
    Url("labs:safety",            GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("labs:safety",            POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("labs:graded",            GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("labs:graded",            POST, (404, 404, 403, 403, 403, 403, 403, 404, LOGIN)),
    Url("labs:ranges",            GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("labs:ranges",            POST, (422, 422, 403, 403, 403, 403, 403, 422, LOGIN)),
    Url("labs:range_preview",     GET,  (200, 200, 403, 403, 403, 403, 403, 404, LOGIN)),
    Url("labs:range_preview",     POST, (302, 302, 403, 403, 403, 403, 403, 404, LOGIN)),
    Url("labs:import",            GET,  (200, 200, 403, 403, 403, 403, 403, 200, LOGIN)),
    Url("labs:import",            POST, (422, 422, 403, 403, 403, 403, 403, 422, LOGIN)),
    Url("labs:mapping",           GET,  (200, 404, 403, 403, 403, 403, 403, 404, LOGIN)),  # the file is lin's
    Url("labs:mapping",           POST, (422, 404, 403, 403, 403, 403, 403, 404, LOGIN)),
    Url("labs:report",            GET,  (200, 200, 403, 403, 403, 403, 403, 404, LOGIN)),
    Url("labs:report",            POST, (302, 302, 403, 403, 403, 403, 403, 404, LOGIN)),
    # With the optional reader (prtras-edc[ocr]); without it everybody gets 404: tests/labs/test_sheets.py
    Url("labs:sheets",            GET,  (200, 200, 403, 403, 403, 403, 403, 200, LOGIN)),
    Url("labs:sheets",            POST, (422, 422, 403, 403, 403, 403, 403, 422, LOGIN)),
    Url("labs:sheet",             GET,  (200, 200, 403, 403, 403, 403, 403, 404, LOGIN)),
    Url("labs:sheet",             POST, (422, 422, 403, 403, 403, 403, 403, 404, LOGIN)),
    Url("labs:sheet_picture",     GET,  (200, 200, 403, 403, 403, 403, 403, 404, LOGIN)),
    Url("labs:sheet_picture",     POST, (200, 200, 403, 403, 403, 403, 403, 404, LOGIN)),
    Url("labs:refused_lines",     GET,  (404, 404, 403, 403, 403, 403, 403, 404, LOGIN)),  # it is not done yet
    Url("labs:refused_lines",     POST, (404, 404, 403, 403, 403, 403, 403, 404, LOGIN)),
    Url("analysis:dashboard",     GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:dashboard",     POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:by_arm",        GET,  (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("analysis:by_arm",        POST, (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("analysis:runs",          GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:runs",          POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:start",         GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("analysis:start",         POST, (403, 302, 403, 302, 403, 403, 403, 403, LOGIN)),
    Url("analysis:output",        GET,  (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("analysis:output",        POST, (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("analysis:output_file",   GET,  (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("analysis:output_file",   POST, (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("analysis:run",           GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:run",           POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:cancel",        GET,  (403, 302, 403, 302, 403, 403, 403, 403, LOGIN)),  # it is over: back to the run
    Url("analysis:cancel",        POST, (403, 302, 403, 302, 403, 403, 403, 403, LOGIN)),
    Url("analysis:again",         GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("analysis:again",         POST, (403, 302, 403, 302, 403, 403, 403, 403, LOGIN)),
    Url("analysis:compare",       GET,  (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:compare",       POST, (200, 200, 200, 200, 403, 403, 403, 200, LOGIN)),
    Url("analysis:compare_csv",   GET,  (404, 404, 404, 404, 403, 403, 403, 404, LOGIN)),  # of no two runs
    Url("analysis:compare_csv",   POST, (404, 404, 404, 404, 403, 403, 403, 404, LOGIN)),
    Url("analysis:report",        GET,  (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("analysis:report",        POST, (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:index",          GET,  (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:index",          POST, (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:ask",            GET,  (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:ask",            POST, (403, 422, 403, 422, 403, 403, 403, 403, LOGIN)),  # for what is not said
    Url("exports:bundle",         GET,  (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:bundle",         POST, (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:download",       GET,  (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:download",       POST, (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:cuts",           GET,  (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:cuts",           POST, (403, 404, 403, 404, 403, 403, 403, 403, LOGIN)),  # names none that is there
    Url("exports:compare_cuts",   GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("exports:compare_cuts",   POST, (403, 404, 403, 404, 403, 403, 403, 403, LOGIN)),  # of no two that are there
    Url("exports:comparison",     GET,  (403, 404, 403, 200, 403, 403, 403, 403, LOGIN)),  # chen's
    Url("exports:comparison",     POST, (403, 404, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:comparison_file", GET,  (403, 404, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:comparison_file", POST, (403, 404, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("operations:alive",       GET,  (200, 200, 200, 200, 200, 200, 200, 200, 200)),
    Url("operations:alive",       POST, (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("operations:ready",       GET,  (503, 503, 503, 503, 503, 503, 503, 503, 503)),  # the tests have no broker
    Url("operations:ready",       POST, (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("operations:status",      GET,  (403, 403, 403, 403, 200, 403, 403, 403, LOGIN)),
    Url("operations:status",      POST, (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("exports:check",          GET,  (403, 200, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:check",          POST, (403, 422, 403, 422, 403, 403, 403, 403, LOGIN)),  # without a file
    Url("exports:checked",        GET,  (403, 404, 403, 200, 403, 403, 403, 403, LOGIN)),  # chen's
    Url("exports:checked",        POST, (403, 404, 403, 200, 403, 403, 403, 403, LOGIN)),
    Url("exports:signing_keys",   GET,  (403, 200, 403, 200, 200, 403, 403, 403, LOGIN)),
    Url("exports:signing_keys",   POST, (403, 200, 403, 200, 200, 403, 403, 403, LOGIN)),
    Url("endpoint_review:cases",  GET,  (403, 403, 403, 403, 403, 200, 200, 403, LOGIN)),
    Url("endpoint_review:cases",  POST, (403, 403, 403, 403, 403, 200, 200, 403, LOGIN)),
    Url("endpoint_review:open",   GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("endpoint_review:open",   POST, (403, 403, 403, 403, 403, 403, 302, 403, LOGIN)),
    Url("endpoint_review:case",   GET,  (403, 403, 403, 403, 403, 200, 200, 403, LOGIN)),
    Url("endpoint_review:case",   POST, (403, 403, 403, 403, 403, 422, 422, 403, LOGIN)),
    Url("endpoint_review:reopen", GET,  (405, 405, 405, 405, 405, 405, 405, 405, 405)),
    Url("endpoint_review:reopen", POST, (403, 403, 403, 403, 403, 403, 302, 403, LOGIN)),
    *(Url(name, method, (401,) * len(PEOPLE)) for name in ENDPOINTS for method in (GET, POST)),
)  # fmt: skip
