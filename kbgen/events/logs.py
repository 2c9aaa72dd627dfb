"""What the collector tells its operators: lines on standard error, as JSON or as text.

No line is about a reader. Messages of other libraries are cut to their first line, and of an
error only its kind and place are told, because what it says may hold what somebody sent.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, Literal, TextIO

from kbgen.events.times import format_time

Form = Literal["json", "text"]

log = logging.getLogger("kbgen.collect")


class _Line:
    """An event and its fields, as the message of a log record."""

    def __init__(self, event: str, fields: Mapping[str, Any]) -> None:
        self.fields = {"event": event, **fields}

    def __str__(self) -> str:
        event, *others = self.fields.items()
        return " ".join([str(event[1]), *(f"{name}={_shown(value)}" for name, value in others)])


def tell(event: str, level: int = logging.INFO, **fields: Any) -> None:
    """Logs one of the events that docs/collector.md names."""
    log.log(level, "%s", _Line(event, fields))


def set_up(form: Form, stream: TextIO = sys.stderr) -> None:
    """Sends all log records to `stream`: our own from INFO, those of libraries from WARNING."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json() if form == "json" else Text())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    log.setLevel(logging.INFO)


class Json(logging.Formatter):
    """One JSON object a line: time, level, event and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        head = {"time": _time(record), "level": record.levelname.lower()}
        return json.dumps(head | _fields(record), ensure_ascii=False, default=str)


class Text(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        fields = _fields(record)
        line = _Line(fields.pop("event"), fields)
        return f"{_time(record)} {record.levelname.lower():8}{line}"


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return format_time(moment.replace(microsecond=moment.microsecond // 1000 * 1000))


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    told = record.args[0] if isinstance(record.args, tuple) and record.args else None
    fields: dict[str, Any]
    if isinstance(told, _Line):
        fields = dict(told.fields)
    else:
        first = record.getMessage().strip().partition("\n")[0]
        fields = {"event": "message", "of": record.name, "message": first}
    if record.exc_info and record.exc_info[0]:
        fields["error"] = record.exc_info[0].__name__
        frames = traceback.extract_tb(record.exc_info[2])[-4:]
        fields["at"] = [f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    return fields


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return json.dumps(text, ensure_ascii=False) if " " in text and isinstance(value, str) else text
