"""What a Word file says, with all its changes accepted. Runs in the limited child only; `docx.py` is the door.

package   the zip and what is allowed in it        story     the document's blocks, as Word would show them
markup    one XML part, with short names           page      those blocks as HTML, by mammoth
styles    bold, hidden, heading: direct or by style
"""

from .markup import Unreadable
from .reading import Answer, read

__all__ = ["Answer", "Unreadable", "read"]
