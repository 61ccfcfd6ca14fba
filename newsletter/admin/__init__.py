from . import edition, event, subscriber

__all__ = ["edition", "event", "subscriber"]
