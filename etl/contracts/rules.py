"""Why a row is rejected: the general rules, each with a sentence, and those of a table."""

from etl.contracts.tables import contract

RULES = {
    "missing": "A required value is missing.",
    "unknown_code": "The value is not one of the allowed codes.",
    "unknown_country": "The country is not known.",
    "unknown_area": "The area is not one of the loaded areas.",
    "ambiguous_area": "Several areas have this name: write the code, or name and area above (Name, Area).",
    "area_twice": "An area stands in the cell twice.",
    "area_in_another": "An area stands beside one that it lies in: which of them is served cannot be told.",
    "bad_code": "A code may hold small letters, digits and underscores only.",
    "hidden_by_publisher": "The number is hidden ('<5'); it is not read as a number.",
    "more_free_than_there_are": "More places are free than there are: which number is wrong cannot be told.",
    "not_a_number": "The value is not a number.",
    "too_large_to_be_exact": "The number is too large to be kept exactly.",
    "not_a_whole_number": "The value is not a whole number.",
    "negative": "The number is below zero.",
    "below_minimum": "The number is below the smallest allowed.",
    "above_maximum": "The number is above the largest allowed.",
    "not_yes_or_no": "The value is neither yes nor no.",
    "day_or_month": "Which part is the day and which the month is not known: say it in the mapping, "
    'date_format = "dd/mm/yyyy" or "mm/dd/yyyy".',
    "two_formats_fit": "Two date formats of the mapping read it as different dates: keep one of them.",
    "impossible_date": "The date is not in the calendar.",
    "not_a_date": "The value is not a date.",
    "future_date": "The date lies after the reporting date.",
    "short_year": "A year of two digits can be of two centuries: write four, or say that it is of this one, "
    'date_format = "yy".',
    "several_years": "Several years in one are no year of their own: give months, quarters or single years. "
    'Published counts of several years load where their mapping says so, period_resolution = "years".',
    "not_several_years": "The mapping says that each period is of several years (period_resolution), such as "
    "2019-2021: this is none.",
    "years_reversed": "The last year lies before the first.",
    "financial_year": "A financial year is no calendar year: give months, quarters or calendar years.",
    "month_or_financial_year": "It is a month or a financial year (2011-12): for months, say in the mapping "
    'date_format = "yyyy-mm"; a financial year cannot be loaded.',
    "month_or_quarter": "It is a month or a quarter (2024-3): say in the mapping "
    'date_format = "yyyy-mm" or "yyyy-q".',
    "impossible_period": "The date or period is not in the calendar.",
    "not_a_period": "The value is neither a date nor a period.",
    "future_period": "The period begins after the reporting date.",
    "period_too_coarse": "The period is longer than those that the register is kept by (period_resolution).",
    "outside_declared_period": "The period lies outside the one that the file is declared for.",
    "duplicate_key": "The same key has come on an earlier row.",
}


def rule_words(table: str, rule: str) -> str:
    """Return a sentence for a rule, of the table's own rules or of the general ones."""
    own = {item.name: item.message for item in contract(table).rules}
    return own.get(rule) or RULES.get(rule, rule.replace("_", " "))
