"""The session runs out over a form: nothing typed is lost, and nobody else ever reads it."""

import re
from html import unescape

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from agency import kept
from briefs.models import Brief
from tests.records import FULL, a_brief

PASSWORD = "accord-demo"
LOGIN = {"login": "jonas", "password": PASSWORD}
TEXT = 'Rye, <script>alert("x")</script>\r\n"thin" & stone-baked.\r\nÄ 汉字'


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


@pytest.fixture
def edit(brief):
    return reverse("brief_edit", args=[brief.pk])


def typed(brief, **fields):
    return {**FULL, "title": brief.title, "seen": brief.version, **fields}


def expired(browser):
    """The browser of somebody whose session is gone; who was here is still known."""
    browser.get("/")
    del browser.cookies["sessionid"]
    return browser


def field(page, name):
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page.text)
    return unescape(found[1]) if found else None


def resent(browser, page):
    """Press "Send it again" on the page: to its address, with all its fields."""
    form = page.text[page.text.index('<form class="form"') :]
    there = unescape(re.search(r'action="([^"]+)"', form)[1])
    fields = {unescape(n): unescape(v) for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)}
    areas = re.findall(r'<textarea class="kept" name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S)
    return browser.post(there, fields | {unescape(name): unescape(text) for name, text in areas})


# ── The way through ─────────────────────────────────────────────────────────────────────────────
def test_whoever_is_logged_out_over_a_form_logs_in_and_finds_every_word(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    page = browser.post(edit, typed(brief, product_knowledge=TEXT, save="1"))
    assert page.status_code == 401
    assert "nothing of it is lost" in page.text
    page = browser.post("/login/", {**LOGIN, "kept": field(page, "kept")}, follow=True)
    assert page.redirect_chain == [(reverse("kept"), 302)]
    assert "You had been logged out" in page.text
    answer = resent(browser, page)
    assert answer.url == brief.get_absolute_url()
    assert Brief.objects.get(pk=brief.pk).product_knowledge == TEXT.replace("\r\n", "\n")
    assert "Nothing waits to be sent again" in browser.get(reverse("kept")).text


def test_a_wrong_password_first_loses_nothing(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    held = field(browser.post(edit, typed(brief, title="Typed for an hour")), "kept")
    wrong = browser.post("/login/", {"login": "jonas", "password": "not-the-password", "kept": held})
    assert field(wrong, "kept") == held
    assert "Typed for an hour" in browser.post("/login/", {**LOGIN, "kept": held}, follow=True).text


def test_too_many_tries_lose_nothing(brief, edit, cast, login, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    browser = expired(login(cast.jonas))
    held = field(browser.post(edit, typed(brief, title="Typed for an hour")), "kept")
    browser.post("/login/", {"login": "jonas", "password": "no", "kept": held})
    page = browser.post("/login/", {**LOGIN, "kept": held})
    assert (page.status_code, field(page, "kept")) == (429, held)
    assert "Too many tries" in page.text


def test_what_is_sent_again_meets_the_same_checks_as_ever(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    held = field(browser.post(edit, typed(brief, title="From Jonas")), "kept")
    login(cast.tomas).post(edit, typed(brief, title="From Tomas"))
    other = Browser()
    page = other.post("/login/", {**LOGIN, "kept": held}, follow=True)
    answer = resent(other, page)
    assert answer.status_code == 409
    assert "From Jonas" in answer.text
    assert "From Tomas" in answer.text
    assert browser is not other


def test_a_form_that_makes_a_record_is_made_once_however_often_it_is_sent(clients, cast, login, token):
    browser = expired(login(cast.jonas))
    page = browser.post(reverse("brief_new"), {"client": "HRB", "title": "Rye sticks", "token": str(token)})
    page = browser.post("/login/", {**LOGIN, "kept": field(page, "kept")}, follow=True)
    first, second = resent(browser, page), resent(browser, page)
    assert first.url == second.url
    assert Brief.objects.filter(title="Rye sticks").count() == 1


def test_a_button_pressed_too_late_is_offered_again_and_not_pressed_by_itself(brief, cast, login):
    browser = expired(login(cast.jonas))
    page = browser.post(f"/briefs/{brief.pk}/move/submit/", {"seen": brief.version})
    page = browser.post("/login/", {**LOGIN, "kept": field(page, "kept")}, follow=True)
    assert Brief.objects.get(pk=brief.pk).state == "draft"
    assert "You had pressed a button" in page.text
    resent(browser, page)
    assert Brief.objects.get(pk=brief.pk).state == "submitted"


def test_what_is_not_wanted_any_more_is_thrown_away(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    page = browser.post(edit, typed(brief, title="Typed"))
    browser.post("/login/", {**LOGIN, "kept": field(page, "kept")})
    assert "Typed" in browser.get("/kept/").text
    assert browser.post("/kept/").url == "/"
    assert "Typed" not in browser.get("/kept/").text


def test_a_page_asked_for_without_a_session_is_there_again_after_the_login(cast, login):
    browser = expired(login(cast.jonas))
    there = "/briefs/?client=HRB"
    answer = browser.get(there)
    assert browser.post(answer.url, LOGIN).url == there


def test_a_button_without_words_leads_back_to_its_page(cast, login):
    browser = expired(login(cast.jonas))
    answer = browser.post("/notices/seen/", {}, HTTP_REFERER="http://testserver/people/")
    assert answer.url == "/login/?next=/people/"
    for elsewhere in ("http://evil.example/people/", "http://testserver//evil.example/", "http://testserver/nowhere/"):
        assert browser.post("/notices/seen/", {}, HTTP_REFERER=elsewhere).url == "/login/?next=/"


# ── Parts of pages ──────────────────────────────────────────────────────────────────────────────
def test_a_part_of_a_page_asked_for_without_a_session_sends_the_whole_page_to_the_login(cast, login):
    browser = expired(login(cast.jonas))
    answer = browser.get("/notices/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/briefs/?client=HRB")
    assert answer["HX-Redirect"] == "/login/?next=/briefs/%3Fclient%3DHRB"
    assert "password" not in answer.text


def test_a_form_sent_from_a_part_of_a_page_puts_the_login_in_place_of_the_whole(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    answer = browser.post(edit, typed(brief, title="Typed"), HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer["HX-Retarget"]) == (200, "body")
    assert field(answer, "kept")


# ── An old token ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def strict(cast):
    """Jonas at a browser that has logged in, with a form token that is older than his login."""
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.jonas, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.get("/")
    return browser


HERE = {"HTTP_ORIGIN": "http://testserver"}
STALE = {"csrfmiddlewaretoken": "x" * 32}


def test_a_form_older_than_the_login_is_shown_and_sent_again_with_a_new_token(strict, brief, edit):
    page = strict.post(edit, {**typed(brief, title="Typed for an hour"), **STALE}, **HERE)
    assert page.status_code == 403
    assert "Typed for an hour" in page.text
    fresh = field(page, "csrfmiddlewaretoken") or re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    answer = strict.post(edit, {**typed(brief, title="Typed for an hour"), "csrfmiddlewaretoken": fresh}, **HERE)
    assert answer.status_code == 302
    assert Brief.objects.get(pk=brief.pk).title == "Typed for an hour"


def test_a_form_older_than_a_login_that_has_run_out_since_is_kept_too(strict, brief, edit):
    del strict.cookies["sessionid"]
    page = strict.post(edit, {**typed(brief, title="Typed"), **STALE}, **HERE)
    assert (page.status_code, bool(field(page, "kept"))) == (401, True)


def test_a_form_sent_by_another_site_is_never_offered_to_be_sent_again(strict, brief, edit):
    for elsewhere in (
        {"HTTP_ORIGIN": "http://evil.example"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_ORIGIN": "null"},
        {},
    ):
        page = strict.post(edit, {**typed(brief, title="Forged words"), **STALE}, **elsewhere)
        assert page.status_code == 403
        assert "Forged words" not in page.text


def test_a_second_login_page_left_open_still_hands_over_what_it_held(strict, brief, edit, cast):
    held = kept.pack({"person": cast.jonas.pk, "path": edit, "fields": [("title", "Typed")], "left_out": []})
    answer = strict.post("/login/", {**LOGIN, **STALE, "kept": held}, **HERE)
    assert answer.url == reverse("kept")
    assert "Typed" in strict.get("/kept/").text


def test_a_login_form_with_an_old_token_is_shown_again_with_what_it_held(cast):
    page = Browser(enforce_csrf_checks=True).post("/login/", {**LOGIN, **STALE, "kept": "held"}, **HERE)
    assert (page.status_code, field(page, "kept")) == (403, "held")
    assert PASSWORD not in page.text


# ── Whose it is ─────────────────────────────────────────────────────────────────────────────────
def test_another_person_who_logs_in_at_the_same_browser_never_sees_it(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    held = field(browser.post(edit, typed(brief, title="Only for Jonas")), "kept")
    page = browser.post("/login/", {"login": "marta", "password": PASSWORD, "kept": held}, follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert "Only for Jonas" not in page.text
    assert "Only for Jonas" not in browser.get("/kept/").text


def test_whoever_logs_out_leaves_nothing_behind(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    held = field(browser.post(edit, typed(brief, title="Typed")), "kept")
    browser.post("/login/", {**LOGIN, "kept": held})
    browser.post("/logout/")
    assert browser.cookies[kept.LAST].value == ""
    answer = browser.post(edit, typed(brief, title="Typed after that"))
    assert (answer.status_code, answer.url[:7]) == (302, "/login/")
    browser.post("/login/", LOGIN)
    assert "Typed" not in browser.get("/kept/").text


def test_at_a_browser_that_knows_nobody_nothing_is_kept(brief, edit):
    answer = Browser().post(edit, typed(brief, title="Typed"))
    assert answer.status_code == 302


def test_a_cookie_of_ones_own_making_is_nobody(brief, edit, cast):
    browser = Browser()
    for forged in (str(cast.jonas.pk), f"{cast.jonas.pk}:1abc:xyz", signing.dumps(cast.jonas.pk)):
        browser.cookies[kept.LAST] = forged
        assert browser.post(edit, typed(brief)).status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(cast, login):
    browser = login(cast.jonas)
    browser.get("/")
    cookie = browser.cookies[kept.LAST]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held[:-2] + ("AA" if not held.endswith("AA") else "BB"),
        lambda held: "x" + held,
        lambda held: held.partition(":")[0],
        lambda held: signing.dumps({"person": 1, "path": "/me/", "fields": [], "left_out": []}),
        lambda held: "",
        lambda held: "汉字" * 100,
    ],
)
def test_what_has_been_tampered_with_is_nothing(change, brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    held = field(browser.post(edit, typed(brief, title="Typed")), "kept")
    page = browser.post("/login/", {**LOGIN, "kept": change(held)}, follow=True)
    assert page.redirect_chain == [("/", 302)]


def test_after_half_a_day_it_is_nothing_any_more(brief, edit, cast, login, monday):
    browser = expired(login(cast.jonas))
    held = field(browser.post(edit, typed(brief, title="Typed")), "kept")
    monday.shift(12 * 3600 + 60)
    assert browser.post("/login/", {**LOGIN, "kept": held}, follow=True).redirect_chain == [("/", 302)]


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/nowhere/"]
)
def test_even_signed_by_us_it_never_leads_out_of_the_house(path, cast):
    held = kept.pack({"person": cast.jonas.pk, "path": path, "fields": [("title", "x")], "left_out": []})
    assert kept.unpack(held, cast.jonas) is None


# ── What it holds ───────────────────────────────────────────────────────────────────────────────
def test_passwords_and_files_are_never_kept_and_the_page_says_so(cast, login):
    browser = expired(login(cast.jonas))
    secret = {"oldpassword": "my-secret-word", "password1": "a-new-secret", "note": "Plain"}
    page = browser.post("/me/", {**secret, "photo": SimpleUploadedFile("a.png", b"bytes")})
    held = field(page, "kept")
    assert "secret" not in str(signing.loads(held, salt=kept.FIELD))
    page = browser.post("/login/", {**LOGIN, "kept": held}, follow=True)
    assert "secret" not in page.text
    assert "Oldpassword, Password1, Photo" in page.text


def test_what_was_typed_is_shown_as_text_and_never_run(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    page = browser.post(edit, typed(brief, product_knowledge=TEXT, title='"><script>x</script>'))
    page = browser.post("/login/", {**LOGIN, "kept": field(page, "kept")}, follow=True)
    assert "<script>x" not in page.text
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
    assert 'name="product_knowledge"' in page.text
    assert "Product knowledge" in page.text


def test_more_than_can_be_carried_is_said_before_the_login(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    page = browser.post(edit, typed(brief, product_knowledge="a" * kept.MOST))
    assert page.status_code == 401
    assert "Go back in your browser, copy your text, and only then log in." in page.text
    assert field(page, "kept") is None


def test_three_megabytes_are_refused_before_anything_is_kept(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    page = browser.post(edit, typed(brief, product_knowledge="a" * 3_000_000))
    assert (page.status_code, field(page, "kept")) == (413, None)


def test_as_much_as_can_be_carried_arrives(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    long = "汉" * 80_000
    page = browser.post(edit, typed(brief, product_knowledge=long))
    page = browser.post("/login/", {**LOGIN, "kept": field(page, "kept")}, follow=True)
    assert long in page.text


def test_no_page_of_it_is_left_in_a_cache(brief, edit, cast, login):
    browser = expired(login(cast.jonas))
    assert "no-store" in browser.post(edit, typed(brief))["Cache-Control"]
