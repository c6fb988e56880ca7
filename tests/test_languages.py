"""Every sentence goes through gettext, every language says all of them, and everybody is spoken to in the own language."""

import re

import pytest
from django.conf import settings as agency
from django.core import mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import Person
from agency import clock, languages
from reminders.delivery import deliver
from reminders.models import Notice
from reminders.sweep import sweep
from tests import pseudo
from tests.records import PHONED, a_brief, a_plan, a_schedule, an_accepted_brief, played_back
from tests.reminders import fall_due, settle_everything, utc
from tests.test_doors import DOORS, a_world, address

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
ASKED = ("/search/?q=HRB", "/search/?q=HRB&fragment=1", "/search/?q=zzz", "/briefs/?state=draft&sort=title", "/clients/?q=zzz")
SAMPLES = "style"  # shows invented samples and their source, in the trial alone
OPENED_TO_ALL = ("account_login", "account_reset_password", "account_reset_password_done", "account_inactive", "account_signup")


@pytest.fixture(scope="module")
def source():
    return languages.source()


def spoken(message):
    """The forms of a message in English, always as a list."""
    return [message.id] if isinstance(message.id, str) else list(message.id)


def name_of(message):
    return message.context, spoken(message)[0]


# ── The catalogues ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("code", languages.translated())
def test_a_language_says_everything_and_nothing_that_nobody_says_any_more(code, source):
    said = {name_of(it): it for it in languages.read(code) if it.id}
    wanted = {name_of(it) for it in source if it.id}
    untranslated = {name_of(it) for it in languages.untranslated(said.values())}
    assert (wanted - set(said) | untranslated, set(said) - wanted) == (set(), set()), "make messages, then translate"


@pytest.mark.parametrize("code", languages.translated())
def test_a_translation_has_the_places_of_its_sentence_and_as_many_forms_as_its_language_needs(code):
    catalogue, wrong = languages.read(code), []
    for message in (it for it in catalogue if it.id):
        forms = languages.texts(message)
        needed = 1 if isinstance(message.id, str) else catalogue.num_plurals
        asked, given = set(PLACES.findall(" ".join(spoken(message)))), [set(PLACES.findall(form)) for form in forms]
        if len(forms) != needed or any(not places <= asked for places in given) or (needed == 1 and given != [asked]):
            wrong.append(name_of(message))
    assert wrong == []


@pytest.mark.parametrize("code", languages.translated())
def test_a_translation_begins_and_ends_like_its_sentence(code):
    """Spaces at the edges hold words apart; a sentence stays a sentence."""
    wrong = []
    for message in (it for it in languages.read(code) if it.id and all(languages.texts(it))):
        if not re.search(r"\w", spoken(message)[0]):
            continue  # punctuation itself
        english, own = spoken(message)[-1], languages.texts(message)[0]
        edges = [text[: len(text) - len(text.lstrip())] + text[len(text.rstrip()) :] for text in (english, own)]
        if edges[0] != edges[1] or (english[-1] == ".") != (own[-1] in "。."):
            wrong.append(name_of(message))
    assert wrong == []


def test_every_language_is_named_in_its_own_tongue():
    assert agency.LANGUAGES == [("en-gb", "English"), ("zh-hans", "简体中文")]


def test_without_catalogues_accord_speaks_english(settings, client, db):
    settings.LOCALE_PATHS = []
    answer = client.get("/login/", headers={"accept-language": "zh-CN"})
    assert answer.status_code == 200
    assert "Accounts are made by the administrator." in answer.content.decode()


def test_a_language_more_needs_no_migration():
    assert Person._meta.get_field("language").deconstruct()[3]["choices"].__name__ == "languages"


def test_a_template_leaves_the_form_of_a_date_to_the_language():
    places = (path for path in (agency.BASE_DIR / "templates").rglob("*") if path.is_file())
    forms = {path.name: re.findall(r"""\|date:(["'])(?!(?:c|Y-m-d)\1)(.+?)\1""", path.read_text()) for path in places}
    assert {name: found for name, found in forms.items() if found} == {}


# ── The pages ───────────────────────────────────────────────────────────────────────────────────
FILES = {"file", "page_image", "page_thumb", "page_difference"}


@pytest.fixture
def brackets(settings, tmp_path, cast):
    """Everybody reads the pseudo-language, and so do browsers that ask for it."""
    pseudo.lay_down(tmp_path)
    settings.LANGUAGES = [*settings.LANGUAGES, (pseudo.CODE, pseudo.CODE)]
    settings.LOCALE_PATHS = [tmp_path]
    Person.objects.update(language=pseudo.CODE)


