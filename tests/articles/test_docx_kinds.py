"""What is no Word document is refused in a sentence that says what it is and what to do."""

import io
import zipfile

import pytest

from articles.intake.docx import MAX_FILE, WordReader
from articles.intake.manuscript import Refused

from .word_files import content_types, para, run, word_file, zipped

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


@pytest.fixture(scope="module")
def read():
    with WordReader() as reader:
        yield reader.read


OTHERS = {
    "nothing": (b"", "is empty"),
    "blanks": (b" \n", "is empty"),
    "an old Word": (OLE, "an old Word (.doc)"),
    "a document with a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "rich text": (b"{\\rtf1\\ansi Grain}", "rich text file (.rtf)"),
    "a PDF": (b"%PDF-1.7\n", "This is a PDF"),
    "a web page": (b"\xef\xbb\xbf\n<!DOCTYPE html><p>Grain", "web page"),
    "plain text": (b"Grain and power", "not a Word document (.docx)"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "not a Word document (.docx)"),
    "OpenDocument": (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "(.odt)"),
    "Pages": (zipped({"Index/Document.iwa": b"x", "preview.jpg": b"x"}), "Apple Pages"),
    "older Pages": (zipped({"index.zip": b"x"}), "Apple Pages"),
    "Excel": (word_file("", parts={"[Content_Types].xml": content_types(SHEET)}), "Excel"),
    "PowerPoint": (word_file("", parts={"[Content_Types].xml": content_types(SLIDES)}), "PowerPoint"),
    "a zip of something else": (zipped({"holiday.txt": b"x"}), "zip of something else"),
    "a document without its text": (zipped({"[Content_Types].xml": content_types()}), "zip of something else"),
    "too large a file": (b"PK\x03\x04" + bytes(MAX_FILE), "larger than 100 MB"),
}


@pytest.mark.parametrize(("data", "sentence"), OTHERS.values(), ids=OTHERS)
def test_it_refuses(read, data, sentence):
    with pytest.raises(Refused) as refusal:
        read(data)
    assert sentence in str(refusal.value)
    assert str(refusal.value)[0].isupper()
    assert str(refusal.value).count(". ") >= 1, "it also says what to do"


def test_it_reads_a_template():
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
    with WordReader() as reader:
        assert (
            reader.read(word_file(para(run("a")), parts={"[Content_Types].xml": content_types(kind)})).html
            == "<p>a</p>"
        )


def test_it_reads_a_file_whose_text_has_another_name(read):
    source = zipfile.ZipFile(io.BytesIO(word_file(para(run("a")))))
    files = {name.replace("document.xml", "text.xml"): source.read(name).replace(b"word/document.xml", b"word/text.xml")
             for name in source.namelist()}  # fmt: skip
    assert read(zipped(files)).html == "<p>a</p>"


def test_it_reads_a_file_of_nothing_but_text(read):
    whole = zipfile.ZipFile(io.BytesIO(word_file(para(run("a")))))
    assert read(zipped({"word/document.xml": whole.read("word/document.xml")})).html == "<p>a</p>"


def test_it_reads_text_in_utf_16(read):
    whole = zipfile.ZipFile(io.BytesIO(word_file(para(run("Grün")))))
    text = '<?xml version="1.0" encoding="utf-16"?>' + whole.read("word/document.xml").decode()
    assert read(zipped({"word/document.xml": text.encode("utf-16")})).html == "<p>Grün</p>"
