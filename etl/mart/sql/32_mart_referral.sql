-- Grain: mart.referral one referral in one collection; mart.referral_attribute its months until it was entered.
-- Why: what became of each request for help, in durations and bands, never in dates of events.

CREATE TABLE mart.referral AS
SELECT
    collection, referral_key, person_key, reference_year, period_start,
    coalesce(area_code, 'not_recorded') AS area_code,
    core.code_from_org_type(from_org_type) AS from_org_type,
    to_organisation_key,
    core.code_service_type(service_type) AS service_type,
    core.code_decision(decision) AS decision,
    core.code_decline_reason(reason) AS decline_reason,
    days_to_decision, days_to_contact,
    core.code_contact_band(contact_band) AS contact_band,
    core.code_decision_band(decision_band) AS decision_band,
    is_open, source, load_id
FROM core.referral;

-- Whole months from the month of the referral to that of entry; one entered before is a slip of the pen.
CREATE TABLE mart.referral_attribute AS
SELECT
    collection, referral_key, reference_year, 'entered_after'::mart.attribute_kind AS kind,
    datediff('month', period_start, entered)::VARCHAR AS code
FROM core.referral WHERE entered >= period_start;
