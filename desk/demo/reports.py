"""Progress reports of the campaigns at work: one each Friday, and on Monday the next of the bread has been begun."""

from campaigns.models import ProgressReport
from campaigns.telling import texts_for
from desk.demo.stage import Act, token

WEEKS = 4
BEGUN = "HRB"


def acts(stage):
    """On the last working day of each week, whoever leads the client drafts and releases."""
    for friday in fridays(stage):
        for job in stage.jobs.values():
            yield Act(friday, "16:50", lambda job=job, friday=friday: tell(job, friday))
    yield Act(0, "08:40", lambda: begin(stage.jobs[BEGUN], "now"))


def fridays(stage):
    """The offsets of the last working days of the weeks behind, as far as something was at work."""
    found = []
    for offset in range(-1, -WEEKS * 7, -1):
        day, after = stage.day(offset), stage.day(offset + 1)
        if day.isocalendar().week != after.isocalendar().week:
            found.append(offset)
    return found[:WEEKS]


def tell(job, friday):
    campaign = getattr(job, "campaign", None)
    if campaign is None or not set(campaign.steps.values_list("state", flat=True)) > {"checked"}:
        return  # not opened yet, not begun, or all done
    report = begin(job, f"{friday}")
    report.release(by=job.lead if job.lead.has_perm("campaigns.issue_progress", report) else job.head, seen=report.version)


def begin(job, name):
    name = token(f"report {job.story.key} {name}")
    return ProgressReport.draft(job.campaign, by=job.lead, token=name, texts=texts_for(job.campaign))
