"""The money of the demo agency: what was estimated, agreed with whom, ordered, invoiced and asked for beyond the plan.

Amounts in the agency's currency; days are offsets like everywhere in the story.
"""

from decimal import Decimal
from types import SimpleNamespace

from agency import clock
from campaigns.models import Actual, ChangeOrder, Commitment, EstimateLine, Hours
from clients.answering import take
from clients.links import SafeLink
from clients.models import Contact
from desk.demo.stage import Act, token

FEE, CREATIVE, PRODUCTION, MEDIA, RESEARCH = "fee", "creative", "production", "media", "research"
DIRECT = {"payer": "client"}

# story → lines: kind, what, supplier, quantity, unit, price of one, mark-up in %, more
ESTIMATES = {
    "HRB": [
        (MEDIA, "48 sites for 14 days", "Citylight Posters", 48, "site", "2000.00", 0),
        (PRODUCTION, "Printing 18/1, delivered", "Dorrit Print", 1, "", "21500.00", 8),
        (CREATIVE, "Idea, text, layout, final artwork", "", 1, "", "18000.00", 0),
        (RESEARCH, "Pre-test of two concepts, n = 150", "Kell Research", 1, "", "4500.00", 0),
    ],
    "VOL": [
        (FEE, "Retainer, the film's share of ten months", "", 10, "month", "4800.00", 0),
        (CREATIVE, "Script, storyboard, supervision", "", 1, "", "36000.00", 0),
        (PRODUCTION, "Film of 30 seconds", "Long Lane Films", 1, "", "186000.00", "12.5"),
        (MEDIA, "Airtime, two bursts", "Northern Television", 2, "burst", "150000.00", 0),
        (RESEARCH, "Pre-test of the animatic", "Kell Research", 1, "", "8000.00", 0),
    ],
    "MER": [
        (CREATIVE, "Idea and eleven city pairs", "", 1, "", "9500.00", 0),
        (PRODUCTION, "Banners in six formats", "Pixelworks", 6, "format", "1000.00", 5),
        (MEDIA, "Display, eight Tuesdays", "Openfield Network", 8, "week", "4500.00", 0, DIRECT),
    ],
    "MER spring": [
        (CREATIVE, "Page and three variations", "", 4, "page", "1800.00", 0),
        (PRODUCTION, "Reproduction", "Pixelworks", 4, "page", "500.00", 5),
        (MEDIA, "One page in four magazines", "Regional Press", 4, "page", "6900.00", 0),
    ],
    "SOL": [
        (CREATIVE, "Page and five variations", "", 6, "page", "1400.00", 0),
        (PRODUCTION, "Photographs and reproduction", "Studio Wren", 1, "", "4200.00", 10),
        (MEDIA, "Magazine page and local papers", "Regional Press", 1, "", "28000.00", 0),
        (RESEARCH, "Test of the legal line", "Kell Research", 1, "", "2000.00", 0),
    ],
    "TER": [
        (FEE, "Advice", "", 120, "hour", "86.00", 0),
        (CREATIVE, "Campaign and booklet", "", 1, "", "9000.00", 0),
        (PRODUCTION, "Photographs, printing of 8,000 booklets", "Dorrit Print", 1, "", "14500.00", 8),
        (MEDIA, "January pages", "Hearth Magazines", 4, "page", "6500.00", 0),
    ],
    "PAL": [
        (CREATIVE, "One page, seven first lines", "", 1, "", "2400.00", 0),
        (PRODUCTION, "Reproduction", "Pixelworks", 1, "", "700.00", 0),
        (MEDIA, "One page, two insertions", "Evening Stage", 2, "insertion", "3100.00", 0),
    ],
    "GRE": [
        (CREATIVE, "One page", "", 1, "", "1600.00", 0),
        (PRODUCTION, "Reproduction", "Pixelworks", 1, "", "500.00", 0),
        (MEDIA, "Page in the county magazine", "County Life Press", 1, "page", "5000.00", 0),
    ],
    "GRE lights": [
        (CREATIVE, "Idea and four banners", "", 4, "banner", "350.00", 0),
        (PRODUCTION, "Banners built", "Pixelworks", 4, "banner", "100.00", 0),
        (MEDIA, "Display, three weeks", "Openfield Network", 3, "week", "1050.00", 0),
    ],
}  # fmt: skip

