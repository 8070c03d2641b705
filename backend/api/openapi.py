"""What the OpenAPI description says besides what FastAPI knows: problems, headers and examples."""

from __future__ import annotations

from typing import Any

from backend.api.examples import EXAMPLES, PROBLEM
from backend.api.problems import Problem, responses
from backend.api.services import PINNED

Json = dict[str, Any]

_UNLIMITED = frozenset({"/healthz", "/readyz"})
_OF_THE_MOMENT = frozenset({"/feed"})
"""What waits for news is not kept by anybody, and has no ETag."""
_HEADERS: dict[str, tuple[str, str]] = {
    "X-Request-Id": (
        "Id of the request, as it brought it or as it was given.",
        "^[A-Za-z0-9][A-Za-z0-9-]{7,63}$",
    ),
    "ETag": (
        "Of which state of the index the answer is; give it as If-None-Match.",
        '^(W/)?"[!-~]+"$',
    ),
    "Termin-Block": ("The block as of which the answer is.", "^[0-9]+$"),
    "Cache-Control": ("For how long the answer holds.", "^[a-z0-9=, -]+$"),
    "Retry-After": ("In how many seconds to try again.", "^[0-9]+$"),
    "RateLimit-Policy": (
        "How many requests (q) are answered in how many seconds (w).",
        '^"minute";q=[0-9]+;w=60$',
    ),
    "RateLimit": (
        "How many are left (r), and in how many seconds (t) the next one is answered.",
        '^"minute";r=0;t=[0-9]+$',
    ),
}


def describe(schema: Json) -> None:
    """Complete the description in place."""
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            _complete(path, method, operation)
    for path, example in EXAMPLES.items():
        answer = schema["paths"][path]["get"]["responses"]["200"]
        answer["content"]["application/json"]["example"] = example
    components = schema["components"]
    components["headers"] = {name: _header(*told) for name, told in _HEADERS.items()}
    schemas = components["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem | {"example": PROBLEM}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)


def _complete(path: str, method: str, operation: Json) -> None:
    found: Json = operation["responses"]
    parameters = operation.get("parameters", [])
    if any(each["name"] == PINNED for each in parameters):
        _add_problems(found, 404)
    _add_problems(found, 422)
    if path not in _UNLIMITED:
        _add_problems(found, 429)
        _mention(found["429"], "Retry-After", "RateLimit-Policy", "RateLimit")
        if method == "get" and path not in _OF_THE_MOMENT:
            found["304"] = {"description": "The reader has this answer already."}
            _mention(found["304"], "ETag", "Cache-Control")
            _mention(found["200"], "ETag", "Cache-Control")
            _with_if_none_match(operation)
        if any(each["name"] == PINNED for each in parameters):
            _mention(found["200"], "Termin-Block")
    for answer in found.values():
        _mention(answer, "X-Request-Id")


def _add_problems(found: Json, status: int) -> None:
    for each, answer in responses(status).items():
        found.setdefault(str(each), answer)


def _mention(answer: Json, *names: str) -> None:
    told = answer.setdefault("headers", {})
    told |= {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _with_if_none_match(operation: Json) -> None:
    operation.setdefault("parameters", []).append(
        {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "description": "ETag of the answer that the reader has.",
            "schema": {"type": "string"},
        }
    )


def _header(description: str, pattern: str) -> Json:
    return {
        "description": description,
        "required": True,
        "schema": {"type": "string", "pattern": pattern},
    }
