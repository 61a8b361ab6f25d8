"""Codes of the HMIS data standards (FY2024 to FY2026) and ours for them.

Source: HMIS CSV Format Specifications and HMIS Data Dictionary, US Department of Housing and Urban
Development.
"""

from collections.abc import Mapping

#: Files that are read, and of each the columns that must be there and those that may be.
FILES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Export": (("CSVVersion", "ExportStartDate", "ExportEndDate"), ()),
    "Client": (
        ("PersonalID", "DOB"),
        ("DOBDataQuality", "DateDeleted", "Sex", "Woman", "Man", "NonBinary", "CulturallySpecific",
         "Transgender", "Questioning", "DifferentIdentity"),
    ),
    "Enrollment": (
        ("EnrollmentID", "PersonalID", "ProjectID", "EntryDate"),
        ("EnrollmentCoC", "ReferralSource", "DateCreated", "DateDeleted"),
    ),
    "Exit": (
        ("EnrollmentID", "ExitDate", "Destination"),
        ("ProjectCompletionStatus", "ExchangeForSex", "AskedOrForcedToExchangeForSex",
         "WorkplaceViolenceThreats", "CoercedToContinueWork", "DateCreated", "DateDeleted"),
    ),
    "Project": (("ProjectID", "ProjectType"), ("DateDeleted",)),
    "Funder": (("ProjectID", "Funder"), ("OtherFunder", "DateDeleted")),
    "Services": (("EnrollmentID", "DateProvided", "RecordType", "TypeProvided"), ("DateDeleted",)),
}  # fmt: skip
NEEDED = ("Export", "Client", "Enrollment", "Exit", "Project")
#: Columns that identify people or staff: their names are read in the header, their cells never.
IDENTIFIERS = frozenset(
    {
        "FirstName", "MiddleName", "LastName", "NameSuffix", "SSN", "SourceContactFirst", "SourceContactLast",
        "SourceContactPhone", "SourceContactExtension", "SourceContactEmail", "UserID", "HouseholdID",
        "AdditionalRaceEthnicity", "DifferentIdentityText", "OtherDestination", "SexualOrientationOther",
        "PreferredLanguageDifferent", "OtherTypeProvided", "MovingOnOtherType", "GrantID",
    }
)  # fmt: skip
VERSIONS = ("2024", "2025", "2026")

YES = "1"
FULL_OR_PARTLY_KNOWN = ("1", "2")  # of a date of birth
#: 2026 has one question, 2024 a column for each answer.
SEX: Mapping[str, str] = {"0": "female", "1": "male"}
GENDERS: Mapping[str, str] = {
    "NonBinary": "other", "CulturallySpecific": "other", "Transgender": "other", "Questioning": "other",
    "DifferentIdentity": "other", "Woman": "female", "Man": "male",
}  # fmt: skip
REFERRED_BY: Mapping[str, str] = {
    "1": "self_or_public", "2": "self_or_public", "7": "ngo", "11": "ngo", "18": "ngo", "28": "ngo",
    "30": "child_services", "34": "police", "35": "police", "37": "health", "38": "other", "39": "other",
}  # fmt: skip
#: Kinds of projects that give a place to stay, or keep one.
HOUSING = ("0", "1", "2", "3", "8", "9", "10", "12", "13")
LEFT_BY_COMPLETION: Mapping[str, str] = {"1": "planned_end", "2": "own_choice", "3": "ended_by_provider"}
NO_INTERVIEW = "30"
STABLE, OTHER_PLACES = ("4",), ("1", "2", "3")  # first digit of a destination of three digits
#: Services by kind of record and type; what is not here is another service.
OTHER = "other"
RHY, PATH, HOPWA, BED_NIGHT = "142", "141", "143", "200"
SERVICES: Mapping[tuple[str, str], str] = {
    **{(RHY, kind): "health" for kind in ("12", "13", "14", "17", "18", "27", "28")},
    (RHY, "5"): "education", (RHY, "6"): "employment", (RHY, "7"): "legal",
    (PATH, "4"): "counselling", (PATH, "5"): "health", (PATH, "14"): "health",
    **{(PATH, kind): "housing" for kind in ("7", "8", "9", "10", "11", "12")},
    (HOPWA, "4"): "legal", (HOPWA, "5"): "education", (HOPWA, "6"): "employment", (HOPWA, "8"): "health",
    (HOPWA, "10"): "counselling", (HOPWA, "12"): "health",
}  # fmt: skip
SERVICE_RECORDS = (PATH, RHY, HOPWA, "144")
