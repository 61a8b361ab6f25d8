"""Sentences about public money and when it ends."""

from analysis.catalog.model import NOT_RECORDED
from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.words import date_text, money, number_word, percent_text, plural


@sentence_of("money_ending")
def money_ending(finding: Finding) -> str:
    """Return "72% of the public money for housing ends by 30 June 2026, and no renewal is agreed: …"."""
    facts = finding.facts
    if facts["until"] is None:
        return "No public award ends within 12 months without a renewal."
    what = f"for {finding.label('award_purpose', facts['purpose'])}"
    what = "whose purpose is not recorded" if facts["purpose"] == NOT_RECORDED else what
    ends = f"{percent_text(facts['share'])} of the public money {what} ends by"
    funder = f", all from one funder, {facts['funder']}" if facts["funder"] else ""
    amount = money(facts["amount"], facts["currency"])
    return phrases.sentence(
        f"{ends} {date_text(facts['until'])}, and no renewal is agreed: {amount} a year{funder}"
    )


@sentence_of("awards_ending")
def awards_ending(finding: Finding) -> str:
    """Return "Ten awards end within 12 months and no renewal is agreed; three have no other funder."."""
    ends, alone = finding.facts["ends"], finding.facts["alone"]
    if not ends:
        return "Every award that ends within 12 months has a renewal."
    first = f"{number_word(ends)} {plural('award ends', ends)} within 12 months and no renewal is agreed"
    others = f"{number_word(alone)} {plural('has', alone)} no other funder"
    return phrases.sentence(first, others if alone else "others pay for the same each time")


@sentence_of("need_and_money")
def need_and_money(finding: Finding) -> str:
    """Return "Housing: 72% of its public money ends within 12 months; it met 393 (355–434) needs …"."""
    facts = finding.facts
    if not facts["share"]:
        return "No kind of help loses public money within 12 months without a renewal."
    service = finding.label("service_type", facts["service"])
    first = f"{service}: {percent_text(facts['share'])} of its public money ends within 12 months"
    if not finding.values or finding.measure is None:
        return phrases.sentence(first)
    met = phrases.with_interval(finding.measure, finding.values[0])
    return phrases.sentence(first, f"it met {met} needs, in full or in part, in {facts['year']}")


@sentence_of("largest_funder")
def largest_funder(finding: Finding) -> str:
    """Return "Seven public funders pay; the largest, …, gives 34% of the money in force."."""
    facts = finding.facts
    if facts["funders"] == 1:
        return phrases.sentence(f"{facts['largest']} is the only public funder")
    return phrases.sentence(
        f"{number_word(facts['funders'])} public funders pay",
        f"the largest, {facts['largest']}, gives {percent_text(facts['share'])} of the money in force",
    )
