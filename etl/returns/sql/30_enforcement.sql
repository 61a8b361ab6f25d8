-- Grain: identified one person with a record in the period; investigation one opened in it; charge one filed in
-- it; disposition one charge decided in it; operation the operations of one row.
-- Why: potential and confirmed people are columns of their own and never added up. What an investigation led to
-- is what is known today. A charge is decided in the month that holds the days to its disposition.

CREATE TEMP TABLE identified AS
SELECT *, in_period(first_recorded) AS is_first FROM described WHERE is_in_period;

CREATE TEMP TABLE investigation AS
SELECT
    investigation_origin::VARCHAR AS investigation_origin, investigation_outcome::VARCHAR AS investigation_outcome,
    investigating_agency::VARCHAR AS investigating_agency, coalesce(form, []) AS form,
    trafficking_type(coalesce(form, [])) AS trafficking_type, coalesce(stage, []) AS stage
FROM mart.investigation AS opened
LEFT JOIN (
    SELECT
        collection, investigation_key,
        list(code) FILTER (kind = 'form' AND code <> 'not_recorded') AS form,
        list(code) FILTER (kind = 'investigation_stage') AS stage
    FROM mart.investigation_attribute GROUP BY ALL
) USING (collection, investigation_key)
WHERE in_period(period_start) AND collection IN (FROM own_collection);

CREATE TEMP TABLE own_charge AS
SELECT
    period_start, coalesce(defendant_key, charge_key) AS defendant, charge_kind::VARCHAR AS charge_kind,
    statute_group::VARCHAR AS statute_group, charge_disposition::VARCHAR AS charge_disposition,
    date_trunc(
        'month', charge.period_start + INTERVAL 14 DAY + to_days(record.days_to_disposition::INTEGER)
    )::DATE AS decided_month,
    charge_disposition NOT IN ('pending', 'not_recorded') AS is_decided
FROM mart.charge AS charge
JOIN (SELECT collection, charge_key, days_to_disposition FROM core.charge) AS record USING (collection, charge_key)
WHERE collection IN (FROM own_collection);

CREATE TEMP TABLE charge AS FROM own_charge WHERE in_period(period_start);

CREATE TEMP TABLE disposition AS FROM own_charge WHERE is_decided AND in_period(decided_month);

-- An empty number was not counted, which is no zero.
CREATE TEMP TABLE operation AS
SELECT
    coalesce(operation_type, 'not_recorded') AS operation_type, coalesce(operations, 1) AS operations,
    met, referred, arrested, arrested_exploited
FROM stage.operation JOIN stage.load USING (load_id) JOIN stage.source USING (source_id)
WHERE in_period(period_start) AND collection IN (FROM own_collection);
