"""Log lines: structured, on standard error, and with nothing in them that is not on a list."""

from __future__ import annotations

import logging
import sys

import structlog

# What a log line may carry. Everything else is dropped before it is written: an allow-list cannot
# forget a new field that holds a patient's data.
LOGGED = frozenset(
    {
        "event", "level", "timestamp", "logger", "tenant", "file_id", "batch_id", "claim_id",
        "job", "state", "kind", "count", "seconds", "fault", "method", "route", "status",
        "request_id", "executor_id", "exception",
    }
)  # fmt: skip


def configure_logging(level: str) -> None:
    """Structured lines on standard error; standard output belongs to the commands' answers."""
    logging.basicConfig(stream=sys.stderr, level=level.upper(), format="%(name)s %(message)s")
    # They tell of every table, queue, login and address; an address may name a file.
    for chatty in ("alembic", "dbos", "asyncssh", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.root.level))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def _only_allowed(
    logger: object, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {key: value for key, value in event.items() if key in LOGGED}
