"""Made-up case sheets shaped like the published HTCDS templates, for tests."""

from pathlib import Path
from typing import Any

import openpyxl

MACHINE = (
    None, "cas_CaseOwner", "prs_FirstName", "prs_Gender", "prs_Citizenship", "vic_TraffickingStatus",
    "vic_TraffickinStatusDecisionMakingOrg", "vic_MethodOfRecruitment", "vic_MethodsOfControl",
    "vic_TypeOfExploitation", "vic_ForcedLabourIndustry", "vic_LocationOfExploitation",
    "cas_IncomingReferralDate", None, "con_Consent",
)  # fmt: skip
LABELS = (
    None, "Case Owner", "First Name", "Gender", "Citizenship", "Trafficking Status",
    "Trafficking Status Decision Making Organization", "Method of Recruitment", "Methods of Control",
    "Type of Exploitation", "Forced Labour Industry", "Location of Exploitation", "Incoming Referral Date",
    "Reason for Outgoing Referral", "Consent",
)  # fmt: skip


def template(path: Path, rows: list[dict[str, Any]], padding: int = 50) -> Path:
    """Write a sheet shaped like the published template: two header rows, column A empty, padded."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(MACHINE)
    sheet.append(LABELS)
    for number, cells in enumerate(rows, start=1):
        sheet.append([number, *(cells.get(name) for name in MACHINE[1:])])
    for number in range(len(rows) + 1, padding + 1):
        sheet.append([number])
    book.save(path)
    return path
