-- Grain: mart.outcome one part of a person's life at one assessment; mart.barrier one barrier noted once;
-- mart.feedback one person asked for feedback about one service; mart.interview one interviewed person and theme.
-- Why: how survivors fare and what stands in the way. Feedback and interviews come as numbers of people and are
-- spelled out here, one record for each, so that they pass the same door as everybody else. The latest row of a
-- key holds.

CREATE TABLE mart.outcome AS
SELECT
    origin.collection, record.outcome_key, record.person_key, year(record.period_start) AS reference_year, record.period_start,
    coalesce(record.area_code, 'not_recorded') AS area_code,
    record.domain::mart.code_outcome_domain AS outcome_domain, record.change::mart.code_outcome_change AS outcome_change,
    core.code_gender(record.gender) AS gender,
    core.code_age_group(record.age_group) AS age_group,
    record.source, record.load_id
FROM stage.outcome AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
QUALIFY row_number() OVER (
    PARTITION BY origin.collection, record.outcome_key ORDER BY record.load_id DESC, record.line DESC
) = 1;

CREATE TABLE mart.barrier AS
SELECT
    origin.collection, record.barrier_key, record.person_key, year(record.period_start) AS reference_year, record.period_start,
    coalesce(record.area_code, 'not_recorded') AS area_code,
    record.level::mart.code_barrier_setting AS barrier_setting,
    core.code_barrier(record.barrier) AS barrier,
    record.source, record.load_id
FROM stage.barrier AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
QUALIFY row_number() OVER (
    PARTITION BY origin.collection, record.barrier_key ORDER BY record.load_id DESC, record.line DESC
) = 1;

-- The key of a record is its place in its row, so that the same number sent again is the same people.
CREATE TABLE mart.feedback AS
WITH latest AS (
    SELECT
        origin.collection, record.* REPLACE (
            coalesce(record.area_code, 'not_recorded') AS area_code,
            coalesce(record.service_type, 'not_recorded') AS service_type
        )
    FROM stage.feedback AS record
    JOIN stage.load USING (load_id)
    JOIN stage.source AS origin USING (source_id)
    QUALIFY row_number() OVER (
        PARTITION BY origin.collection, record.source, record.period_start, record.area_code, record.service_type
        ORDER BY record.load_id DESC, record.line DESC
    ) = 1
)
SELECT
    collection, concat_ws('|', source, period_start, area_code, service_type, number) AS feedback_key,
    year(period_start) AS reference_year, period_start, area_code,
    service_type::mart.code_service_type AS service_type,
    (CASE
        WHEN number <= satisfied THEN 'satisfied' WHEN number <= answered THEN 'not_satisfied' ELSE 'no_answer'
    END)::mart.code_feedback_answer AS feedback_answer,
    source, load_id
FROM latest, generate_series(1, invited) AS people (number);

CREATE TABLE mart.interview AS
WITH latest AS (
    SELECT
        origin.collection, record.* REPLACE (
            coalesce(record.area_code, 'not_recorded') AS area_code,
            coalesce(record.respondent, 'not_recorded') AS respondent
        )
    FROM stage.interview_theme AS record
    JOIN stage.load USING (load_id)
    JOIN stage.source AS origin USING (source_id)
    QUALIFY row_number() OVER (
        PARTITION BY
            origin.collection, record.source, record.period_start, record.area_code, record.theme, record.level,
            record.respondent
        ORDER BY record.load_id DESC, record.line DESC
    ) = 1
)
SELECT
    collection,
    concat_ws('|', source, period_start, area_code, theme, level, respondent, number) AS interview_key,
    year(period_start) AS reference_year, period_start, area_code,
    theme::mart.code_interview_theme AS interview_theme, level::mart.code_barrier_setting AS barrier_setting,
    respondent::mart.code_respondent_kind AS respondent_kind, source, load_id
FROM latest, generate_series(1, mentions) AS people (number);
