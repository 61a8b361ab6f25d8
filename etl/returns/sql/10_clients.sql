-- Grain: spell one spell of service that had begun by the end of the period; described one person on record by
-- then; client one person with at least one such spell.
-- Why: a client is whoever is or was in a service. Only months are kept of dates, so a spell begins in the month
-- that holds the middle of the month it was asked for in plus the days to its start (as in mart.person_helped),
-- and ends in the month that holds the days in service after that. What was written down later than the period
-- is left out, so that a past period stays as it was. Temporary: nothing of this is stored.
-- Variables: first_month and last_month of the period, sex_forms and labour_forms of the return.

CREATE TEMP TABLE own_collection AS SELECT DISTINCT collection FROM stage.source WHERE is_own;

CREATE TEMP MACRO in_period(month) AS month BETWEEN getvariable('first_month') AND getvariable('last_month');

CREATE TEMP MACRO trafficking_type(form) AS CASE
    WHEN list_has_any(form, getvariable('sex_forms')) AND list_has_any(form, getvariable('labour_forms')) THEN 'both'
    WHEN list_has_any(form, getvariable('sex_forms')) THEN 'sex'
    WHEN list_has_any(form, getvariable('labour_forms')) THEN 'labour'
    WHEN len(form) > 0 THEN 'other'
    ELSE 'not_recorded'
END;

CREATE TEMP TABLE spell AS
WITH dated AS (
    SELECT
        spell.collection, service_episode_key, coalesce(spell.person_key, referral.person_key) AS known_person,
        coalesce(known_person, 'spell|' || service_episode_key) AS person,
        spell.service_type::VARCHAR AS service_type, exit_type::VARCHAR AS exit_type, spell.source,
        coalesce(referral.from_org_type::VARCHAR, 'not_recorded') AS from_org_type,
        coalesce(referral.contact_band::VARCHAR, 'not_recorded') AS contact_band,
        days_in_service,
        spell.period_start + INTERVAL 14 DAY + to_days(coalesce(days_to_start, 0)::INTEGER) AS first_day,
        -- With days in service and no word on how it ended, it is taken to have ended after these days.
        exit_type = 'still_in_service' OR (exit_type = 'not_recorded' AND days_in_service IS NULL) AS is_running
    FROM mart.service_episode AS spell
    LEFT JOIN mart.referral AS referral USING (collection, referral_key)
    WHERE is_started AND spell.collection IN (FROM own_collection)
)
SELECT
    * EXCLUDE (first_day), date_trunc('month', first_day)::DATE AS first_month,
    CASE WHEN NOT is_running THEN
        date_trunc('month', first_day + to_days(coalesce(days_in_service, 0)::INTEGER))::DATE
    END AS last_month
FROM dated
WHERE date_trunc('month', first_day) <= getvariable('last_month');

-- The newest word on each attribute, as in core.person; forms are gathered.
CREATE TEMP TABLE described AS
SELECT
    person_key AS person, min(period_start) AS first_recorded, bool_or(in_period(period_start)) AS is_in_period,
    coalesce(arg_max(gender, sequence), 'not_recorded') AS gender,
    coalesce(arg_max(age_band, sequence), 'not_recorded') AS age_band,
    coalesce(arg_max(coalesce(nullif(band.code_group, 'not_recorded'), age_group), sequence), 'not_recorded')
        AS age_group,
    coalesce(arg_max(citizenship_group, sequence), 'not_recorded') AS citizenship_group,
    coalesce(arg_max(status, sequence), 'not_recorded') AS status,
    coalesce(arg_min(identified_by, sequence), 'not_recorded') AS identified_by,
    list_sort(list_filter(list_distinct(flatten(list(form))), lambda code: code <> 'not_recorded')) AS form,
    trafficking_type(list_distinct(flatten(list(form)))) AS trafficking_type
FROM core.person_record AS record
LEFT JOIN stage.code AS band ON band.dimension = 'age_band' AND band.code = record.age_band
WHERE record.collection IN (FROM own_collection) AND period_start <= getvariable('last_month')
GROUP BY person_key;

CREATE TEMP TABLE client AS
WITH stay AS (
    SELECT
        person,
        bool_or(first_month < getvariable('first_month')) AS was_client,
        bool_or(
            first_month < getvariable('first_month')
            AND coalesce(last_month >= getvariable('first_month'), true)
        ) AS is_open_at_start,
        bool_or(in_period(first_month)) AS has_begun,
        coalesce(bool_or(in_period(last_month)), false) AS has_ended,
        bool_or(coalesce(last_month > getvariable('last_month'), true)) AS is_open_at_end,
        arg_min(from_org_type, (first_month, service_episode_key)) FILTER (in_period(first_month)) AS from_org_type,
        arg_min(contact_band, (first_month, service_episode_key)) FILTER (in_period(first_month)) AS contact_band
    FROM spell GROUP BY person
)
SELECT
    stay.person, is_open_at_start, has_begun AND NOT was_client AS is_new,
    has_begun AND was_client AND NOT is_open_at_start AS is_reopened,
    has_ended AND NOT is_open_at_end AS is_closed, is_open_at_end, is_open_at_start OR has_begun AS is_served,
    stay.from_org_type, stay.contact_band,
    coalesce(gender, 'not_recorded') AS gender, coalesce(age_band, 'not_recorded') AS age_band,
    coalesce(age_group, 'not_recorded') AS age_group,
    coalesce(citizenship_group, 'not_recorded') AS citizenship_group,
    coalesce(form, []) AS form, coalesce(trafficking_type, 'not_recorded') AS trafficking_type
FROM stay LEFT JOIN described USING (person);
