"""What crosses the pipes of the picture process: a line of JSON that ends with the size of the bytes behind it."""

from __future__ import annotations

from typing import IO, Literal, TypeVar

import msgspec

Format = Literal["png", "svg", "pdf"]


class Request(msgspec.Struct, frozen=True):
    """A picture to draw; the payload is the figure's JSON, or with `ready` the SVG that somebody else has drawn.

    `width` and `height` are CSS pixels, `scale` the pixels of a PNG for each of them. `about` is kept in the file.
    `map`: it needs the outlines of countries.
    """

    format: Format
    width: float
    height: float
    scale: float
    locale: str
    seconds: float
    title: str = ""
    about: str = ""
    marks: bool = True
    ready: bool = False
    map: bool = False


class Reply(msgspec.Struct, frozen=True):
    """The payload is the picture, or with `error` the details for the log. `memory` is the child's, in bytes."""

    error: str = ""
    missing: str = ""
    memory: int = 0


Message = TypeVar("Message", Request, Reply)


def write(pipe: IO[bytes], message: Request | Reply, payload: bytes) -> None:
    """Sends one message. OSError where nobody reads any more."""
    header = msgspec.json.encode(message)
    pipe.write(b"%d %d\n" % (len(header), len(payload)))
    pipe.write(header)
    pipe.write(payload)
    pipe.flush()


def read(pipe: IO[bytes], kind: type[Message]) -> tuple[Message, bytes] | None:
    """The next message, or None where the other side is gone, be it in the middle of one."""
    sizes = pipe.readline(64).split()
    if len(sizes) != 2:
        return None
    header, payload = (pipe.read(int(size)) for size in sizes)
    if len(header) < int(sizes[0]) or len(payload) < int(sizes[1]):
        return None
    return msgspec.json.decode(header, type=kind), payload
