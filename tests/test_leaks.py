"""Leaks: a client of group South has a canary word in everything that can hold words. Whoever does not serve that client opens
every kind of page offered to him, follows the links, and tries the addresses he could guess. The canary must never sing."""

import re
from collections import Counter
from decimal import Decimal
from html import unescape
from io import BytesIO
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from pypdfium2 import PdfDocument

from accounts.models import CalendarFeed, Evaluation
from agency import clock
from approvals.drawing import draw
from approvals.models import DraftComment, Presentation
from campaigns.models import Actual, Commitment, Hours, Nudge, Rearrangement, Step, StepNote
from clients.models import Authority, Client, Contact, Terms
from clients.models.assignment import assign
from clients.visitor import Visitor
from tests.client_pages import a_link, through
from tests.drafts import a_cleared_draft, a_draft, a_picture, a_version, decided
from tests.records import (
    a_baseline,
    a_brief,
    a_change_order,
    a_confirmed_plan,
    a_file,
    a_line,
    a_plan,
    a_report,
    a_schedule,
    an_accepted_brief,
    days,
)
from tests.samples import PIECE, a_sample, answered
from tests.supervision import a_defect
from tests.thorough import one_of_each

CANARY = "Kanarienvogel"  # in everything of the client
WREN = "Zaunkoenig"  # in the evaluation of one of its people
OUTSIDERS = ("omar", "marta", "david", "tomas", "jonas", "felix", "noor", "sven", "petra", "ida", "admin")
READERS = (*OUTSIDERS, "ingrid", "lucia", "priya", "mei", "rafael")  # none of whom may read the evaluation
# One of each role and of each kind of guest goes through the whole house.
CRAWLERS = ("omar", "marta", "tomas", "jonas", "felix", "noor", "ida", "admin", "ingrid", "lucia", "mei")
LINK = re.compile(r"""(?:href|action|hx-get)="([^"#]+)["#]""")
MOST = 250
SEQUENCES = {"sort", "order"}  # the same page in another sequence is a page of the same kind
ALIKE = 4  # so many pages of one kind are opened: lists show the newest first, and the canary is the newest of all
VARIANTS = 1  # so many of a list asked by the same names, and of papers, which take long to make


@pytest.fixture
def canary(cast, clients):
    """A client of South served by Lucia, Priya and Amina, whose every record holds the word. Returns its records."""
    client = Client.open(
        by=cast.helena, token=uuid4(), code="KAN", name=f"{CANARY} Seeds", industry=CANARY, group=clients["VOL"].group
    )  # fmt: skip
    client.win(by=cast.helena)
    assign(client, person=cast.lucia, seat="director", by=cast.helena, note=CANARY)
    assign(client, person=cast.priya, seat="manager", by=cast.helena, note=CANARY)
    assign(client, person=cast.amina, seat="salesman", by=cast.helena, note=CANARY)
    bird = Contact(client=client, name=f"{CANARY} Bird", position=CANARY, email="bird@seeds.example", created_by=cast.amina)
    bird.keep(by=cast.amina)
    words = dict.fromkeys(("product_knowledge", "market_situation", "budget_notes", "market_plan"), CANARY)
    waiting = a_brief(client, cast.amina, title=f"{CANARY} waiting", **words)
    waiting.submit(by=cast.amina)
    link = a_link(waiting, bird, cast.amina)
    waiting.record_event("created", by=Visitor(link), reason=CANARY)
    link.note_opening()
    through(link, words=CANARY, name=f"{CANARY} Bird")
    line = a_line(client, cast.amina, text=f"{CANARY} stays uncut.", said=CANARY, source_words=CANARY)
    papers = [
        a_file(it, cast.amina, name=f"{CANARY}.txt", content=CANARY.encode(), note=CANARY) for it in (client, line, waiting)
    ]
    brief = an_accepted_brief(client, writer=cast.amina, acceptor=cast.lucia, title=f"{CANARY} brief", **words)
    plan = a_plan(brief, cast.lucia, name=f"{CANARY} campaign", objectives=CANARY, strategy=CANARY)
    plan.submit(by=cast.lucia)
    steps = a_schedule(plan.campaign, cast.rafael)
    for step in steps:
        step.name = f"{CANARY} {step.name}"
        step.keep(by=cast.rafael, reason=CANARY)
    wish = Rearrangement.ask(step=steps[0], to_start=clock.today() + days(7), reason=CANARY, by=cast.amina, token=uuid4())
    money = what_was_spent(cast, client, brief, bird)
    return [client, waiting, brief, plan.campaign, plan, *steps[:2], wish, line, *papers, link, *money]


