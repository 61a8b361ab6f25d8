"""Fields and picklists of the Human Trafficking Case Data Standard 2.0, with their defects, in our codes.

Both spellings of a value come in practice: its name (``ForcedLabour``) and its label ("Forced labour").
Compared are letters and digits only, so that case, blanks and trailing blanks do not matter.
"""

import re

from etl.sources._catalogued import key

# Meaning → names of the field, machine names first, then the label. Misspelt ones are in the templates.
FIELDS: dict[str, tuple[str, ...]] = {
    "period": (
        "cas_IncomingReferralDate",
        "Incoming Referral Date",
        "hte_Date",
        "cas_OutgoingReferralDate",
        "Outgoing Referral Date",
    ),
    # The standard has no date of entry; a survey's server writes one down.
    "entered": ("_submission_time",),
    "area": ("area", "vic_LocationOfExploitation", "Location of Exploitation", "hte_City", "hte_State"),
    "gender": ("prs_Gender", "Gender"),
    "citizenship": ("prs_Citizenship", "Citizenship"),
    "age": ("prs_Age", "age", "vic_AgeWhenTrafficked", "Age when Trafficked"),
    "age_group": ("prs_AgeGroup", "Age Group", "prs_MajorityStatus", "Majority Status", "Minor or Adult"),
    "status": ("vic_TraffickingStatus", "Trafficking Status"),
    "identified_by": ("org_Type", "Organisation Type"),
    "form": ("vic_TypeOfExploitation", "Type of Exploitation"),
    "control_method": ("vic_MethodsOfControl", "vic_Methods_of_Control", "Methods of Control"),
    "recruitment_method": ("vic_MethodOfRecruitment", "Method of Recruitment"),
    "sector": ("vic_ForcedLabourIndustry", "Forced Labour Industry"),
    "vulnerability": ("vic_Vulnerabilities", "Vulnerabilities"),
    "consent": ("con_Consent", "Consent", "vic_AgreementToManagePersonalData"),
    "person_ref": ("prs_PersonId", "person_id", "client_id", "cas_CaseNumber", "case_id", "case number"),
}
LISTS = ("form", "control_method", "recruitment_method", "sector", "vulnerability")
# Without their prefix these names belong to several fields and are not recognised.
AMBIGUOUS = ("type", "date", "status", "city", "state", "country", "name", "id", "longitude", "latitude")
PREFIXES = ("org", "prs", "vic", "per", "cas", "cco", "hte", "spl", "con")
# Columns that the survey server adds; they say nothing about the person. Of them the month alone in which a
# record came in is kept.
SERVER_COLUMNS = (
    "start",
    "end",
    "today",
    "_id",
    "_uuid",
    "uuid",
    "_submission_time",
    "_index",
    "_parent_index",
    "_parent_table_name",
    "_status",
    "_validation_status",
    "_notes",
    "_tags",
    "__version__",
    "_version_",
    "_xform_id_string",
    "instanceID",
    "instanceName",
    "rootUuid",
    "formhub/uuid",
)


def _vocabulary(*pairs: tuple[str, str]) -> dict[str, str]:
    return {key(word): code for words, code in pairs for word in words.split("|")}


