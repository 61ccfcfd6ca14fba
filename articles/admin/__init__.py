"""The desk: Django's admin, one noun a file."""

from . import address, article, author, category, deleted, image, issue, preferences, source, tag

__all__ = ["address", "article", "author", "category", "deleted", "image", "issue", "preferences", "source", "tag"]
