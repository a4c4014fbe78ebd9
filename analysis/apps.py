"""The SAP as data, endpoints, survival, runs, report, dashboards."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "analysis"
