"""What people say about a page."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "prtras.review"
