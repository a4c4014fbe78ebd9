"""The act that stores a cohort: everything or nothing, in bulk, with the audit trail on."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from django.db.models import Model

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.models import CrfPage, FormPage, FormRow, Participant, Visit
from prtras.crf.places import Place
from prtras.demo.cohort.blind_reviews import review_blind
from prtras.demo.cohort.people import Cast
from prtras.demo.cohort.query_threads import Move, Thread, author_of, threads_of
from prtras.demo.cohort.reviewing import review_finished
from prtras.demo.cohort.stored_pages import Binder, Filled, bind
from prtras.demo.cohort.typed_pages import Cohort, Correction
from prtras.entry.remarks import Remarks
from prtras.entry.saving import save_page
from prtras.review.models import Query, QueryMessage
from prtras.review.states import next_state

BATCH = 2000
SOURCE = "demo"
Tell = Callable[[str], None]


class CohortRefused(ValueError):
    """A page of the cohort contradicts a hard check; nothing was written."""


def write_cohort(cohort: Cohort, *, cast: Cast, tell: Tell = lambda message: None) -> dict[str, int]:
    """Store participants, visits, pages, values, queries; gives how many rows of each.

    Raises CohortRefused when a submitted page fails a hard check.
    """
    binders = []
    for place, story in enumerate(cohort.stories, start=1):
        binders.append(bind(story, cohort, cast.site))
        tell(f"{place}/{len(cohort.stories)} participants derived and checked")
    _refuse_contradictions(binders)
    threads = [thread for binder in binders for thread in threads_of(binder, cohort.today, cast)]
    with acting(cast.coordinator, source=SOURCE):
        counts = _write_casebooks(binders, cast, tell)
        counts["queries"] = _write_threads(threads, tell)
        counts["corrections"] = _correct(binders, cast.coordinator)
    counts["signed casebooks"] = review_finished(binders, cast=cast, today=cohort.today, tell=tell)
    counts["blind readings"] = review_blind(cast=cast, tell=tell)
    return counts


def _refuse_contradictions(binders: Iterable[Binder]) -> None:
    contradictions = [
        f"{filled.page.participant.number} {filled.form.code} {filled.sheet.visit}: {finding.key}"
        for binder in binders
        for filled in binder.filled
        for finding in filled.judged.refusals
    ]
    if contradictions:
        raise CohortRefused("; ".join(contradictions))


def _write_casebooks(binders: Sequence[Binder], cast: Cast, tell: Tell) -> dict[str, int]:
    filled = [page for binder in binders for page in binder.filled]
    waiting = [page for binder in binders for page in binder.pages.values() if not page.version]
    for page in filled:
        page.page.submitted_by = author_of(page, cast)
    tell(f"writing {len(binders)} participants")
    counts = {
        "participants": _store(Participant, [binder.participant for binder in binders]),
        "visits": _store(Visit, [visit for binder in binders for visit in binder.visits.values()]),
        "expected pages": _store(CrfPage, waiting),
        "submitted pages": 0,
        "rows": 0,
    }
    for author in (cast.coordinator, cast.investigator):
        own = [page for page in filled if page.page.submitted_by == author]
        tell(f"writing {len(own)} pages of {author.username}")
        with acting(author, source=SOURCE):
            counts["submitted pages"] += _store(CrfPage, [page.page for page in own])
            for model, rows in _by_model(map(_form_page, own)).items():
                _store(model, rows)
            for model, rows in _by_model(chain.from_iterable(map(_form_rows, own))).items():
                counts["rows"] += _store(model, rows)
    return counts


def _store(model: type[Model], rows: Sequence[Any]) -> int:
    model._default_manager.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _by_model(rows: Iterable[Model]) -> dict[type[Model], list[Model]]:
    grouped: dict[type[Model], list[Model]] = defaultdict(list)
    for row in rows:
        grouped[type(row)].append(row)
    return grouped


def _form_page(filled: Filled) -> FormPage:
    content = filled.judged.content
    return filled.form.model(page=filled.page, missing=content.missing_in(), **content.values)


def _form_rows(filled: Filled) -> Iterable[FormRow]:
    rows, content = filled.form.rows, filled.judged.content
    if rows is None:
        return
    for key, values in content.rows.items():
        columns = {name: values.get(name) for name in rows.items}
        yield rows.model(page=filled.page, row=rows.number_of(key), missing=content.missing_in(key), **columns)


def _write_threads(threads: Sequence[Thread], tell: Tell) -> int:
    """Queries as they were opened, then every answer and closing by the person who gave it."""
    tell(f"writing {len(threads)} queries")
    for author in {thread.query.opened_by: None for thread in threads}:
        own = [thread for thread in threads if thread.query.opened_by == author]
        with acting(author, source=SOURCE):
            _store(Query, [thread.query for thread in own])
            for thread in own:
                thread.query.opened_at = thread.query.changed_at = thread.opened_at
            _renew(Query, [thread.query for thread in own], ["opened_at", "changed_at"])
    for act in ("ask", "keep", "answer", "close"):
        moves = [(thread, move) for thread in threads for move in thread.moves if move.act == act]
        for author in {move.author: None for _, move in moves}:
            _say([(thread.query, move) for thread, move in moves if move.author == author], author)
    return len(threads)


def _say(moves: Sequence[tuple[Query, Move]], author: User) -> None:
    """Messages of one person, and the states to which they bring their queries."""
    messages = [QueryMessage(query=query, author=author, act=move.act, text=move.text) for query, move in moves]
    for query, move in moves:
        query.changed_at = move.at
        if move.act != "ask":
            query.state, query.accepted = next_state(query.state, move.act), move.act == "close"
    with acting(author, source=SOURCE):
        _store(QueryMessage, messages)
        for message, (_, move) in zip(messages, moves, strict=True):
            message.at = move.at
        _renew(QueryMessage, messages, ["at"])
        _renew(Query, [query for query, _ in moves], ["state", "accepted", "changed_at"])


def _renew(model: type[Model], rows: Sequence[Any], items: list[str]) -> None:
    """Set columns that the model fills with the present moment to the moment of the story."""
    model._default_manager.bulk_update(rows, items, batch_size=BATCH)


def _correct(binders: Iterable[Binder], coordinator: User) -> int:
    """Put typing errors right, each by the same act as on the screen, with its reason."""
    wrong = [
        (filled, filled.sheet.correction)
        for binder in binders
        for filled in binder.filled
        if filled.sheet.correction is not None
    ]
    for filled, correction in wrong:
        _put_right(filled, correction, coordinator)
    return len(wrong)


def _put_right(filled: Filled, correction: Correction, coordinator: User) -> None:
    place = Place.at(correction.item, correction.row)
    filled.content.put(place, correction.value)
    remarks = Remarks(reasons={place: correction.reason})
    version = filled.page.version
    save_page(filled.page.pk, filled.content, remarks, user=coordinator, seen_version=version, source=SOURCE)
