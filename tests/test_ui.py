"""What the pages are built from: marks, chips, dates, forms and moves, and the promise that no page holds inline code."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace as Thing

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from agency.icons import ICONS, MARKS
from agency.lanes import Bar, percent, places, weeks
from agency.pages import Page
from agency.templatetags.ui import STATES, ink

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
NASTY = '<script>alert("x")</script>'


def shown(source, **context):
    """The template source as a page shows it."""
    return Template(source).render(Context(context))


def words(html):
    """What a person reads: the text without the markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


class Brief(Thing):
    """Enough of a record for a page's head and its buttons."""

    def __str__(self):
        return self.title

    def get_state_display(self):
        return self.state_word

    def get_court_display(self):
        return {"ours": "With us", "client": "With the client", "nobody": "Settled"}[self.court]

    def get_absolute_url(self):
        return "/briefs/7/"


@pytest.fixture
def brief():
    return Brief(
        title="First Key", state="submitted", state_word="Awaiting acceptance", court="ours", holder="Marta Kowalska",
        version=4, court_since=datetime(2026, 11, 19, 9, 0, tzinfo=UTC), due_on=date(2026, 11, 25),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def on_monday_morning(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), tick=False)


@pytest.mark.parametrize(
    "source",
    [
        "{% person_tag person outsider=True %}",
        "{% panel titel='x' %}{% endpanel %}",
        "{% page_head title='x' led='y' %}{% endpage_head %}",
        "{% chip brief wrod='y' %}",
        "{% due date days=3 %}",
        "{% money 3 curency='EUR' %}",
        "{% move_buttons brief mvoes=moves %}",
        "{% empty_state title='x' txt='y' %}",
        "{% notice state='risk' close=True %}{% endnotice %}",
        "{% toast stat='done' %}{% endtoast %}",
        "{% dialog name='a' title='b' open='c' %}{% enddialog %}",
        "{% dialog_cancel wrod='x' %}",
        "{% progress 3 hole=8 label='x' %}",
        "{% clock lefft=3 title='x' %}{% endclock %}",
        "{% figure 'x' vaule=3 %}",
        "{% trail events more='x' %}",
        "{% pager page mroe='x' %}",
        "{% crumb 'x' ulr='y' %}",
        "{% crumbs title='x' %}{% endcrumbs %}",
        "{% client_tab client big=True %}",
        "{% stamp brief nte='y' %}",
        "{% court brief days=3 %}",
        "{% mark 'late' wrod='y' %}",
        "{% form_errors form titel='y' %}",
    ],
)
def test_a_misspelt_argument_is_refused_before_the_page_is_ever_shown(source):
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword"):
        Template(source)


