"""Every setting: name, default, unit and variable; unsafe production is refused here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from placement.errors import ConfigurationError


def _text(value: str) -> str:
    return value.strip()


def _flag(value: str) -> bool:
    if value.strip().lower() in {"1", "true", "yes", "on"}:
        return True
    if value.strip().lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("give 1 or 0")


def _setting(variable: str, default: Any, read: Any, meaning: str) -> Any:
    """Declare one setting: where it is read from, how, and what it means."""
    return field(
        default=default,
        metadata={"variable": variable, "read": read, "meaning": meaning},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process, read once at its start and never changed."""

    instance: Path = _setting(
        "PLACEMENT_INSTANCE",
        Path("instance"),
        Path,
        "folder of the embedded servers, keys and scratch files",
    )
    production: bool = _setting(
        "PLACEMENT_PRODUCTION",
        False,
        _flag,
        "1 refuses every setting that is unsafe on a network",
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        _text,
        "PostgreSQL 15 or later; empty starts the embedded server",
    )
    migrate_url: str = _setting(
        "PLACEMENT_MIGRATE_URL",
        "",
        _text,
        "a stronger log-in for migrations; empty: DATABASE_URL",
    )
    redis_url: str = _setting(
        "REDIS_URL",
        "",
        _text,
        "Redis-protocol broker; empty starts the embedded server",
    )
    old_postgres: Path | None = _setting(
        "PLACEMENT_OLD_POSTGRES",
        None,
        Path,
        "bin folder of the PostgreSQL that made the embedded data, to upgrade from another major",
    )
    queue_prefix: str = _setting(
        "PLACEMENT_QUEUE_PREFIX",
        "placement",
        _text,
        "prefix of every key and queue in the broker",
    )
    secret_key: str = _setting(
        "SECRET_KEY",
        "",
        _text,
        "signs cookies and links; empty: a file in the instance folder",
    )
    keys: str = _setting(
        "PLACEMENT_KEYS",
        "",
        _text,
        "master and index keys as one JSON object; empty: <instance>/keys/",
    )
    https: bool = _setting(
        "PLACEMENT_HTTPS", False, _flag, "1 sends cookies over HTTPS only and sets HSTS"
    )
    default_locale: str = _setting(
        "PLACEMENT_LOCALE",
        "zh_Hans_CN",
        _text,
        "language of a first visit: zh_Hans_CN or en",
    )
    trusted_proxies: int = _setting(
        "PLACEMENT_TRUSTED_PROXIES", 0, int, "number of reverse proxies in front"
    )
    base_url: str = _setting(
        "PLACEMENT_BASE_URL",
        "http://127.0.0.1:8000",
        _text,
        "address in mails and on sheets",
    )
    idle_minutes_staff: int = _setting(
        "PLACEMENT_IDLE_MINUTES_STAFF",
        30,
        int,
        "minutes without a request that end a session",
    )
    idle_minutes_student: int = _setting(
        "PLACEMENT_IDLE_MINUTES_STUDENT", 60, int, "the same for students"
    )
    session_hours: int = _setting(
        "PLACEMENT_SESSION_HOURS", 12, int, "hours after which every session ends"
    )
    smtp_url: str = _setting(
        "PLACEMENT_SMTP_URL",
        "",
        _text,
        "smtp://user:password@host:port?starttls=1; empty: no mail",
    )
    mail_from: str = _setting(
        "PLACEMENT_MAIL_FROM",
        "placement@localhost",
        _text,
        "sender address of every mail",
    )
    mail_rate: int = _setting("PLACEMENT_MAIL_RATE", 10, int, "mails a second in all; 0: no limit")
    mail_domain_rate: int = _setting(
        "PLACEMENT_MAIL_DOMAIN_RATE",
        2,
        int,
        "mails a second and recipient domain; 0: no limit",
    )
    mail_quiet_hours: str = _setting(
        "PLACEMENT_MAIL_QUIET_HOURS",
        "22:00-07:00",
        _text,
        "no mail in these hours, or off",
    )
    bounces: str = _setting(
        "PLACEMENT_BOUNCES",
        "",
        _text,
        "where mails come back: a Maildir's path or imaps://user:password@host/FOLDER; empty: no",
    )
    sms_url: str = _setting(
        "PLACEMENT_SMS_URL",
        "",
        _text,
        "https://key:secret@host/path, or aliyun://id:secret@host?sign=NAME; empty: no SMS",
    )
    sms_templates: str = _setting(
        "PLACEMENT_SMS_TEMPLATES",
        "",
        _text,
        "the gateway's template of each kind: fair=SMS_1,fair.en=SMS_2,password=SMS_3",
    )
    sms_rate: int = _setting("PLACEMENT_SMS_RATE", 10, int, "SMS a second; 0: no limit")
    sms_quiet_hours: str = _setting(
        "PLACEMENT_SMS_QUIET_HOURS",
        "21:00-08:00",
        _text,
        "no SMS in these hours, or off",
    )
    senders: int = _setting("PLACEMENT_SENDERS", 2, int, "senders at once for one channel")
    lease_seconds: int = _setting(
        "PLACEMENT_LEASE_SECONDS", 300, int, "seconds after which a claim is taken back"
    )
    stuck_seconds: int = _setting(
        "PLACEMENT_STUCK_SECONDS",
        60,
        int,
        "seconds beyond the lease without a move of due deliveries after which senders begin anew",
    )
    sweep_seconds: int = _setting(
        "PLACEMENT_SWEEP_SECONDS", 60, int, "seconds between two sweeps for lost work"
    )
    uncertain_policy: str = _setting(
        "PLACEMENT_UNCERTAIN_POLICY",
        "resend",
        _text,
        "mail in doubt: resend, ask or never",
    )
    release_size: int = _setting(
        "PLACEMENT_RELEASE_SIZE",
        1000,
        int,
        "a notice to more people than this needs a second person's release",
    )
    export_rows: int = _setting(
        "PLACEMENT_EXPORT_ROWS",
        2000,
        int,
        "a file of more rows than this is made by a worker and kept for a day",
    )
    import_rows_xlsx: int = _setting(
        "PLACEMENT_IMPORT_ROWS_XLSX", 100_000, int, "most rows of an XLSX file"
    )
    import_rows_csv: int = _setting(
        "PLACEMENT_IMPORT_ROWS_CSV", 1_000_000, int, "most rows of a CSV file"
    )
    import_columns: int = _setting("PLACEMENT_IMPORT_COLUMNS", 200, int, "most columns of a file")
    import_megabytes: int = _setting(
        "PLACEMENT_IMPORT_MEGABYTES", 50, int, "largest file to import, in MB"
    )
    evidence_megabytes: int = _setting(
        "PLACEMENT_EVIDENCE_MEGABYTES", 10, int, "largest evidence file, in MB"
    )
    web_processes: int = _setting("PLACEMENT_WEB_PROCESSES", 2, int, "web processes")
    web_worker_class: str = _setting(
        "PLACEMENT_WEB_WORKER_CLASS",
        "gthread",
        _text,
        "how a web process works: gthread or sync",
    )
    web_threads: int = _setting(
        "PLACEMENT_WEB_THREADS", 4, int, "threads of a web process; sync has one"
    )
    worker_processes: int = _setting("PLACEMENT_WORKER_PROCESSES", 2, int, "worker processes")
    metrics_token: str = _setting(
        "PLACEMENT_METRICS_TOKEN",
        "",
        _text,
        "whoever bears it reads /metrics; empty: only this machine, and nobody in production",
    )
    log_level: str = _setting("PLACEMENT_LOG_LEVEL", "INFO", _text, "DEBUG, INFO, WARNING, ERROR")
    demo: bool = _setting(
        "PLACEMENT_DEMO",
        False,
        _flag,
        "set by the demo itself: its mailbox page exists",
    )

    def __post_init__(self) -> None:
        """Refuse values that contradict each other or are unsafe in production."""
        if self.default_locale not in {"zh_Hans_CN", "en"}:
            raise ConfigurationError("PLACEMENT_LOCALE must be zh_Hans_CN or en.")
        if self.uncertain_policy not in {"resend", "ask", "never"}:
            raise ConfigurationError("PLACEMENT_UNCERTAIN_POLICY must be resend, ask or never.")
        if self.web_worker_class not in {"gthread", "sync"}:
            raise ConfigurationError("PLACEMENT_WEB_WORKER_CLASS must be gthread or sync.")
        if self.production:
            _refuse_unsafe(self)


def _refuse_unsafe(settings: Settings) -> None:
    missing = [
        variable
        for variable, value in {
            "SECRET_KEY": settings.secret_key,
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "PLACEMENT_KEYS": settings.keys,
        }.items()
        if not value
    ]
    if missing:
        raise ConfigurationError(f"Production needs {', '.join(missing)}.", remedy="Set them.")
    if len(settings.secret_key) < 32:
        raise ConfigurationError("SECRET_KEY is too short.", remedy="Give 32 characters or more.")
    if not settings.https:
        raise ConfigurationError("Production needs HTTPS.", remedy="Set PLACEMENT_HTTPS=1.")
    if settings.demo:
        raise ConfigurationError("The demo does not run under production settings.")


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings from `environ` (default: the process's), `overrides` winning by field name.

    Raises ConfigurationError naming the variable that cannot be read.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for item in fields(Settings):
        variable = item.metadata["variable"]
        if variable in environ:
            try:
                values[item.name] = item.metadata["read"](environ[variable])
            except ValueError as error:
                raise ConfigurationError(f"{variable} cannot be read: {error}.") from error
    values.update(overrides)
    return Settings(**values)
