"""Papers as they come from phones: decoded and made anew, so that nothing hides in them.

Pictures are decoded whole and encoded again, which drops positions, comments and whatever was
appended; PDFs are kept as they are and served so that they cannot act (OWASP ASVS 5.0, 5.2, 5.4).
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from placement.errors import InvalidValueError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3000
_FORMATS = ("JPEG", "PNG", "WEBP")
_OF_AN_IPHONE = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
"""Brands of ISO/IEC 23008-12 files, as they stand behind `ftyp`."""


class EvidenceRefusedError(InvalidValueError):
    """The file is no picture or PDF that can be kept."""

    code = "evidence_refused"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that is safe to keep: its content, type and the ending of its name."""

    data: bytes
    content_type: str
    ending: str


def clean_paper(data: bytes) -> Paper:
    """Make a picture or PDF safe to keep. Raises EvidenceRefusedError saying what to do."""
    if not data:
        raise EvidenceRefusedError("The file is empty.", remedy="Choose it again.")
    if len(data) > MOST_BYTES:
        raise EvidenceRefusedError(
            "The file is larger than 10 MB.", remedy="Send a smaller photograph or fewer pages."
        )
    if data[:5] == b"%PDF-":
        if b"%%EOF" not in data[-2048:]:
            raise EvidenceRefusedError("The PDF is cut off.", remedy="Send the whole file.")
        return Paper(data=data, content_type="application/pdf", ending="pdf")
    if data[4:8] == b"ftyp" and data[8:12] in _OF_AN_IPHONE:
        raise EvidenceRefusedError(
            "This photograph is in the HEIC form of an iPhone, which many computers cannot open.",
            remedy="Take it again from this page, or send a screenshot of it.",
        )
    return _clean_picture(data)


def _clean_picture(data: bytes) -> Paper:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                _check_size(picture)
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except EvidenceRefusedError:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise EvidenceRefusedError(
            "This is no picture or PDF that can be opened.",
            remedy="Send a photograph (JPEG, PNG) or a PDF.",
        ) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = io.BytesIO()
    upright.save(kept, "JPEG", quality=85, optimize=True)
    return Paper(data=kept.getvalue(), content_type="image/jpeg", ending="jpg")


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise EvidenceRefusedError(
            "The picture is too large.", remedy="Send one of 60 megapixels or less."
        )
