"""Sixty kills: shorter leases, so that much is lost and taken up again within minutes."""

from datetime import timedelta

from django.apps import AppConfig


class FaultsConfig(AppConfig):
    name = "tests.faults"

    def ready(self) -> None:
        from prtras.jobs import leasing

        leasing.LEASE, leasing.HEARTBEAT = timedelta(seconds=12), timedelta(seconds=3)