def test_every_page_that_somebody_reads_went_through_gettext(brackets, cast, clients, login):
    world = a_world(cast, clients)
    house, bare = pseudo.House({*pseudo.typed(), "zzz"}), {}
    for person in ("helena", "mei", "jonas"):
        browser = login(Person.objects.get(username=person))
        named = [name for name, who in DOORS.items() if isinstance(who, set) and person in who and name != SAMPLES]
        opened = [address(name, world) for name in named if not name.endswith("_pdf") and name not in FILES]
        for there in (*opened, *ASKED):
            answer = browser.get(there)
            assert answer.status_code == 200, there
            if found := house.bare(answer.content.decode()):
                bare[there, person] = found
    assert bare == {}, "\n".join(f"{where}: {words}" for where, words in bare.items())


def test_every_page_before_the_login_and_every_page_that_says_no_went_through_gettext(brackets, client, cast, login):
    pages = {name: client.get(reverse(name), headers={"accept-language": pseudo.CODE}) for name in OPENED_TO_ALL}
    pages["404"] = login(Person.objects.get(username="jonas")).get("/clients/XXX/")
    pages["403"] = login(Person.objects.get(username="jonas")).get("/department/")
    shown = {name: answer.content.decode() for name, answer in pages.items()}
    with translation.override(pseudo.CODE):
        shown |= {name: render_to_string(name) for name in ("400.html", "409.html", "500.html", "error.html")}
    house = pseudo.House(pseudo.typed())
    found = {name: house.bare(html) for name, html in shown.items()}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_check_of_brackets_finds_a_bare_word_in_a_text_and_in_a_label():
    house = pseudo.House(["Marta Kowalska"])
    html = '<p aria-label="Bare label">⟦Good day ⟦Tue⟧ %s⟧ Marta Kowalska, 12 bare words</p><script>let it be</script>'
    assert house.bare(html) == ["Bare label", "bare words"]


# ── Chinese ─────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def chinese(cast):
    """Jonas reads Chinese, everybody else English."""
    cast.jonas.adjust(by=cast.jonas, language="zh-hans")
    return cast.jonas


def test_a_page_says_in_which_language_it_is(chinese, cast, login):
    answer = login(chinese).get("/", headers={"accept-language": "en"})
    assert (answer["Content-Language"], 'lang="zh-Hans"' in answer.content.decode()) == ("zh-hans", True)
    answer = login(cast.marta).get("/", headers={"accept-language": "zh-CN"})
    assert (answer["Content-Language"], 'lang="en-GB"' in answer.content.decode()) == ("en-gb", True)


@pytest.mark.parametrize(
    ("asked", "tag", "word"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", "登录"),
        ("zh-Hans", "zh-Hans", "登录"),
        ("en-US", "en-GB", "Log in"),
        ("fr-FR", "en-GB", "Log in"),
        ("", "en-GB", "Log in"),
    ],
)
def test_before_the_login_the_browser_says_which_language(asked, tag, word, client, db):
    html = client.get("/login/", headers={"accept-language": asked}).content.decode()
    assert f'lang="{tag}"' in html
    assert word in html


def test_a_page_that_says_no_before_the_session_is_there_speaks_the_browsers_language(client, db):
    for asked, tag, sentence in (
        ("zh-CN", "zh-Hans", "提交的内容含有控制字符。请删除后重新提交。"),
        ("en", "en-GB", "What was sent holds control characters. Remove them and send it again."),
    ):
        answer = client.get("/login/?next=%00", headers={"accept-language": asked})
        html = answer.content.decode()
        assert (answer.status_code, f'lang="{tag}"' in html, sentence in html) == (400, True, True)


def test_the_administration_is_chinese_for_whoever_reads_chinese(cast, login):
    cast.admin.adjust(by=cast.admin, language="zh-hans")
    html = login(cast.admin).get("/admin/").content.decode()
    for word in ("系统管理", "公司日历日", "业务组", "需求简报", "提醒和邮件"):
        assert word in html
    html = login(cast.admin).get("/admin/accounts/person/add/").content.decode()
    for word in ("简称", "汇报对象", "试用期至", "在公司中的位置"):
        assert word in html


