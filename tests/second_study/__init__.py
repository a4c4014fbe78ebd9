"""HTN-002, an invented study of blood pressure after a change of tablets: the platform with nothing of PRTRAS.

Three forms, two visits, one role, no arms, no screening numbers. None of its codes is one of PRTRAS-001.
"""
