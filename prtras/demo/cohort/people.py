"""The sites and accounts of the demo: one invented person per role. Safe to run again, refused in production."""

from dataclasses import dataclass

from django.conf import settings

from endpoint_review.rights import ADJUDICATOR, REVIEWER
from prtras.accounts.managing import accept_policies, create_site, create_system_user, create_user, give_role
from prtras.accounts.models import Membership, Site, User
from prtras.accounts.policies import POLICIES
from prtras.accounts.rights import Action, Role

#: Known to everyone who reads this file, which is why production refuses the demo.
DEMO_PASSWORD = "prtras-demo-2026"  # noqa: S105
SITES = (("01", "深圳研究中心", "Shenzhen site"), ("02", "广州研究中心", "Guangzhou site"))
CHINESE, ENGLISH = "zh-hans", "en"


class NotInProduction(RuntimeError):
    """Invented people and a published password have no place in a real study."""


@dataclass(frozen=True)
class DemoLogin:
    """An account of the demo."""

    username: str
    display_name: str
    role: str
    site: str = "01"
    granted: tuple[Action, ...] = ()
    language: str = CHINESE

    @property
    def password(self) -> str:
        return DEMO_PASSWORD


DEMO_LOGINS = (
    DemoLogin("lin", "林晓雯", Role.COORDINATOR),
    DemoLogin("zhao", "赵明远", Role.INVESTIGATOR, granted=(Action.SEE_BY_ARM, Action.EXPORT)),
    DemoLogin("wang", "王思齐", Role.MONITOR),
    DemoLogin("chen", "陈若谷", Role.STATISTICIAN, granted=(Action.SEE_BY_ARM,)),
    DemoLogin("adm", "何知秋", Role.ADMIN),
    DemoLogin("bao", "包以南", Role.ADMIN),
    DemoLogin("mei", "梅若水", REVIEWER),
    DemoLogin("tao", "陶安之", REVIEWER),
    DemoLogin("qin", "秦望舒", ADJUDICATOR),
    DemoLogin("eve", "叶怀瑾", Role.COORDINATOR, site="02"),
)


@dataclass(frozen=True)
class Cast:
    """Who fills the pages of the cohort, where; and who judges its recurrences blind."""

    site: Site
    coordinator: User
    investigator: User
    monitor: User
    system: User
    readers: tuple[User, User]
    adjudicator: User


def create_people() -> Cast:
    """Sites and accounts, where they do not exist yet. Raises NotInProduction."""
    if settings.ENVIRONMENT == "production":
        raise NotInProduction("The demo's accounts have a published password: never in production.")
    system = create_system_user()
    sites = {code: _site(code, zh, en, system) for code, zh, en in SITES}
    people = {login.username: _person(login, sites[login.site], system) for login in DEMO_LOGINS}
    site, readers = sites["01"], (people["mei"], people["tao"])
    return Cast(site, people["lin"], people["zhao"], people["wang"], system, readers, people["qin"])


def _site(code: str, zh: str, en: str, system: User) -> Site:
    return Site.objects.filter(code=code).first() or create_site(code, zh, en, user=system)


def _person(login: DemoLogin, site: Site, system: User) -> User:
    person = User.objects.filter(username=login.username).first()
    if person is None:
        person = create_user(login.username, login.display_name, login.password, user=system, language=login.language)
    if not Membership.objects.filter(user=person, site=site).exists():
        give_role(person, site, login.role, user=system, granted=login.granted)
    accept_policies(person, [policy.code for policy in POLICIES])  # the demo starts with the work
    return person
