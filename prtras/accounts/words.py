"""How the trail speaks of people, their rights and how they come in."""

from prtras.accounts.models import AccountRequest
from prtras.accounts.policies import POLICIES
from prtras.accounts.rights import GRANTS, ROLE_TITLES, SCOPE_TITLES
from prtras.audit.words import Act, Label, Words
from prtras.labels import T

WHO = Label(T("账号", "Account"), names="user")
WHERE = Label(T("研究中心", "Site"), names="site")
FACTORS = {"totp": T("验证器应用", "authenticator app"), "passkey": T("通行密钥", "passkey")}
WORDS = {
    "accounts_user": Words(
        T("新建账号", "Account created"),
        (Act(T("停用账号", "Account turned off"), "is_active", "False"),
         Act(T("启用账号", "Account turned on"), "is_active", "True", before="False"),
         Act(T("更改密码", "Password changed"), "password", before=None)),
        {"username": Label(T("用户名", "User name")), "display_name": Label(T("姓名", "Name")),
         "email": Label(T("电子邮件", "E-mail")), "language": Label(T("语言", "Language")),
         "single_key_shortcuts": Label(T("单键快捷键", "Single-key shortcuts")),
         "last_sign_in": Label(T("最近登录", "Last sign-in"))},
        frozenset({"is_active", "password"}),
    ),
    "accounts_site": Words(
        T("新增研究中心", "Site added"),
        columns={"code": Label(T("编号", "Code")), "name_zh": Label(T("中文名称", "Name in Chinese")),
                 "name_en": Label(T("英文名称", "Name in English"))},
    ),
    "accounts_membership": Words(
        T("授予角色", "Role given"),
        (Act(T("停用角色", "Role turned off"), "is_active", "False"),
         Act(T("启用角色", "Role turned on"), "is_active", "True", before="False")),
        {"user_id": WHO, "site_id": WHERE, "role": Label(T("角色", "Role"), ROLE_TITLES),
         "granted": Label(T("另行授权", "Rights granted"), {code: grant.title for code, grant in GRANTS.items()}),
         "starts": Label(T("自", "From")), "ends": Label(T("至", "Until"))},
        frozenset({"is_active"}),
    ),
    "accounts_armview": Words(
        T("查看分组结果", "Results by arm viewed"),
        columns={"what": Label(T("内容", "What"))},
        silent=frozenset({"user_id", "at"}),
    ),
    "accounts_invitation": Words(
        T("发出邀请", "Invited"),
        (Act(T("使用邀请链接", "Invitation used"), "used_at"),),
        {"user_id": WHO, "by_id": Label(T("邀请人", "Invited by"), names="user"),
         "expires_at": Label(T("有效期至", "Valid until"))},
        frozenset({"sha256", "code_sha256", "used_at", "request_id"}),
    ),
    "accounts_accountrequest": Words(
        T("提出账号申请", "Account request made"),
        (Act(T("第二位管理员同意", "Agreed by a second administrator"), "state", "agreed"),
         Act(T("链接已发送至本人邮箱", "Link sent to the user's own address"), "state", "mailed"),
         Act(T("申请已完成", "Request completed"), "state", "done"),
         Act(T("申请被拒绝或撤回", "Request refused or withdrawn"), "state", "refused")),
        {"person_id": WHO, "kind": Label(T("申请内容", "Request"), AccountRequest.TITLES),
         "value": Label(T("权限或地址", "Right or address"), {code: grant.title for code, grant in GRANTS.items()}),
         "by_id": Label(T("申请人", "Requested by"), names="user"),
         "second_id": Label(T("第二位管理员", "Second administrator"), names="user")},
        frozenset({"membership_id", "at", "state", "second_at"}),
    ),
    "accounts_oldpassword": Words(
        T("更换密码", "Password replaced"), columns={"user_id": WHO}, silent=frozenset({"password", "at"})
    ),
    "accounts_secondfactor": Words(
        T("添加双因素认证", "Second factor added"),
        (Act(T("结束双因素认证", "Second factor ended"), "ended_at"),
         Act(T("使用双因素认证", "Second factor used"), "used_at")),
        {"user_id": WHO, "kind": Label(T("方式", "Kind"), FACTORS), "name": Label(T("名称", "Name"))},
        frozenset({"secret", "credential", "counter", "made_at", "used_at", "ended_at"}),
    ),
    "accounts_recoverycode": Words(
        T("生成恢复码", "Recovery code made"),
        (Act(T("使用恢复码", "Recovery code used"), "used_at"),),
        {"user_id": WHO},
        frozenset({"sha256", "used_at"}),
    ),
    "accounts_acceptance": Words(
        T("确认规则或培训", "Policy accepted"),
        columns={"policy": Label(T("内容", "Text"), {policy.code: policy.title for policy in POLICIES})},
        silent=frozenset({"user_id", "at"}),
    ),
    "accounts_access": Words(
        T("登录", "Signed in"),
        (Act(T("登录失败", "Sign-in refused"), "kind", "refused"),
         Act(T("退出登录", "Signed out"), "kind", "signed_out"),
         Act(T("会话结束", "Session ended"), "kind", "ended"),
         Act(T("解除登录限制", "Account released"), "kind", "released")),
        {"name": Label(T("用户名", "User name")), "address": Label(T("地址", "Address"))},
        frozenset({"user_id", "kind", "browser", "at", "key", "network"}),
    ),
    "accounts_apitoken": Words(
        T("创建接口令牌", "API token made"),
        (Act(T("吊销接口令牌", "API token revoked"), "revoked_at"),),
        {"user_id": WHO, "name": Label(T("用途", "What it is for")), "prefix": Label(T("令牌前缀", "Prefix")),
         "scope": Label(T("范围", "Scope"), SCOPE_TITLES), "site_id": WHERE,
         "expires_at": Label(T("有效期至", "Valid until")),
         "revoked_by_id": Label(T("吊销人", "Revoked by"), names="user")},
        frozenset({"sha256", "made_at", "revoked_at"}),
    ),
    "accounts_tokenuse": Words(
        T("通过接口访问", "Request through the API"),
        columns={"method": Label(T("方法", "Method")), "path": Label(T("地址", "Address")),
                 "status": Label(T("结果", "Answer"))},
        silent=frozenset({"token_id", "at"}),
    ),
    "accounts_accessreview": Words(
        T("账号与权限审核", "Access review signed off"),
        columns={"note": Label(T("结论", "Outcome"))},
        silent=frozenset({"by_id", "at", "sha256"}),
    ),
}  # fmt: skip