def what_was_spent(cast, client, brief, bird):
    """A campaign whose plan the client has agreed, with the word in its estimate, order, invoice, change order and hours."""
    terms = Terms.open(client=client, by=cast.ingrid, token=uuid4(), valid_from=clock.today())
    terms.authorise(bird, kinds=list(Authority.What), by=cast.ingrid)
    line = {"kind": "media", "name": f"{CANARY} sites", "supplier": CANARY, "unit_price": Decimal(9000)}
    agreed = a_confirmed_plan(brief, writer=cast.lucia, agreer=cast.ingrid, name=f"{CANARY} agreed", lines=[line], risks=CANARY,
                             deliverables=[{**PIECE, "what": CANARY}])  # fmt: skip
    budget = agreed.campaign.budget_lines.get(number=2)
    told = {"on": clock.today(), "amount": Decimal(500), "supplier": CANARY, "document": CANARY, "by": cast.lucia}
    order, invoice = (kind.book(budget, token=uuid4(), **told) for kind in (Commitment, Actual))
    change = a_change_order(agreed.campaign, cast.lucia, title=CANARY, text=CANARY)
    change.send(by=cast.lucia, contact=bird)
    step = a_schedule(agreed.campaign, cast.rafael)[0]
    step.give_to(by=cast.rafael, person=cast.lucia)
    hours = Hours.note_down(step, by=cast.lucia, token=uuid4(), on=clock.today(), hours=Decimal(2), note=CANARY)
    note = StepNote.write(step, by=cast.lucia, token=uuid4(), words=CANARY)
    nudge = Nudge.send(step, by=cast.rafael, token=uuid4(), words=CANARY)
    report = a_report(agreed.campaign, cast.lucia, ahead=CANARY)
    report.release(by=cast.lucia)
    report.send(by=cast.lucia, contact=bird)
    sample = what_was_sampled(cast, agreed.campaign)
    drafted = what_was_presented(cast, agreed.campaign)
    lines = [
        report,
        sample,
        *drafted,
        sample.rows.first(),
        what_was_seen(cast, agreed.campaign),
        *what_was_drafted(cast, agreed.campaign, bird),
        agreed.lines.first(),
        change.lines.get(),
        budget,
        a_baseline(agreed.campaign, cast.rafael),
    ]
    return [agreed.campaign, agreed, agreed.sheet, order, invoice, change, hours, note, nudge, *lines]


def what_was_presented(cast, campaign):
    """A cleared draft and its presentation, with the word in title, reason, copy, place and in what was said."""
    said = dict.fromkeys(("idea", "on_brief", "how", "copy"), CANARY)
    draft = a_cleared_draft(campaign.deliverables.get(), maker=cast.priya, clearer=cast.lucia, title=CANARY, **said)
    shown = {"kind": "outside", "held_on": clock.today(), "presenter": cast.lucia, "shown": [draft.sheet], "place": CANARY}
    held = Presentation.plan(campaign, by=cast.lucia, token=uuid4(), **shown)
    held.hold(by=cast.lucia, said=CANARY, ours=[cast.amina], others=CANARY, chosen=draft, why=CANARY)
    return [draft, draft.sheet, held]


def what_was_drafted(cast, campaign, bird):
    """A draft with the word in its title, rationale, copy, file and review, in what is said about it, and behind a link."""
    draft = a_draft(campaign.deliverables.get(), cast.lucia, maker=cast.lucia, title=CANARY)
    said = dict.fromkeys(("idea", "on_brief", "how", "copy"), CANARY)
    version = a_version(draft, cast.lucia, files=[a_picture(name=f"{CANARY}.png")], **said)
    comments = [
        DraftComment.say(version, by=cast.priya, token=uuid4(), words=CANARY, audience=audience)
        for audience in ("inside", "client")
    ]
    review = decided(draft, cast.ingrid, outcome="returned", reply="no", reason=CANARY)
    a_version(draft, cast.lucia)
    decided(draft, cast.ingrid)
    draft.send(by=cast.amina, contact=bird)
    draw()
    return [draft, version, review, *comments]


