"""Doors: every address of the product stands in one table with who may open it. An address without a line fails; a stranger
goes to the login; whoever is not named gets 403 or 404."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Absence, CalendarFeed, Evaluation
from agency import clock
from agency.files import examine
from approvals.drawing import draw
from approvals.models import Difference, DraftComment, DraftVersion, Presentation
from approvals.models.page_image import pages_of, request_pages
from campaigns.models import Actual, Hours, Nudge, ProgressReport, Rearrangement, Specification, StepNote
from clients.models import Assignment, ClientImport, Confirmation, Contact, Terms
from clients.tokens import token_of
from reminders.models import Notice
from tests.client_pages import a_link
from tests.drafts import a_cleared_draft, a_draft, a_picture, a_version, decided
from tests.hostile import picture
from tests.records import (
    a_baseline,
    a_brief,
    a_change_order,
    a_confirmed_plan,
    a_file,
    a_line,
    a_plan,
    a_playback,
    a_report,
    a_schedule,
    an_accepted_brief,
    an_answer,
)
from tests.samples import a_sample
from tests.studies import a_study
from tests.supervision import a_defect
from tests.thorough import one_of_each

PEOPLE = ("helena", "omar", "ingrid", "marta", "lucia", "tomas", "jonas", "amina", "mei", "felix", "admin")
ROLES = set(PEOPLE) - {"felix", "admin"}
ALL = set(PEOPLE)
HRB = {"helena", "omar", "marta", "tomas", "jonas", "mei"}  # who sees the records of Hollin & Rye Bakeries

PUBLIC = "public"  # no login asked
POST = "post"  # answers to POST alone; who may is asked by the right, see the tests of rights and leaks

# name of the address → who gets the page; the others get 403 or 404
DOORS = {
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "account_login": PUBLIC,
    "account_signup": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "client_page": PUBLIC,
    "client_thanks": PUBLIC,
    "calendar_feed": PUBLIC,
    "account_logout": ALL,
    "account_change_password": ALL,
    "style": ALL,
    "desk": ALL,
    "happened": ALL,
    "me": ALL,
    "me_adjust": POST,
    "my_calendar": ALL - {"admin"},
    "my_calendar_move": POST,
    "search": ALL,
    "kept": ALL,
    "list_columns": POST,
    "notices": ALL,
    "notices_seen": POST,
    "notice_seen": POST,
    "notice_unseen": POST,
    "people": ROLES,
    "person": ROLES,
    "absences": ALL - {"admin"},
    "absence": {"helena", "omar", "jonas", "mei"},
    "absence_cover": {"helena", "omar", "mei"},
    "absence_back": POST,
    "absence_move": POST,
    "away": {"helena", "omar", "ingrid", "mei"},
    "load": ROLES,
    "evaluations": ALL,
    "evaluate": {"helena"},
    "evaluation": {"helena", "jonas"},
    "evaluation_pdf": {"helena", "jonas"},
    "evaluation_edit": {"helena"},
    "evaluation_sign": POST,
    "evaluation_move": POST,
    "evaluation_history": {"helena", "jonas"},
    "link_move": POST,
    "confirmation": HRB | {"felix"},
    "confirmation_pdf": HRB | {"felix"},
    "clients": ROLES | {"felix"},
    "client": HRB,
    "client_new": {"helena"},
    "client_edit": {"helena"},
    "client_import": {"helena"},
    "client_import_template": {"helena"},
    "client_import_look": {"helena"},
    "client_import_make": POST,
    "client_move": POST,
    "client_assign": {"helena"},
    "terms": HRB,
    "terms_new": {"helena", "omar"},
    "terms_edit": {"helena", "omar"},
    "terms_confirm": {"helena", "omar"},
    "contacts": ROLES | {"felix"},
    "contact": HRB,
    "contact_new": HRB,
    "contact_edit": HRB,
    "contact_move": POST,
    "seat_end": {"helena"},
    "share": {"helena", "omar", "marta", "mei"},
    "unshare": POST,
    "history": HRB,
    "ledger": HRB,
    "requirement": HRB,
    "requirement_new": HRB,
    "requirement_edit": HRB,
    "requirement_waive": {"helena", "omar", "marta"},
    "requirement_move": POST,
    "files": HRB,
    "file": HRB,
    "file_text": HRB,
    "file_take_away": HRB,
    "page_image": HRB,
    "page_thumb": HRB,
    "page_difference": HRB,
    "department": {"helena", "omar", "ingrid"},
    "briefs": ROLES | {"felix"},
    "brief": HRB,
    "brief_compare": HRB,
    "brief_pdf": HRB,
    "brief_new": ROLES,
    "brief_edit": HRB,
    "brief_move": POST,
    "study_new": {"helena", "omar", "marta", "tomas"},
    "study": HRB,
    "study_pdf": HRB,
    "study_invite": {"helena", "omar", "marta", "tomas"},
    "study_close": {"helena", "omar", "marta"},
    "study_move": POST,
    "opinion": HRB | {"felix"},
    "opinion_record": {"helena", "omar", "marta", "tomas", "mei"},
    "opinion_reply": {"helena", "omar", "marta", "tomas"},
    "opinion_ask": {"helena", "omar", "marta", "tomas"},
    "opinion_nudge": POST,
    "opinion_move": POST,
    "brief_questions": HRB,
    "brief_ask": HRB,
    "brief_telephone": HRB,
    "brief_telephone_pdf": HRB,
    "question_take": HRB,
    "question_move": POST,
    "enquiry_move": POST,
    "playback": HRB,
    "playback_pdf": HRB,
    "playback_new": POST,
    "playback_edit": HRB,
    "playback_send": HRB - {"mei"},
    "playback_record": HRB - {"mei"},
    "playback_move": POST,
    "campaigns": ROLES | {"felix"},
    "campaign": HRB,
    "campaign_new": {"helena", "omar", "ingrid", "marta", "lucia", "tomas"},
    "campaign_brief": HRB,
    "campaign_brief_looked": POST,
    "plan_pdf": HRB,
    "plan_edit": {"omar", "marta", "tomas"},
    "plan_mark": POST,
    "plan_send": {"helena", "omar", "marta"},
    "plan_record": {"helena", "omar", "marta"},
    "plan_editions": HRB,
    "plan_compare": HRB,
    "plan_estimate": HRB,
    "estimate_pdf": HRB,
    "estimate_line_new": {"helena", "omar", "marta", "tomas"},
    "estimate_line": {"helena", "omar", "marta", "tomas"},
    "estimate_line_drop": POST,
    "change_orders": HRB,
    "change_order_new": {"helena", "omar", "marta", "tomas"},
    "change_order": HRB,
    "change_order_pdf": HRB,
    "change_order_edit": {"helena", "omar", "marta", "tomas"},
    "change_order_line": {"helena", "omar", "marta", "tomas"},
    "change_order_send": {"helena", "omar", "marta"},
    "change_order_record": {"helena", "omar", "marta"},
    "change_order_move": POST,
    "baseline_new": {"helena", "omar", "marta", "mei"},
    "baseline": HRB,
    "baseline_pdf": HRB,
    "baseline_send": {"helena", "omar", "marta"},
    "baseline_record": {"helena", "omar", "marta"},
    "baseline_move": POST,
    "progress_reports": HRB,
    "report_rhythm": {"helena", "omar", "marta"},
    "progress_report": HRB,
    "progress_report_pdf": HRB,
    "progress_report_edit": HRB - {"jonas"},
    "progress_report_send": {"helena", "omar", "marta"},
    "progress_report_move": POST,
    "step_cause": {"helena", "omar", "mei"},
    "deliverable_move": POST,
    "campaign_money": HRB,
    "entry_new": {"helena", "omar", "marta", "tomas"},
    "money_entries": {"helena", "omar", "marta", "tomas"},
    "campaign_let": {"helena", "omar", "marta"},
    "money_entry": {"helena", "omar", "marta", "tomas"},
    "money_entry_move": POST,
    "budget_line": {"helena", "omar", "marta"},
    "step_hours": HRB,
    "hours_move": POST,
    "money": {"helena", "omar", "ingrid", "marta", "lucia", "tomas"},
    "plan_move": POST,
    "campaign_schedule": HRB,
    "schedule_make": {"helena", "omar", "marta", "mei"},
    "schedule_keep": {"mei"},
    "specifications": ALL,
    "specification": ALL,
    "glossary": ALL,
    "schedule": ALL - {"admin"},
    "owed": ALL - {"admin"},
    "schedule_handoffs": ALL - {"admin"},
    "how_far": ROLES,
    "schedule_deadlines": ALL - {"admin"},
    "schedule_hot": ALL - {"admin"},
    "schedule_wall": ALL - {"admin"},
    "schedule_views": ALL - {"admin"},
    "step": HRB,
    "step_give": POST,
    "step_move": POST,
    "step_note": POST,
    "step_nudge": POST,
    "step_progress": POST,
    "note_move": POST,
    "nudge_promise": POST,
    "step_rearrange": {"helena", "omar", "marta", "tomas", "jonas", "mei"},
    "campaign_assign": {"helena", "omar", "marta", "tomas", "jonas", "mei"},
    "rearrangement_move": POST,
    "approvals": ROLES | {"felix"},
    "drafts": HRB,
    "draft_new": HRB,
    "draft": HRB | {"felix"},
    "draft_open": POST,
    "draft_review": {"helena", "omar", "marta"},
    "draft_send": HRB - {"mei"},
    "draft_record": HRB - {"mei"},
    "draft_move": POST,
    "draft_compare": HRB | {"felix"},
    "draft_version": HRB | {"felix"},
    "draft_version_edit": HRB | {"felix"},
    "draft_version_files": POST,
    "draft_file_gone": HRB | {"felix"},
    "draft_version_move": POST,
    "draft_comment": POST,
    "draft_comment_answer": HRB | {"felix"},
    "draft_comment_move": POST,
    "presentations": HRB,
    "presentation_new": {"helena", "omar", "marta", "tomas"},
    "presentation": HRB,
    "presentation_show": HRB,
    "presentation_edit": {"helena", "omar", "marta", "tomas"},
    "presentation_hold": {"helena", "omar", "marta", "tomas"},
    "presentation_move": POST,
    "samples": HRB,
    "sample_new": HRB - {"mei"},
    "sample": HRB,
    "sample_pdf": HRB,
    "sample_edit": HRB - {"mei"},
    "sample_receive": HRB - {"mei"},
    "sample_check": HRB - {"mei"},
    "sample_verify": POST,
    "sample_move": POST,
    "supervision": HRB,
    "supervision_new": HRB,
    "step_supervision": HRB,
    "supervision_note": HRB | {"felix"},
    "supervision_fix": HRB | {"felix"},
    "supervision_give": HRB | {"felix"},
    "supervision_move": POST,
}


@pytest.fixture
def world(cast, clients):
    return a_world(cast, clients)


def a_world(cast, clients):
    """One record of each kind for Hollin & Rye Bakeries, by the argument names of the addresses."""
    written = a_brief(clients["HRB"], cast.jonas)
    plan = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)
    step = a_schedule(plan.campaign, cast.mei)[1]
    draft, evaluation = (an_evaluation(cast) for _each in range(2))
    evaluation.hand_over(by=cast.helena)
    bare = a_plan(plan.campaign.brief, cast.marta, name="Not scheduled").campaign
    wish = Rearrangement.ask(
        step=step, to_start=step.starts_on + timedelta(days=7), reason="Illness", by=cast.jonas, token=uuid4()
    )  # fmt: skip
    line, paper = a_line(clients["HRB"], cast.jonas), a_file(written, cast.jonas)
    studied = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta, title="Studied")
    study = a_study(cast, clients, "creative", brief=studied)
    kept = {"line": line, "file": paper, "brief": written, "campaign": plan.campaign, "bare": bare, "step": step, "wish": wish}
    kept["question"], kept["playback"] = an_answer(written, cast.jonas), a_playback(written, cast.jonas)
    kept["imported"] = ClientImport.objects.create(created_by=cast.helena, name="clients.csv", sha256="0" * 64)
    kept["link"] = a_link(written, Contact.objects.get(name="Clara Hollin"), cast.jonas)
    kept |= money_of_the_world(cast, clients, plan, step)
    kept |= drafts_of_the_world(cast, kept["piece"])
    kept["baseline"] = a_baseline(plan.campaign, cast.mei)
    plain = dict.fromkeys(ProgressReport.TEXTS, "As planned.")
    kept |= {"report": a_report(plan.campaign, cast.marta, **plain), "released": a_report(bare, cast.marta, **plain)}
    kept["released"].release(by=cast.marta, seen=kept["released"].version)
    kept |= {"accepted": plan.campaign.brief, "study": study, "section": study.opinions.get()}
    monday = clock.today() + timedelta(days=70)
    kept["absence"] = Absence.enter(by=cast.jonas, token=uuid4(), kind="holiday", first=monday, last=monday)
    kept |= {"came": a_sample(kept["piece"], cast.jonas), "expected": a_sample(kept["piece"], cast.jonas, came=False)}
    kept["seen"] = a_defect(kept["piece"], cast.jonas, holder=cast.felix)
    kept["feed"] = CalendarFeed.make(by=cast.jonas, token=uuid4())
    kept |= pages_of_the_world(written, cast)
    return {**kept, "evaluation": evaluation, "draft": draft}


def pages_of_the_world(record, cast):
    """Two pictures, and what changed from one to the other, drawn."""
    was, now = (a_file(record, cast.jonas, name=f"{word}.png", content=picture(colour=word)) for word in ("navy", "teal"))
    for file in (was, now):
        request_pages(file)
    difference = Difference.wanted(pages_of(was).get(), pages_of(now).get())
    draw(seconds=60)
    return {"was": was, "now": now, "difference": difference}


def money_of_the_world(cast, clients, plan, step):
    """A plan agreed inside, a campaign on which money is spent with a change order, and hours on a step."""
    inside = a_plan(plan.campaign.brief, cast.marta, name="To be sent")
    inside.submit(by=cast.marta)
    inside.agree(by=cast.omar)
    printing = {"kind": "production", "name": "Printing", "supplier": "Dorrit Print", "unit_price": Decimal("8000")}
    piece = {"letter": "A", "what": "Poster", "medium": "outdoor", "size": "", "rounds": "2", "deadline": "2026-12-30"}
    spent = a_confirmed_plan(plan.campaign.brief, writer=cast.marta, agreer=cast.omar, name="Spent on", lines=[printing],
                             deliverables=[{**piece, "appears": ""}])  # fmt: skip
    line = spent.campaign.budget_lines.get(name="Printing")
    told = {"on": clock.today(), "amount": Decimal("700"), "supplier": "Dorrit Print", "document": "DP-1"}
    invoice = Actual.book(line, by=cast.marta, token=uuid4(), **told)
    step.give_to(by=cast.mei, person=cast.marta)
    hours = Hours.note_down(step, by=cast.marta, token=uuid4(), on=clock.today(), hours=Decimal(1))
    note = StepNote.write(step, by=cast.jonas, token=uuid4(), words="The colours are in.")
    nudge = Nudge.send(step, by=cast.mei, token=uuid4())
    order = a_change_order(spent.campaign, cast.marta)
    found = {"note": note, "nudge": nudge, "agreed": inside.campaign, "spending": spent.campaign, "order": order}
    return {**found, "costed": plan.estimate[0], "invoice": invoice, "hours": hours, "piece": spent.campaign.deliverables.get()}


def drafts_of_the_world(cast, piece):
    """A draft of which a version is put together, one to be cleared, and one to be sent."""
    begun, handed_in = (a_draft(piece, cast.marta, maker=cast.felix, title=title) for title in ("Begun", "Handed in"))
    version = DraftVersion.open(begun, by=cast.felix, token=uuid4())
    artwork = version.add_file(examine(a_picture()), by=cast.felix, token=uuid4())
    a_version(handed_in, cast.felix)
    decided(handed_in, cast.marta, outcome="returned", reply="no", reason="The price is missing.")
    a_version(handed_in, cast.felix, files=[a_picture("#8c3b2a")], changed="The price.")
    cleared = a_cleared_draft(piece, maker=cast.felix, clearer=cast.marta)
    comment = DraftComment.say(cleared.sheet, by=cast.jonas, token=uuid4(), words="Bigger, the price.")
    shown = {"kind": "outside", "held_on": clock.today(), "presenter": cast.marta, "shown": [cleared.sheet]}
    meeting = Presentation.plan(cleared.campaign, by=cast.marta, token=uuid4(), **shown)
    return {
        "meeting": meeting,
        "begun": begun,
        "artwork": artwork,
        "handed_in": handed_in,
        "cleared": cleared,
        "comment": comment,
    }


def an_evaluation(cast):
    period = {"period_from": clock.today() - timedelta(days=90), "period_to": clock.today()}
    evaluation = Evaluation.begin(by=cast.helena, person=cast.jonas, token=uuid4(), **period)
    evaluation.marks.create(criterion="Tact", score=4, sentence="Called twice.")
    return evaluation


def arguments(name, world):
    """What the address `name` needs, from the world."""
    of_brief, of_step, of_evaluation = ({"pk": world[it].pk} for it in ("brief", "step", "evaluation"))
    of_line, of_file = ({"pk": world[it].pk} for it in ("line", "file"))
    of_question, of_playback = {**of_brief, "question": world["question"].pk}, {**of_brief, "number": world["playback"].number}
    job, code = {"job_number": world["campaign"].job_number}, {"code": "HRB"}
    clara = {"pk": Contact.objects.get(name="Clara Hollin").pk}
    terms = {**code, "pk": Terms.objects.get(client__code="HRB", valid_until=None).pk}
    shared = {"kind": "briefs.brief", **of_brief}
    return {
        "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
        "list_columns": {"name": "briefs"},
        **{door: {"pk": Notice.objects.first().pk} for door in ("notice_seen", "notice_unseen")},
        "person": {"username": "marta"},
        "evaluate": {"username": "jonas"},
        **{f"absence{door}": {"pk": world["absence"].pk} for door in ("", "_back", "_cover")},
        "my_calendar_move": {"pk": world["feed"].pk, "name": "revoke"},
        "calendar_feed": {"token": world["feed"].address.rpartition("/")[2].removesuffix(".ics")},
        "absence_move": {"pk": world["absence"].pk, "name": "withdraw"},
        "evaluation": of_evaluation, "evaluation_edit": {"pk": world["draft"].pk}, "evaluation_sign": of_evaluation,
        "evaluation_pdf": of_evaluation, "evaluation_history": of_evaluation,
        "evaluation_move": {**of_evaluation, "name": "sign"},
        "client": code, "client_edit": code, "client_assign": code, "client_move": {**code, "name": "part"},
        "client_import_template": {"form": "csv"},
        **{door: {"token": world["imported"].token} for door in ("client_import_look", "client_import_make")},
        "terms": code, "terms_new": code, "terms_edit": terms, "terms_confirm": {**terms, "contact": clara["pk"]},
        "contact": clara, "contact_edit": clara, "contact_new": code, "contact_move": {**clara, "name": "retire"},
        "seat_end": {**code, "pk": Assignment.objects.current().get(client__code="HRB", seat="salesman").pk},
        "share": shared, "unshare": shared, "history": shared,
        "brief_compare": of_brief, "campaign_brief": job, "campaign_brief_looked": {**job, "side": "plan"},
        "brief": of_brief, "brief_pdf": of_brief, "brief_edit": of_brief, "brief_move": {**of_brief, "name": "submit"},
        "brief_questions": of_brief, "brief_ask": of_brief, "brief_telephone": of_brief, "brief_telephone_pdf": of_brief,
        "question_take": of_question, "question_move": {**of_question, "name": "drop"},
        "enquiry_move": {"pk": world["question"].enquiry_id, "name": "withdraw"}, "playback_new": of_brief,
        **{f"playback{door}": of_playback for door in ("", "_pdf", "_edit", "_send", "_record")},
        "playback_move": {**of_playback, "name": "withdraw"},
        "client_page": {"token": f"{token_of(world['link'].seed)}/"}, "link_move": {"pk": world["link"].pk, "name": "revoke"},
        "study_new": {"pk": world["accepted"].pk},
        **{door: {"pk": world["study"].pk} for door in ("study", "study_pdf", "study_invite", "study_close")},
        "study_move": {"pk": world["study"].pk, "name": "reopen"},
        **{f"opinion{door}": {"pk": world["section"].pk} for door in ("", "_record", "_reply", "_ask", "_nudge")},
        "opinion_move": {"pk": world["section"].pk, "name": "withdraw"},
        "ledger": code, "requirement_new": code, "requirement": of_line, "requirement_edit": of_line,
        "requirement_waive": of_line, "requirement_move": {**of_line, "name": "honour"},
        "files": shared, "file": {**of_file, "name": world["file"].name}, "file_text": of_file, "file_take_away": of_file,
        **{door: {"pk": world["now"].pk, "number": 1} for door in ("page_image", "page_thumb")},
        "page_difference": {"pk": world["now"].pk, "number": 1, "before": world["was"].pk, "was": 1},
        **{door: {"job_number": world["agreed"].job_number} for door in (
            "plan_send", "plan_record", "plan_editions", "plan_compare")},
        **{door: job for door in ("plan_estimate", "estimate_pdf", "estimate_line_new", "plan_mark")},
        **{door: {"pk": world["costed"].pk} for door in ("estimate_line", "estimate_line_drop")},
        **{door: {"job_number": world["spending"].job_number} for door in (
            "change_orders", "change_order_new", "campaign_money", "campaign_let")},
        **{f"change_order{door}": {"pk": world["order"].pk} for door in ("", "_pdf", "_edit", "_line", "_send", "_record")},
        "change_order_move": {"pk": world["order"].pk, "name": "withdraw"},
        "progress_reports": job, "report_rhythm": job, "progress_report_send": {"pk": world["released"].pk},
        **{f"progress_report{door}": {"pk": world["report"].pk} for door in ("", "_pdf", "_edit")},
        "samples": job, "sample_new": {"job_number": world["spending"].job_number},
        **{f"sample{door}": {"pk": world["came"].pk} for door in ("", "_pdf", "_edit", "_check")},
        "sample_receive": {"pk": world["expected"].pk}, "sample_verify": {"pk": world["came"].pk, "row": 1},
        "supervision": job, "supervision_new": job, "step_supervision": of_step,
        **{f"supervision_{door}": {"pk": world["seen"].pk} for door in ("note", "fix", "give")},
        "supervision_move": {"pk": world["seen"].pk, "name": "verify"},
        "sample_move": {"pk": world["came"].pk, "name": "pass_it"},
        "progress_report_move": {"pk": world["report"].pk, "name": "submit"},
        "baseline_new": job, "schedule_keep": job, "step_cause": of_step,
        **{f"baseline{door}": {"pk": world["baseline"].pk} for door in ("", "_pdf", "_send", "_record")},
        "baseline_move": {"pk": world["baseline"].pk, "name": "withdraw"},
        "deliverable_move": {"pk": world["piece"].pk, "name": "begin_round"},
        "money_entries": {"job_number": world["spending"].job_number, "kind": "order"},
        "entry_new": {"job_number": world["spending"].job_number, "kind": "invoice"},
        "money_entry": {"kind": "invoice", "pk": world["invoice"].pk},
        "money_entry_move": {"kind": "invoice", "pk": world["invoice"].pk, "name": "strike_out"},
        "budget_line": {"pk": world["invoice"].line_id},
        "step_hours": of_step, "hours_move": {"pk": world["hours"].pk, "name": "strike_out"},
        "campaign": job, "plan_pdf": job, "plan_edit": job, "plan_move": {**job, "name": "submit"},
        "specification": {"pk": Specification.objects.get(code="ISO-A4").pk},
        "campaign_schedule": job, "campaign_assign": job, "schedule_make": {"job_number": world["bare"].job_number},
        "step": of_step, "step_give": of_step, "step_move": {**of_step, "name": "start"}, "step_rearrange": of_step,
        **{door: of_step for door in ("step_note", "step_nudge", "step_progress")},
        "note_move": {"pk": world["note"].pk, "name": "take_back"}, "nudge_promise": {"pk": world["nudge"].pk},
        "rearrangement_move": {"pk": world["wish"].pk, "name": "grant"},
        "presentations": job, "presentation_new": job,
        **{f"presentation{door}": {"pk": world["meeting"].pk} for door in ("", "_show", "_edit", "_hold")},
        "presentation_move": {"pk": world["meeting"].pk, "name": "cancel"},
        "drafts": job, "draft_new": {"job_number": world["spending"].job_number}, "draft_open": {"pk": world["begun"].pk},
        **{door: {"pk": world["cleared"].pk} for door in ("draft", "draft_send", "draft_record")},
        "draft_compare": {"pk": world["handed_in"].pk}, "draft_review": {"pk": world["handed_in"].pk},
        "draft_move": {"pk": world["cleared"].pk, "name": "withdraw"},
        "draft_version": {"pk": world["cleared"].pk, "number": 1},
        **{f"draft_version_{door}": {"pk": world["begun"].pk, "number": 1} for door in ("edit", "files")},
        **{door: {"number": Confirmation.objects.filter(client__code="HRB", what="draft").first().pk} for door in (
            "confirmation", "confirmation_pdf")},
        "draft_comment": {"pk": world["cleared"].pk, "number": 1},
        "draft_comment_answer": {"pk": world["cleared"].pk, "comment": world["comment"].pk},
        "draft_comment_move": {"pk": world["cleared"].pk, "comment": world["comment"].pk, "name": "resolve"},
        "draft_file_gone": {"pk": world["begun"].pk, "number": 1, "file": world["artwork"].pk},
        "draft_version_move": {"pk": world["begun"].pk, "number": 1, "name": "discard"},
    }.get(name, {})  # fmt: skip


def address(name, world):
    return reverse(name, kwargs=arguments(name, world))


def addresses():
    """Every address that the product knows by name; the admin's and the static files' are their own houses."""

    def walk(patterns, before=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if pattern.app_name != "admin":
                    yield from walk(pattern.url_patterns, before + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                yield pattern.name or before + str(pattern.pattern)

    return sorted(set(walk(get_resolver().url_patterns)))


def test_every_address_stands_in_the_table_and_every_line_has_its_address():
    assert set(addresses()) == set(DOORS)


def test_a_stranger_goes_to_the_login(world, client):
    for name in (name for name, who in DOORS.items() if who != PUBLIC):
        there = address(name, world)
        for answer in (client.get(there), client.post(there)):
            assert answer.status_code == 302, name
            assert answer.url.startswith(reverse("account_login")), name


@pytest.mark.parametrize("name", [name for name, who in DOORS.items() if who == PUBLIC])
def test_a_public_address_asks_no_login(name, world, client):
    answer = client.get(address(name, world))
    assert answer.status_code in {200, 302}
    assert answer.status_code == 200 or not answer.url.startswith(reverse("account_login") + "?next")


@pytest.mark.parametrize("person", one_of_each(PEOPLE, "jonas", "felix", "lucia"))
def test_each_of_us_opens_the_addresses_named_in_the_table_and_no_other(person, world, cast, login):
    browser, opened, strange = login(getattr(cast, person)), set(), {}
    for name in (name for name, who in DOORS.items() if isinstance(who, set)):
        answer = browser.get(address(name, world))
        b"".join(answer)  # a file is open until all of it has been sent
        if answer.status_code == 200:
            opened.add(name)
        elif answer.status_code not in {403, 404}:
            strange[name] = answer.status_code
    assert opened == {name for name, who in DOORS.items() if isinstance(who, set) and person in who}
    assert strange == {}


def test_what_changes_something_answers_to_a_form_alone(world, cast, login):
    browser = login(cast.helena)
    answers = {name: browser.get(address(name, world)).status_code for name, who in DOORS.items() if who == POST}
    assert {name: status for name, status in answers.items() if status not in {404, 405}} == {}
