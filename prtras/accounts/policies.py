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
        T("使用规则", "Rules of use"),
        T(
            "账号仅限本人使用,密码与验证器不转借他人;离开时退出登录。所做的一切均留有稽查轨迹。"
            "电子签名与手写签名具有同等效力。受试者资料仅用于本研究。",
            "The account is for you alone. Do not share your password or authenticator; sign out when you leave. "
            "Everything done here leaves an audit trail. An electronic signature binds as a handwritten one does. What "
            "is known of participants is used for this study only.",
        ),
    ),
    Policy(
        "training-1",
        T("培训确认", "Training"),
        T(
            "本人已接受本研究方案、GCP 及本系统的培训,并了解本人角色的职责。",
            "I was trained in the protocol, in GCP and in this system, and know the duties of my role.",
        ),
    ),
)
