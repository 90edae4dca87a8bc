"""Papers from a phone: a large photograph is kept, what cannot be opened is told clearly."""

import io
import os

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from placement.db import db
from placement.files import read_file
from placement.outcomes.evidence_files import MOST_BYTES
from placement.outcomes.models import Evidence, Outcome
from tests.factories import make_outcome

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00" + b"\x00" * 400


def photograph() -> bytes:
    """A photograph that does not compress: 8 MB as a telephone takes them."""
    width, height = 2100, 1500
    picture = Image.frombytes("RGB", (width, height), os.urandom(width * height * 3))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=97, subsampling=0)
    return kept.getvalue()


@pytest.fixture
def outcome(browser, cast) -> Outcome:
    outcome = make_outcome(cast.lin_mei, verified=False)
    browser.sign_in(cast.lin_mei_user)
    return outcome


def send(browser, outcome, **files: tuple[io.BytesIO, str]):
    """Send the form; encoded here, since the client would leave a large body in an open file."""
    sent = {name: FileStorage(stream, filename) for name, (stream, filename) in files.items()}
    fields = {"csrf_token": browser.token(), "kind": "contract", **sent}
    boundary, body = encode_multipart(fields)
    return browser.client.post(
        f"/outcomes/{outcome.id}/evidence/new",
        input_stream=io.BytesIO(body),
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def test_student_sends_a_large_photograph_from_the_camera(browser, outcome):
    form = browser.get(f"/outcomes/{outcome.id}/evidence/new").text
    taken = photograph()

    answer = send(browser, outcome, photo=(io.BytesIO(taken), "IMG_0001.JPG"))

    kept = db.session.query(Evidence).one()
    assert 7_000_000 < len(taken) < MOST_BYTES
    assert 'capture="environment"' in form
    assert answer.status_code == 302
    assert kept.file.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(read_file(kept.file))).size == (2100, 1500)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(HEIC, "HEIC form of an iPhone", id="iphone"),
        pytest.param(b"MZ" + b"\x00" * 99, "no picture or PDF", id="program"),
        pytest.param(b"%PDF-1.7 cut", "The PDF is cut off", id="cut"),
        pytest.param(b"\xff\xd8" + b"\x00" * MOST_BYTES, "larger than 10 MB", id="large"),
        pytest.param(b"", "Choose a file.", id="none"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_the_field(browser, outcome, content, said):
    answer = send(browser, outcome, **({"file": (io.BytesIO(content), "x")} if content else {}))

    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(Evidence).count() == 0
