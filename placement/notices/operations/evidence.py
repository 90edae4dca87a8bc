"""Evidence that comes later: receipts of a gateway, mails that come back.

It is matched by our own number of the message alone, which is the `uid` of its row, and taken
once: what is known to have arrived or come back stays so.
"""

import uuid
from typing import Any

from sqlalchemy import text

from placement.accounts.models import EMAIL_INDEX_PLACE
from placement.db import db
from placement.keys import keyring
from placement.notices.channels.link import Receipt
from placement.notices.models import Channel
from placement.notices.operations.claimed import ADDRESS_PLACE
from placement.notices.operations.suppressing import suppress_address

# What may still change: what is called sent, what is in doubt, what is being sent (a receipt can
# be faster than our commit), and a second copy that waits because of the first.
_TAKE = text(
    """
    WITH found AS (
        SELECT id, state FROM deliveries
        WHERE uid = :uid AND channel = :channel
          AND (CAST(:message_id AS text) IS NULL OR message_id = CAST(:message_id AS text))
          AND (state IN ('sent', 'sending', 'uncertain', 'uncertain_final')
               OR state IN ('pending', 'held', 'claimed') AND uncertain_resends > 0)
          AND (provider_ref IS NULL OR CAST(:reference AS text) IS NULL
               OR provider_ref = CAST(:reference AS text))
        FOR UPDATE
    ), changed AS (
        UPDATE deliveries d SET state = CAST(:state AS text), reason = CAST(:reason AS text),
            owner = NULL, lease_until = NULL,
            sent_at = coalesce(d.sent_at, d.sending_at, placement_now()),
            finished_at = placement_now(), values_sealed = NULL,
            provider_ref = coalesce(d.provider_ref, CAST(:reference AS text)),
            enhanced_code = coalesce(CAST(:enhanced AS text), d.enhanced_code),
            error_class = CASE WHEN CAST(:state AS text) = 'delivered' THEN NULL ELSE 'address' END
        FROM found f WHERE d.id = f.id
        RETURNING d.id, f.state AS from_state
    ), logged AS (
        INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
        SELECT id, from_state, CAST(:state AS text), :worker, CAST(:reason AS text) FROM changed
    )
    SELECT id FROM changed
    """
)
_WHERE_IT_WENT = text(
    """
    SELECT d.uid, d.address_sealed, coalesce(s.uid, u.uid) AS person_uid,
        coalesce(s.data_key, u.data_key) AS person_key
    FROM deliveries d LEFT JOIN students s ON s.id = d.student_id
    LEFT JOIN users u ON u.id = d.user_id
    WHERE d.id = :id AND d.address_sealed IS NOT NULL
      AND coalesce(s.data_key, u.data_key) IS NOT NULL
    """
)


def take_receipt(receipt: Receipt) -> bool:
    """Write what a gateway reports of an SMS; False where it changes nothing.

    It is not the first report, or it names a message that is not ours or another of the
    gateway's own numbers.
    """
    values = {
        "state": "delivered" if receipt.arrived else "failed",
        "reason": "receipt_arrived" if receipt.arrived else "receipt_failed",
        "reference": receipt.provider_ref,
        "worker": "gateway",
    }
    return _take(receipt.reference, Channel.SMS, values) is not None


def take_bounce(message_id: str, *, hard: bool, enhanced: str | None) -> bool:
    """Write that a mail came back; False where it is none of ours or known already.

    `hard` says that there is no such address: it is written to no more. `enhanced` is the status
    of RFC 3463.
    """
    values = {
        "state": "bounced",
        "reason": "bounced_hard" if hard else "bounced_soft",
        "message_id": message_id,
        "enhanced": enhanced,
        "worker": "bounces",
    }
    taken = _take(message_id.strip("<>").partition("@")[0], Channel.MAIL, values)
    if taken is not None and hard:
        _suppress_where_it_went(taken)
    return taken is not None


def _take(number: str, channel: Channel, values: dict[str, Any]) -> int | None:
    """Change the delivery whose `uid` is `number` in hex; its id, None where nothing changed."""
    try:
        uid = uuid.UUID(hex=number)
    except ValueError:
        return None
    blank = {"message_id": None, "reference": None, "enhanced": None}
    given = blank | {"uid": uid, "channel": channel.value} | values
    changed: int | None = db.session.execute(_TAKE, given).scalar()
    return changed


def _suppress_where_it_went(delivery_id: int) -> None:
    """Close the address that the mail went to, which the person may have corrected since."""
    row = db.session.execute(_WHERE_IT_WENT, {"id": delivery_id}).first()
    if row is None:
        return
    ring = keyring()
    key = ring.data_key(row.person_uid, row.person_key)
    address = key.open(row.address_sealed, ADDRESS_PLACE, row.uid)
    index = ring.blind_index(EMAIL_INDEX_PLACE, address.strip().lower())
    suppress_address(Channel.MAIL, index, reason="hard_bounce")
