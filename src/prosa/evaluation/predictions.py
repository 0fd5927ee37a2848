"""Predictions: what was answered to each question, as JSON lines that any tool can write and read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from prosa.errors import StorageError, UsageError

Status = Literal["answered", "clarify", "refused", "error"]


class Prediction(msgspec.Struct, frozen=True):
    """The answer to one question: its SQL where it has one, the confidence (0 to 1) where one was said, and the time in
    milliseconds."""

    id: str
    status: Status
    sql: str | None = None
    confidence: float | None = None
    ms: float | None = None


def read(file: Path) -> dict[str, Prediction]:
    """The predictions of a file by id. UsageError with the line where something is wrong."""
    try:
        # Not `splitlines`, which takes U+2028 and its like for line ends as well: JSON has them inside of texts.
        lines = file.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("eval_unreadable", file=str(file)) from error
    found: dict[str, Prediction] = {}
    for place, line in enumerate(lines, 1):
        if line.strip():
            try:
                prediction = msgspec.json.decode(line, type=Prediction, strict=False)
            except msgspec.DecodeError as error:
                raise UsageError("eval_item", file=file.name, place=place, what=str(error)) from error
            found[prediction.id] = prediction
    return found


def write(file: Path, predictions: Iterable[Prediction]) -> None:
    """Writes them all, or nothing. StorageError."""
    encoder = msgspec.json.Encoder()
    save(file, b"".join(encoder.encode(prediction) + b"\n" for prediction in predictions))


def save(file: Path, data: bytes) -> None:
    """Puts a whole file in place at once. StorageError."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(data)
        os.replace(part, file)
    except OSError as error:
        raise StorageError(what=f"{file}: {error.strerror}") from error
    finally:
        with suppress(OSError):  # it is in place, or never was
            part.unlink()
