"""What was said about steps that are in work: notes in their threads, a nudge that was answered with a day, how far one is."""

from campaigns.models import Nudge, StepNote, StepProgress
from desk.demo.stage import Act, token


def acts(stage):
    """Of the late artwork for the flu posters and of the print run of the bread."""
    yield Act(-2, "10:10", lambda: nudge(stage, "SOL", "art", "mei", "The printer holds the slot until noon on Monday."))
    yield Act(-2, "11:05", lambda: promise(stage, "SOL", "art", "felix", 0, "The missing fonts are on order, packed by three."))
    yield Act(
        -1, "11:20", lambda: note(stage, "HRB", "print", "mei", "The sites in Leith first, please: they go up on Friday.")
    )
    yield Act(-1, "11:45", lambda: note(stage, "HRB", "print", "noor", "Understood. Paper is here, plates go on this evening."))
    yield Act(-1, "16:20", lambda: how_far(stage, "HRB", "print", "noor", 60, 2))


def step_of(stage, job, key):
    return stage.jobs[job].fresh(key)


def note(stage, job, key, by, words):
    StepNote.write(step_of(stage, job, key), by=stage.people[by], token=token(f"note {job} {key} {by}"), words=words)


def nudge(stage, job, key, by, words):
    Nudge.send(step_of(stage, job, key), by=stage.people[by], token=token(f"nudge {job} {key}"), words=words)


def promise(stage, job, key, by, offset, words):
    """The answer of whoever was nudged: a day, and a few words."""
    asked = Nudge.objects.get(token=token(f"nudge {job} {key}"))
    asked.promise(by=stage.people[by], seen=asked.version, on=stage.day(offset), words=words)


def how_far(stage, job, key, by, percent, offset):
    step = step_of(stage, job, key)
    StepProgress.say(
        step, by=stage.people[by], token=token(f"progress {job} {key}"), percent=percent, forecast_on=stage.day(offset)
    )
