"""What we write: one noun a file."""

from .address import Addressed, OldAddress, Slugged
from .article import Article
from .author import Author
from .byline import Byline
from .category import Category
from .correction import Correction
from .deleted import CannotComeBack, Deleted
from .entry import Entry, Searchable
from .illustrated import Illustrated
from .image import Image
from .issue import Issue
from .link import Link
from .merger import Merger, NotOne
from .preferences import Preferences
from .release import Release
from .revision import Revision, StaleRevision
from .sign_off import SignOff
from .source import Source
from .tag import Tag, TaggedArticle
from .unsaved import Autosave, Presence

__all__ = [
    "Addressed",
    "Article",
    "Author",
    "Autosave",
    "Byline",
    "CannotComeBack",
    "Category",
    "Correction",
    "Deleted",
    "Entry",
    "Illustrated",
    "Image",
    "Issue",
    "Link",
    "Merger",
    "NotOne",
    "OldAddress",
    "Preferences",
    "Presence",
    "Release",
    "Revision",
    "Searchable",
    "Slugged",
    "SignOff",
    "Source",
    "StaleRevision",
    "Tag",
    "TaggedArticle",
]
