"""The OpenAPI description of the service, made from the messages themselves."""

from functools import lru_cache
from typing import Any

import msgspec
from nbjudge_course.handout import Handout
from nbjudge_course.outline import Outline
from nbjudge_course.problem import Problem, Statement
from nbjudge_course.service_status import ServiceStatus
from nbjudge_course.standing import Standing
from nbjudge_course.submission import NewSubmission, Snapshot
from nbjudge_course.wire import Refusal

from nbjudge_grader_service.identity import Account

_MESSAGES = (
    *(NewSubmission, Snapshot, Statement, Problem, Refusal),
    *(Outline, Standing, Handout, Account, ServiceStatus),
)
_TERMS = {
    "opens_at": {"type": ["number", "null"]},
    "due_at": {"type": ["number", "null"]},
    "closes_at": {"type": ["number", "null"]},
    "late_deduct": {"type": "number", "minimum": 0, "maximum": 1},
    "attempts": {"type": ["integer", "null"], "minimum": 1},
    "time_zone": {"type": "string"},
}
_TEXT = {"schema": {"type": "string"}}
_METRICS = {"text/plain": _TEXT, "application/openmetrics-text": _TEXT}
_ID = {"in": "path", "required": True}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the document, OpenAPI 3.1."""
    _, components = msgspec.json.schema_components(
        _MESSAGES, ref_template="#/components/schemas/{name}"
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "nbjudge grader service", "version": "1"},
        "security": [{"token": []}],
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "Authorization"}
            },
        },
        "paths": _paths(),
    }


def _paths() -> dict[str, Any]:
    submission = {"name": "submission", **_ID, "schema": {"type": "string"}}
    problem = {"name": "problem", **_ID, "schema": {"type": "string"}}
    publication = _object(
        {
            "problem": _ref("Problem"),
            **_TERMS,
        },
        required=("problem",),
    )
    live = _object({"problem": _ref("Problem"), "submissions": {"type": "integer"}, **_TERMS})
    mine = _object(
        {
            "submissions": {"type": "array", "items": _ref("Snapshot")},
            "revision": {"type": "integer"},
        }
    )
    catalogue = _object({"problems": {"type": "array", "items": _ref("Statement")}})
    standings = _object({"standings": {"type": "array", "items": _ref("Standing")}})
    attempt = _object({"submission": {"type": "string"}, "attempt": {"type": "integer"}})
    return {
        "/api/submissions": {
            "post": _operation(
                "submit",
                {"202": _ref("Snapshot"), "200": _ref("Snapshot")},
                body=_ref("NewSubmission"),
            ),
            "get": _operation(
                "list_submissions",
                {"200": mine},
                parameters=[
                    _query("problem", {"type": "string"}),
                    _query("limit", {"type": "integer", "minimum": 0}),
                ],
            ),
        },
        "/api/submissions/{submission}": {
            "parameters": [submission],
            "get": _operation("get_submission", {"200": _ref("Snapshot")}),
            "delete": _operation("cancel_submission", {"200": _ref("Snapshot")}),
        },
        "/api/submissions/{submission}/retry": {
            "parameters": [submission],
            "post": _operation("retry_submission", {"202": attempt}),
        },
        "/api/problems": {"get": _operation("list_problems", {"200": catalogue})},
        "/api/problems/{problem}": {
            "parameters": [problem],
            "get": _operation("get_problem", {"200": _ref("Statement")}),
            "put": _operation(
                "publish_problem",
                {"200": _object({"version": {"type": "string"}})},
                body=publication,
            ),
        },
        "/api/problems/{problem}/live": {
            "parameters": [problem],
            "get": _operation("get_live_version", {"200": live}),
        },
        "/api/problems/{problem}/handout": {
            "parameters": [problem],
            "get": _operation("get_handout", {"200": _ref("Handout")}),
        },
        "/api/sets": {
            "get": _operation("list_sets", {"200": _ref("Outline")}),
            "put": _operation("publish_sets", {"200": _ref("Outline")}, body=_ref("Outline")),
        },
        "/api/standings": {"get": _operation("list_standings", {"200": standings})},
        "/api/me": {"get": _operation("get_me", {"200": _ref("Account")})},
        "/api/dead": {
            "get": _operation(
                "list_dead_letters",
                {"200": _object({"dead": {"type": "array", "items": {"type": "object"}}})},
            )
        },
        "/api/status": {"get": _operation("get_status", {"200": _ref("ServiceStatus")})},
        "/metrics": {
            "get": {
                "operationId": "get_metrics",
                "responses": {
                    "200": {"description": "Done", "content": _METRICS},
                    "default": _response("Refused: `reason` says why", _ref("Refusal")),
                },
            }
        },
        "/healthz": {
            "get": {
                **_operation("health", {"200": {"type": "object"}, "503": {"type": "object"}}),
                "security": [],
            }
        },
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: dict[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    needed = list(properties) if required is None else list(required)
    return {"type": "object", "properties": properties, "required": needed}


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _operation(
    name: str,
    answers: dict[str, Any],
    *,
    body: dict[str, Any] | None = None,
    parameters: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    responses = {status: _response("Done", schema) for status, schema in answers.items()}
    responses["default"] = _response("Refused: `reason` says why", _ref("Refusal"))
    operation: dict[str, Any] = {"operationId": name, "responses": responses}
    if body is not None:
        operation["requestBody"] = {"required": True, "content": _json(body)}
    if parameters:
        operation["parameters"] = parameters
    return operation


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": _json(schema)}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
