"""Pages of review: queries, verification, holds, signatures, readiness."""
