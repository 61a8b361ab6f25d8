"""Reporting: reports by channel and reporter, how quickly they were answered, and what became of them."""

from ui.app import frame
from ui.cards.card import Card, Needs, Section
from ui.topics.reporting import hotline
from ui.topics.reporting.choices import BY

TIPS = ("tips_received",)
YEARS = ("period",)

PAGE = (
    Section(
        "How reports come in",
        (
            Card("volume", "tips_received", YEARS, laws=True),
            Card("digital", "tips_digital_share", YEARS, notes=("Digital: web form, app or text message.",)),
            Card("channels", "tips_channel_share", ("channel",)),
            Card("reporters", "tips_reporter_share", ("reporter_type",)),
        ),
        more=(Card("channel_years", "tips_channel_share", ("period", "channel"), wide=True),),
        needs=Needs("Reports by channel and reporter, and what became of them", "tip"),
    ),
    Section(
        "How quickly reports are answered",
        (
            Card("within", "tips_within_24h_share", YEARS),
            Card("median", "tips_response_median", (BY,)),
        ),
        more=(
            Card("within_by", "tips_within_24h_share", (BY,)),
            Card("bands", "tips_received", ("response_band",)),
        ),
        choices=(BY,),
        only_with=TIPS,
    ),
    Section(
        "What becomes of reports",
        (
            Card("dispositions", "tips_disposition_share", ("disposition",)),
            Card("passed", "tips_passed_share", YEARS),
        ),
        more=(
            Card("passed_by", "tips_passed_share", (BY,)),
            Card("substantiated_by", "tips_substantiated_share", (BY,)),
            Card("substantiated", "tips_substantiated_share", YEARS),
        ),
        only_with=TIPS,
    ),
    Section(
        "Beside the national hotline",
        (hotline.CARD,),
        choices=(hotline.PLACE,),
        only_with=tuple(hotline.TITLES),
    ),
)

frame.show("reporting", PAGE)
