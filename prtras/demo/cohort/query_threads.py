"""What is said about the cohort's findings: which query is answered, closed or still open today, by whom and when.

Decides; writes nothing. The older a query, the more likely someone has dealt with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from prtras.accounts.models import User
from prtras.demo.cohort.course import stream
from prtras.demo.cohort.people import Cast
from prtras.demo.cohort.reviewing import is_finished
from prtras.demo.cohort.stored_pages import Binder, Filled, at_work
from prtras.entry.nightly_checks import overdue_finding, overdue_since
from prtras.review.models import Query
from prtras.review.querying import ANSWER_WITHIN, new_query
from prtras.review.states import next_state

CONFIRMED = {
    "VIS-001": ("受试者出差,已与其电话确认,尽快补访", "节假日期间门诊停诊,顺延就诊"),
    "MRI-001": ("MRI检查需预约,延后完成", "设备维护,检查顺延"),
    "MRI-002": ("MRI设备故障,改行增强CT", "受试者幽闭恐惧,改行增强CT"),
    "LR-001": ("已与放射科复核,以阅片者分类为准",),
    "EXP-dth_ae_no": ("死于肝癌进展,无致死性不良事件",),
    "RAD-003": ("术后恢复较慢,推迟入组,已报告研究者",),
}
TRUE_AS_IT_STANDS = ("已核对检验报告单,结果无误", "已核对原始病历,数据无误", "与源文件一致")
ANSWERS = (
    "已核对源文件,数据无误。",
    "已联系受试者核实,情况属实。",
    "已核实,检查报告已归档。",
    "原始记录如此,已请研究者确认。",
)
CLOSINGS = ("同意,关闭。", "已核查源文件,接受解释。", "接受。")
QUESTIONS = (
    ("lbviro", "hbsag_raw", "请核对HBsAg定量报告原文与所录数值是否一致。"),
    ("visit", "visit_date", "门诊病历记录的就诊日期与此处不同,请核对。"),
    ("mri", "mri_read_date", "请确认阅片日期,报告单上未见签名日期。"),
    ("ae", "ae_rel_pg", "请补充相关性判定的依据。"),
    ("radtx", "complete_date", "请确认证实完全治疗的影像报告已归档。"),
    ("dm", "brthdat", "请核对出生日期与身份证件是否一致。"),
)
RAISED_BY_A_PERSON = 0.09
ONE_DAY = timedelta(days=1)


@dataclass
class Move:
    """One thing said in a thread."""

    author: User
    act: str
    text: str
    at: datetime


@dataclass
class Thread:
    """A query, when it was opened, and what was said since.

    `cured`: a correction of the value will close it.
    """

    query: Query
    opened_at: datetime
    cured: bool = False
    moves: list[Move] = field(default_factory=list)

    @property
    def state(self) -> str:
        """The state to which the moves bring the query."""
        state = self.query.state
        for move in self.moves:
            state = state if move.act == "ask" else next_state(state, move.act)
        return state


def threads_of(binder: Binder, today: date, cast: Cast) -> list[Thread]:
    """The queries of one participant, in the order of their pages."""
    rng = stream(f"{binder.seed}:{binder.participant.number}:threads")
    threads = [thread for filled in binder.filled for thread in _by_checks(rng, filled, today, cast)]
    threads += _by_monitor(rng, binder, today, cast)
    if is_finished(binder, today):
        _settle(rng, threads, today, cast)
    return threads + list(_overdue(binder, today, cast))


def _by_checks(rng: Random, filled: Filled, today: date, cast: Cast) -> Iterator[Thread]:
    page, author = filled.page, author_of(filled, cast)
    assert page.submitted_at
    for finding in {finding.key: finding for finding in filled.judged.questions}.values():
        opened, opener = page.submitted_at, author
        if finding.severity == "later":
            opened, opener = next_night(opened.date()), cast.system
        query = new_query(page, finding, opened.date(), user=opener)
        thread = Thread(query, opened, cured=filled.sheet.correction is not None)
        if finding.severity == "soft" and rng.random() < 0.45:
            why = rng.choice(CONFIRMED.get(finding.check, TRUE_AS_IT_STANDS))
            thread.moves.append(Move(author, "keep", why, page.submitted_at))
        if not thread.cured:
            _deal_with(rng, thread, today, cast)
        yield thread


def _overdue(binder: Binder, today: date, cast: Cast) -> Iterator[Thread]:
    """What a night of the past asked for: pages without data long after their window closed."""
    for page in binder.pages.values():
        since = overdue_since(page)
        if since and since < today:
            opened = next_night(since)
            yield Thread(new_query(page, overdue_finding(page), opened.date(), user=cast.system), opened)


def _settle(rng: Random, threads: list[Thread], today: date, cast: Cast) -> None:
    """A finished casebook leaves no question open."""
    for thread in threads:
        last = max([thread.opened_at, *(move.at for move in thread.moves)]).date()
        day = max(last + ONE_DAY, today - timedelta(days=rng.randint(3, 9)))
        state = "closed" if thread.cured else thread.state
        if state == "open":
            thread.moves.append(Move(cast.coordinator, "answer", rng.choice(ANSWERS), at_work(rng, day)))
        if state != "closed":
            thread.moves.append(Move(cast.monitor, "close", rng.choice(CLOSINGS), at_work(rng, day + ONE_DAY)))


def next_night(day: date) -> datetime:
    """When the checks run after a day."""
    return datetime.combine(day + ONE_DAY, time(1, 30), ZoneInfo(settings.TIME_ZONE))


def _by_monitor(rng: Random, binder: Binder, today: date, cast: Cast) -> Iterator[Thread]:
    """Now and then the monitor asks about something that no check can see."""
    if rng.random() >= RAISED_BY_A_PERSON:
        return
    form, place, text = rng.choice(QUESTIONS)
    for filled in reversed(binder.filled):
        opened = filled.sheet.entered + timedelta(days=rng.randint(3, 30))
        if filled.form.code == form and filled.judged.content.values.get(place) is not None and opened < today:
            query = Query(
                page=filled.page, place=place, opened_by=cast.monitor, text_zh=text, text_en=text,
                due=opened + ANSWER_WITHIN,
            )  # fmt: skip
            thread = Thread(query, at_work(rng, opened))
            thread.moves.append(Move(cast.monitor, "ask", text, thread.opened_at))
            _deal_with(rng, thread, today, cast)
            yield thread
            return


def _deal_with(rng: Random, thread: Thread, today: date, cast: Cast) -> None:
    """Answered after some days, closed after some more; what would happen today or later has not happened yet."""
    confirmed = bool(thread.moves) and thread.moves[-1].act == "keep"
    day = thread.opened_at.date()
    if not confirmed:
        day += timedelta(days=rng.randint(2, 21))
        if day >= today or rng.random() < 0.14:
            return
        thread.moves.append(Move(cast.coordinator, "answer", rng.choice(ANSWERS), at_work(rng, day)))
    day += timedelta(days=rng.randint(4, 30))
    if day < today and rng.random() < 0.9:
        thread.moves.append(Move(cast.monitor, "close", rng.choice(CLOSINGS), at_work(rng, day)))


def author_of(filled: Filled, cast: Cast) -> User:
    """Who filled the page."""
    return cast.investigator if filled.sheet.by == "investigator" else cast.coordinator
