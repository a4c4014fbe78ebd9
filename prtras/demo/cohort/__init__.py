"""A synthetic cohort in the middle of the study: invented people, a planted hazard ratio, real acts and real audit."""
