"""Stored bytes with checksum; every download on record; HTML to PDF."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "prtras.files"

    def ready(self) -> None:
        from prtras.audit.kinds import Kind, register_kind
        from prtras.audit.words import register_words
        from prtras.files.words import WORDS
        from prtras.labels import T

        register_words(WORDS)
        register_kind(
            Kind("export", T("导出、打印、下载", "exports, prints, downloads"), ("files_download",), 80, conduct=True)
        )
        register_kind(
            Kind(
                "cut",
                T("数据快照、文件、正常值表、审核", "data cuts, files, normal ranges, reviews"),
                ("files_storedfile",),
                90,
                conduct=True,
            )
        )
