"""What no log may keep, addresses that are a right by themselves; and what no log need keep."""

import logging
import re

_SECRET = re.compile(r"(/(?:sign-off|reads|newsletter/(?:confirm|preferences|unsubscribe))/)[^/\s\"']+")


class WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        record.msg, record.args = _SECRET.sub(r"\1…", text), ()
        return True


class InOneLine(logging.Filter):
    """A request for a host that is not ours is refused many times a day; where in Django that was tells nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.security.DisallowedHost":
            record.exc_info = record.exc_text = None
        return True
