-- Grain: core.referral one referral in one collection.
-- Why: a referral comes again when it is decided or first contact is made; the latest record of it holds, as a
-- whole, because its parts belong together. Days become bands here, before any release asks for them.

CREATE OR REPLACE VIEW core.referral AS
SELECT
    origin.collection, record.* EXCLUDE (line), year(record.period_start) AS reference_year,
    CASE
        WHEN record.days_to_contact <= 2 THEN 'within_48h'
        WHEN record.days_to_contact <= 7 THEN '3_7_days'
        WHEN record.days_to_contact <= 28 THEN '8_28_days'
        WHEN record.days_to_contact > 28 THEN 'over_28_days'
        WHEN record.is_open THEN 'no_contact'
        ELSE 'not_recorded'  -- closed, and nobody wrote down whether there was contact
    END AS contact_band,
    CASE
        WHEN record.days_to_decision <= 2 THEN '0_2_days'
        WHEN record.days_to_decision <= 7 THEN '3_7_days'
        WHEN record.days_to_decision <= 28 THEN '8_28_days'
        WHEN record.days_to_decision <= 90 THEN '29_90_days'
        WHEN record.days_to_decision > 90 THEN 'over_90_days'
        WHEN record.decision = 'waiting' THEN 'undecided'
        ELSE 'not_recorded'
    END AS decision_band,
    CASE
        WHEN record.decision IN ('accepted', 'waiting', 'withdrawn') THEN 'not_declined'
        ELSE record.decline_reason
    END AS reason
FROM stage.referral AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
QUALIFY row_number() OVER (
    PARTITION BY origin.collection, record.referral_key ORDER BY record.load_id DESC, record.line DESC
) = 1;
