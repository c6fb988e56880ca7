"""Change orders on their pages: offered where extra work is met, kept within the contact's limit, answered, seen by those whose
they are (DIR2, DEP8). The theatre's third round of amends is with Ruth Amari, who agrees change orders up to 400."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import ChangeOrder, Plan
from clients.links import SafeLink
from clients.models import Confirmation, Dispatch
from clients.tokens import token_of
from desk.desks import Desk
from desk.inbox import Inbox
from reminders.models import Notice
from tests.records import MONDAY, a_change_order, a_confirmed_plan, a_plan, an_accepted_brief, an_estimate_line, days
from tests.test_leaks import told

PRINT = {"kind": "production", "name": "Printing", "supplier": "Dorrit Print", "unit_price": Decimal("20000.00")}
PIECE = {"letter": "A", "what": "Poster", "medium": "outdoor", "size": "", "rounds": "1", "deadline": "2026-12-12",
         "appears": ""}  # fmt: skip
SAID = {"words": "", "name": "Ruth Amari", "role": "Press office"}


@pytest.fixture
def third_round(db):
    return ChangeOrder.objects.get(client__code="PAL")


@pytest.fixture
def agreed(cast, clients):
    """A plan of Hollin & Rye the client has agreed, with one poster and one round of amends of it."""
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    return a_confirmed_plan(brief, writer=cast.marta, agreer=cast.omar, lines=[PRINT], deliverables=[PIECE])


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def link_of(order):
    return reverse("client_page", args=[f"{token_of(SafeLink.objects.about(order).latest('pk').seed)}/"])


def at(order, name=""):
    return reverse(f"change_order{name}", args=[order.pk])


def answered(client, order, answer, **more):
    return client.post(link_of(order), {**SAID, "answer": answer, "token": str(uuid4()), **more})


# The client answers by its link


def test_agreed_by_link_the_round_is_granted_its_line_joins_the_budget_and_the_coordinator_hears_of_the_days(
    cast, third_round, client
):
    campaign, mei = third_round.campaign, Notice.objects.filter(recipient=cast.mei)
    lines, heard = campaign.budget_lines.count(), mei.count()
    piece = third_round.deliverable
    assert piece.is_used_up
    page = client.get(link_of(third_round)).text
    assert "380.00" in page and third_round.reference in page and "2 working days more" in page
    assert answered(client, third_round, "confirmed").status_code == 302
    assert fresh(third_round).state == "confirmed" and not fresh(piece).is_used_up
    assert campaign.budget_lines.count() == lines + 1
    assert campaign.budget_lines.get(source__order=third_round).price == 380
    news = mei.order_by("-pk").first()
    assert mei.count() == heard + 1 and news.text.startswith(f"{campaign.job_number} takes 2 working days more")
    assert client.get(link_of(third_round)).status_code == 404


def test_declined_by_link_nothing_changes_and_those_who_asked_hear_of_it(cast, third_round, client, login):
    campaign, before = third_round.campaign, third_round.campaign.budget_lines.count()
    assert answered(client, third_round, "declined", words="We live with the second.").status_code == 302
    assert fresh(third_round).state == "declined" and fresh(third_round.deliverable).is_used_up
    assert campaign.budget_lines.count() == before
    assert Notice.objects.filter(recipient=cast.tomas, text__contains="declined").exists()
    page = login(cast.tomas).get(at(third_round)).text
    assert "We live with the second." in page and "Add a line" not in page and "Send to the client" not in page


def test_opened_twice_it_is_answered_once(third_round, client):
    assert answered(client, third_round, "confirmed").status_code == 302
    assert answered(client, third_round, "declined").status_code == 404
    assert fresh(third_round).state == "confirmed" and Confirmation.objects.about(third_round).count() == 1


@pytest.mark.parametrize("move", ["take_back", "withdraw"])
def test_taken_back_or_withdrawn_its_link_opens_nothing(move, cast, third_round, login, client):
    there = link_of(third_round)
    press = {"seen": third_round.version, "reason": "The price is wrong."}
    answer = login(cast.tomas).post(reverse("change_order_move", args=[third_round.pk, move]), press)
    assert answer.status_code == 302 and client.get(there).status_code == 404


# The limit of the contact


def theatre_order(cast, third_round, price):
    return a_change_order(third_round.campaign, cast.tomas, price=price)


def test_up_to_her_limit_ruth_is_asked_and_a_cent_above_nobody(cast, third_round, login):
    browser, ruth = login(cast.tomas), third_round.contact
    fits, over = theatre_order(cast, third_round, "400.00"), theatre_order(cast, third_round, "400.01")
    assert "Ruth Amari" in browser.get(at(fits, "_send")).text
    assert browser.post(at(fits, "_send"), {"seen": fits.version, "contact": ruth.pk}).status_code == 302
    assert fresh(fits).state == "client"
    answer = browser.post(at(over, "_send"), {"seen": over.version, "contact": ruth.pk})
    assert answer.status_code == 409 and "nobody of the client agrees such a total" in answer.text
    told_her = {"contact": ruth.pk, "how": "telephone", "on": MONDAY.isoformat(), "answer": "confirmed", "words": "Yes."}
    kept = browser.post(at(over, "_record"), {**told_her, "seen": over.version, "token": str(uuid4())})
    assert kept.status_code == 409 and fresh(over).state == "draft" and not Confirmation.objects.about(over).exists()


def test_several_lines_are_held_against_the_limit_together(cast, third_round, login):
    order = theatre_order(cast, third_round, "200.00")
    an_estimate_line(order, cast.tomas, name="Proof", unit_price=Decimal("200.01"))
    assert login(cast.tomas).get(at(order, "_send")).status_code == 409


def test_who_is_no_longer_authorised_agrees_nothing_by_the_link_either(third_round, clients, client):
    clients["PAL"].terms_on().authorities.filter(what="change_order").update(up_to=Decimal("379.99"))
    assert answered(client, third_round, "confirmed").status_code in {409, 422}
    assert fresh(third_round).state == "client"


def test_a_stranger_at_the_client_is_no_choice(cast, third_round, clients, login):
    order, clara = theatre_order(cast, third_round, "10.00"), clients["HRB"].contacts().first()
    assert login(cast.tomas).post(at(order, "_send"), {"seen": order.version, "contact": clara.pk}).status_code == 422
    assert fresh(order).state == "draft"


# What was said to one of us


def test_what_was_said_is_kept_with_its_mail_and_read_by_those_whose_order_it_is(cast, agreed, login):
    order, browser = a_change_order(agreed.campaign, cast.marta), login(cast.marta)
    mail = SimpleUploadedFile("mail.txt", b"Yes to the film. Clara", content_type="text/plain")
    said = {"seen": order.version, "contact": order.confirmers.first().pk, "how": "mail", "on": MONDAY.isoformat(),
            "answer": "confirmed", "words": "", "file": mail, "token": str(uuid4())}  # fmt: skip
    assert browser.post(at(order, "_record"), said).status_code == 302
    kept = Confirmation.objects.about(order).get()
    assert fresh(order).state == "confirmed" and kept.evidence is not None and kept.digest == fresh(order).digest
    assert Dispatch.objects.get(digest=kept.digest).how == "hand"
    page = browser.get(at(order)).text
    assert "mail.txt" in page and "C1" in page and "Clara Hollin" in page
    assert "mail.txt" in login(cast.jonas).get(at(order)).text
    there = reverse("file", args=[kept.evidence.pk, kept.evidence.name])
    assert b"".join(login(cast.jonas).get(there)) == b"Yes to the film. Clara"
    assert login(cast.felix).get(there).status_code == 404


def test_a_no_is_recorded_as_well(cast, agreed, login):
    order = a_change_order(agreed.campaign, cast.marta)
    said = {"seen": order.version, "contact": order.confirmers.first().pk, "how": "telephone", "on": MONDAY.isoformat(),
            "answer": "declined", "words": "Too dear.", "token": str(uuid4())}  # fmt: skip
    assert login(cast.marta).post(at(order, "_record"), said).status_code == 302
    assert (fresh(order).state, fresh(order).remarks) == ("declined", "Too dear.")


# Whose it is


def test_a_manager_writes_for_a_larger_client_and_neither_sends_nor_records(cast, agreed, login):
    order, browser = a_change_order(agreed.campaign, cast.tomas), login(cast.tomas)
    page = browser.get(at(order)).text
    assert "Add a line" in page and f"change-orders/{order.pk}/send" not in page and "/record/" not in page
    for door in ("_send", "_record"):
        assert browser.get(at(order, door)).status_code == 403
        assert browser.post(at(order, door), {"seen": order.version}).status_code == 403
    press = {"seen": order.version, "reason": "No."}
    assert browser.post(reverse("change_order_move", args=[order.pk, "withdraw"]), press).status_code == 403
    assert fresh(order).state == "draft"


def test_the_salesman_reads_what_the_client_reads_and_writes_nothing(cast, agreed, login):
    order, browser = a_change_order(agreed.campaign, cast.marta), login(cast.jonas)
    an_estimate_line(order, cast.marta, **{**PRINT, "markup": Decimal(10)})
    page = browser.get(at(order)).text
    assert "22,000.00" in page and "Dorrit Print" not in page and "20,000.00" not in page and "Gross income" not in page
    assert browser.get(at(order, "_edit")).status_code == 403 and browser.get(at(order, "_line")).status_code == 403
    paper = told(browser.get(at(order, "_pdf")))
    assert order.reference in paper and "22,000.00" in paper and "20,000.00" not in paper and "Dorrit" not in paper


def test_whoever_sees_the_margin_reads_what_the_order_earns(cast, agreed, login):
    order = a_change_order(agreed.campaign, cast.marta)
    an_estimate_line(order, cast.marta, **{**PRINT, "markup": Decimal(10)})
    page = login(cast.marta).get(at(order)).text
    assert "Dorrit Print" in page and "2,900.00" in page  # 900 of our own and 2,000 of mark-up


def test_a_member_with_a_share_reads_the_deliverables_and_no_money_and_counts_no_round(cast, agreed, login):
    agreed.campaign.share_with(cast.felix, until=date(2026, 12, 1), reason="Layouts", by=cast.marta)
    order, piece, browser = a_change_order(agreed.campaign, cast.marta), agreed.campaign.deliverables.get(), login(cast.felix)
    page = browser.get(agreed.get_absolute_url()).text
    assert "Poster" in page and "0 of 1 used" in page and "Begin a round of amends" not in page and order.title not in page
    begin = reverse("deliverable_move", args=[piece.pk, "begin_round"])
    assert browser.post(begin, {"seen": piece.version}).status_code in {403, 404} and fresh(piece).used == 0
    assert browser.get(reverse("change_orders", args=[agreed.campaign.job_number])).status_code == 404


def test_a_round_begun_by_mistake_is_taken_back(cast, agreed, login):
    piece, browser = agreed.campaign.deliverables.get(), login(cast.marta)
    browser.post(reverse("deliverable_move", args=[piece.pk, "begin_round"]), {"seen": piece.version})
    assert fresh(piece).used == 1 and "began a round of amends" in browser.get(agreed.get_absolute_url()).text
    undone = reverse("deliverable_move", args=[piece.pk, "undo_begin_round"])
    assert browser.post(undone, {"seen": fresh(piece).version}).status_code == 302 and fresh(piece).used == 0


# Locked


def test_with_the_client_it_is_written_by_nobody(cast, third_round, login):
    browser, line = login(cast.tomas), third_round.estimate[0]
    typed = {"kind": "creative", "name": "More", "quantity": "1", "unit_price": "1", "tax": "0", "payer": "us", "markup": "0",
             "token": str(uuid4())}  # fmt: skip
    assert browser.post(at(third_round, "_line"), typed).status_code == 409
    assert browser.post(reverse("estimate_line", args=[line.pk]), {**typed, "seen": line.version}).status_code == 409
    assert browser.post(reverse("estimate_line_drop", args=[line.pk]), {"seen": line.version}).status_code == 409
    assert browser.get(at(third_round, "_edit")).status_code == 409
    assert browser.get(at(third_round, "_send")).status_code == 409
    assert (fresh(line).name, fresh(line).dropped, third_round.total) == (line.name, False, 380)


# Where it lies


def test_with_the_client_it_waits_on_the_desk_of_whoever_sent_it_and_taken_back_it_needs_its_writer(cast, third_round):
    assert third_round in Inbox(cast.tomas).waits_for() and third_round not in Inbox(cast.tomas).needs_me()
    third_round.take_back(by=cast.tomas, reason="The price is wrong.")
    mine = next(it for it in Inbox(cast.tomas).needs_me() if it == third_round)
    assert mine.link.url == third_round.get_absolute_url() and third_round not in Inbox(cast.tomas).waits_for()


def test_an_order_unanswered_past_its_day_stands_where_it_is_chased(cast, third_round, monday):
    monday.shift(days(9))
    waiting = next(it for it in Inbox(cast.tomas).waits_for() if it == third_round)
    assert waiting.left < 0 and third_round in Inbox(cast.omar).stuck() and fresh(third_round).is_overdue


def test_whoever_leaves_an_order_behind_leaves_it_to_the_head_of_the_group(cast, agreed):
    order = a_change_order(agreed.campaign, cast.tomas)
    type(cast.tomas).objects.filter(pk=cast.tomas.pk).update(is_active=False)
    assert order in Desk(cast.omar).stranded()["stranded"]


def test_a_plan_agreed_inside_asks_to_be_sent_and_with_the_client_it_is_waited_for(cast, clients):
    plan = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    mine = next(it for it in Inbox(cast.marta).needs_me() if it == plan)
    assert mine.link.url == reverse("plan_send", args=[plan.campaign.job_number]) and not mine.next_moves
    plan.send(by=cast.marta, contact=plan.confirmers.first())
    assert plan in Inbox(cast.marta).waits_for() and plan not in Inbox(cast.marta).needs_me()
    assert plan in Inbox(cast.jonas).waits_for() and isinstance(plan, Plan)


# The list, and the campaign's page


def test_three_orders_ask_no_more_than_one(cast, agreed, login):
    browser, asked = login(cast.marta), []
    pages = [reverse("change_orders", args=[agreed.campaign.job_number]), agreed.get_absolute_url(), "/"]
    for more in (1, 2):
        for _number in range(more):
            order = a_change_order(agreed.campaign, cast.marta)
            order.send(by=cast.marta, contact=order.confirmers.first())
            a_change_order(agreed.campaign, cast.marta, title="Another")
        for page in pages:
            browser.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert [browser.get(page).status_code for page in pages] == [200, 200, 200]
        asked.append(len(queries))
    assert asked[1] <= asked[0]  # among what happened last fewer kinds may stand


def test_the_list_tells_number_total_and_where_each_stands(cast, agreed, login):
    first, second = a_change_order(agreed.campaign, cast.marta), a_change_order(agreed.campaign, cast.marta, price="1250.50")
    first.send(by=cast.marta, contact=first.confirmers.first())
    page = login(cast.jonas).get(reverse("change_orders", args=[agreed.campaign.job_number])).text
    for word in (first.reference, second.reference, "900.00", "1,250.50", "With the client", "Being written"):
        assert word in page


def test_what_happened_to_an_order_stands_on_the_campaigns_page_for_those_who_see_it(cast, agreed, login):
    order = a_change_order(agreed.campaign, cast.marta)
    agreed.campaign.share_with(cast.felix, until=date(2026, 12, 1), reason="Layouts", by=cast.marta)
    assert order.reference in login(cast.jonas).get(agreed.get_absolute_url()).text
    page = login(cast.felix).get(agreed.get_absolute_url())
    assert page.status_code == 200 and order.reference not in page.text and "change order" not in page.text
