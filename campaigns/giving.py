"""Where a schedule counted back would begin in the past: which steps could give days, and how many (DEP4). Knows no model."""

from dataclasses import replace

from campaigns import arithmetic


def reach(tasks, goal_key, edge="last"):
    """Working days that lie before the goal's last (or first) day: what `arithmetic.backward` counts back by."""
    start, finish = arithmetic.early(tasks)[goal_key]
    return {"first": start, "last": finish - 1}[edge]


def given(tasks, goal_key, lack, givers, edge="last"):
    """({key: days it gives}, working days that are lacking all the same), so that the goal comes `lack` working days sooner.

    Only steps among `givers` that hold the goal up give, each down to one day at the least, always the longest of them first;
    no day is taken that would not help. Where they cannot give enough, they give all that helps.
    """
    now, goal = {task.key: task for task in tasks}, reach(tasks, goal_key, edge) - lack
    least = reach([_down_to_one(task, givers) for task in tasks], goal_key, edge)
    wanted = max(goal, least)
    while reach(now.values(), goal_key, edge) > wanted:
        longest = max(_holding_up(now, goal_key, edge, givers), key=lambda task: task.days)
        now[longest.key] = replace(longest, days=longest.days - 1)
    for task in tasks:
        _give_back(now, task, goal_key, edge, wanted)
    gave = {task.key: task.days - now[task.key].days for task in tasks if now[task.key].days < task.days}
    return gave, max(least - goal, 0)


def _down_to_one(task, givers):
    return replace(task, days=1) if task.key in givers else task


def _holding_up(now, goal_key, edge, givers):
    """Of the steps on one way that decides when the goal comes, those that still have a day to give."""
    found, key = arithmetic.early(now.values()), goal_key
    while key is not None:
        task, start = now[key], found[key][0]
        if key in givers and task.days > 1 and (key != goal_key or edge == "last"):
            yield task
        key = next((before for before, lag in task.after if found[before][1] + lag == start), None) if start else None


def _give_back(now, task, goal_key, edge, wanted):
    """Let a step keep every day that does not help: another way through the schedule may have given it already."""
    while now[task.key].days < task.days:
        longer = {**now, task.key: replace(now[task.key], days=now[task.key].days + 1)}
        if reach(longer.values(), goal_key, edge) > wanted:
            return
        now[task.key] = longer[task.key]
