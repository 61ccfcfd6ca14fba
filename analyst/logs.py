"""What no log may keep, addresses that are a right by themselves; and what no log need keep."""

import json
import logging
import re
from datetime import UTC, datetime

_SECRET = re.compile(
    r"(/(?:sign-off|reads|newsletter/(?:confirm|preferences|unsubscribe)|accounts/password/reset/key)/)[^/\s\"']+"
)
_MAILBOX = re.compile(r"[^\s@<>\"'(){}\[\]=:,;/]+@[\w.-]+\.\w+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        # What a stranger sends begins no line of its own and colours no terminal.
        plain = _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)
        record.msg, record.args = without_what_is_private(plain), ()
        return True


class InOneLine(logging.Filter):
    """A request for a host that is not ours is refused many times a day; where in Django that was tells nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.security.DisallowedHost":
            record.exc_info = record.exc_text = None
        return True


class JsonLines(logging.Formatter):
    """One object a line, as those who gather logs want it; nobody's mailbox stands in it, not even in a trace."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["trace"] = without_what_is_private(self.formatException(record.exc_info))  # no filter has seen it
        return json.dumps(said, ensure_ascii=False)


def without_what_is_private(text: str) -> str:
    return _MAILBOX.sub("…@…", _SECRET.sub(r"\1…", text))
