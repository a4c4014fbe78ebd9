"""Texts in two languages, side by side where they are used: no catalogue to forget."""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class T:
    """A text in Simplified Chinese and English; `str()` gives the one in the reader's language.

    >>> T("访视", "Visit").en
    'Visit'
    """

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    def format(self, **values: object) -> "T":
        """Fill `{name}` places in both languages; a value that is itself a T keeps its own language."""
        return T(
            self.zh.format(**{k: v.zh if isinstance(v, T) else v for k, v in values.items()}),
            self.en.format(**{k: v.en if isinstance(v, T) else v for k, v in values.items()}),
        )

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def __add__(self, other: "T") -> "T":
        return T(self.zh + other.zh, self.en + other.en)

    def in_language(self, language: str) -> str:
        """The text in `zh…` or `en…`, whatever the reader's language."""
        return self.en if language.startswith("en") else self.zh


#: The languages as they stand in addresses.
LANGUAGES = {"zh": "zh-hans", "en": "en"}
