"""What no log may keep, addresses that are a right by themselves; and what no log need keep."""

import logging
import re

_SECRET = re.compile(
    r"(/(?:sign-off|reads|newsletter/(?:confirm|preferences|unsubscribe)|accounts/password/reset/key)/)[^/\s\"']+"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        # What a stranger sends begins no line of its own and colours no terminal.
        plain = _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)
        record.msg, record.args = _SECRET.sub(r"\1…", plain), ()
        return True


class InOneLine(logging.Filter):
    """A request for a host that is not ours is refused many times a day; where in Django that was tells nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.security.DisallowedHost":
            record.exc_info = record.exc_text = None
        return True
