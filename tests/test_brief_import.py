"""A client's own brief is kept with ours, and its text is there to copy from (DEP2)."""

from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from briefs.models import Brief
from clients.models import Attachment

WORDS = "Rye crackers, thin, baked on stone."
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/>'
    "</Relationships>"
)
DOCUMENT = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    f"<w:t>{WORDS}</w:t></w:r></w:p></w:body></w:document>"
)


def docx(name="Their brief.docx"):
    file = BytesIO()
    with ZipFile(file, "w") as parts:
        parts.writestr("[Content_Types].xml", TYPES)
        parts.writestr("_rels/.rels", RELATIONS)
        parts.writestr("word/document.xml", DOCUMENT)
    return SimpleUploadedFile(name, file.getvalue())


@pytest.fixture
def form(clients):
    return {"token": uuid4(), "client": "HRB", "title": "Rye crackers"}


def test_a_brief_taken_with_a_document_keeps_it_and_its_text_stands_beside_the_form(form, cast, login):
    answer = login(cast.jonas).post("/briefs/new/", {**form, "document": docx()})
    brief = Brief.objects.get(title="Rye crackers")
    assert answer.url == f"/briefs/{brief.pk}/edit/"
    kept = Attachment.objects.of(brief).get()
    assert (kept.name, kept.text.strip()) == ("Their brief.docx", WORDS)
    assert WORDS in login(cast.jonas).get(answer.url).text


def test_a_double_click_keeps_the_document_once(form, cast, login):
    for _click in range(2):
        assert login(cast.jonas).post("/briefs/new/", {**form, "document": docx()}).status_code == 302
    assert Attachment.objects.of(Brief.objects.get(title="Rye crackers")).count() == 1


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"", b"%PDF-1.7 cut"])
def test_a_hostile_document_is_refused_beside_the_field_and_no_brief_is_opened(content, form, cast, login):
    answer = login(cast.jonas).post("/briefs/new/", {**form, "document": SimpleUploadedFile("brief.pdf", content)})
    assert (answer.status_code, "document" in answer.context["form"].errors) == (422, True)
    assert "Rye crackers" in answer.text
    assert not Brief.objects.filter(title="Rye crackers").exists()
