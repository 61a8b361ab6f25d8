-- Grain: one referral in one collection.
-- Why: what became of each request for help, in durations and bands, never in dates of events.

CREATE TABLE mart.referral AS
SELECT
    collection, referral_key, person_key, reference_year, period_start,
    coalesce(area_code, 'not_recorded') AS area_code,
    coalesce(from_org_type, 'not_recorded')::mart.code_from_org_type AS from_org_type,
    to_organisation_key,
    coalesce(service_type, 'not_recorded')::mart.code_service_type AS service_type,
    coalesce(decision, 'not_recorded')::mart.code_decision AS decision,
    coalesce(reason, 'not_recorded')::mart.code_decline_reason AS decline_reason,
    days_to_decision, days_to_contact,
    contact_band::mart.code_contact_band AS contact_band,
    decision_band::mart.code_decision_band AS decision_band,
    is_open, source, load_id
FROM core.referral;
