"""The role of HTN-002, with one action of its own."""

from prtras.accounts.rights import Action

NURSE = "nurse"
#: Sees whom to telephone.
REMIND = "remind"
OF_A_NURSE = (
    Action.SEE_PAGES, Action.SEE_IDENTIFIERS, Action.EDIT_PAGE, Action.REGISTER, Action.ANSWER_QUERY, Action.SEE_TRAIL,
    REMIND,
)  # fmt: skip