def test_no_page_holds_inline_style_handlers_scripts_or_unescaped_text():
    forbidden = re.compile(
        r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|\|\s*safe\b|<script(?![^>]*\ssrc=)|<style|javascript:|\{% autoescape off""", re.I
    )
    found = {str(path.relative_to(settings.BASE_DIR)): forbidden.findall(path.read_text()) for path in TEMPLATES}
    assert {path: hits for path, hits in found.items() if hits} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_every_page_compiles(path):
    assert get_template(str(path.relative_to(settings.BASE_DIR / "templates")))


def test_no_page_tells_the_faults_of_a_form_twice():
    both = [path for path in TEMPLATES if "{% form_errors form %}" in path.read_text() and "{{ form }}" in path.read_text()]
    assert [path.name for path in both] == []


def test_style_sheets_name_only_style_sheets_that_are_there():
    top = settings.BASE_DIR / "static/css/accord.css"
    named = re.findall(r'@import url\("([^"]+)"\)', top.read_text())
    there = {str(path.relative_to(top.parent)) for path in top.parent.rglob("*.css")} - {"accord.css"}
    assert set(named) == there


def test_every_class_a_page_names_is_known_to_the_style_sheets():
    sheets = "".join(path.read_text() for path in Path(settings.BASE_DIR / "static/css").rglob("*.css"))
    known = set(re.findall(r"\.([a-z][\w-]*)", sheets))
    unknown = {}
    for path in TEMPLATES:
        for names in re.findall(r'class="([^"]*)"', path.read_text()):
            words = re.sub(r"\{\{.*?\}\}", "?", re.sub(r"\{%.*?%\}", " ", names)).split()
            unknown.setdefault(path.name, set()).update({word for word in words if "?" not in word} - known)
    assert {name: classes for name, classes in unknown.items() if classes} == {}


def test_style_sheets_use_no_ids_and_force_nothing():
    for path in Path(settings.BASE_DIR / "static/css").rglob("*.css"):
        assert "!important" not in path.read_text(), path
        assert not re.search(r"(^|[\s,}])#[a-z][\w-]*\s*[{,.:]", path.read_text()), path


def test_names_are_escaped_wherever_a_tag_shows_them():
    nasty = Thing(code="X<Y", name=NASTY)
    html = shown(
        "{% person_tag name url=name %}{% client_tab client url=name %}{% crumb name url=name %}"
        "{% chip state='late' word=name %}"
        "{% panel title=name count=name more=name more_url=name foot=name %}{{ name }}{% endpanel %}"
        "{% page_head title=name lead=name note=name %}{% endpage_head %}"
        "{% empty_state title=name text=name url=name action=name %}"
        "{% mark 'late' word=name %}{% figure name value=name note=name url=name %}{% trail events %}",
        name=NASTY,
        client=nasty,
        events=[Thing(named=NASTY, told=NASTY, reason=NASTY, at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))],
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 20


def test_every_state_has_a_word_and_a_mark():
    assert list(STATES) == list(MARKS)
    for state, word in STATES.items():
        html = shown("{% chip state=state %}{% mark state %}", state=state)
        assert html.count("<svg") == 2
        assert words(html) == f"{word} {word}"


@pytest.mark.parametrize(
    ("state", "court", "tone"),
    [
        ("draft", "ours", "draft"),
        ("submitted", "ours", "ours"),
        ("sent", "client", "client"),
        ("in_progress", "department", "ours"),
        ("accepted", "nobody", "done"),
        ("declined", "nobody", "stopped"),
    ],
)
def test_a_record_shows_one_of_the_seven_by_its_state_and_court(state, court, tone):
    assert shown("{{ record|tone }}", record=Thing(state=state, court=court)) == tone


def test_a_record_may_name_its_own_of_the_seven():
    assert shown("{{ record|tone }}", record=Thing(state="ready", court="ours", tone="late")) == "late"


def test_a_person_is_never_shown_by_initials_alone():
    html = shown("{% person_tag person %}", person="Jonas Weber")
    assert words(html) == "JW Jonas Weber"
    assert 'aria-hidden="true">JW<' in html


def test_where_nobody_is_named_the_page_says_so():
    assert words(shown("{% person_tag None %}")) == "nobody yet"
    assert words(shown("{% person_tag None nobody='unassigned' %}")) == "unassigned"


def test_a_client_has_the_same_ink_for_ever():
    assert {code: ink(code) for code in ("HRB", "NOR", "SOL", "PAL")} == {
        code: ink(code) for code in ("HRB", "NOR", "SOL", "PAL")
    }
    assert ink("HRB") in range(1, 9)
    assert 'title="Hollin &amp; Rye Bakeries"' in shown("{% client_tab c %}", c=Thing(code="HRB", name="Hollin & Rye Bakeries"))


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (2, "Wed 25 Nov in 2 working days"),
        (1, "Wed 25 Nov in 1 working day"),
        (0, "Wed 25 Nov today"),
        (-1, "Wed 25 Nov 1 working day late"),
        (-4, "Wed 25 Nov 4 working days late"),
        (None, "Wed 25 Nov"),
    ],
)
def test_a_deadline_says_how_many_working_days_are_left(left, told):
    assert words(shown("{% due date left=left %}", date=date(2026, 11, 25), left=left)) == told


def test_what_is_settled_is_never_late():
    assert words(shown("{% due date left=-3 settled=True %}", date=date(2026, 11, 18))) == "Wed 18 Nov"


def test_a_date_of_another_year_names_the_year():
    assert shown("{{ date|day }}", date=date(2027, 1, 15)) == "Fri 15 Jan 2027"


def test_what_happened_today_is_told_by_its_hour_and_else_with_its_day():
    assert shown("{{ at|moment }}", at=datetime(2026, 11, 23, 8, 52, tzinfo=UTC)) == "08:52"
    assert shown("{{ at|moment }}", at=datetime(2026, 11, 20, 16, 20, tzinfo=UTC)) == "Fri 20 Nov, 16:20"


def test_money_stands_with_its_currency_and_is_aligned_on_the_point():
    assert words(shown("{% money amount %}", amount=Decimal("140000"))) == "EUR 140,000.00"
    assert words(shown("{% money amount currency='USD' decimals=0 %}", amount=Decimal("1540"))) == "USD 1,540"
    assert shown("{% money None %}") == ""


def test_the_head_of_a_record_tells_state_court_since_when_and_by_when(brief):
    html = shown("{% page_head title=brief.title note='NOR-26-006' record=brief left=2 %}{% endpage_head %}", brief=brief)
    for told in (
        "First Key",
        "NOR-26-006",
        "Awaiting acceptance",
        "With us, Marta Kowalska",
        "since Thu 19 Nov",
        "in 2 working days",
    ):
        assert told in words(html)


def test_a_document_is_stamped_with_its_state_and_version(brief):
    assert words(shown("{% stamp brief %}", brief=brief)) == "Awaiting acceptance version 4"


def test_the_first_move_is_the_button_and_the_rest_are_in_the_menu(brief):
    moves = [Thing(name="accept", label="Accept", asks_reason=False), Thing(name="give_back", label="Return", asks_reason=True)]
    html = shown("{% move_buttons brief moves=moves %}", brief=brief, moves=moves, csrf_token="t0ken")
    assert html.count("btn--primary") == 2  # the first move, and the button that sends the reason
    assert html.index("/briefs/7/move/accept/") < html.index("<details") < html.index("/briefs/7/move/give_back/")
    assert html.count('name="seen" value="4"') == 2
    assert html.count('name="csrfmiddlewaretoken" value="t0ken"') == 2
    assert html.count('name="reason"') == 1


def test_without_moves_there_are_no_buttons(brief):
    assert words(shown("{% move_buttons brief moves=moves %}", brief=brief, moves=[])) == ""


class Question(forms.Form):
    name = forms.CharField(label="Name", help_text="As the client says it.", max_length=20)
    when = forms.DateField(label="When", required=False)
    who = forms.ChoiceField(label="Who", choices=[("a", "Ana")], widget=forms.RadioSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput)


def test_a_field_carries_its_label_its_hint_and_its_fault_beside_it():
    html = shown("{{ form }}", form=Question({"name": "x" * 30, "who": "a", "seen": "1"}))
    assert 'for="id_name"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "optional" in words(html)


def test_above_the_form_stands_what_has_to_be_mended_with_a_link_to_each_field():
    html = shown("{% form_errors form %}", form=Question({"name": "", "who": "b", "seen": ""}))
    assert "3 things have to be mended" in words(html)
    assert 'href="#id_name"' in html
    assert 'href="#id_who"' in html
    assert 'id="id_who"' in shown("{{ form.who.as_field_group }}", form=Question())


def test_a_form_without_faults_says_nothing():
    assert words(shown("{% form_errors form %}", form=Question())) == ""


def test_a_list_leads_to_further_rows_and_back_to_the_first():
    request = RequestFactory().get("/briefs/?client=HRB&after=60")
    html = shown("{% pager page %}", page=Page([], "?client=HRB&after=10", 70), request=request)
    assert 'href="?client=HRB&amp;after=10"' in html
    assert 'href="?client=HRB"' in html
    assert words(shown("{% pager page %}", page=Page([], "", 3), request=RequestFactory().get("/briefs/"))) == ""


def test_a_bar_lies_where_its_days_are():
    assert percent(3, 24) == "12.5%"
    (place,) = places([Bar(3, 6, "ours")], 24)
    assert (place.x, place.width) == ("12.5%", "12.5%")


def test_a_bar_is_cut_at_the_edge_of_the_lane_and_not_drawn_outside():
    (place,) = places([Bar(-5, 6, "late"), Bar(30, 40, "ours")], 24)
    assert (place.x, place.width) == ("0%", "25%")


def test_a_lane_has_a_rule_between_two_weeks():
    assert weeks(20) == ["25%", "50%", "75%"]
    assert weeks(20, start=2) == ["10%", "35%", "60%", "85%"]


def test_a_lane_tells_in_words_what_it_shows():
    html = shown(
        "{% load drawings %}{% lane bars days=24 today=3 label='Sunday Loaf: one step late' %}",
        bars=[Bar(3, 6, "late", name="Artwork", told="Artwork, 2 days late", ghost=(1, 4))],
    )
    assert 'aria-label="Sunday Loaf: one step late"' in html
    assert 'x="12.5%" width="12.5%"' in html
    assert 'class="ghost" x="4.167%"' in html


def test_a_strip_divides_the_whole_into_states():
    html = shown("{% load drawings %}{% strip done=3 late=1 label='3 of 4 done' %}")
    assert 'data-state="done" x="0%" width="75%"' in html
    assert 'data-state="late" x="75%" width="25%"' in html


def test_an_unknown_icon_or_state_is_found_by_the_first_look():
    with pytest.raises(KeyError):
        shown("{% icon 'elephant' %}")
    with pytest.raises(KeyError):
        shown("{% mark 'purple' %}")
    assert "elephant" not in ICONS


@pytest.mark.parametrize("page", ["400.html", "403.html", "404.html", "409.html", "500.html", "error.html"])
def test_a_page_that_says_no_needs_neither_person_nor_session(page):
    assert "Accord" in render_to_string(page)


def test_a_conflict_shows_both_texts_and_loses_nothing():
    row = Thing(label="Product knowledge", yours="Bread <b>at last</b>", theirs="Bread, sliced")
    conflict = Thing(sentence="Meanwhile Marta Kowalska changed the text.", url="/briefs/7/", rows=[row])
    html = render_to_string("409.html", {"conflict": conflict})
    for told in (
        "Meanwhile Marta Kowalska changed the text.",
        "Bread &lt;b&gt;at last&lt;/b&gt;",
        "Bread, sliced",
        'href="/briefs/7/"',
    ):
        assert told in html
    assert html.count("<textarea readonly") == 2


def test_the_page_of_parts_is_there_in_the_trial_alone(login, cast, settings):
    assert "Sample crackers" in login(cast.amina).get("/style/").content.decode()
    settings.TRIAL = False
    assert login(cast.helena).get("/style/").status_code == 404


def test_a_message_says_by_its_state_how_it_went():
    levels = {40: "late", 30: "risk", 25: "done", 20: "ours"}
    for level, state in levels.items():
        assert shown("{{ message|state_of_message }}", message=Thing(level=level)) == state


def test_a_clock_says_how_many_hours_are_left_or_over():
    assert words(shown("{% clock left=2 title='Report' %}now{% endclock %}")) == "2 hours left Report now"
    over = shown("{% clock left=-3 title='Report' %}now{% endclock %}")
    assert words(over) == "3 hours over Report now"
    assert 'data-state="late"' in over
    assert over.count("clock__tick--gone") == 24


def test_machines_are_told_an_instant_to_the_second():
    assert shown("{{ at|exact }}", at=datetime(2026, 11, 23, 9, 0, 1, 632039, tzinfo=UTC)) == "2026-11-23T09:00:01+00:00"
