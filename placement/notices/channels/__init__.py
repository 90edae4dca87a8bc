"""Ways to reach people: one file each, all behind the two steps of `link`."""

from placement.config import Settings
from placement.errors import PlacementError
from placement.notices.channels.gateway import GatewayLink
from placement.notices.channels.link import AtPoint, Link, no_point
from placement.notices.channels.mail import MailLink
from placement.notices.channels.sms import sms_gateway
from placement.notices.models import Channel


class ChannelNotOfferedError(PlacementError):
    """The channel is not set up on this installation."""

    code = "channel_not_offered"


_NOT_SET_UP = {
    Channel.MAIL: "Mail is not set up on this installation.",
    Channel.SMS: "SMS is not set up on this installation.",
}
_NEEDS = {Channel.MAIL: "PLACEMENT_SMTP_URL", Channel.SMS: "PLACEMENT_SMS_URL"}


def is_offered(channel: Channel, settings: Settings) -> bool:
    """Whether messages can go out by `channel`; the inbox always is."""
    if channel is Channel.MAIL:
        return bool(settings.smtp_url)
    return channel is Channel.INBOX or bool(settings.sms_url)


def require_offered(channel: Channel, settings: Settings) -> None:
    """Raise ChannelNotOfferedError with what to set, unless `channel` is set up."""
    if not is_offered(channel, settings):
        raise ChannelNotOfferedError(
            _NOT_SET_UP[channel], remedy="Set %(setting)s.", setting=_NEEDS[channel]
        )


def open_link(channel: Channel, settings: Settings, *, at_point: AtPoint = no_point) -> Link:
    """Return the link of a channel; it connects when the first letter is offered.

    Raises ChannelNotOfferedError where the channel is not set up.
    """
    require_offered(channel, settings)
    if channel is Channel.MAIL:
        return MailLink(settings, at_point=at_point)
    if channel is Channel.SMS:
        return GatewayLink(sms_gateway(settings), at_point=at_point)
    raise ChannelNotOfferedError(
        "Nothing is sent by the channel %(channel)s.", channel=channel.value
    )
