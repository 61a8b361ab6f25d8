-- Grain: mart.campaign one campaign; mart.safe_place one public site; mart.knowledge the test scores of one
-- role in one county and year, as sums; mart.safe_place_contact one person who asked for help at a Safe Place in
-- one period; rows of mart.figure one month (or year), area and division.
-- Why: audiences, posts, costs and sites are figures of their own; people who ask for help are counted behind the
-- same door as every other person. Test scores stay sums of at least ten tests: below that a sum could tell how
-- one person did.

-- Face to face and media are never added up: one is people who came, the other an estimated audience.
CREATE OR REPLACE VIEW core.outreach AS
SELECT
    origin.geography, strftime(record.period_start, '%Y-%m') AS period, record.area_code,
    record.campaign, record.reach, record.cost,
    core.code_campaign_theme(coalesce(record.theme, campaign.theme)) AS campaign_theme,
    core.code_host_type(record.host_type) AS host_type,
    core.code_outreach_language(record.language) AS outreach_language,
    core.code_outreach_channel(record.channel) AS outreach_channel,
    coalesce(record.channel, 'not_recorded') NOT IN ('print', 'broadcast', 'social_media') AS is_in_person
FROM stage.outreach_event AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
LEFT JOIN (
    SELECT campaign, arg_max(theme, load_id) AS theme FROM stage.campaign GROUP BY campaign
) AS campaign USING (campaign);

INSERT INTO mart.figure BY NAME
SELECT
    measure, 'people' AS unit, 'month' AS period_level, period, geography, area_code,
    host_type, outreach_language, campaign_theme, value, '' AS marker
FROM (
    SELECT *, 'outreach_reach' AS measure, reach AS value FROM core.outreach WHERE is_in_person
    UNION ALL BY NAME
    SELECT *, 'outreach_events' AS measure, 1 AS value FROM core.outreach WHERE is_in_person
    UNION ALL BY NAME  -- money and people of the same events only, or their ratio would mean nothing
    SELECT *, 'outreach_cost' AS measure, cost AS value FROM core.outreach WHERE is_in_person AND cost IS NOT NULL
    UNION ALL BY NAME
    SELECT *, 'outreach_reach_costed' AS measure, reach AS value
    FROM core.outreach WHERE is_in_person AND cost IS NOT NULL
);

INSERT INTO mart.figure BY NAME
SELECT
    'media_audience' AS measure, 'people' AS unit, 'month' AS period_level, period, geography, area_code,
    outreach_channel, outreach_language, campaign_theme, reach AS value, '' AS marker
FROM core.outreach WHERE NOT is_in_person;

CREATE TABLE mart.campaign AS
SELECT
    campaign, name, core.code_campaign_theme(theme) AS theme, record.area_code,
    start_date, end_date, record.cost, contributor, coalesce(events, 0) AS events,
    coalesce(people_reached, 0) AS people_reached, coalesce(media_audience, 0) AS media_audience
FROM stage.campaign AS record
LEFT JOIN (
    SELECT
        campaign, count(*) FILTER (is_in_person) AS events,
        sum(reach) FILTER (is_in_person) AS people_reached,
        sum(reach) FILTER (NOT is_in_person) AS media_audience
    FROM core.outreach GROUP BY campaign
) USING (campaign)
QUALIFY row_number() OVER (PARTITION BY campaign ORDER BY load_id DESC, line DESC) = 1
ORDER BY start_date, campaign;

-- Languages: residents who speak them, by year.
INSERT INTO mart.figure BY NAME
SELECT
    'language_speakers' AS measure, 'residents' AS unit, 'year' AS period_level,
    year(period_start)::VARCHAR AS period, geography, area_code, language AS outreach_language,
    speakers AS value, '' AS marker
FROM stage.language_speakers
JOIN stage.load USING (load_id)
JOIN stage.source USING (source_id)
WHERE language IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY geography, year(period_start), area_code, language ORDER BY load_id DESC, line DESC
) = 1;

-- Trainings. The county stands for the districts in it: posts are counted by county.
CREATE OR REPLACE VIEW core.training AS
SELECT
    record.* EXCLUDE (audience_role, host_type), origin.geography, year(record.period_start)::VARCHAR AS year,
    coalesce(record.audience_role, 'not_recorded') AS audience_role,
    coalesce(record.host_type, 'not_recorded') AS host_type,
    coalesce(certified, attendees) AS completed,
    CASE WHEN area.level = 2 THEN area.parent ELSE record.area_code END AS county
