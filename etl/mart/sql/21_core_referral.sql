-- Grain: core.referral one referral in one collection.
-- Why: a referral comes again when it is decided or first contact is made; the latest record of it holds, as a
-- whole, because its parts belong together. Days become bands here, before any release asks for them.

CREATE OR REPLACE VIEW core.referral AS
SELECT
    origin.collection, record.* EXCLUDE (line, entered), year(record.period_start) AS reference_year,
    -- It comes again when it is decided; it was entered when it came first.
    min(record.entered) OVER (PARTITION BY origin.collection, record.referral_key) AS entered,
    -- Closed, and nobody wrote down whether there was contact: not recorded.
    coalesce(
        core.band_contact_band(record.days_to_contact), CASE WHEN record.is_open THEN 'no_contact' END
    ) AS contact_band,
    coalesce(
        core.band_decision_band(record.days_to_decision), CASE WHEN record.decision = 'waiting' THEN 'undecided' END
    ) AS decision_band,
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
