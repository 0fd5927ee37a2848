"""Every failure that a person may see, as one hierarchy.

    ProsaError
    ├── UsageError          an argument, option or body that can't be used
    │   ├── ConfigError     a settings file or environment variable
    │   ├── QuestionError   an empty or oversized question
    │   ├── FigureError     a chart that is no Plotly figure
    │   └── RequestError    an HTTP request that no route takes
    ├── SourceError         a file or database that can't be opened or read
    ├── QueryRefused        the guard's no: the statement never reached an engine
    ├── QueryError          the engine's no: the statement ran and failed
    ├── LimitError          a limit was reached
    │   ├── TimeLimit       … of time
    │   ├── MemoryLimit     … of memory
    │   └── BusyError       … of runs at once; try again later
    ├── Cancelled           somebody asked to stop
    ├── WorkerDied          a child process ended in the middle of its work
    ├── ModelError          a language model or foreign agent failed
    ├── AccessError         not signed in, not allowed, or not there for this person
    ├── RunFailed           what a run failed of, in its own words
    ├── ServerError         another Prosa server's own words, in the person's language
    └── StorageError        the disk or the store can't take more

An error carries a code and values, never a finished sentence: `sentence(locale)` and `hint(locale)` come from
`locales/<locale>/errors.toml`, under the code. Values are safe to show; details for the log go to `__cause__`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from prosa import locales


class ProsaError(Exception):
    """The root. `code` is stable and public; `status` is the HTTP status of its problem document."""

    default_code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, code: str | None = None, /, **values: Any) -> None:
        self.code = code or self.default_code
        self.values = values
        super().__init__(self.code)

    def sentence(self, locale: str = "en") -> str:
        """What happened, in one sentence."""
        return locales.text(f"errors.{self.code}", locale, **self.values)

    def hint(self, locale: str = "en") -> str:
        """What to do next; empty where there is nothing to advise."""
        return locales.text(f"errors.{self.code}_hint", locale, default="", **self.values)

    def __str__(self) -> str:
        return " ".join(part for part in (self.sentence(), self.hint()) if part)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code, self.values)


def _rebuild(kind: type[ProsaError], code: str, values: dict[str, Any]) -> ProsaError:
    return kind(code, **values)


class UsageError(ProsaError):
    default_code, status = "usage", 422


class ConfigError(UsageError):
    default_code = "config"


class QuestionError(UsageError):
    default_code = "question_empty"


class RequestError(UsageError):
    """A request refused before any route: its status is that of its code, 422 where the body is at fault."""

    default_code = "request_invalid"
    _statuses: ClassVar[dict[str, int]] = {
        "no_route": 404,
        "method_not_allowed": 405,
        "not_acceptable": 406,
        "body_too_large": 413,
        "host_not_allowed": 403,
        "origin_not_allowed": 403,
        "starting": 503,
        "extra_missing": 501,
        "message_missing": 400,
        "chat_body": 400,
    }

    @property
    def status(self) -> int:  # type: ignore[override]
        return self._statuses.get(self.code, 422)


class FigureError(UsageError):
    """`figure_json`, `figure_shape`, `figure_empty` or `figure_array`."""

    default_code = "figure_shape"


class SourceError(ProsaError):
    default_code, status = "source_unreadable", 422


class QueryRefused(ProsaError):
    """The guard's refusal; `values["reason"]` is the machine-readable reason and `values["what"]` the culprit."""

    default_code, status = "query_refused", 422


class QueryError(ProsaError):
    default_code, status = "query_failed", 422


class LimitError(ProsaError):
    default_code, status = "limit", 422


class TimeLimit(LimitError):
    default_code = "time_limit"


class MemoryLimit(LimitError):
    default_code = "memory_limit"


class BusyError(LimitError):
    """Too many runs; `values["retry_after"]` is in seconds."""

    default_code, status = "busy", 429


class Cancelled(ProsaError):
    default_code, status = "cancelled", 409


class WorkerDied(ProsaError):
    default_code = "worker_died"


class ModelError(ProsaError):
    default_code, status = "model_failed", 502


class AccessError(ProsaError):
    """`not_signed_in` (401), `not_allowed` (403), `not_found` (404: also what belongs to somebody else)."""

    default_code = "not_found"
    _statuses: ClassVar[dict[str, int]] = {"not_signed_in": 401, "link_used": 401, "not_allowed": 403}

    @property
    def status(self) -> int:  # type: ignore[override]
        return self._statuses.get(self.code, 404)


class ServerError(ProsaError):
    """`code`, `said` and `advised` as that server's problem document gave them."""

    default_code, status = "internal", 502

    def __init__(self, code: str | None = None, /, said: str = "", advised: str = "") -> None:
        super().__init__(code, said=said, advised=advised)

    def sentence(self, locale: str = "en") -> str:
        return str(self.values["said"]) or ProsaError().sentence(locale)

    def hint(self, locale: str = "en") -> str:
        return str(self.values["advised"])


class StorageError(ProsaError):
    default_code, status = "storage", 507


class RunFailed(ProsaError):
    """A run's own failure, in its own words, for somebody who has waited for its answer."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(code)
        self._message, self._hint = message, hint

    @property
    def status(self) -> int:  # type: ignore[override]
        return by_code(self.code).status

    def sentence(self, locale: str = "en") -> str:
        return self._message

    def hint(self, locale: str = "en") -> str:
        return self._hint

    def __reduce__(self) -> tuple[Any, ...]:
        return RunFailed, (self.code, self._message, self._hint)


def by_code(code: str, **values: Any) -> ProsaError:
    """The error class a code belongs to, for errors that crossed a process border."""
    return _CLASS_OF.get(code, ProsaError)(code, **values)


def _class_of() -> dict[str, type[ProsaError]]:
    found: dict[str, type[ProsaError]] = {}
    waiting: list[type[ProsaError]] = [ProsaError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.default_code, kind)
        waiting.extend(kind.__subclasses__())
    return found


_CLASS_OF = _class_of()