GENDER = _vocabulary(
    ("Feminine|Female|Woman|Girl|F", "female"),
    ("Masculine|Male|Man|Boy|M", "male"),
    ("TransgenderFeminine|TransgenderMasculine|Transgender|NonConforming|NonBinary|Other", "other"),
    ("NonSpecifiedUnknown|NotSpecifiedUnknown|NotSpecified|Unknown", "not_recorded"),
)
AGE_GROUP = _vocabulary(
    ("Minor|Child|Under 18|Below 18|Under eighteen|Juvenile", "child"),
    ("Adult|18 and over|18 or over|18 and above|18 years and over|Over 18", "adult"),
    ("Unknown|Not specified|Not known", "not_recorded"),
) | {"<18": "child", "18+": "adult", ">=18": "adult", "≥18": "adult"}  # signs are looked up as they stand
STATUS = _vocabulary(
    ("PossibleVictimOfTrafficking|PresumedVictimOfTrafficking", "presumed"),
    ("ActualVictimOfTrafficking|ConfirmedVictimOfTrafficking", "confirmed"),
    ("NotAVictimOfTrafficking", "not_trafficked"),
)
IDENTIFIED_BY = _vocabulary(
    ("NGO", "ngo"),
    ("LawEnforcement|Police", "police"),
    ("HealthServiceOrganisation|HealthServiceOrganization", "health"),
    ("ImmigrationService", "immigration"),
    ("CentralGovernmentOrganisation|LocalGovernmentOrganisation|LegalService|Other", "other"),
    ("CorporateBusiness|SchoolOrCollege", "other"),
)
FORM = _vocabulary(
    ("ForcedLabour|ForcedLabor|ChildLabour|ChildLabor", "forced_labour"),
    ("SexualExploitation", "sexual_exploitation"),
    ("ForcedMarriage", "forced_marriage"),
    ("Servitude|DomesticServitude", "domestic_servitude"),
    ("ForcedBegging", "forced_begging"),
    ("CriminalExploitation|ForcedCriminality", "criminal_exploitation"),
    ("ForcedMilitaryByNonStateActors|OrganRemoval|ForcedAdoption|Surrogacy|Other", "other"),
)
CONTROL_METHOD = _vocabulary(
    ("PhysicalThreats|ThreatsLawEnforcement|Threats of law enforcement|ThreatensChildrenFamily", "threats"),
    ("DebtBondage", "debt_bondage"),
    ("FalsePromises", "false_promises"),
    ("PhysicalAbuse", "physical_abuse"),
    ("SexualAbuse", "sexual_abuse"),
    ("TakesEarnings", "takes_earnings"),
    ("RestrictsFinancialAccess|RestrictsMedicalCare|WithholdsNecessities", "withholds_necessities"),
    ("RestrictsMovement", "restricts_movement"),
    ("PsychologicalAbuse", "psychological_abuse"),
    ("PsychoactiveSubstance|PsychoactiveSubstances", "substances"),
    ("ExcessiveWorkingHours", "excessive_hours"),
    ("WithholdsDocuments", "withholds_documents"),
    ("Other", "other"),
)
RECRUITMENT_METHOD = _vocabulary(
    ("AtAPlaceOfBusiness|AtWork", "work"),
    ("AtAnEducationalInstitution", "education"),
    ("ThroughOnlineSocialNetworks|ThroughAnOnlineAdvertisement", "online"),
    ("ThroughFamilyOrFamilyEvents", "family"),
    ("ThroughFriendsOrSocialEvents", "friends"),
    ("ThroughATelevisionAdvert|ThroughANewspaperAdvert|Other", "other"),
)
SECTOR = _vocabulary(
    ("A_AgricultureForestryAndFishing|Agriculture, forestry and fishing", "agriculture"),
    ("C_Manufacturing|Manufacturing", "manufacturing"),
    ("F_Construction|Construction", "construction"),
    ("H_TransportationAndStorage|Transportation and storage", "transport"),
    ("I_AccommodationAndFoodServiceActivities|Accommodation and food service activities", "hospitality"),
    ("S_OtherServiceActivities|Other service activities", "personal_services"),
    ("T_ActivitiesOfHouseholdsAsEmployers|Activities of households as employers", "domestic_work"),
    (
        "Activities of households as employers; undifferentiated goods- and services- producing activities "
        "of households for own use",
        "domestic_work",
    ),
    ("B_MiningAndQuarrying|Mining and quarrying|J_InformationAndCommunication", "other"),
    ("Information and communication|K_FinancialAndInsuranceActivities|P_Education|Education", "other"),
    ("Financial and insurance activities|L_RealEstateActivities|Real estate activities|Other", "other"),
    ("D_ElectricityGasSteamAndAirConditioningSupply|E_WaterSupplySewerageWasteManagement", "other"),
    ("Electricity, gas, steam and air conditioning supply", "other"),
    ("Water supply; sewerage, waste management and remediation", "other"),
    ("G_WholesaleAndRetailTradeRepairOfMotorVehicles", "other"),
    ("Wholesale and retail trade; repair of motor vehicles and motorcycles", "other"),
    ("M_ProfessionalScientificAndTechnicalActivities", "other"),
    ("Professional, scientific and technical activities", "other"),
    ("N_AdministrativeAndSupportServiceActivities", "other"),
    ("Administrative and support service activities", "other"),
    ("O_PublicAdministrationAndDefence|Public administration and defence", "other"),
    ("Public administration and defence; compulsory social security", "other"),
    ("Q_HumanHealthAndSocialWorkActivities|Human health and social work activities", "other"),
    ("R_ArtsEntertainmentAndRecreation|Arts, entertainment and recreation", "other"),
    ("U_ActivitiesOfExtraterritorialOrganizations", "other"),
    ("Activities of extraterritorial organizations and bodies", "other"),
)
VULNERABILITY = _vocabulary(
    ("Addiction", "addiction"),
    ("SocialGroup|Discrimination|WorkEnvironment|Other", "other"),
    ("Poverty", "poverty"),
    ("DisabilityAndPhysicalHealth", "disability_health"),
    ("MentalHealth", "mental_health"),
    ("Migration", "migration"),
    ("Homelessness", "homelessness"),
    ("AbuseSocialMedia|AbusePhysical", "past_abuse"),
    ("Education", "education"),
)
VOCABULARIES = {
    "gender": GENDER,
    "age_group": AGE_GROUP,
    "status": STATUS,
    "identified_by": IDENTIFIED_BY,
    "form": FORM,
    "control_method": CONTROL_METHOD,
    "recruitment_method": RECRUITMENT_METHOD,
    "sector": SECTOR,
    "vulnerability": VULNERABILITY,
}


def codes_in(cell: str, vocabulary: dict[str, str]) -> list[str]:
    """Return the codes of a cell that holds one or several values, whatever separates them.

    Separators differ (comma, semicolon, blank, line break) and also occur inside labels ("Agriculture,
    forestry and fishing"). So the cell is taken as words, and the longest run of words that is a known
    value is taken first. Words that are no value stay, as one text, for the contract to reject.
    """
    words = [word for word in re.split(r"[^0-9A-Za-zÀ-ÿ]+", cell) if word]
    found: list[str] = []
    unknown: list[str] = []
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            code = vocabulary.get(key("".join(words[start:end])))
            if code:
                found.append(code)
                start = end
                break
        else:
            unknown.append(words[start])
            start += 1
    return [*dict.fromkeys(found), *([" ".join(unknown)] if unknown else [])]
