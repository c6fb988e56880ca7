"""Clients and contacts out of a file: every row looked at, then all of it or nothing, exactly as it was looked at."""

import csv
from io import BytesIO, StringIO
from time import monotonic
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from agency import clock
from clients.imports.sheets import MOST_ROWS
from clients.models import Client, ClientImport, Contact

KEYS = ("code", "client", "industry", "tier", "group", "contact", "position", "standing", "email", "phone", "language", "note")
HEAD = [
    "Code", "Client", "Industry", "Tier", "Group", "Contact", "Position", "Standing", "E-mail", "Telephone", "Language", "Note",
]  # fmt: skip
GOOD = [
    HEAD,
    [
        "ALD", "Alder Books", "Books", "small", "North", "Anna Älder", "Owner", "Decision maker", "anna@alder.example",
        "+44 20 7946 0900", "English", "Reads, always",
    ],
    ["ALD", "", "", "", "", "Bob Bärlauch", "", "", "", "", "", ""],
    ["HRB", "", "", "", "", "Rita Rye", "Brand", "marketing manager", "rita@rye.example", "", "", ""],
    ["BIR", "Birch & Co", "", "", "", "", "", "", "", "", "", ""],
]  # fmt: skip


def as_csv(rows, separator=",", code="utf-8"):
    out = StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(code)


def as_xlsx(rows):
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def send(browser, content, name="clients.csv", token=None):
    return browser.post("/clients/import/", {"token": token or uuid4(), "file": SimpleUploadedFile(name, content)})


def rows_of(**cells):
    """A file of one row."""
    keys = dict(zip(KEYS, HEAD, strict=True))
    return [[keys[key] for key in cells], list(cells.values())]


def told(browser, content, name="clients.csv"):
    """What the page says is wrong: (row, column, sentence)."""
    page = browser.get(send(browser, content, name).url)
    return [(row.number, str(head), fault) for row in page.context["wrong"] for head, fault in row.told]


def refusal(browser, content, name="clients.csv"):
    answer = send(browser, content, name)
    assert answer.status_code == 422
    return answer.context["form"].errors["file"][0]


@pytest.fixture
def helena(cast, login):
    return login(cast.helena)


def books():
    return Client.objects.count(), Contact.objects.count()


# All of it


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (as_csv(GOOD), "c.csv"), (as_csv(GOOD, code="utf-8-sig"), "c.csv"), (as_csv(GOOD, ";", "cp1252"), "c.csv"),
        (as_csv(GOOD, "\t", "utf-16"), "c.csv"), (b"sep=;\r\n" + as_csv(GOOD, ";"), "c.csv"), (as_csv(GOOD, "\t"), "c.txt"),
        (as_xlsx(GOOD), "c.xlsx"),
    ],
    ids=["UTF-8", "UTF-8 with mark", "Windows-1252, semicolons", "UTF-16, tabs", "sep=", "text", "XLSX"],
)  # fmt: skip
def test_a_file_is_looked_at_and_then_made_as_it_was_looked_at(content, name, helena, cast, clients):
    before = books()
    look = helena.get(send(helena, content, name).url)
    expected = list(zip(number_of(content), ("ALD", "ALD", "HRB", "BIR"), strict=True))
    assert [(row.number, row.code) for row in look.context["rows"]] == expected
    assert look.context["wrong"] == [] and books() == before, "looking makes nothing"
    assert "Anna Älder" in look.content.decode() and "Bob Bärlauch" in look.content.decode()
    helena.post(f"{look.request['PATH_INFO']}make/")
    alder, birch = Client.objects.get(code="ALD"), Client.objects.get(code="BIR")
    assert (alder.name, alder.industry, alder.tier, alder.group, alder.state) == (
        "Alder Books", "Books", "small", clients["HRB"].group, "prospect",
    )  # fmt: skip
    assert (birch.tier, birch.group, birch.contacts().count()) == ("standard", None, 0)
    anna = Contact.objects.get(name="Anna Älder")
    assert (anna.client, anna.standing, anna.email, anna.phone, anna.language, anna.note) == (
        alder, "decides", "anna@alder.example", "+44 20 7946 0900", "en-gb", "Reads, always",
    )  # fmt: skip
    assert Contact.objects.get(name="Rita Rye").client == clients["HRB"]
    for record in (alder, birch, anna):
        row, event = record.history.get(), record.events().get()
        assert (row.history_user, row.history_change_reason, event.verb, event.actor) == (
            cast.helena, "imported", "created", cast.helena,
        )  # fmt: skip
    assert books() == (before[0] + 2, before[1] + 3)


