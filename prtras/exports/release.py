"""For what, for whom and where to a bundle leaves: what its request says. Pure but for the reader's language.

Recipient, purpose and country are asked because health data are sensitive: Personal Information Protection Law,
articles 28, 38 to 40 and 55; data that leave China need a filed standard contract, a certification or an assessment.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from prtras.codelists import CodeList
from prtras.exports.deidentification import PROFILES, SHARE, SITE
from prtras.labels import T

PURPOSES = CodeList(
    "EXPORT_PURPOSE",
    T("用途", "Purpose"),
    {
        "ANALYSIS": T("统计分析", "Statistical analysis"),
        "REVIEW": T("期中审阅", "Interim review"),
        "SAFETY": T("安全性审核", "Safety review"),
        "MANAGEMENT": T("数据管理与监查", "Data management and monitoring"),
        "AUTHORITY": T("提交监管部门或伦理委员会", "Submission to an authority or ethics committee"),
        "SHARING": T("数据共享", "Data sharing"),
        "ARCHIVE": T("归档", "Archiving"),
        "TRANSFER": T("迁移到其他系统", "Transfer to another system"),
    },
)
DESTINATIONS = CodeList(
    "EXPORT_DESTINATION",
    T("去向", "Destination"),
    {"CN": T("中国境内", "Within China"), "ABROAD": T("中国境外", "Outside China")},
)
LONGEST_RECIPIENT, LONGEST_FILING = 200, 60


@dataclass(frozen=True)
class Release:
    """What a request says of a bundle, as typed; `filing` is the number of the filing where it leaves China.

    `profile`: how it is de-identified (`prtras.exports.deidentification.PROFILES`).
    """

    purpose: str = ""
    recipient: str = ""
    destination: str = ""
    filing: str = ""
    profile: str = ""

    @classmethod
    def typed(cls, typed: Mapping[str, str]) -> "Release":
        """From the fields of a form or a request of the API."""
        return cls(**{name: typed.get(name, "").strip() for name in asdict(cls())})

    def problems(self) -> dict[str, T]:
        """What is wrong, by field; empty when the bundle may be requested."""
        wrong: dict[str, T] = {}
        if self.purpose not in PURPOSES.codes:
            wrong["purpose"] = T("请选择用途。", "Select a purpose.")
        if not _is_line(self.recipient, LONGEST_RECIPIENT):
            wrong["recipient"] = T("请填写接收人及其单位，最多200个字符。",
                                   "Enter the recipient and their institution, at most 200 characters.")  # fmt: skip
        if self.destination not in DESTINATIONS.codes:
            wrong["destination"] = T("请选择去向。", "Select a destination.")
        if self.destination == "ABROAD" and not _is_line(self.filing, LONGEST_FILING):
            wrong["filing"] = T(
                "数据出境须填写标准合同备案、认证或安全评估的编号，最多60个字符。",
                "Data that leave China need the number of the filed contract, certification or assessment, at most 60"
                " characters.",
            )
        if self.profile not in PROFILES.codes:
            wrong["profile"] = T("请选择去标识化方式。", "Select how the data are de-identified.")
        if self.destination == "ABROAD" and self.profile == SITE:
            wrong["profile"] = T("真实编号和日期的数据不得出境。", "Real numbers and dates do not leave China.")
        if self.purpose == "SHARING" and self.profile != SHARE:
            wrong["profile"] = T("数据共享须选择“对外共享”。", "Data that are shared take the profile for sharing.")
        if self.destination == "CN" and self.filing:
            wrong["filing"] = T("数据不出境时请留空。", "Leave it empty when the data stay in China.")
        return wrong


class NotAnswered(ValueError):
    """The request does not say for what and for whom; `problems` by field."""

    def __init__(self, problems: dict[str, T]) -> None:
        super().__init__("; ".join(f"{field}: {text.en}" for field, text in problems.items()))
        self.problems = problems


def _is_line(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and text.isprintable()
