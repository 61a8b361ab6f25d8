-- Grain: mart.service_need one person's need for one type of service in one collection and year.
-- Why: need is counted as people are, through the same door. A need comes again when it is looked at anew; the
-- latest record of it holds, as a whole. A reason belongs only to a need that was not, or not fully, met.

CREATE TABLE mart.service_need AS
WITH latest AS (
    SELECT
        origin.collection, record.*, year(record.period_start) AS reference_year,
        -- Where nobody says whose it is, a need is somebody of its own.
        coalesce(person_key, service_need_key) AS whose
    FROM stage.service_need AS record
    JOIN stage.load USING (load_id)
    JOIN stage.source AS origin USING (source_id)
    QUALIFY row_number() OVER (
        PARTITION BY origin.collection, whose, record.service_type, year(record.period_start)
        ORDER BY record.load_id DESC, record.line DESC
    ) = 1
), told AS (
    SELECT
        * EXCLUDE (need_status, unmet_reason),
        coalesce(need_status, 'not_recorded') AS need_status,
        CASE
            WHEN need_status IN ('met', 'not_assessed') THEN 'served'
            ELSE coalesce(unmet_reason, 'not_recorded')
        END AS unmet_reason
    FROM latest
)
SELECT
    told.collection, whose || '|' || coalesce(service_type, 'not_recorded') AS need_key, person_key, reference_year, period_start,
    coalesce(area_code, 'not_recorded') AS area_code,
    core.code_service_type(service_type) AS service_type,
    core.code_eligibility(eligibility) AS eligibility,
    need_status::mart.code_need_status AS need_status,
    unmet_reason::mart.code_unmet_reason AS unmet_reason,
    -- Where nobody wrote down the level, it is that of the reason.
    core.code_barrier_level(coalesce(
        CASE WHEN unmet_reason = 'served' THEN 'served' END, barrier_level, level.code_group
    )) AS barrier_level,
    CASE unmet_reason
        WHEN 'unavailable' THEN 'no_place'
        WHEN 'served' THEN 'served'
        WHEN 'not_recorded' THEN 'not_recorded'
        ELSE 'other_reason'
    END::mart.code_lack_of_place AS lack_of_place,
    source, load_id
FROM told
LEFT JOIN stage.code AS level ON level.dimension = 'unmet_reason' AND level.code = unmet_reason;
