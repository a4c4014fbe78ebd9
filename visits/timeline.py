"""The participant's timeline as a chart: from facts and visits to marks. Reads nothing itself."""

from collections.abc import Sequence
from datetime import date, timedelta

from prtras.crf.models import Participant, Visit
from prtras.labels import T
from prtras.ui.charts import timeline as chart
from prtras.ui.charts.scales import month_ticks
from prtras.ui.charts.timeline_rows import VisitState
from visits.casebook import Story

#: Adverse events that are drawn, the gravest.
MOST = 6
STATES: dict[str, VisitState] = {"done": "done", "partial": "done", "missed": "missed"}


def draw(participant: Participant, visits: Sequence[Visit], story: Story, today: date) -> str:
    """The timeline SVG; empty before anything has a date."""
    dated = [v for v in visits if v.target and v.opens and v.closes and not v.code.startswith("S")]
    days = [d for d in (story.consented, story.treated, participant.anchor) if d] + [
        v.closes for v in dated if v.closes
    ]
    if not days:
        return ""
    first, last = min(days) - timedelta(days=20), max([*days, today]) + timedelta(days=20)
    return chart.participant_timeline(
        first=first,
        last=last,
        today=today,
        axis=month_ticks(first, last),
        visits=[_visit(v, today) for v in dated],
        milestones=_milestones(participant, story),
        free_until=_free(participant, story),
        adverse_events=adverse_events(story, first, last),
        texts=chart.Texts(
            str(T("{n} 的时间轴", "Timeline of {n}").format(n=participant.number)),
            str(
                T(
                    "访视窗、实际访视、治疗、复发与不良事件",
                    "Visit windows, visits, treatment, recurrence, adverse events",
                )
            ),
            str(T("今天", "Today")),
        ),
    )


def _visit(visit: Visit, today: date) -> chart.Visit:
    assert visit.opens
    assert visit.target
    assert visit.closes
    state = STATES.get(visit.state)
    if state is None:
        state = "overdue" if visit.closes < today else "due" if visit.opens <= today else "planned"
    return chart.Visit(visit.code, visit.opens, visit.target, visit.closes, state, visit.date)


def _milestones(participant: Participant, story: Story) -> list[chart.Milestone]:
    marks = []
    if story.treated:
        marks.append(chart.Milestone("treatment", story.treated, str(T("根治性治疗", "Radical treatment"))))
    if participant.anchor:
        marks.append(chart.Milestone("choice", participant.anchor, str(T("选择治疗组", "Arm chosen"))))
    if story.recurrence:
        marks.append(chart.Milestone("event", story.recurrence, str(T("复发", "Recurrence"))))
    if story.died:
        marks.append(chart.Milestone("event", story.died, str(T("死亡", "Death"))))
    return marks


def _free(participant: Participant, story: Story) -> chart.FreeUntil | None:
    until = story.recurrence or story.last_imaging
    if not (participant.anchor and until and until > participant.anchor):
        return None
    label = T("影像学无复发至 {day}", "recurrence-free on imaging to {day}").format(day=until.isoformat())
    return chart.FreeUntil(participant.anchor, until, str(label))


def adverse_events(story: Story, first: date, last: date, most: int = MOST) -> list[chart.AdverseEvent]:
    """The gravest that begin within the picture, each with the changes of its grade."""
    events = []
    for event in sorted(story.adverse_events, key=lambda event: event.severity or 0, reverse=True)[:most]:
        if event.ae_start is None or not first <= event.ae_start.earliest <= last:
            continue
        grade = event.severity
        words = T("死亡", "death") if grade == 5 else T(f"G{grade}", f"G{grade}") if grade else T("", "")
        end = event.ae_end.latest if event.ae_end else None
        label, changes = f"{event.ae_term} {words}".strip(), story.grades.get(event.page_id, ())
        events.append(chart.AdverseEvent(label, event.ae_start.earliest, grade, end, changes))
    return events