# story → contingency, what our people's time costs
BESIDE = {
    "HRB": ("3000", "15000"), "VOL": ("4000", "58000"), "MER": ("1000", "5200"), "MER spring": ("800", "4100"),
    "SOL": ("1500", "6000"), "TER": ("2000", "14500"), "PAL": ("200", "1300"), "GRE": ("0", "900"),
    "GRE lights": ("100", "800"),
}  # fmt: skip

# story → the client's frame, where it is not what stands among the plan's texts
FRAMES = {"HRB": "145000"}

# story → pieces: letter, what, medium, size, rounds, offset of the media deadline, of the appearance
PIECES = {
    "HRB": [("A", "Poster “Sunday eight o’clock”", "outdoor", "18/1, 356 × 252 cm", 3, 3, 9),
            ("B", "Window strip", "point of sale", "120 × 30 cm", 2, 3, 9)],
    "VOL": [("A", "Film “One working day”", "television", "30 seconds", 2, 26, 29)],
    "MER": [("A", "Display, city pairs", "digital", "six formats", 2, -3, 2)],
    "MER spring": [("A", "Timetable as a picture", "magazine", "210 × 280 mm", 2, 23, 34)],
    "SOL": [("A", "Page “Twelve minutes”", "magazine", "210 × 280 mm", 3, 4, 15)],
    "TER": [("A", "January page", "magazine", "230 × 300 mm", 2, 34, 45),
            ("B", "Booklet", "print", "16 pages, A5", 2, 34, None)],
    "PAL": [("A", "Page “Seven evenings”", "newspaper", "half page", 2, 8, 19)],
    "GRE": [("A", "Page “Plant now”", "magazine", "210 × 280 mm", 2, -29, -18)],
    "GRE lights": [("A", "Display “Half an hour away”", "digital", "four banners", 2, 17, 21)],
}  # fmt: skip

# story → what else the plan says
TEXTS = {
    "HRB": {
        "marketing_policy": "Hollin & Rye opens on Sundays to keep its weekday customers from the supermarkets. "
        "Price stays; freshness is the argument.",
        "contribution": "Advertising tells the hour and the loaf to those who pass a branch anyway. It cannot bring the staff "
        "on Sunday morning, and opening hours must be right in every window.",
        "targets": [
            {"metric": "Sunday customers of those who pass", "baseline": "1 in 9", "target": "1 in 5", "until": 20},
            {"metric": "Loaves on a Sunday", "baseline": "5,200", "target": "9,000", "until": 22},
        ],
        "audience": "She walks the dog at half past eight and has bread at home that is two days old.",
        "proposition": "Baked on Saturday night, yours on Sunday at eight. Nobody else bakes.",
        "media": "Sites within ten minutes’ walk of a branch, fourteen days around the first of Advent.",
        "media_mix": [
            {"medium": "Outdoor", "period": "14 days", "reach": "who passes", "share": "94"},
            {"medium": "Branch windows", "period": "until Christmas", "reach": "who stops", "share": "6"},
        ],
        "creative": "One loaf, large and whole; the hour; the price. No family at table.",
        "risks": "Printing needs five clear days before posting: no float after the client’s sign-off.",
    },
    "VOL": {
        "audience": "The plumber with three vans who does his books on Thursday night.",
        "proposition": "What a working day costs, to the penny.",
        "risks": "Weather on two shooting days; clearance of the cost claim.",
    },
    "TER": {
        "marketing_policy": "Furniture is bought in January; Terracotta wants to be named for who builds, not for price.",
        "audience": "A couple in its first own house, on the third visit to a showroom.",
        "proposition": "You know the name of the man who built your table.",
    },
    "PAL": {"audience": "Somebody who has not been since school.", "proposition": "The first line of every evening."},
}
USUAL_HOW = "meeting"

# story → who agreed it at the client's, in which words; HRB answers by its link
AGREED = {
    "HRB": ("Clara Hollin", "Agreed, with the window strips as discussed."),
    "VOL": ("Erik Voss", "Agreed as shown. Airtime is booked on our approval only."),
    "MER": ("Ana Duarte", "Fine. Media goes on our own account with the network."),
    "MER spring": ("Ana Duarte", "Agreed."),
    "SOL": ("Nina Berg", "Agreed; the legal office has seen the pages."),
    "TER": ("Ben Ortiz", "Agreed. The owner wants the booklet with the pages."),
    "PAL": ("Ruth Amari", "Yes, go ahead."),
    "GRE": ("Kofi Mensah", "Agreed, plant now."),
    "GRE lights": ("Kofi Mensah", "Agreed."),
}