def what_was_sampled(cast, campaign):
    """A sample of a piece that failed, with the word in its supplier, its notes, its photo, its reason and the next sample."""
    sample = a_sample(campaign.deliverables.get(), cast.amina, supplier=CANARY)
    a_file(sample, cast.amina, name=f"{CANARY}.txt", content=CANARY.encode(), note=CANARY)
    return answered(sample, cast.amina, fails=(1,), notes=CANARY).fail(by=cast.amina, reason=CANARY)


def what_was_seen(cast, campaign):
    """A defect with the word in what was seen, in its photo, in what was done, and in why that was not enough."""
    note = a_defect(campaign.deliverables.get(), cast.amina, words=CANARY)
    a_file(note, cast.amina, name=f"{CANARY}.txt", content=CANARY.encode(), note=CANARY)
    note.fix(by=cast.amina, words=CANARY)
    note.reopen(by=cast.lucia, reason=CANARY)
    return note.fix(by=cast.amina, words=CANARY)


@pytest.fixture
def verdict(cast):
    """What Helena thinks of Amina's work."""
    found = Evaluation.begin(
        by=cast.helena, person=cast.amina, token=uuid4(), period_from=clock.today() - days(90), period_to=clock.today()
    )
    found.marks.create(criterion=f"{WREN} tact", score=2, sentence=f"{WREN}: called the client by another name.")
    found.hand_over(by=cast.helena)
    found.sign(by=cast.amina, comment=f"{WREN}, I do not agree.")
    return found


def crawl(browser, start="/"):
    """Open what can be reached by links from `start`, a few pages of each kind. Yields address, status and all its words."""
    seen, ahead, kinds = set(), [start], Counter()
    while ahead and len(seen) < MOST:
        address = ahead.pop(0)
        kind = route(address)
        if address in seen or kinds[kind] == (VARIANTS if "?" in address or kind[0].endswith("_pdf") else ALIKE):
            continue
        seen.add(address)
        kinds[kind] += 1
        answer = browser.get(address)
        text = told(answer)
        yield address, answer.status_code, text
        for link in LINK.findall(text):
            parts = urlsplit(unescape(link))
            if not parts.netloc and parts.path.startswith("/") and not parts.path.startswith(("/static/", "/admin/")):
                ahead.append(parts.path + (f"?{parts.query}" if parts.query else ""))
            elif not parts.netloc and not parts.path and parts.query:
                ahead.append(f"{urlsplit(address).path}?{parts.query}")


def told(answer):
    """Everything an answer says: the text of a page, of the sheets of a workbook, of a PDF."""
    body = b"".join(answer) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with ZipFile(BytesIO(body)) as sheets:
            return "".join(sheets.read(name).decode(errors="replace") for name in sheets.namelist())
    if body.startswith(b"%PDF"):
        return "".join(page.get_textpage().get_text_bounded() for page in PdfDocument(body))
    return body.decode(errors="replace")


def route(address):
    """The kind of page at an address, with the names of the questions asked of it."""
    parts = urlsplit(address)
    try:
        return resolve(parts.path).view_name, *sorted(parse_qs(parts.query).keys() - SEQUENCES)
    except Resolver404:
        return (address,)


@pytest.mark.parametrize("login_name", one_of_each(CRAWLERS, "jonas", "felix"))
def test_no_page_tells_of_a_client_or_a_colleague_what_is_not_for_its_reader(login_name, canary, verdict, cast, login):
    pages = 0
    for address, status, text in crawl(login(getattr(cast, login_name))):
        assert status < 500, address
        assert WREN not in text, address
        if login_name in OUTSIDERS:
            assert CANARY not in text, address
            assert "KAN" not in re.findall(r"\b[A-Z]{3}\b", text), address
        pages += status == 200
    assert pages >= 2, "the crawl has seen pages"


