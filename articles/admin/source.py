"""The files that an article came from, shown beside it."""

from django.http import FileResponse, Http404

from articles.models import Source


def send_original(source: Source) -> FileResponse:
    """The file as it came: to be saved, never to be shown by the browser."""
    try:
        original = source.original.open()
    except FileNotFoundError as problem:
        raise Http404("The original is not in its place any more.") from problem
    return FileResponse(
        original, as_attachment=True, filename=source.file_name, content_type="application/octet-stream"
    )
