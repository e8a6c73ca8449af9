"""Mails to subscribers of the status page, and the pages of their subscription."""

from collections.abc import Mapping

from shared.domain.status import Bilingual, Component, Post, Update
from shared.domain.subscriptions import Answer
from shared.ports.messages import EmailBody
from shared.rendering.escaping import one_line, printable
from shared.rendering.status_mail_words import ANSWERS, BUTTONS, CONFIRMING, LABELS
from shared.rendering.status_words import stage_word, text_of, title_of
from shared.rendering.templating import render


def subscription_page(answer: Answer, *, site: Bilingual, locale: str, status_url: str) -> str:
    """The page a visitor sees."""
    arabic = locale == "ar"
    button = BUTTONS.get(answer)
    return render(
        "status_subscription.html",
        locale=locale,
        answer=answer,
        brand=site.for_reader(locale)[0],
        said=ANSWERS[answer][arabic],
        button=button[arabic] if button else "",
        labels=LABELS["ar" if arabic else "en"],
        page_url=page_url(status_url, locale),
    )


def update_mail(
    post: Post,
    update: Update,
    *,
    components: Mapping[str, Component],
    locale: str,
    status_url: str,
    off_url: str,
) -> EmailBody:
    """What a post says now; all updates of a post are one thread."""
    title, text = title_of(post, components, locale)[0], printable(text_of(update, components, locale)[0])
    subject = f"{stage_word(update.stage, locale)}: {one_line(title)}"
    folder = "ar/" if locale == "ar" else ""
    link = f"{status_url}/{folder}incidents/{post.id}.html"
    labels = LABELS["ar" if locale == "ar" else "en"]
    html = render(
        "status_mail.html", locale=locale, title=subject, lines=text.split("\n"), link=link, button=labels["page"],
        off_url=off_url, off=labels["off"],
    )  # fmt: skip
    plain = f"{subject}\n\n{text}\n\n{labels['page']}: {link}\n\n{labels['off']}: {off_url}\n"
    return EmailBody(
        subject, plain, html, locale, thread=f"status-{post.id}", unsubscribe_url=off_url, list_name="status"
    )


def confirm_mail(*, site: Bilingual, locale: str, link: str) -> EmailBody:
    """The first mail, which asks whether there may be others."""
    subject, text, button = CONFIRMING["ar" if locale == "ar" else "en"]
    title = f"{site.for_reader(locale)[0]}: {subject}"
    html = render(
        "status_mail.html", locale=locale, title=title, lines=[text], link=link, button=button, off_url="", off=""
    )
    return EmailBody(title, f"{title}\n\n{text}\n\n{button}: {link}\n", html, locale)


def page_url(status_url: str, locale: str) -> str:
    """Where the page is read; with the file's name, because a bucket shows no folders."""
    return f"{status_url}/{'ar/' if locale == 'ar' else ''}index.html"
