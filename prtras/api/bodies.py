"""Bases of what requests and answers look like."""

from typing import Any

from rest_framework import serializers


class Body(serializers.Serializer[Any]):
    """What a request says; a name that is not known is an error."""

    def to_internal_value(self, data: Any) -> Any:
        """The values. Raises ValidationError."""
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: [serializers.ErrorDetail("", code="unknown")] for name in unknown})
        return super().to_internal_value(data)


class Line(serializers.Serializer[Any]):
    """What an answer says of one thing."""


class NoBody(Body):
    """A request that says everything by its address."""