def number_of(content):
    first = 3 if content.startswith(b"sep=") else 2
    return range(first, first + 4)


def test_a_double_click_makes_everything_once(helena):
    token, before = uuid4(), books()
    assert len({send(helena, as_csv(GOOD), token=token).url for _click in range(2)}) == 1
    imported = ClientImport.objects.get()
    assert [helena.post(f"/clients/import/{imported.token}/make/").url for _click in range(2)] == ["/clients/"] * 2
    assert books() == (before[0] + 2, before[1] + 3)
    imported.refresh_from_db()
    assert (imported.rows, imported.clients, imported.contacts) == ([], 2, 3)
    assert "It is imported" in helena.get(imported.get_absolute_url()).content.decode()


def test_the_same_file_again_is_told_row_by_row_and_makes_nothing(helena):
    first = send(helena, as_csv(GOOD)).url
    helena.post(f"{first}make/")
    before = books()
    assert told(helena, as_csv(GOOD)) == [
        (2, "Code", "ALD is another client's code. Is the row a contact of it? Then leave the client's name empty."),
        (3, "Contact", "Bob Bärlauch is among the contacts already."),
        (4, "E-mail", "Rita Rye has this address already."),
        (5, "Code", "BIR is another client's code. Is the row a contact of it? Then leave the client's name empty."),
    ]
    second = ClientImport.objects.get(done_at=None)
    assert helena.post(f"/clients/import/{second.token}/make/").status_code == 422
    assert books() == before


def test_a_code_taken_meanwhile_refuses_the_whole_and_names_the_row(helena, cast):
    there, before = send(helena, as_csv(GOOD)).url, books()
    Client.open(by=cast.helena, token=uuid4(), code="BIR", name="Birdsong")
    answer = helena.post(f"{there}make/")
    assert answer.status_code == 422
    assert "Nothing was imported. Row 5, Code: BIR is another client&#x27;s code." in answer.content.decode()
    assert books() == (before[0] + 1, before[1])


def test_nothing_is_made_while_one_cell_is_wrong(helena):
    wrong = [*GOOD, ["CED", "Cedar", "", "huge", "", "", "", "", "", "", "", ""]]
    there, before = send(helena, as_csv(wrong)).url, books()
    page = helena.get(there).content.decode()
    assert "Not yet: some rows are wrong" in page and "Import all of it" not in page
    assert helena.post(f"{there}make/").status_code == 422
    assert books() == before


