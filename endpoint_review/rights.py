"""The two roles of the blind endpoint review. They see its pages and nothing else of the study."""

from prtras.labels import T

READ, ADJUDICATE = "read_endpoint", "adjudicate_endpoint"
REVIEWER, ADJUDICATOR = "endpoint_reviewer", "endpoint_adjudicator"
#: Role, title and right of each.
ROLES = (
    (REVIEWER, T("终点评审者", "Endpoint reviewer"), READ),
    (ADJUDICATOR, T("终点裁定者", "Endpoint adjudicator"), ADJUDICATE),
)
