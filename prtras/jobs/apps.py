"""What the worker does for people: one way to carry out a job."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "prtras.jobs"
