"""Analytes, panels, units, results, import of hospital files."""

from django.apps import AppConfig


class LabsConfig(AppConfig):
    name = "labs"

    def ready(self) -> None:
        from labs.checks import CHECKS  # noqa: PLC0415 - models must be loaded first
        from labs.forms import FORMS  # noqa: PLC0415
        from prtras.crf.registry import register, register_checks  # noqa: PLC0415

        register(*FORMS)
        register_checks(*CHECKS)