FROM stage.training_session AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
LEFT JOIN (
    SELECT geography, code, any_value(level) AS level, any_value(parent) AS parent FROM mart.area GROUP BY ALL
) AS area ON area.geography = origin.geography AND area.code = record.area_code;

INSERT INTO mart.figure BY NAME
SELECT
    measure, unit, 'month' AS period_level, strftime(period_start, '%Y-%m') AS period, geography, area_code,
    audience_role, host_type, value, '' AS marker
FROM (
    SELECT *, 'people_trained' AS measure, 'people' AS unit, attendees AS value FROM core.training
    UNION ALL BY NAME
    SELECT *, 'training_sessions' AS measure, 'trainings' AS unit, 1 AS value FROM core.training
);

-- Tests of one role, county and year: sums from which averages, changes and their intervals follow
-- (analysis/topics/training.py). Trainings of fewer than five tests and groups of fewer than ten people are left out.
CREATE TABLE mart.knowledge AS
WITH scored AS (
    SELECT
        year, geography, county AS area_code, audience_role,
        scored_pre AS n0, mean_pre AS m0, sd_pre AS s0, scored_post AS n1, mean_post AS m1, sd_post AS s1,
        least(scored_pre, scored_post) AS n, mean_post - mean_pre AS change, sd_change,
        passed_pre, passed_post
    FROM core.training
    WHERE scored_pre >= 5 AND scored_post >= 5 AND mean_pre IS NOT NULL AND mean_post IS NOT NULL
)
SELECT
    year, geography, area_code, audience_role, count(*) AS trainings,
    count(*) FILTER (s0 IS NOT NULL AND s1 IS NOT NULL) AS trainings_with_spread,
    count(sd_change) AS trainings_matched,
    sum(n0) AS tests_before, sum(n0 * m0) AS points_before,
    sum((n0 - 1) * coalesce(s0, 0) ** 2 + n0 * m0 ** 2) AS squares_before,
    sum(n1) AS tests_after, sum(n1 * m1) AS points_after,
    sum((n1 - 1) * coalesce(s1, 0) ** 2 + n1 * m1 ** 2) AS squares_after,
    sum(n) AS people_matched, sum(n * change) AS points_gained,
    sum((n - 1) * coalesce(sd_change, 0) ** 2 + n * change ** 2) AS squares_gained,
    sum(n ** 2) AS weight_squares, sum(n ** 2 * change) AS weighted_changes,
    sum(n ** 2 * change ** 2) AS weighted_squares,
    sum(n0) FILTER (passed_pre IS NOT NULL AND passed_post IS NOT NULL) AS pass_tests_before,
    sum(passed_pre) FILTER (passed_post IS NOT NULL) AS passed_before,
    sum(n1) FILTER (passed_pre IS NOT NULL AND passed_post IS NOT NULL) AS pass_tests_after,
    sum(passed_post) FILTER (passed_pre IS NOT NULL) AS passed_after
FROM scored
GROUP BY ALL
HAVING people_matched >= 10
ORDER BY ALL;

INSERT INTO mart.figure BY NAME
SELECT
    measure, unit, 'year' AS period_level, year AS period, geography, area_code, audience_role, value, '' AS marker
FROM (
    SELECT *, 'knowledge_people' AS measure, 'people' AS unit, people_matched AS value FROM mart.knowledge
    UNION ALL BY NAME
    SELECT *, 'knowledge_points' AS measure, 'points' AS unit, points_gained AS value FROM mart.knowledge
    UNION ALL BY NAME
    SELECT * EXCLUDE (passed), passed.key AS measure, 'tests' AS unit, passed.value AS value
    FROM (
        SELECT *, unnest(map_entries(MAP {
            'pass_tests_before': pass_tests_before, 'passed_before': passed_before,
            'pass_tests_after': pass_tests_after, 'passed_after': passed_after
        })) AS passed
        FROM mart.knowledge WHERE pass_tests_before >= 10 AND pass_tests_after >= 10
    )
);

-- Posts by role, and the people of that role who completed a training in the year. Where a role has numbers by
-- county, those of the whole region are left out, or people would be there twice.
CREATE OR REPLACE VIEW core.workforce AS
SELECT geography, year(period_start)::VARCHAR AS year, area_code, audience_role, headcount
FROM stage.workforce
JOIN stage.load USING (load_id)
JOIN stage.source USING (source_id)
QUALIFY row_number() OVER (
        PARTITION BY geography, year(period_start), area_code, audience_role ORDER BY load_id DESC, line DESC
    ) = 1
    AND (area_code IS NOT NULL OR count(area_code) OVER (
        PARTITION BY geography, year(period_start), audience_role
    ) = 0);