# Cells


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"code": "ABC", "client": "Alder", "tier": "huge"}, "Tier", "“huge” is no tier: key, status, standard or small."),
        ({"code": "ABC", "client": "Alder", "group": "West"}, "Group", "“West” is no business group here."),
        ({"code": "HRB", "client": "Alder"}, "Code", "HRB is another client's code."),
        ({"code": "AB1", "client": "Alder"}, "Code", "The code is three capital letters, such as HRB."),
        ({"code": "", "client": "Alder"}, "Code", "This field is required."),
        ({"code": "ABC", "client": "x" * 121}, "Client", "at most 120 characters"),
        ({"code": "ABC", "client": "A", "industry": "x" * 81}, "Industry", "at most 80 characters"),
        ({"code": "ZZZ", "contact": "Anna"}, "Code", "ZZZ is no client in the books, and none in this file."),
        ({"code": "HRB", "contact": "Anna", "email": "anna@"}, "E-mail", "Enter a valid email address."),
        ({"code": "HRB", "contact": "Anna", "email": "CLARA.HOLLIN@hollin-rye.example"}, "E-mail", "Clara Hollin has this"),
        ({"code": "HRB", "contact": "clara hollin"}, "Contact", "Clara Hollin is among the contacts already."),
        ({"code": "HRB", "contact": "", "email": "anna@alder.example"}, "Contact", "This field is required."),
        ({"code": "HRB", "contact": "Anna", "phone": "call me"}, "Telephone", "Write a number that can be dialled"),
        ({"code": "HRB", "contact": "Anna", "standing": "boss"}, "Standing", "“boss” is no standing"),
        ({"code": "HRB", "contact": "Anna", "language": "Klingon"}, "Language", "is no language in which we write"),
        ({"code": "HRB", "contact": "Anna", "note": "x" * 2001}, "Note", "at most 2000 characters"),
        ({"code": "HRB", "contact": "Anna", "tier": "key"}, "Tier", "This belongs to a new client"),
        ({"code": "HRB", "contact": "", "tier": ""}, "Contact", "There is neither a new client nor a contact in this row."),
        ({"code": "HRB", "contact": "=HYPERLINK(1)"}, "Contact", "This is a formula. Put the value itself in its place."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_wrong_with_a_cell_is_told_with_its_row_and_column(cells, column, sentence, form, helena):
    content = {"csv": as_csv, "xlsx": as_xlsx}[form](rows_of(**cells))
    faults = told(helena, content, f"c.{form}")
    assert [(row, head) for row, head, _fault in faults] == [(2, column)]
    assert sentence in faults[0][2]


def test_what_comes_twice_in_the_file_is_told_with_the_first_row(helena):
    rows = [
        ["Code", "Client", "Contact", "E-mail"], ["ABC", "Alder", "Anna", "a@alder.example"], ["abc", "Alder", "", ""],
        ["ABC", "", "Bob", "A@alder.example"],
    ]  # fmt: skip
    assert told(helena, as_csv(rows)) == [
        (3, "Code", "ABC is opened in row 2 already."), (4, "E-mail", "Anna has this address already."),
    ]  # fmt: skip


def test_a_contact_may_stand_above_its_client_and_empty_rows_are_left_out(helena):
    rows = [[], ["Code", "Client", "Contact"], [], ["ABC", "", "Anna"], ["", "", ""], ["ABC", "Alder", ""]]
    page = helena.get(send(helena, as_csv(rows)).url)
    assert ([row.number for row in page.context["rows"]], page.context["wrong"]) == ([4, 6], [])
    helena.post(f"{page.request['PATH_INFO']}make/")
    assert Contact.objects.get(name="Anna").client.code == "ABC"


def test_a_row_with_too_many_cells_is_told(helena):
    assert told(helena, b"Code,Client\nABC,Alder,Books\n")[0][:2] == (2, "Code")


def test_numbers_of_a_workbook_are_read_as_they_look(helena):
    page = helena.get(send(helena, as_xlsx(rows_of(code="HRB", contact="Anna", phone=442079460900)), "c.xlsx").url)
    assert page.context["rows"][0].contact["phone"] == "442079460900"


def test_a_telephone_number_out_of_a_file_of_ours_comes_back(helena):
    page = helena.get(send(helena, as_csv(rows_of(code="HRB", contact="Anna", phone="'+44 20 7946 0900"))).url)
    assert page.context["rows"][0].contact["phone"] == "+44 20 7946 0900"


# Whole files


def bomb():
    """A workbook whose sheet unpacks to hundreds of megabytes."""
    out = BytesIO(as_xlsx(GOOD))
    packed = BytesIO()
    with ZipFile(out) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, b" " * 300_000_000 if part.filename.endswith("sheet1.xml") else old.read(part))
    return packed.getvalue()


def with_part(name, told):
    out, packed = BytesIO(as_xlsx(GOOD)), BytesIO()
    with ZipFile(out) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, told + old.read(part) if part.filename == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, told)
    return packed.getvalue()


