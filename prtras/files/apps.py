"""Stored bytes with checksum; every download on record; HTML to PDF."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "prtras.files"
