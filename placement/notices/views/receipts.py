"""What a gateway reports of messages that it took: proved by its secret, taken once."""

from flask import abort, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from placement.accounts.access import public
from placement.db import system_scope, transaction, use_scope
from placement.notices.channels import is_offered
from placement.notices.channels.gateway import ForgedReceiptError
from placement.notices.channels.sms import is_receipts_token, sms_gateway
from placement.notices.models import Channel
from placement.notices.operations.evidence import take_receipt
from placement.notices.views.blueprint import bp

_LARGEST_BODY = 1_000_000


@bp.post("/notices/receipts/<token>")
@public
def take_receipts(token: str) -> ResponseReturnValue:
    """Take the receipts of a gateway; the same ones again change nothing.

    404 for whoever does not know the address, 403 for a signature that does not hold, 400 for
    what cannot be read; else the answer that gateways want: `{"code": 0, "msg": …}`.
    """
    settings = current_app.config["SETTINGS"]
    if not is_receipts_token(token) or not is_offered(Channel.SMS, settings):
        abort(404)
    if (request.content_length or 0) > _LARGEST_BODY:
        abort(413)
    with use_scope(system_scope("receipts of the SMS gateway")):
        try:
            receipts = sms_gateway(settings).read_receipts(
                dict(request.headers), request.get_data()
            )
        except ForgedReceiptError:
            abort(403)
        except ValueError:
            abort(400)
        with transaction():
            taken = sum(take_receipt(receipt) for receipt in receipts)
    return jsonify(code=0, msg="taken", taken=taken)


def _let_the_gateway_act(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(take_receipts)


bp.record_once(_let_the_gateway_act)
