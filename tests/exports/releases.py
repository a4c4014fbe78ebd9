"""For what and for whom the bundles of tests are."""

from dataclasses import asdict

from prtras.exports.release import Release

OWN = Release("ANALYSIS", "Statistician, Demo Hospital", "CN", profile="SITE")
FIELDS = asdict(OWN)
