"""A serious adverse event as an individual case safety report: ICH E2B(R3), as HL7 message (XML) and as JSON."""
