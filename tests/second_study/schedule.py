"""Two visits, and one out of turn."""

from prtras.crf.schedule import PlannedVisit, Schedule
from prtras.labels import T

FIRST = PlannedVisit("V1", T("首次访视", "First visit"), 1, 0, 0, 7, required=("agree", "bp"))
SECOND = PlannedVisit("V2", T("第二次访视", "Second visit"), 2, 28, 21, 35, required=("bp",))
OUT_OF_TURN = PlannedVisit("X", T("额外访视", "Extra visit"), 3, required=("bp",))
VERSION_1 = Schedule("1", T("第一版", "First version"), {visit.code: visit for visit in (FIRST, SECOND, OUT_OF_TURN)})
