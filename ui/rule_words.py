"""Why a row was turned away, as a short phrase. Tests keep this list equal to the rules the ETL applies."""

RULE_WORDS = {
    "missing": "A required value is missing",
    "unknown_code": "The value is not one of the allowed codes",
    "unknown_country": "The country is not known",
    "unknown_area": "The area is not one of the loaded areas",
    "bad_code": "The code holds other than small letters, digits and underscores",
    "hidden_by_publisher": "The number is hidden by its publisher",
    "not_a_number": "The value is not a number",
    "not_a_whole_number": "The value is not a whole number",
    "negative": "The number is below zero",
    "below_minimum": "The number is below the smallest allowed",
    "above_maximum": "The number is above the largest allowed",
    "not_yes_or_no": "The value is neither yes nor no",
    "impossible_date": "The date is not in the calendar",
    "not_a_date": "The value is not a date",
    "future_date": "The date lies after the reporting date",
    "impossible_period": "The period is not in the calendar",
    "not_a_period": "The value is neither a date nor a period",
    "future_period": "The period begins after the reporting date",
    "outside_declared_period": "The period lies outside the one declared for the file",
    "duplicate_key": "The same key came on an earlier row",
    "period_too_coarse": "The period is longer than those the register is kept by",
    "age_and_band_disagree": "The age lies outside the age band",
    "age_group_disagrees": "The age is not that of a child, or not that of an adult, as the row says",
    "level_and_parent_disagree": "The area lies in no other area",
    "value_or_marker": "There is neither a value nor a marker that says why",
    "decision_before_referral": "The decision lies before the referral",
    "contact_before_referral": "The first contact lies before the referral",
    "waiting_with_decision_time": "The referral waits for a decision and yet has days to the decision",
    "open_with_final_decision": "The referral is open although it was declined or withdrawn",
    "closed_without_decision": "The referral is closed although it waits for a decision",
    "reason_without_decline": "There is a reason for declining a referral that was not declined",
}


def rule_words(rule: str) -> str:
    """Return the phrase for a rule; one that is not listed speaks by its name."""
    return RULE_WORDS.get(rule, rule.replace("_", " ").capitalize())
