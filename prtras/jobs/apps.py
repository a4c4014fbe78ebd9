"""What the worker does for people and by the timetable: each thing once, under a lease."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "prtras.jobs"

    def ready(self) -> None:
        from prtras.background import run_around
        from prtras.jobs.scheduling import around

        run_around(around)
