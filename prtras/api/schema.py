"""The description of the API as OpenAPI 3.1, from the endpoints themselves; drf-spectacular writes it."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from prtras.api.endpoint import Operation
from prtras.api.lists import MOST, ListEndpoint
from prtras.api.problems import MEDIA_TYPE
from prtras.crf.study import protocol
from prtras.labels import T

TEXT = {"type": "string"}
REMARK = {
    "type": "object",
    "properties": dict.fromkeys(("item", "check", "zh", "en"), TEXT) | {"overridable": {"type": "boolean"}},
}
PROBLEM = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("type", "title", "detail", "language"), TEXT),
        "status": {"type": "integer"},
        "errors": {"type": "array", "items": REMARK},
    },
}
REFUSED = T("被拒绝", "Refused")
RETRY = T("重发时使用同一 UUID，则只执行一次。", "A UUID: the request, sent again under it, is carried out once.")
SEEN = T("所见版本（响应的 ETag）。", "The version that you saw: the ETag of its answer.")
ONWARD = T("上一页的 next。", "The `next` of the answer before.")


class Described(AutoSchema):
    """What an endpoint says of itself (`operation`), in the terms of OpenAPI."""

    @property
    def operation(self) -> Operation | None:
        """The method's own words; None for a method that is none of ours."""
        return getattr(getattr(self.view, self.method.lower(), None), "operation", None)

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The whole entry, with what every refusal looks like."""
        described: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if described is None or self.operation is None:
            return None
        schema = {"$ref": "#/components/schemas/Problem"}
        described["responses"]["4XX"] = {"description": str(REFUSED), "content": {MEDIA_TYPE: {"schema": schema}}}
        return described

    def get_operation_id(self) -> str:
        """The method and the address."""
        parts = self.path.removeprefix("/api/v1/").replace("{", "").replace("}", "").replace("-", "_").split("/")
        return "_".join([self.method.lower(), *parts])

    def get_summary(self) -> str:
        """What it is, in the reader's language."""
        return str(self.operation.title) if self.operation else ""

    def get_description(self) -> str:  # type: ignore[override]
        """What it does, for programmers."""
        return (getattr(self.view, self.method.lower()).__doc__ or "").strip()

    def get_tags(self) -> list[str]:
        """The thing that it is about."""
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_auth(self) -> list[dict[str, list[str]]]:
        """A token."""
        return [{"bearer": []}]

    def get_request_serializer(self) -> Any:
        """The body, if there is one."""
        return self.operation.body if self.operation else None

    def get_response_serializers(self) -> Any:
        """The answer; of a list, the lines and the cursor."""
        if self.operation is None:
            return None
        line = self.operation.line
        if isinstance(self.view, ListEndpoint) and self.method == "GET":
            fields = {"items": line(many=True), "next": serializers.CharField(allow_null=True)}
            return inline_serializer(f"{line.__name__}s", fields)
        if self.operation.media_type != "application/json":
            return {(self.operation.status, self.operation.media_type): bytes}
        return {self.operation.status: line}

    def get_override_parameters(self) -> list[Any]:
        """Filters and cursor of a list; the version and the key of an act."""
        parameters = []
        if isinstance(self.view, ListEndpoint) and self.method == "GET":
            parameters = [OpenApiParameter(name, str) for name in self.view.filters]
            parameters += [OpenApiParameter("after", str, description=str(ONWARD))]
            parameters += [OpenApiParameter("limit", int, description=f"1-{MOST}")]
        if self.operation and self.operation.by_version:
            parameters += [OpenApiParameter("If-Match", str, "header", required=True, description=str(SEEN))]
        if self.operation and self.operation.stores and self.method != "GET":
            parameters += [OpenApiParameter("Idempotency-Key", str, "header", description=str(RETRY))]
        return parameters


def described() -> dict[str, Any]:
    """The whole description, in the reader's language."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    schema["info"] = {"title": f"{protocol().code} API", "version": "1"}
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    return schema


def operations(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The operations of a description, in the order of their addresses: method, address, title, parameters."""
    return [
        {"method": method.upper(), "path": path, "title": each["summary"], "text": each.get("description", ""),
         "parameters": [parameter["name"] for parameter in each.get("parameters", [])]}
        for path, methods in sorted(schema["paths"].items()) for method, each in methods.items()
    ]  # fmt: skip
