"""The inbox: the row is the message, so that it is delivered by being written, exactly once.

Nothing is sent and nothing can be in doubt; it is there when mail and SMS fail.
"""

from placement.notices.models import Channel, DeliveryState

CHANNEL = Channel.INBOX
STATE_AT_CREATION = DeliveryState.SENT