def test_dates_days_left_and_money_are_chinese(chinese, cast, clients, login):
    brief = a_brief(clients["HRB"], cast.jonas)
    html = login(chinese).get(brief.get_absolute_url()).content.decode()
    assert "60,000.00" in html
    assert "11月23日 周一" in html
    a_brief_waiting = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    step = a_schedule(a_plan(a_brief_waiting, cast.marta).campaign, cast.mei)[0]
    html = login(chinese).get(step.get_absolute_url()).content.decode()
    assert re.search(r"还有 \d+ 个工作日|今天", html)


def test_the_words_of_the_trade_are_chinese(chinese, login):
    html = login(chinese).get("/briefs/").content.decode()
    for word in ("需求简报", "待受理", "客户", "工作台", "广告活动", "进度"):
        assert word in html


def test_what_a_colleague_did_and_why_is_told_in_the_readers_language(chinese, cast, clients, login):
    brief = a_brief(clients["HRB"], cast.jonas)
    with translation.override("zh-hans"):
        brief.submit(by=cast.jonas)
    assert brief.history.first().history_change_reason == "Submit for acceptance"
    address_of_history = f"/history/briefs.brief/{brief.pk}/"
    assert "Submit for acceptance" in login(cast.marta).get(address_of_history).content.decode()
    played_back(brief, cast.jonas).accept(by=cast.marta)
    assert "submitted the brief" in login(cast.marta).get(brief.get_absolute_url()).content.decode()
    html = login(cast.tomas).get(brief.get_absolute_url()).content.decode()
    assert "accepted the brief" in html
    html = login(chinese).get(brief.get_absolute_url()).content.decode()
    assert ("受理了需求简报" in html, "accepted the brief" in html) == (True, False)


# ── Mails ───────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def post(settings, cast, nothing_sent):
    settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settle_everything()

    def of(person):
        return [it for it in mail.outbox if it.to == [person.email]]

    return of


def test_in_one_run_jonas_is_written_in_chinese_and_marta_in_english(post, chinese, cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    one, other, *_rest = a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)
    Notice.objects.all().delete()
    settle_everything()
    fall_due(one, clock.today(), cast.jonas)
    fall_due(other, clock.today(), cast.marta)
    sweep(utc(23, 6))
    assert translation.get_language() == agency.LANGUAGE_CODE
    deliver(utc(23, 8))
    [to_jonas], [to_marta] = post(cast.jonas), post(cast.marta)
    assert to_jonas.subject == f"{clients['HRB']} 的步骤“{one}”：截止 11月23日 周一，处理人 Jonas Weber。"
    assert to_jonas.body.startswith("Jonas Weber，您好：\n\n• ")
    assert "发给您的所有内容都在您的工作台上：" in to_jonas.body
    assert to_marta.subject == f"Step “{other}” of {clients['HRB']}: due Mon 23 Nov, with Marta Kowalska."
    assert to_marta.body.startswith("Marta Kowalska,\n\n• ")
    assert not HAN.search(to_marta.body)


def test_news_is_written_in_the_language_of_whoever_gets_it_not_of_whoever_makes_it(post, chinese, cast, clients):
    with translation.override("zh-hans"):
        brief = a_brief(clients["HRB"], cast.jonas, title="Rye crackers")
        brief.submit(by=cast.jonas)
    with translation.override("en-gb"):
        brief.accept_without_playback(by=cast.marta, reason=PHONED)
    assert Notice.objects.get(recipient=cast.marta).text == "Jonas Weber asks you to accept the brief “Rye crackers”."
    assert Notice.objects.get(recipient=cast.jonas).text == "Marta Kowalska 已受理需求简报“Rye crackers”。"


def test_a_letter_about_a_lost_seat_is_in_the_language_of_who_lost_it(post, chinese, cast, clients):
    with translation.override("en-gb"):
        clients["HRB"].assignments.current().get(person=cast.jonas).end(by=cast.helena, reason="Change")
    [letter] = mail.outbox
    assert letter.subject == "您在 HRB Hollin & Rye Bakeries 的席位已结束"
    assert "业务员" in letter.body


def test_the_link_to_a_new_password_comes_in_the_persons_language_whatever_the_browser_says(post, chinese, cast, client):
    for person in (cast.jonas, cast.marta):
        client.post("/password/reset/", {"email": person.email}, headers={"accept-language": "fr"})
    to_jonas, to_marta = post(cast.jonas)[0], post(cast.marta)[0]
    assert to_jonas.subject == "Accord：设置新密码"
    assert to_jonas.body.startswith("Jonas Weber，您好：")
    assert to_marta.subject == "Accord: choose a new password"