ENTITY = b'<!DOCTYPE a [<!ENTITY b "ccc">]>'


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "c.csv", "empty"),
        (b"\n\n,,\n", "c.csv", "The file is empty."),
        (b"Code,Client\n", "c.csv", "There is no row below the heads"),
        (b"Kode,Client\nABC,Alder\n", "c.csv", "Not known: “Kode”"),
        (b"Code,Code,Client\nABC,ABC,Alder\n", "c.csv", "The column “Code” is there twice."),
        (b"Client,Contact\nAlder,Anna\n", "c.csv", "The columns “Code” and “Client” or “Contact” are needed."),
        (b"just words\n", "c.csv", "Not known: “just words”"),
        (b"Code,Client\nABC,\"Alder\n", "c.csv", "Row 2 cannot be read"),
        (b"Code,Client\nABC," + b"x" * 140_000 + b"\n", "c.csv", "Row 2 cannot be read"),
        (b"Code,Client\nABC,Al\0der\n", "c.csv", "c.csv"),
        ("Code,Client\nABC,Al\0der\n".encode("utf-16"), "c.csv", "c.csv"),
        (b"Code,Client\nABC,\x81\x8d\x8f\n", "c.csv", "The letters of the file cannot be read."),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 90, "c.csv", "c.csv"),
        (b"%PDF-1.7\n", "c.pdf", "c.pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "c.xls", "c.xls"),
        (b"PK\x03\x04" + b"0" * 90, "c.xlsx", "c.xlsx"),
        (as_xlsx(GOOD)[:-200], "c.xlsx", "c.xlsx"),
        (with_part("xl/vbaProject.bin", b"x"), "c.xlsx", "holds a program (macros)"),
        (with_part("xl/worksheets/sheet1.xml", ENTITY), "c.xlsx", "instructions that no table needs"),
        (with_part("xl/worksheets/sheet1.xml", ENTITY.decode().encode("utf-16")), "c.xlsx", "instructions that no table needs"),
        (with_part("xl/worksheets/sheet1.xml", b"<broken"), "c.xlsx", "cannot be read"),
        (b"0" * 6_000_000, "c.csv", "larger than 5 MB"),
        (b"0" * 52_428_800, "c.csv", "larger than 25 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(content, name, sentence, helena):
    assert sentence in refusal(helena, content, name)
    assert not ClientImport.objects.exists()


def test_a_bomb_is_not_unpacked(helena):
    began = monotonic()
    assert "unpacks to more than is taken" in refusal(helena, bomb(), "c.xlsx")
    assert monotonic() - began < 10


def many(n):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    codes = [f"X{a}{b}" for a in letters for b in letters] + [f"Y{a}{b}" for a in letters for b in letters]
    rows = [[codes[i], f"House {i}", "Trade", "small", "North", f"Person {i}", "", "", f"p{i}@house.example"] for i in range(n)]
    return [HEAD[:9], *rows]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_hundred_thousand_rows_are_too_many(form, helena):
    rows = [["Code", "Contact"], *([["HRB", "Anna"]] * 100_000)]
    content = {"csv": as_csv, "xlsx": as_xlsx}[form](rows)
    assert refusal(helena, content, f"c.{form}") == f"The file has more than {MOST_ROWS} rows. Send it in parts."


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_thousand_rows_are_quick_and_looking_costs_no_more_than_for_one(form, helena, cast):
    to_file = {"csv": as_csv, "xlsx": as_xlsx}[form]
    rows = many(1_000)
    began = monotonic()
    there = send(helena, to_file(rows), f"c.{form}").url
    looked = monotonic()
    few = send(helena, to_file(rows[:2]), f"c.{form}").url
    counts = []
    for address in (few, there):
        helena.get(address)
        with CaptureQueriesContext(connection) as seen:
            page = helena.get(f"{address}?page=10")
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert (len(page.context["rows"]), page.context["count"], page.context["wrong"]) == (100, 1_000, [])
    making = monotonic()
    helena.post(f"{there}make/")
    print(f"{form}: read {looked - began:.2f} s, made {monotonic() - making:.2f} s")
    assert Client.objects.filter(industry="Trade").count() == 1_000
    assert looked - began < 10 and monotonic() - making < 10


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=99999999", "page=", "page=²"])
def test_a_page_of_rows_that_is_not_there_is_the_nearest(query, helena):
    there = send(helena, as_csv(GOOD)).url
    assert len(helena.get(f"{there}?{query}").context["rows"]) == 4


# Who


@pytest.mark.parametrize("name", ["omar", "marta", "tomas", "jonas", "mei", "felix", "admin"])
def test_only_the_minister_imports(name, cast, login):
    there = send(login(cast.helena), as_csv(GOOD)).url
    browser, before = login(getattr(cast, name)), books()
    for address in ("/clients/import/", "/clients/import/template.csv", there):
        assert browser.get(address).status_code == 403
    assert send(browser, as_csv(GOOD)).status_code == 403
    assert browser.post(f"{there}make/").status_code == 403
    assert books() == before
    assert "/clients/import/" not in browser.get("/clients/").content.decode() or name == "admin"


def test_nobody_looks_into_another_ministers_file(cast, login):
    there = send(login(cast.helena), as_csv(GOOD)).url
    cast.omar.role = "minister"
    cast.omar.save()
    browser = login(cast.omar)
    assert browser.get(there).status_code == 404 and browser.post(f"{there}make/").status_code == 404
    assert browser.get(f"/clients/import/{uuid4()}/").status_code == 404


def test_the_template_can_be_sent_back_when_it_is_filled_in(helena):
    csv_head = helena.get("/clients/import/template.csv").content.decode("utf-8-sig").strip()
    assert csv_head == ",".join(HEAD)
    book = load_workbook(BytesIO(helena.get("/clients/import/template.xlsx").content))
    book.active.append(["ABC", "Alder"])
    out = BytesIO()
    book.save(out)
    assert told(helena, out.getvalue(), "c.xlsx") == []


def test_what_was_looked_at_and_left_is_cleared_away(helena, monday):
    send(helena, as_csv(GOOD))
    monday.shift(3 * 24 * 3600)
    assert ClientImport.objects.stale().count() == 1
    helena.force_login(ClientImport.objects.get().created_by, backend="allauth.account.auth_backends.AuthenticationBackend")
    send(helena, as_csv(GOOD))
    assert ClientImport.objects.count() == 1
    assert ClientImport.objects.get().created_at.date() == clock.today()
