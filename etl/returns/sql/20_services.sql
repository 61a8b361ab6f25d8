-- Grain: service one spell that ran in the period; need one person's need for a kind of help; barrier one barrier noted;
-- referral one referral made; spending one amount of an organisation whose period lies inside.
-- Why: what was given, asked for and in the way. A month of service is a month of the period in which a spell ran.

CREATE TEMP TABLE service AS
SELECT
    person, service_type, exit_type, coalesce(in_period(last_month), false) AS has_ended,
    date_diff(
        'month', greatest(first_month, getvariable('first_month')),
        least(coalesce(last_month, getvariable('last_month')), getvariable('last_month'))
    ) + 1 AS months
FROM spell WHERE coalesce(last_month >= getvariable('first_month'), true);

-- The newest word in the period on a person's need for one kind of help. Not mart.service_need: that has one row a
-- calendar year, of which a fiscal year holds two, and a later look would take a need out of a past period.
CREATE TEMP TABLE need AS
SELECT
    origin.collection, person_key, coalesce(person_key, service_need_key) AS person, service_type,
    coalesce(need_status, 'not_recorded') AS need_status, coalesce(unmet_reason, 'not_recorded') AS unmet_reason
FROM stage.service_need AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
WHERE in_period(period_start) AND origin.is_own
QUALIFY row_number() OVER (
    PARTITION BY origin.collection, coalesce(person_key, service_need_key), service_type
    ORDER BY period_start DESC, load_id DESC, line DESC
) = 1;

CREATE TEMP TABLE barrier AS
SELECT
    coalesce(person_key, barrier_key) AS person, barrier_setting::VARCHAR AS barrier_setting,
    barrier::VARCHAR AS barrier
FROM mart.barrier
WHERE in_period(period_start) AND collection IN (FROM own_collection);

CREATE TEMP TABLE referral AS
SELECT
    from_org_type::VARCHAR AS from_org_type, to_org_type::VARCHAR AS to_org_type,
    service_type::VARCHAR AS service_type, decision::VARCHAR AS decision, contact_band::VARCHAR AS contact_band
FROM mart.referral
WHERE in_period(period_start) AND collection IN (FROM own_collection);

-- Of an organisation that gives a quarter and its months, the quarter counts.
CREATE TEMP TABLE spending AS
SELECT service_type::VARCHAR AS service_type, amount, currency, bed_nights
FROM mart.expenditure AS spent
WHERE period_start >= getvariable('first_month')
  AND core.period_end(period_start, period_level) <= getvariable('last_month') + INTERVAL 1 MONTH
  AND NOT EXISTS (
      SELECT 1 FROM mart.expenditure AS longer
      WHERE longer.organisation_key = spent.organisation_key AND longer.service_type = spent.service_type
        AND core.holds(longer.period_start, longer.period_level, spent.period_start, spent.period_level)
  );
