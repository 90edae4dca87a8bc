"""Send mails by django-post_office, for comparison: started by outbox.py, prints mails a second.

Usage: python benchmarks/outbox_peer.py DATABASE_URL SMTP_PORT MAILS PROCESSES

The same kind of mail (plain text and HTML of the given length), the same mail server, the same
database server; queued in bulk beforehand, sent by its own `send_queued_mail` with its defaults
but for the number of processes and threads and the size of a batch.
"""

import sys
import tempfile
import time
from urllib.parse import urlsplit

TEXT = "尊敬的同学，近期有一场招聘会，诚邀您参加。\n" * 12
HTML = f"<html><body><p>{TEXT}</p></body></html>"


def configure(database_url: str, port: int) -> None:
    """Set Django up for nothing else."""
    import django  # noqa: PLC0415 - Django reads its settings first
    from django.conf import settings  # noqa: PLC0415 - Django reads its settings first

    parts = urlsplit(database_url)
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.strip("/"),
                "USER": parts.username,
                "PASSWORD": parts.password,
                "HOST": parts.hostname,
                "PORT": parts.port,
            }
        },
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "BATCH_SIZE": 2000,
            "THREADS_PER_PROCESS": 2,
            "LOG_LEVEL": 1,
        },
    )
    django.setup()


def main() -> None:
    """Queue, send, and print the figure."""
    database_url, port, mails, processes = sys.argv[1], *map(int, sys.argv[2:5])
    configure(database_url, port)
    from django.core.management import call_command  # noqa: PLC0415 - Django reads its settings first
    from post_office.mail import send_queued_mail_until_done  # noqa: PLC0415 - Django reads its settings first
    from post_office.models import PRIORITY, STATUS, Email  # noqa: PLC0415 - Django reads its settings first

    call_command("migrate", verbosity=0)
    Email.objects.bulk_create(
        [
            Email(
                from_email="notices@placement.example",
                to=[f"student{number}@domain{number % 20}.example"],
                subject="2016届春季招聘会",
                message=TEXT,
                html_message=HTML,
                status=STATUS.queued,
                priority=PRIORITY.medium,
            )
            for number in range(mails)
        ],
        batch_size=2000,
    )
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        send_queued_mail_until_done(f"{folder}/lock", processes=processes, log_level=1)
    took = time.perf_counter() - began
    sent = Email.objects.filter(status=STATUS.sent).count()
    print(f"django-post_office, {processes} processes: {sent / took:,.0f} mails/s ({sent:,})")


if __name__ == "__main__":
    main()
