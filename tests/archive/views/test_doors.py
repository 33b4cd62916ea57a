"""Who comes in, and where they find themselves."""

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from archive.views.errors import server_error


def test_a_stranger_is_asked_to_log_in_and_led_on_to_what_they_wanted(client: Client, db: None) -> None:
    response = client.get("/catalogue/")
    assert response["Location"] == "/log-in?next=/catalogue/"


def test_the_log_in_page_names_what_is_wrong_in_the_page(client: Client, db: None) -> None:
    response = client.post(reverse("login"), {"username": "nobody", "password": "nothing"})
    assert response.status_code == 200
    assert b'role="alert"' in response.content


def test_a_person_logs_in_with_their_password(client: Client, ada: Any) -> None:
    response = client.post(reverse("login"), {"username": "ada", "password": "open the reel"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("catalogue")


@pytest.mark.parametrize(("person", "room"), [
    ("ada", "catalogue"), ("olga", "catalogue"), ("rui", "restoration-home"), ("rosa", "review-inbox"),
    ("henri", "deliveries"),
])
def test_everybody_begins_where_their_work_is(
    client: Client, request: pytest.FixtureRequest, person: str, room: str,
) -> None:
    client.force_login(request.getfixturevalue(person))
    assert client.get(reverse("home"))["Location"] == reverse(room)


def test_a_stranger_may_choose_the_language_of_the_log_in_page(client: Client, db: None) -> None:
    response = client.post(reverse("set_language"), {"language": "zh-hans", "next": reverse("login")}, follow=True)
    assert b'<html lang="zh-hans">' in response.content


def test_the_bar_shows_a_rights_holder_only_their_deliveries(client: Client, henri: Any) -> None:
    client.force_login(henri)
    page = client.get("/nowhere").content.decode()
    assert reverse("catalogue") not in page
    assert "Deliveries" in page


def test_logging_out_ends_at_the_log_in_page(client: Client, ada: Any) -> None:
    client.force_login(ada)
    assert client.post(reverse("logout"))["Location"] == reverse("login")
    assert client.get(reverse("catalogue")).status_code == 302


def test_an_unknown_address_says_so_in_the_house_s_voice(client: Client, ada: Any) -> None:
    client.force_login(ada)
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert b"There is nothing at this address" in response.content


def test_what_breaks_on_our_side_is_logged_and_shown_with_the_same_reference(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture, db: None,
) -> None:
    response = server_error(rf.get("/catalogue/"))
    assert response.status_code == 500
    reference = caplog.records[-1].getMessage().split()[1].rstrip(":")
    assert reference in response.content.decode()


def test_our_own_fault_is_told_in_the_readers_language(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture, db: None,
) -> None:
    with translation.override("zh-hans"):
        page = server_error(rf.get("/catalogue/")).content.decode()
    assert '<html lang="zh-hans">' in page
    assert "错不在您" in page


def test_a_script_is_told_the_reference_in_words_it_can_show(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture, db: None,
) -> None:
    response = server_error(rf.post("/uploads", headers={"Accept": "application/json"}))
    reference = caplog.records[-1].getMessage().split()[1].rstrip(":")
    assert response.status_code == 500
    assert json.loads(response.content) == {
        "error": f"Something broke on our side, and it is written down. Tell an administrator this reference: "
                 f"{reference}.", "reference": reference}


def test_a_form_without_its_token_is_refused_and_says_what_to_do(ada: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    response = strict.post(reverse("logout"))
    assert response.status_code == 403
    assert b"load the page again" in response.content
