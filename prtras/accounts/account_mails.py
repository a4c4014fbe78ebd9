"""What people are written about their own account: who caused it, and what to do if they did not want it."""

from prtras.labels import T

INVITED = T("PRTRAS EDC 账号邀请", "Your PRTRAS EDC account")
CHANGED = T("PRTRAS EDC：您的账号有变更", "PRTRAS EDC: a change to your account")

LINK = T(
    "{name}：\n\n{by}为您申请了设置密码的链接（3 天内有效，仅可使用一次）：\n{link}\n\n",
    "{name},\n\n{by} requested this link with which you set your password (valid for 3 days, single use):\n{link}\n\n",
)
AND_CODE = T(
    "使用时还需填写确认码，由第二位管理员直接告知您本人。\n\n",
    "You also need a confirmation code, which a second administrator gives to you in person.\n\n",
)
SIGNING_RESTS = T(
    "在您使用该链接之前，您的电子签名暂停。\n\n",
    "Until you have used the link, your electronic signature is suspended.\n\n",
)
LETTER = T("{name}：\n\n{what}\n\n", "{name},\n\n{what}\n\n")
NOT_YOURS = T(
    "如非您本人要求，请登录“我的账号”页予以否认，并立即告知研究团队。\n",
    "If you did not ask for this, sign in, object on the page “My account”, and tell the study team at once.\n",
)

PASSWORD_SET = T("您的密码已通过链接重新设置（{who}）。", "Your password was set with a link ({who}).")
FACTORS_ENDED = T("{by}已重置您的双因素认证。", "{by} reset your second factor.")
GRANTED = T("您已获得权限“{right}”（{who}）。", "You were granted “{right}” ({who}).")
EMAIL_CHANGED = T(
    "您的电子邮件地址已改为 {address}（{who}）。", "Your e-mail address was changed to {address} ({who})."
)
