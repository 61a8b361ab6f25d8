"""What can be counted of clients, services, needs, barriers, referrals and money."""

from collections.abc import Mapping

from etl.returns.questions.count import PERSON, Count, added

_SPELL = ("service_episode",)
_ENTRY = (*PERSON, "from_org_type", "contact_band")
_CLIENT = (
    "A client is a person with at least one spell of service that has begun; a spell without a person's "
    "reference is a client of its own. "
)

SERVICES: Mapping[str, Count] = {
    "clients_open_at_start": Count(
        "Carried over (open at start)",
        _CLIENT + "Open at start: a spell began in a month before the period and had not ended before it.",
        "client",
        _SPELL,
        PERSON,
        where="is_open_at_start",
    ),
    "clients_new": Count(
        "New",
        _CLIENT + "New: the first spell on record began in the period.",
        "client",
        _SPELL,
        _ENTRY,
        where="is_new",
    ),
    "clients_reopened": Count(
        "Reopened",
        _CLIENT + "Reopened: a spell began in the period, all earlier ones had ended before it.",
        "client",
        _SPELL,
        _ENTRY,
        where="is_reopened",
    ),
    "clients_served": Count(
        "Served in the period",
        _CLIENT + "Served: open at start, new or reopened.",
        "client",
        _SPELL,
        PERSON,
        where="is_served",
    ),
    "clients_closed": Count(
        "Closed",
        _CLIENT + "Closed: the last spell ended in the period and none was running at its end.",
        "client",
        _SPELL,
        PERSON,
        where="is_closed",
    ),
    "clients_open_at_end": Count(
        "Open at end",
        _CLIENT + "Open at end: a spell had begun and was still running after the last month.",
        "client",
        _SPELL,
        PERSON,
        where="is_open_at_end",
    ),
    "clients_with_service": Count(
        "Clients",
        "People with a spell of this service that ran in the period; with two services, in both lines.",
        "service",
        _SPELL,
        ("service_type",),
        amount="count(DISTINCT person)",
        is_distinct=True,
    ),
    "service_spells": Count(
        "Spells of service",
        "Spells that ran in any month of the period.",
        "service",
        _SPELL,
        ("service_type",),
    ),
    "service_months": Count(
        "Client-months",
        "Months of the period in which a spell ran, added up: the only unit of service on record.",
        "service",
        _SPELL,
        ("service_type",),
        amount=added("months"),
    ),
    "spells_ended": Count(
        "Spells ended",
        "Spells whose last month lies in the period.",
        "service",
        _SPELL,
        ("service_type", "exit_type"),
        where="has_ended",
    ),
    "needs": Count(
        "Needs",
        "Needs for a kind of help, one a person and kind, as last looked at in the period.",
        "need",
        ("service_need",),
        ("service_type", "need_status"),
    ),
    "needs_not_met": Count(
        "Needs not or partly met",
        "Needs that were not met, or only in part, as last looked at in the period.",
        "need",
        ("service_need",),
        ("service_type", "unmet_reason"),
        where="need_status IN ('unmet', 'partly')",
    ),
    "barriers": Count(
        "Barriers noted",
        "Barriers to help noted in the period; one person can have several.",
        "barrier",
        ("barrier",),
        ("barrier", "barrier_setting"),
    ),
    "people_with_barriers": Count(
        "People",
        "People of whom a barrier was noted in the period; a note without a person is a person of its own.",
        "barrier",
        ("barrier",),
        ("barrier", "barrier_setting"),
        amount="count(DISTINCT person)",
        is_distinct=True,
    ),
    "referrals": Count(
        "Referrals made",
        "Referrals made in the period, one for each service asked for.",
        "referral",
        ("referral",),
        ("from_org_type", "to_org_type", "service_type", "decision", "contact_band"),
    ),
    "spending": Count(
        "Amount spent",
        "Spending whose month, quarter or year lies inside the period, in the currency of the sheet.",
        "spending",
        ("expenditure",),
        ("service_type",),
        amount=f"CASE WHEN count(DISTINCT currency) < 2 THEN {added('amount')} END",
        fits_only=True,
    ),
    "bed_nights": Count(
        "Bed-nights offered",
        "Places open times nights they were open, where the month, quarter or year lies inside the period.",
        "spending",
        ("expenditure",),
        ("service_type",),
        amount=added("bed_nights"),
        fits_only=True,
    ),
}
