"""Results by arm: a right of its own, and a kind of act in the trail, in studies that have arms."""

from prtras.accounts.rights import Action, Grant, Role, register_grant
from prtras.audit.kinds import Kind, register_kind
from prtras.labels import T


def offer_results_by_arm() -> None:
    """Let the right to see results by arm be given by name, and the looks at them be found in the trail."""
    roles = frozenset({Role.INVESTIGATOR, Role.STATISTICIAN})
    register_grant(Action.SEE_BY_ARM, Grant(T("分组结果", "results by arm"), roles))
    register_kind(Kind("arm", T("查看分组结果", "views by arm"), ("accounts_armview",), 70, conduct=True))