@pytest.mark.parametrize("login_name", one_of_each(OUTSIDERS, "marta", "felix"))
def test_addresses_an_outsider_could_guess_lead_nowhere(login_name, canary, cast, login):
    browser = login(getattr(cast, login_name))
    for address in guesses(canary):
        for answer in (browser.get(address), browser.post(address, {"seen": 1, "reason": "x"})):
            assert answer.status_code in {403, 404, 405}, (address, answer.status_code)
            said = answer.content.decode(errors="replace").replace(address, "")  # a page tells the address it was asked for
            assert CANARY not in said, address


def test_no_calendar_of_an_outsider_knows_the_client(canary, cast, client):
    for step in (record for record in canary if isinstance(record, Step)):
        step.kind = "deadline"
        step.keep(by=cast.rafael)
    for name in OUTSIDERS:
        if name != "admin":
            found = client.get(urlsplit(CalendarFeed.make(by=getattr(cast, name), token=uuid4()).address).path)
            assert found.status_code == 200 and CANARY not in found.content.decode().replace("\r\n ", ""), name
    found = client.get(urlsplit(CalendarFeed.make(by=cast.lucia, token=uuid4()).address).path)
    assert CANARY in found.content.decode().replace("\r\n ", ""), "the test sees the canary where it may sing"


def guesses(records):
    """Every address of the product that takes the key of one of these records."""
    for record in records:
        yield record.get_absolute_url()
        kind = record._meta.label_lower
        for name in ("history", "share", "unshare", "files"):
            for args in ([kind, record.pk], [record._meta.app_label, record._meta.model_name, record.pk]):
                try:
                    yield reverse(name, args=args)
                except NoReverseMatch:
                    continue


@pytest.mark.parametrize("page", ["clients", "briefs", "campaigns", "schedule"])
def test_filters_do_not_open_what_is_closed(page, canary, cast, login):
    browser = login(cast.jonas)
    for filters in ("?client=KAN", "?show=late&client=KAN", "?person=amina", "?person=lucia", f"?q={CANARY}"):
        text = browser.get(reverse(page) + filters).content.decode()
        assert CANARY not in text.replace(f"q={CANARY}", "").replace(f'value="{CANARY}"', ""), filters


@pytest.mark.parametrize("word", [CANARY, WREN])
def test_whoever_may_read_it_meets_it(word, canary, verdict, cast, login):
    """The crawl would find it: Amina does, who serves the client and was evaluated."""
    assert any(word in text for _address, _status, text in crawl(login(cast.amina)))


def test_whoever_loses_the_seat_loses_the_canary_with_the_next_request(canary, cast, login):
    browser = login(cast.lucia)
    assert browser.get(canary[2].get_absolute_url()).status_code == 200
    assign(canary[0], person=cast.marta, seat="director", by=cast.helena, note="North takes over")
    assert browser.get(canary[2].get_absolute_url()).status_code == 404
    assert not any(CANARY in text for _address, _status, text in crawl(browser))


@pytest.mark.parametrize("login_name", READERS)
def test_an_evaluation_exists_for_nobody_but_the_two(login_name, verdict, cast, login):
    assert login(getattr(cast, login_name)).get(verdict.get_absolute_url()).status_code == 404


def test_an_administrator_finds_the_evaluation_nowhere_in_the_admin(verdict, cast, login):
    browser = login(cast.admin)
    seen = 0
    for address, answer in crawl_admin(browser):
        assert WREN not in answer.content.decode(errors="replace"), address
        seen += answer.status_code == 200
    assert seen > 20


def crawl_admin(browser):
    """Every list, history and record page of the admin that can be reached by links, a few records of each kind."""
    seen, ahead, per_list = set(), ["/admin/"], {}
    while ahead and len(seen) < MOST:
        address = ahead.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = browser.get(address)
        yield address, answer
        for link in re.findall(r'href="(/admin/[^"#?]*)', answer.content.decode(errors="replace")):
            kind = "/".join(link.split("/")[:4])
            if "logout" not in link and per_list.setdefault(kind, 0) < 4:
                per_list[kind] += link not in ahead
                ahead.append(link)
