"""What no log may keep: addresses that are a right by themselves."""

import logging
import re

_SECRET = re.compile(r"(/(?:sign-off|reads|newsletter/(?:confirm|preferences|unsubscribe))/)[^/\s\"']+")


class WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        record.msg, record.args = _SECRET.sub(r"\1…", text), ()
        return True