INSERT INTO mart.figure BY NAME
WITH counted AS (
    SELECT
        posts.geography, posts.year, posts.area_code, posts.audience_role, posts.headcount,
        coalesce(sum(training.completed), 0) AS trained
    FROM core.workforce AS posts
    LEFT JOIN core.training AS training
        ON training.geography = posts.geography AND training.year = posts.year
        AND training.audience_role = posts.audience_role
        AND (posts.area_code IS NULL OR training.county = posts.area_code)
    GROUP BY ALL
)
SELECT
    measure, 'people' AS unit, 'year' AS period_level, year AS period, geography, area_code, audience_role,
    value, '' AS marker
FROM (
    SELECT *, 'workforce' AS measure, headcount AS value FROM counted
    UNION ALL BY NAME
    SELECT *, 'workforce_trained' AS measure, trained AS value FROM counted
);

-- Safe Places: public sites, counted in every month in which they served, up to the last month reported.
CREATE TABLE mart.safe_place AS
SELECT site, kind::mart.code_safe_place_kind AS kind, geography, area_code, open_from, open_to, hours_per_week
FROM stage.safe_place
JOIN stage.load USING (load_id)
JOIN stage.source USING (source_id)
QUALIFY row_number() OVER (PARTITION BY site ORDER BY load_id DESC, line DESC) = 1
ORDER BY site;

INSERT INTO mart.figure BY NAME
WITH newest AS (
    SELECT coalesce(
        (SELECT max(strptime(period_to, '%Y-%m')) FROM stage.load JOIN stage.load_table USING (load_id)
         WHERE table_name = 'safe_place_use' AND period_to <> ''),
        (SELECT max(date_trunc('month', loaded_at)) FROM stage.load JOIN stage.load_table USING (load_id)
         WHERE table_name = 'safe_place')
    ) AS month
), open AS (
    SELECT place.*, unnest(generate_series(
        date_trunc('month', open_from), least(coalesce(open_to, month::DATE), month::DATE)::TIMESTAMP, INTERVAL 1 MONTH
    )) AS month
    FROM mart.safe_place AS place CROSS JOIN newest
)
SELECT
    measure, unit, 'month' AS period_level, strftime(month, '%Y-%m') AS period, geography, area_code,
    kind AS safe_place_kind, value, '' AS marker
FROM (
    SELECT *, 'safe_places_open' AS measure, 'sites' AS unit, 1 AS value FROM open
    UNION ALL BY NAME
    SELECT *, 'safe_place_hours' AS measure, 'hours a week' AS unit, hours_per_week AS value FROM open
    WHERE hours_per_week IS NOT NULL
    UNION ALL BY NAME
    SELECT *, 'safe_places_with_hours' AS measure, 'sites' AS unit, 1 AS value FROM open
    WHERE hours_per_week IS NOT NULL
);

-- A row says "three people asked for help, two were passed on": three records, so that they are counted like all
-- other people. A corrected row keeps the keys of those it named before.
CREATE TABLE mart.safe_place_contact AS
WITH use AS (
    SELECT origin.collection, origin.geography, record.*
    FROM stage.safe_place_use AS record
    JOIN stage.load USING (load_id)
    JOIN stage.source AS origin USING (source_id)
    QUALIFY row_number() OVER (
        PARTITION BY origin.collection, record.source, record.site, record.period_start
        ORDER BY record.load_id DESC, record.line DESC
    ) = 1
)
SELECT
    use.collection, concat_ws('|', use.source, use.site, use.period_start, number) AS contact_key,
    year(use.period_start) AS reference_year, use.period_start,
    coalesce(place.area_code, 'not_recorded') AS area_code,
    core.code_safe_place_kind(place.kind) AS safe_place_kind,
    CASE
        WHEN use.onward_referrals IS NULL THEN 'not_recorded'
        WHEN number <= use.onward_referrals THEN 'referred'
        ELSE 'not_referred'
    END::mart.code_onward_referral AS onward_referral,
    use.source, use.load_id
FROM use CROSS JOIN generate_series(1, contacts) AS people (number)
LEFT JOIN mart.safe_place AS place ON place.site = use.site AND place.geography = use.geography;
