"""What the worker does for people and by the timetable: each thing once, under a lease."""

from pathlib import Path

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "prtras.jobs"

    def ready(self) -> None:
        from prtras.audit.rules import register_rule
        from prtras.background import run_around
        from prtras.jobs.scheduling import around

        register_rule(Path(__file__).parent / "triggers" / "ended_jobs.sql")
        run_around(around)
