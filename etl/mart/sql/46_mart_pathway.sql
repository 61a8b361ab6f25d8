-- Grain: mart.service_episode one spell of service; mart.referral (made in 32) one referral, here with what
-- became of it; mart.open_referral a referral and a year at whose end it was open.
-- Why: the pathway from a referral to a stable outcome, by the kind of place, the organisations at both ends
-- and the agreement between them. What became of a referral is frozen when its month closes, like all else.

CREATE TABLE mart.service_episode AS
SELECT
    origin.collection, service_episode_key, referral_key, person_key, year(period_start) AS reference_year,
    period_start, coalesce(area_code, 'not_recorded') AS area_code,
    core.code_service_type(service_type) AS service_type, provider_key,
    days_to_start,
    -- Days to a start, or in service, say that it has begun even where nobody ticked the box.
    coalesce(is_started, days_to_start IS NOT NULL OR days_in_service IS NOT NULL) AS is_started,
    days_in_service, core.code_exit_type(exit_type) AS exit_type,
    source, load_id
FROM stage.service_episode
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
QUALIFY row_number() OVER (
    PARTITION BY origin.collection, service_episode_key ORDER BY load_id DESC, line DESC
) = 1;

CREATE OR REPLACE VIEW core.referral_episode AS
SELECT
    collection, referral_key, bool_or(is_started) AS is_started, min(days_to_start) AS days_to_start,
    bool_or(exit_type = 'stable_outcome') AS is_stable,
    -- A spell without an end on record still lasts, as far as anybody knows.
    bool_or(is_started AND exit_type IN ('still_in_service', 'not_recorded')) AS is_in_service
FROM mart.service_episode WHERE referral_key IS NOT NULL
GROUP BY ALL;

CREATE OR REPLACE VIEW core.referral_report AS
SELECT DISTINCT origin.collection, tip.referral_key, 1 AS has_report
FROM stage.tip AS tip JOIN stage.load USING (load_id) JOIN stage.source AS origin USING (source_id)
WHERE tip.referral_key IS NOT NULL;

-- stage.partnership and not mart.partnership: it is there whether or not anything was loaded.
CREATE OR REPLACE VIEW core.hand_off_agreement AS
SELECT
    lower(from_organisation) AS from_organisation, from_org_type, to_organisation_key,
    coalesce(start_date, DATE '0001-01-01') AS first_day, coalesce(end_date, DATE '9999-12-31') AS last_day
FROM stage.partnership
WHERE coalesce(kind, 'referral') = 'referral'
QUALIFY row_number() OVER (PARTITION BY partnership ORDER BY load_id DESC, line DESC) = 1;

CREATE OR REPLACE VIEW core.referral_agreement AS
SELECT
    referral.collection, referral.referral_key,
    CASE
        WHEN bool_or(last_day(referral.period_start) >= made.first_day AND referral.period_start <= made.last_day)
            THEN 'in_force'
        WHEN bool_or(made.last_day < referral.period_start) THEN 'lapsed'
        ELSE 'before'
    END AS agreement
FROM mart.referral AS referral
JOIN core.hand_off_agreement AS made
    ON made.to_organisation_key = referral.to_organisation_key
    AND (
        made.from_organisation = lower(referral.source)
        OR made.from_org_type = referral.from_org_type::VARCHAR AND made.from_org_type <> 'not_recorded'
    )
GROUP BY ALL;

CREATE OR REPLACE TABLE mart.referral AS
SELECT
    referral.*,
    (CASE
        WHEN episode.is_stable THEN 'stable_outcome'
        WHEN episode.is_in_service THEN 'in_service'
        WHEN episode.is_started THEN 'left_service'
        WHEN decision = 'accepted' AND days_to_contact IS NOT NULL THEN 'contacted'
        ELSE decision::VARCHAR
    END)::mart.code_stage AS stage,
    -- Accepted, and nobody said whether a service began: not recorded.
    core.code_start_band(coalesce(core.band_start_band(episode.days_to_start), CASE
        WHEN episode.is_started THEN 'not_recorded'
        WHEN decision IN ('declined', 'withdrawn', 'waiting') THEN 'not_applicable'
        WHEN NOT episode.is_started THEN 'not_started'
    END)) AS start_band,
    core.area_kind(place.is_rural) AS area_kind,
    CASE
        WHEN to_organisation_key IS NULL THEN 'not_recorded'
        ELSE coalesce(receiver.organisation, 'unlisted')
    END AS to_organisation,
    core.code_to_org_type(receiver.organisation_type) AS to_org_type,
    (CASE
        WHEN to_organisation_key IS NULL OR NOT EXISTS (FROM core.hand_off_agreement) THEN 'not_recorded'
        ELSE coalesce(found.agreement, 'none')
    END)::mart.code_agreement AS agreement,
    (CASE
        WHEN report.has_report IS NOT NULL THEN 'report'
        WHEN referral.collection IN (SELECT collection FROM core.referral_report) THEN 'no_report'
        ELSE 'not_recorded'
    END)::mart.code_origin AS origin
FROM mart.referral AS referral
JOIN (SELECT DISTINCT collection, geography FROM stage.source) AS home USING (collection)
LEFT JOIN mart.area AS place ON place.geography = home.geography AND place.code = referral.area_code
LEFT JOIN mart.organisation AS receiver ON receiver.organisation_key = referral.to_organisation_key
LEFT JOIN core.referral_episode AS episode USING (collection, referral_key)
LEFT JOIN core.referral_agreement AS found USING (collection, referral_key)
LEFT JOIN core.referral_report AS report USING (collection, referral_key);

-- Whether a referral was open at the end of a year follows from the month it was made (its middle) and the days
-- to the decision and to the first contact. The years are those whose December some file covers.
CREATE TABLE mart.open_referral AS
WITH dated AS (
    SELECT
        referral.*, period_start + INTERVAL 14 DAY AS made_on,
        CASE
            WHEN coalesce(is_open, decision = 'waiting') THEN NULL
            WHEN decision = 'accepted' THEN greatest(days_to_decision, days_to_contact)
            ELSE days_to_decision
        END AS days_open,
        coalesce(is_open, decision = 'waiting') AS is_still_open
    FROM mart.referral AS referral
), snapshot AS (
    SELECT
        dated.*, unnest(generate_series(year(period_start), last_year)) AS open_year,
        make_date(open_year, 12, 31) AS year_end, date_diff('day', made_on, year_end) AS age
    FROM dated JOIN core.whole_years(['referral']) AS whole USING (collection)
)
SELECT
    collection, referral_key, person_key, open_year AS reference_year, make_date(open_year, 12, 1) AS period_start, area_code,
    core.code_open_band(core.band_open_band(age)) AS open_band,
    service_type, area_kind
FROM snapshot
WHERE is_still_open OR days_open > age;
