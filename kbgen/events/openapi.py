"""The collector as OpenAPI 3.1 describes it, made from what the code itself goes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kbgen import __version__
from kbgen.events.checks import CHANNELS, LIMITS, NO_REASONS, SHAPES, TYPES, YES_REASONS
from kbgen.events.guard import REASONS, Limits
from kbgen.events.model import CARRIES, NEEDS, VERSION
from kbgen.events.times import TIME

PATH = "/v1/events"
TRAP = "trap"  # what a robot wrote into the field that people do not see; never stored

Schema = dict[str, Any]

_WHY: Mapping[int, str] = {
    400: "It is no event, or none that this site can have; it need not be sent again.",
    403: "Whoever sent it may not.",
    405: "Events come by POST.",
    408: "The body did not arrive in time; nothing was kept.",
    413: "The body is too large.",
    415: "The body is of another type.",
    429: "Too much at once; nothing was kept. Come back later.",
    503: "The store cannot be written now; nothing was kept. Come back later.",
}
# Anything but control characters and halves of a character, and not only white space.
_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def describe(origins: Iterable[str], limits: Limits) -> dict[str, Any]:
    """The description of a collector that takes events from these origins."""
    plain = {"text/plain": {"schema": {"type": "string"}}}
    ok = {"200": {"description": "Yes.", "content": plain}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kbgen collector",
            "version": __version__,
            "description": "Takes votes, searches and other events from the pages of a site.",
        },
        "paths": {
            PATH: {"post": _receive(sorted(origins), limits)},
            "/healthz": {"get": {"summary": "Whether the process works", "responses": ok}},
            "/readyz": {
                "get": {
                    "summary": "Whether the store could be written, as far as is known",
                    "responses": ok | {"503": {"description": "No.", "content": plain}},
                }
            },
            "/metrics": {"get": {"summary": "Counters for Prometheus", "responses": ok}},
            "/openapi.json": {"get": {"summary": "This description", "responses": _JSON}},
        },
        "components": {
            "schemas": {
                "Event": {
                    "oneOf": [{"$ref": f"#/components/schemas/{kind}"} for kind in TYPES],
                },
                **{kind: _event(kind) for kind in TYPES},
                "Refusal": {
                    "type": "object",
                    "required": ["reason", "details"],
                    "properties": {
                        "reason": {"enum": list(REASONS)},
                        "details": {"type": "array", "items": {"type": "string"}},
                    },
                    "additionalProperties": False,
                },
            }
        },
    }


_JSON = {
    "200": {
        "description": "It.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


def _receive(origins: list[str], limits: Limits) -> dict[str, Any]:
    event = {"$ref": "#/components/schemas/Event"}
    body = {"anyOf": [event, {"type": "array", "items": event, "maxItems": limits.batch}]}
    text = {"type": "string", "contentMediaType": "application/json", "contentSchema": body}
    return {
        "summary": "Keep events",
        "parameters": [
            {
                "name": "Origin",
                "in": "header",
                "required": True,
                "description": "The page that sends; browsers set it.",
                "schema": {"enum": origins} if origins else {"type": "string"},
            }
        ],
        "requestBody": {
            "required": True,
            "description": f"At most {limits.body} bytes.",
            "content": {"application/json": {"schema": body}, "text/plain": {"schema": text}},
        },
        "responses": {"204": {"description": "Everything is on disk."}, **_refusals()},
    }


def _refusals() -> dict[str, Any]:
    return {
        str(status): {
            "description": _WHY[status],
            "headers": {
                "X-Kbgen-Reason": {
                    "required": True,
                    "schema": {"enum": [name for name, of in REASONS.items() if of == status]},
                },
                **({"Retry-After": _SECONDS} if status in {429, 503} else {}),
            },
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
        }
        for status in sorted(set(REASONS.values()))
    }


_SECONDS = {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}


def _event(kind: str) -> Schema:
    """An event of one type. What it need not have, or cannot have, may be null or empty."""
    needed = {"event_id", "type", *NEEDS[kind]}
    fields = {name: dict(_FIELDS[name]) for name in sorted(CARRIES[kind])}
    if "reason" in fields:
        reasons = CHANNELS if kind == "contact" else dict.fromkeys(NO_REASONS + YES_REASONS)
        fields["reason"] = {"enum": list(reasons)}
    fields = {
        name: field if name in needed | {"ts"} else {"anyOf": [field, _NOTHING]}
        for name, field in fields.items()
    }
    return {
        "type": "object",
        "required": ["v", *sorted(needed)],
        "properties": {
            **dict.fromkeys((*_FIELDS, TRAP), _NOTHING),
            **fields,
            "v": {"const": VERSION},
            "type": {"const": kind},
        },
        "additionalProperties": False,
    }


def _whole(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$"}


def _text(limit: int, pattern: str = _TEXT) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": limit, "pattern": pattern}


def _number(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


_NOTHING: Schema = {"enum": ["", None]}
_FIELDS: Mapping[str, Schema] = {
    "event_id": _whole(SHAPES["event_id"].replace("a-f", "a-fA-F")),
    "ts": _whole(TIME.replace(r"\d", "[0-9]")),
    "type": {"enum": list(TYPES)},
    "article": _text(LIMITS["article"], r"^[^\s\x00-\x1f\x7f]+$"),
    "path": _text(LIMITS["path"], r"^/[^\s?#\x00-\x1f\x7f]*$"),
    "vote": _number(0, 1),
    "reason": {"type": "string"},
    "comment": _text(LIMITS["comment"]),
    "findable": _number(0, 1),
    "query": _text(LIMITS["query"]),
    "results": _number(0, LIMITS["results"]),
    "rank": _number(1, LIMITS["rank"]),
    "prev": _text(LIMITS["prev"]),
    **{name: _whole(SHAPES[name]) for name in ("lang", "rev", "voter", "session", "source")},
}
