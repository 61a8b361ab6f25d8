"""What the columns of the CTDC files mean, over all layouts since 2017, in the codes of the catalog.

Releases rename columns (``meansOfControlThreatOfLawEnforce``, ``meansThreats``) and
group them. A grouped method that covers several of our codes becomes ``other`` rather than one of them.
"""

from etl.sources._catalogued import key

CONTROL = {
    "DebtBondage": "debt_bondage",
    "TakesEarnings": "takes_earnings",
    "RestrictsFinancialAccess": "withholds_necessities",
    "Threats": "threats",
    "PsychologicalAbuse": "psychological_abuse",
    "PhysicalAbuse": "physical_abuse",
    "SexualAbuse": "sexual_abuse",
    "FalsePromises": "false_promises",
    "PsychoactiveSubstances": "substances",
    "RestrictsMovement": "restricts_movement",
    "RestrictsMedicalCare": "withholds_necessities",
    "ExcessiveWorkingHours": "excessive_hours",
    "UsesChildren": "threats",
    "ThreatOfLawEnforcement": "threats",
    "ThreatOfLawEnforce": "threats",
    "WithholdsNecessities": "withholds_necessities",
    "WithholdsDocuments": "withholds_documents",
    "Other": "other",
    # from 2024 on
    "DebtBondageEarnings": "other",
    "AbusePsyPhySex": "other",
    "DrugsAlcohol": "substances",
    "DenyBasicNeeds": "withholds_necessities",
    "ExcessiveWorkHours": "excessive_hours",
    "WithholdDocs": "withholds_documents",
}
SECTOR = {
    "Agriculture": "agriculture",
    "Aquafarming": "agriculture",
    "Begging": "other",
    "Construction": "construction",
    "DomesticWork": "domestic_work",
    "Hospitality": "hospitality",
    "IllicitActivities": "other",
    "Manufacturing": "manufacturing",
    "MiningOrDrilling": "other",
    "Peddling": "other",
    "Transportation": "transport",
    "Other": "other",
}
RECRUITMENT = {
    "IntimatePartner": "intimate_partner",
    "Friend": "friends",
    "Family": "family",
    "Other": "other",
}
FORM = {
    "isForcedLabour": ("forced_labour",),
    "isSexualExploit": ("sexual_exploitation",),
    "isOtherExploit": ("other",),
    "isSexAndLabour": ("sexual_exploitation", "forced_labour"),
    "isForcedMarriage": ("forced_marriage",),
    "isForcedMilitary": ("other",),
    "isOrganRemoval": ("other",),
    "isSlaveryAndPractices": ("other",),
    "typeOfLabourBegging": ("forced_begging",),
    "typeOfLabourIllicitActivities": ("criminal_exploitation",),
}
FLAGS: dict[str, dict[str, tuple[str, ...]]] = {
    "form": {key(name): codes for name, codes in FORM.items()},
    "control_method": {
        key(prefix + name): (code,)
        for prefix in ("meansOfControl", "means")
        for name, code in CONTROL.items()
    },
    "sector": {
        key(prefix + name): (code,)
        for prefix in ("typeOfLabour", "sectorOfLabour")
        for name, code in SECTOR.items()
    },
    "recruitment_method": {key(f"recruiterRelation{name}"): (code,) for name, code in RECRUITMENT.items()},
}
# Columns that name categories in words: joined by a semicolon in the older files, one a row in derived ones.
WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "typeofexploitconcatenated": (
        "form",
        {
            "forcedlabour": "forced_labour",
            "forcedlabor": "forced_labour",
            "sexualexploitation": "sexual_exploitation",
            "forcedmarriage": "forced_marriage",
            "otherexploitation": "other",
            "other": "other",
            "slaveryandpractices": "other",
            "slaveryandsimilarpractices": "other",
            "forcedmilitary": "other",
            "organremoval": "other",
        },
    ),
    "meansofcontrolconcatenated": ("control_method", {key(name): code for name, code in CONTROL.items()}),
    "typeoflabourconcatenated": ("sector", {key(name): code for name, code in SECTOR.items()}),
    "recruiterrelationship": (
        "recruitment_method",
        {
            "intimatepartner": "intimate_partner",
            "friendacquaintance": "friends",
            "friend": "friends",
            "familyrelative": "family",
            "family": "family",
            "other": "other",
        },
    ),
}
WORDS["exploittype"] = WORDS["typeofexploitconcatenated"]
WORDS["recruitercategory"] = WORDS["recruiterrelationship"]
WORDS["labortype"] = WORDS["typeoflabourconcatenated"]
WORDS["controlcategory"] = (
    "control_method",
    {
        "threats": "threats",
        "physical": "physical_abuse",
        "survival": "withholds_necessities",
        "financial": "other",
        "other": "other",
    },
)
NOTHING = ("notspecified", "unknown", "none", "99", "")
KINDS = ("form", "control_method", "sector", "recruitment_method")
