-- Grain: mart.survey_item one statement in one group of the public, area and wave; two rows of mart.figure each.
-- Why: what the public knows and thinks, beside what is reported. A share becomes two numbers, who answered and
-- who agreed, so that groups, areas and waves combine by their size. Where a wave was published by area, its row
-- for the whole region is left out: it holds the same people. The latest load of a key holds.

CREATE TABLE mart.survey_item AS
SELECT
    origin.geography, year(record.period_start)::VARCHAR AS period, record.area_code, record.item AS survey_item,
    coalesce(record."group", 'not_recorded') AS survey_group, record.n, record.percent, record.ci_low, record.ci_high
FROM stage.survey_item AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
QUALIFY row_number() OVER (
    PARTITION BY origin.geography, record.period_start, record.area_code, record.item, survey_group
    ORDER BY record.load_id DESC, record.line DESC
) = 1;

INSERT INTO mart.figure BY NAME
WITH kept AS (
    SELECT * FROM mart.survey_item AS one
    WHERE area_code IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM mart.survey_item AS other
        WHERE other.geography = one.geography AND other.period = one.period
            AND other.survey_item = one.survey_item AND other.area_code IS NOT NULL
    )
)
SELECT
    'survey_answered' AS measure, 'answers' AS unit, 'year' AS period_level, period, geography, area_code,
    survey_item, survey_group, n::DOUBLE AS value, '' AS marker
FROM kept
UNION ALL BY NAME
SELECT
    'survey_agreeing' AS measure, 'answers' AS unit, 'year' AS period_level, period, geography, area_code,
    survey_item, survey_group, round(n * percent / 100) AS value, '' AS marker
FROM kept;
