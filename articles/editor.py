"""The rich-text editor of the desk: what it offers, and which files it is made of.

The editor is only a convenience; what may be stored is decided in `rich_text.py`, on every write.
"""

from typing import Any

from django.forms import Textarea
from django.templatetags.static import static
from django.urls import reverse
from django_prose_editor.widgets import AdminProseEditorWidget

from articles.rich_text import ProseField, clean_summary

MODULES = ("articles/stored.js", "articles/footnote.js", "articles/figure.js")

# Every editor needs these; spelling is checked, since that is what an editor is for.
_FRAME: dict[str, Any] = {
    "Document": True,
    "Dropcursor": True,
    "Gapcursor": True,
    "Paragraph": True,
    "Text": True,
    "History": True,
    "Bold": True,
    "Italic": True,
    "StoredLink": {"autolink": False, "enableTarget": False},  # to http, https and mailto: see stored.js
    "AsStored": True,
}
_SUMMARY_MENU = [{"group": "marks"}, {"group": "link"}, {"group": "history"}]
_TEXT_MENU = [
    {"group": "blockType -lists", "type": "dropdown", "minItems": 2},
    {"group": "marks"},
    {"group": "lists"},
    {"group": "nodes -blockType -lists"},
    {"group": "link"},
    {"group": "note"},
    {"group": "table"},
    {"group": "history"},
]


def _summary_extensions() -> dict[str, Any]:
    return _FRAME | {"Menu": {"groups": _SUMMARY_MENU}}


def _text_extensions() -> dict[str, Any]:
    return _FRAME | {
        "Heading": {"levels": [3, 4]},
        "Subscript": True,
        "Superscript": True,
        "HardBreak": True,
        "BulletList": True,
        "StoredOrderedList": {"enableListAttributes": False},
        "StoredListItem": True,
        "StoredBlockquote": True,
        "StoredTable": {"resizable": False},
        "StoredTableRow": True,
        "StoredTableHeader": True,
        "StoredTableCell": True,
        "Footnote": True,
        "ImageFigure": {
            "thumbnail": reverse("admin:articles_image_thumbnail"),
            "choose": reverse("admin:articles_image_choose"),
            "upload": reverse("admin:articles_image_upload"),
        },
        "Menu": {"groups": _TEXT_MENU},
    }


class SummaryEditor(AdminProseEditorWidget):
    """Paragraphs, emphasis and links: for summaries and bios."""

    extensions = staticmethod(_summary_extensions)

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": 4} | (attrs or {}), preset="configurable")

    def get_config(self) -> dict[str, Any]:
        return {"extensions": self.extensions(), "js_modules": [static(path) for path in MODULES]}


class TextEditor(SummaryEditor):
    """Everything that an article may have."""

    extensions = staticmethod(_text_extensions)


def editor_for(field: ProseField) -> Textarea:
    """The widget for what this field may hold."""
    widget: Textarea = SummaryEditor() if field.cleaner is clean_summary else TextEditor()
    return widget
