"""Pictures in messages: a mail carries its own, and a Slack message that cannot have one goes out without."""

import pytest

from shared.adapters.smtp import composed
from shared.errors import PermanentFailureError
from shared.ports.messages import EmailBody, InlinePicture, SlackBody
from tests.integration.channels.conftest import email_message, slack_message

PNG = b"\x89PNG\r\n\x1a\n picture"
TEXT = {"type": "section", "text": {"type": "plain_text", "text": "Error rate 4.2 %"}}
IMAGE = {"type": "image", "image_url": "https://m.souk.example/c/x.png", "alt_text": "chart"}
NOT_FETCHED = {"error": "invalid_blocks", "messages": ["downloading image failed [json-pointer:/blocks/1/image_url]"]}


def mail_with(picture=True):
    pictures = (InlinePicture("chart.INC-1", PNG),) if picture else ()
    body = EmailBody("s", "text", '<img src="cid:chart.INC-1">', "ar", pictures=pictures)
    return email_message("n-1", body=body)


def test_a_mail_carries_the_picture_beside_its_html_and_names_it_no_attachment():
    mail = composed(mail_with(), sender="alerts@souk.example")
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    picture = list(mail.walk())[-1]
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<chart.INC-1>", "inline")
    assert picture.get_content() == PNG
    assert mail["Content-Language"] == "ar"
    assert mail.as_bytes().isascii()


def test_a_mail_without_pictures_is_as_simple_as_before():
    kinds = [part.get_content_type() for part in composed(mail_with(picture=False), sender="a@b.example").walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_the_server_gets_the_picture_with_the_mail(email_notifier, store):
    email_notifier.send(mail_with())
    content = store.messages("smtp")[0].content
    assert content["text"].strip() == "text"
    assert list(content["pictures"]) == ["chart.INC-1"]


def test_a_message_whose_picture_slack_cannot_fetch_goes_out_without_it(slack_notifier, store):
    store.faults.fail_next("slack", response=NOT_FETCHED)
    sent = slack_notifier.send(slack_message(body=SlackBody("x", (TEXT, IMAGE))))
    (message,) = store.messages("slack")
    assert [block["type"] for block in message.content["blocks"]] == ["section"]
    assert sent.provider_id


def test_a_message_with_a_picture_is_posted_once_where_all_is_well(slack_notifier, store):
    slack_notifier.send(slack_message(body=SlackBody("x", (TEXT, IMAGE))))
    (message,) = store.messages("slack")
    assert [block["type"] for block in message.content["blocks"]] == ["section", "image"]


@pytest.mark.parametrize("fault", [{"error": "is_archived"}, {"error": "invalid_metadata_format"}])
def test_other_refusals_are_not_tried_again(slack_notifier, store, fault):
    store.faults.fail_next("slack", response=fault)
    with pytest.raises(PermanentFailureError):
        slack_notifier.send(slack_message(body=SlackBody("x", (TEXT, IMAGE))))
    assert store.messages() == []


def test_blocks_that_are_wrong_without_any_picture_stay_refused(slack_notifier, store):
    store.faults.fail_next("slack", response=NOT_FETCHED)
    with pytest.raises(PermanentFailureError):
        slack_notifier.send(slack_message(body=SlackBody("x", (TEXT,))))
