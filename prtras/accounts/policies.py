"""What a person has to have read, and been trained in, before they work here."""

from dataclasses import dataclass

from prtras.labels import T


@dataclass(frozen=True)
class Policy:
    """One text that is accepted once; a new version is a new code."""

    code: str
    title: T
    text: T


POLICIES = (
    Policy(
        "use-1",
        T("使用规则", "Terms of use"),
        T(
            "账号仅限本人使用，请勿与他人共用密码或验证器；离开时请退出登录。所有操作均记入稽查轨迹。"
            "电子签名与手写签名具有同等效力。受试者资料仅用于本研究。",
            "Your account is personal. Do not share your password or authenticator; sign out when you leave. "
            "All actions are recorded in the audit trail. An electronic signature is as binding as a handwritten one. "
            "Participant data may be used for this study only.",
        ),
    ),
    Policy(
        "training-1",
        T("培训确认", "Training"),
        T(
            "本人已接受本研究方案、GCP 及本系统的培训，并了解本人角色的职责。",
            "I have been trained in the protocol, in GCP and in this system, and I know the duties of my role.",
        ),
    ),
)