# story, order or invoice, day, line, amount, document, why over the line
SPENT = [
    ("HRB", "order", -24, 1, "94200.00", "CP-2231", ""),
    ("HRB", "order", -20, 4, "4500.00", "KR-118", ""),
    ("HRB", "invoice", -9, 4, "4500.00", "KR-118/1", ""),
    ("HRB", "order", -3, 2, "21500.00", "DP-7702", ""),
    ("HRB", "invoice", -1, 2, "22840.00", "DP-7702/1",
     "A second proof and new opening hours on 61 strips: our slip at the gate, we bear it."),
    ("VOL", "order", -14, 5, "8000.00", "KR-121", ""),
    ("VOL", "order", -8, 3, "178000.00", "LLF-40", ""),
    ("VOL", "invoice", -4, 3, "62000.00", "LLF-40/1", ""),
    ("MER", "order", -14, 2, "5600.00", "PX-902", ""),
    ("MER", "invoice", -2, 2, "5600.00", "PX-902/1", ""),
    ("SOL", "order", -16, 3, "27400.00", "RP-5510", ""),
    ("SOL", "order", -9, 2, "4000.00", "SW-31", ""),
    ("SOL", "invoice", -3, 2, "3900.00", "SW-31/1", ""),
    ("PAL", "order", -14, 3, "6200.00", "ES-12", ""),
    ("PAL", "invoice", -2, 2, "640.00", "PX-911", ""),
    ("GRE", "order", -48, 3, "5000.00", "CLP-77", ""),
    ("GRE", "invoice", -30, 2, "500.00", "PX-860", ""),
    ("GRE", "invoice", -15, 3, "5000.00", "CLP-77/1", ""),
]  # fmt: skip

# story, step, who, day, hours
WORKED = [
    ("HRB", "draft1", "felix", -25, "6.5"), ("HRB", "draft1", "felix", -23, "7"), ("HRB", "am1", "felix", -11, "5"),
    ("HRB", "art", "noor", -8, "3.5"), ("HRB", "print", "noor", -1, "2"), ("SOL", "draft1", "felix", -17, "6"),
    ("PAL", "draft1", "felix", -13, "4"), ("PAL", "am1", "felix", -4, "2.5"),
]  # fmt: skip

ROUND = (
    "Third round of amends",
    "Two rounds of amends are in the plan and are used. A third round of the page: seven first lines are set anew, one proof. "
    "The insertions stay as booked.",
    "380.00",
)


def write(job):
    """The lead writes the rest of the plan and its estimate."""
    plan, key = job.plan, job.story.key
    contingency, labour = BESIDE[key]
    changes = {"deliverables": pieces(job.stage, key), "contingency": Decimal(contingency), "labour": Decimal(labour)}
    if key in FRAMES:
        changes["budget"] = Decimal(FRAMES[key])
    changes |= {name: dated(job.stage, value) for name, value in TEXTS.get(key, {}).items()}
    plan.write(by=job.lead, seen=plan.version, changes=changes)
    for number, (kind, name, supplier, quantity, unit, price, markup, *more) in enumerate(ESTIMATES[key], 1):
        told = {"kind": kind, "name": name, "supplier": supplier, "quantity": Decimal(quantity), "unit": unit}
        told |= {"unit_price": Decimal(price), "markup": Decimal(markup), **(more[0] if more else {})}
        EstimateLine.open(plan, by=writer(job), token=token(f"line {key} {number}"), **told)
    plan.refresh_from_db()


def writer(job):
    """Who sees the terms with the suppliers: the lead, and for larger clients led by a manager the head of the group."""
    return job.lead if job.lead.has_perm("campaigns.see_margin", job.plan) else job.head


def pieces(stage, key):
    rows = []
    for letter, what, medium, size, rounds, deadline, appears in PIECES[key]:
        days = {"deadline": stage.day(deadline).isoformat(), "appears": stage.day(appears).isoformat() if appears else ""}
        rows.append({"letter": letter, "what": what, "medium": medium, "size": size, "rounds": str(rounds), **days})
    return rows


