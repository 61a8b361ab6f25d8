-- Grain: mart.load one file loaded; mart.load_doubt one doubt about its published counts; mart.source one source;
-- mart.collection one subject of one collection; mart.coverage a collection, contributor and month;
-- mart.tally a subject of a collection and a month with numbers of records;
-- mart.rejected_row one row refused, by rule and column.
-- Why: every figure can be traced to a file and its hash, and a month without a report is told apart from a
-- month without people.

-- The months a load speaks for, table by table; the latest load of a source speaks for a month.
CREATE OR REPLACE VIEW core.month_owner AS
SELECT source_id, table_name, month, max(load_id) AS load_id
FROM (
    SELECT
        source_id, table_name, load_id,
        unnest(generate_series(
            strptime(period_from, '%Y-%m'), strptime(period_to, '%Y-%m'), INTERVAL 1 MONTH
        ))::DATE AS month
    FROM stage.load JOIN stage.load_table USING (load_id)
    WHERE period_from <> ''
)
GROUP BY ALL;

-- Loads that still have something to say: a month of their own, or rows nobody replaced.
CREATE OR REPLACE VIEW core.current_load AS
SELECT load_id FROM core.month_owner UNION SELECT load_id FROM core.stage_row;

CREATE OR REPLACE TABLE mart.load AS
SELECT
    load.*, current_load.load_id IS NOT NULL AS is_current,
    CASE WHEN current_load.load_id IS NULL THEN 'superseded' ELSE 'current' END AS status
FROM stage.load AS load LEFT JOIN core.current_load USING (load_id)
ORDER BY load.load_id;

CREATE OR REPLACE TABLE mart.rejected_row AS
SELECT * FROM stage.rejected_row ORDER BY load_id, table_name, line, rule, column_name;

-- Doubts about published counts that are still there: a correction takes those of what it corrects with it.
CREATE OR REPLACE TABLE mart.load_doubt AS
SELECT load_id, source_id, check_name, series, label, words
FROM stage.load_doubt JOIN mart.load USING (load_id)
WHERE is_current
ORDER BY ALL;

CREATE OR REPLACE TABLE mart.source AS
SELECT
    source.*, min(nullif(period_from, '')) AS period_from, max(nullif(period_to, '')) AS period_to,
    max(loaded_at)::DATE AS loaded_on
FROM stage.source AS source JOIN mart.load USING (source_id)
WHERE is_current
GROUP BY ALL
ORDER BY source_id;

-- Series of published counts that have rows.
CREATE OR REPLACE TABLE mart.series AS
SELECT source_id AS source, * EXCLUDE (source_id) FROM stage.series
SEMI JOIN (SELECT DISTINCT source AS source_id, measure AS code FROM mart.observation) USING (source_id, code)
ORDER BY code;

-- A collection exists once for each subject it holds. Labels and citations come from its first source.
CREATE OR REPLACE TABLE mart.collection AS
SELECT
    collection, arg_min(coalesce(nullif(collection_label, ''), label), source_id) AS label, subject,
    arg_min(geography, source_id) AS geography, arg_min(unit, source_id) AS unit,
    bool_or(is_own) AS is_own, bool_or(is_synthetic) AS is_synthetic,
    arg_min(period_resolution, source_id) AS period_resolution, arg_min(citation, source_id) AS citation
FROM mart.source
JOIN (
    SELECT DISTINCT source_id, subject
    FROM mart.load JOIN stage.load_table USING (load_id) JOIN stage.subject USING (table_name)
    WHERE is_current
) USING (source_id)
GROUP BY collection, subject
ORDER BY collection, subject;

-- Months for which a contributor sends numbers of records in place of records, as its mapping declares.
CREATE OR REPLACE TABLE mart.tally AS
SELECT DISTINCT collection, subject, strftime(month, '%Y-%m') AS period
FROM core.month_owner
JOIN stage.load_table USING (load_id, table_name)
JOIN stage.source USING (source_id)
JOIN stage.subject USING (table_name)
WHERE is_tally
ORDER BY ALL;

-- Every contributor of a collection × every month of the collection: reported or not.
CREATE OR REPLACE TABLE mart.coverage AS
WITH reported AS (
    SELECT DISTINCT origin.collection, contributor.source, owner.month
    FROM core.month_owner AS owner
    JOIN stage.source AS origin USING (source_id)
    JOIN stage.load_contributor AS contributor USING (load_id)
    WHERE strftime(owner.month, '%Y-%m') BETWEEN contributor.period_from AND contributor.period_to
)
SELECT
    collection, source, strftime(month, '%Y-%m') AS period,
    CASE WHEN reported.month IS NULL THEN 'not_reported' ELSE 'reported' END AS status
FROM (SELECT DISTINCT collection, source FROM reported)
JOIN (
    SELECT
        collection, unnest(generate_series(min(month)::TIMESTAMP, max(month)::TIMESTAMP, INTERVAL 1 MONTH))::DATE
            AS month
    FROM reported GROUP BY collection
) USING (collection)
LEFT JOIN reported USING (collection, source, month)
ORDER BY collection, source, period;
