"""Reads the body of a request: JSON of a bounded size, strictly."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from prtras.api.problems import TOO_LARGE, Problem


class StrictJson(BaseParser):
    """No name twice, no NaN, no NUL; a number with a fraction stays as exact as it was written."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value. Raises ParseError, and Problem for a body that is too large."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        content = stream.read(limit + 1)
        if len(content) > limit:
            raise Problem(413, TOO_LARGE)
        try:
            text = content.decode("utf-8")
            if "\\u0000" in text or "\0" in text:
                raise ParseError
            return json.loads(text, parse_float=Decimal, parse_constant=_refused, object_pairs_hook=_once)
        except (ValueError, RecursionError):
            raise ParseError from None


def _refused(name: str) -> None:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)