def dated(stage, value):
    """Rows with their last days as dates."""
    if isinstance(value, str):
        return value
    return [{**row, **({"until": stage.day(row["until"]).isoformat()} if "until" in row else {})} for row in value]


def agreed(job, first, last):
    """The client agrees plan and estimate: HRB by its link, the others at a table."""
    if job.story.key == "HRB":
        yield Act(first, "09:50", lambda: send(job))
        yield Act(last, "10:35", lambda: say(job))
    else:
        yield Act(last, "11:20", lambda: hear(job))


def contact_of(job):
    return Contact.objects.get(name=AGREED[job.story.key][0])


def send(job):
    job.plan.refresh_from_db()
    job.plan.send(by=job.lead, contact=contact_of(job))


def say(job):
    """The contact opens the link and agrees."""
    plan, words = job.plan, AGREED[job.story.key][1]
    plan.refresh_from_db()
    link = SafeLink.objects.about(plan.sheet).with_names().get()
    link.note_opening()
    given = {"answer": "confirmed", "words": words, "name": link.contact.name, "role": link.contact.position}
    form = SimpleNamespace(cleaned_data={**given, "token": token(f"plan of {job.story.key}")})
    take(link, form, what=plan.what, then=lambda visitor, it: plan.confirm(by=visitor, words=it.words))


def hear(job):
    plan, (_name, words) = job.plan, AGREED[job.story.key]
    plan.refresh_from_db()
    told = {"contact": contact_of(job), "answer": "confirmed", "words": words, "how": USUAL_HOW, "on": clock.today()}
    plan.hear(by=job.lead if job.lead.has_perm("campaigns.record_agreement", plan) else job.head, seen=plan.version,
              token=token(f"plan of {job.story.key}"), **told)  # fmt: skip


def acts(stage):
    """What was ordered, invoiced and worked, and the theatre's third round."""
    for story, kind, day, number, amount, document, why in SPENT:
        told = (stage, story, kind, number, amount, document, why)
        yield Act(day, "13:30", lambda told=told: book(*told))
    for row in WORKED:
        yield Act(row[3], "17:55", lambda row=row: work(stage, *row))
    for day in (-8, -4):
        yield Act(day, "09:20", lambda: begin_round(stage, "PAL"))
    yield Act(-1, "11:45", lambda: third_round(stage))
    yield Act(-2, "09:10", lambda: let_finance(stage))


def campaign_of(stage, key):
    campaign = stage.jobs[key].campaign
    campaign.refresh_from_db()
    return campaign


def book(stage, key, kind, number, amount, document, why):
    line = campaign_of(stage, key).budget_lines.get(number=number)
    told = {"on": clock.today(), "amount": Decimal(amount), "supplier": line.supplier, "document": document}
    if kind == "invoice":
        told["order"] = line.commitments.first()
    entry = Actual if kind == "invoice" else Commitment
    by = stage.jobs[key].lead
    entry.book(line, by=by, token=token(f"{kind} {document}"), over_because=why, **told)


def work(stage, key, step, by, _day, hours):
    step = stage.jobs[key].steps[step]
    told = {"on": clock.today(), "hours": Decimal(hours)}
    Hours.note_down(step, by=stage.people[by], token=token(f"hours {step.pk} {clock.today()}"), **told)


def let_finance(stage):
    """Finance books what comes in for the film."""
    told = {"until": stage.day(25), "reason": "Invoices of the film production"}
    campaign_of(stage, "VOL").let_record(stage.people["ida"], by=stage.jobs["VOL"].lead, **told)


def begin_round(stage, key):
    campaign_of(stage, key).deliverables.get(letter="A").begin_round(by=stage.jobs[key].lead)


def third_round(stage):
    """All rounds are used and the client wants another: a change order is with the theatre."""
    campaign, by = campaign_of(stage, "PAL"), stage.jobs["PAL"].lead
    title, text, price = ROUND
    told = {"cause": "round", "deliverable": campaign.deliverables.get(letter="A"), "title": title, "text": text, "days": 2}
    order = ChangeOrder.open(campaign, by=by, token=token("change order PAL"), **told)
    line = {"kind": CREATIVE, "name": "Third round of amends, with one proof", "unit_price": Decimal(price)}
    EstimateLine.open(order, by=by, token=token("line of change order PAL"), **line)
    order.send(by=by, contact=Contact.objects.get(name="Ruth Amari"))
