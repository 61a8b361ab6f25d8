-- Grain: mart.charge one charge against one defendant; mart.investigation one investigation;
-- mart.operation_person one person met in operations of one kind, contributor, month and area.
-- Why: enforcement under the same protection as people, because few people stand behind one investigation or
-- charge. The latest row of a reference holds. Charges whose investigation is not there are kept and told apart.

CREATE OR REPLACE VIEW core.investigation AS
SELECT origin.collection, record.* EXCLUDE (line), year(record.period_start) AS reference_year
FROM stage.investigation AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
QUALIFY row_number() OVER (
    PARTITION BY origin.collection, record.investigation_key ORDER BY record.load_id DESC, record.line DESC
) = 1;

CREATE OR REPLACE VIEW core.charge AS
SELECT
    origin.collection, record.* EXCLUDE (line), year(record.period_start) AS reference_year,
    coalesce(
        CASE WHEN record.disposition = 'pending' THEN 'pending' END,
        core.band_disposition_band(record.days_to_disposition)
    ) AS disposition_band
FROM stage.charge AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
QUALIFY row_number() OVER (
    PARTITION BY origin.collection, record.charge_key ORDER BY record.load_id DESC, record.line DESC
) = 1;

CREATE TABLE mart.charge AS
SELECT
    charge.collection, charge_key, charge.investigation_key, defendant_key, charge.reference_year,
    charge.period_start,
    coalesce(charge.area_code, 'not_recorded') AS area_code,
    (CASE WHEN is_trafficking THEN 'trafficking' ELSE 'other_charge' END)::mart.code_charge_kind AS charge_kind,
    core.code_statute_group(statute_group) AS statute_group,
    core.code_charge_disposition(disposition) AS charge_disposition,
    core.code_disposition_band(disposition_band) AS disposition_band,
    (CASE
        WHEN charge.investigation_key IS NULL THEN 'no_reference'
        WHEN investigation.investigation_key IS NULL THEN 'not_found'
        ELSE 'linked'
    END)::mart.code_charge_link AS charge_link,
    charge.source, charge.load_id
FROM core.charge AS charge
LEFT JOIN core.investigation AS investigation USING (collection, investigation_key);

-- Forms of a charge are those of its investigation.
CREATE TABLE mart.charge_attribute AS
SELECT
    charge.collection, charge_key, charge.reference_year,
    unnest(core.attributes('form', core.codes(form)), recursive := true)
FROM mart.charge AS charge
LEFT JOIN core.investigation AS investigation USING (collection, investigation_key);

CREATE TABLE mart.investigation AS
SELECT
    collection, investigation_key, reference_year, period_start,
    coalesce(area_code, 'not_recorded') AS area_code,
    core.code_investigation_origin(origin) AS investigation_origin,
    core.code_investigation_outcome(outcome) AS investigation_outcome,
    core.code_investigating_agency(agency_type) AS investigating_agency,
    source, load_id
FROM core.investigation;

CREATE TABLE mart.investigation_attribute AS
SELECT
    collection, investigation_key, reference_year,
    unnest(core.attributes('form', core.codes(form)), recursive := true)
FROM core.investigation;

-- The furthest stage is the one that the sheet of investigations gives or the one that linked charges show,
-- whichever is later: the sheet of an agency often lags behind the court's. An investigation is counted in every
-- stage up to it, so that "reached a charge" is one published cell and no sum of small ones.
INSERT INTO mart.investigation_attribute
WITH stages AS (
    SELECT code, position AS step FROM stage.code
    WHERE dimension = 'investigation_stage' AND code NOT IN ('opened', 'not_recorded')
), seen AS (
    SELECT
        collection, investigation_key,
        CASE
            WHEN charge_kind <> 'trafficking' THEN 'charge'
            WHEN charge_disposition = 'convicted' THEN 'trafficking_conviction'
            ELSE 'trafficking_charge'
        END AS stage
    FROM mart.charge WHERE charge_link = 'linked'
    UNION ALL
    SELECT collection, investigation_key, stage FROM core.investigation WHERE stage IS NOT NULL
), furthest AS (
    SELECT collection, investigation_key, max(coalesce(step, 0)) AS step
    FROM seen LEFT JOIN stages ON stages.code = seen.stage
    GROUP BY ALL
)
SELECT
    collection, investigation_key, reference_year, 'investigation_stage',
    coalesce(stages.code, CASE WHEN furthest.step IS NULL THEN 'not_recorded' ELSE 'opened' END)
FROM core.investigation
LEFT JOIN furthest USING (collection, investigation_key)
LEFT JOIN stages ON stages.step <= furthest.step;

-- Numbers of people become records, so that they pass the door of persons. Rows of one kind, contributor, month
-- and area are added up first: a key then stays the same when a file is sent again with more rows.
CREATE OR REPLACE VIEW core.operation AS
SELECT
    origin.collection, record.source, record.period_start, coalesce(record.area_code, 'not_recorded') AS area_code,
    coalesce(record.operation_type, 'not_recorded') AS operation_type,
    sum(coalesce(record.operations, 1))::BIGINT AS operations,
    sum(record.met)::BIGINT AS met,
    coalesce(sum(record.referred), 0)::BIGINT AS referred,
    coalesce(sum(record.met) FILTER (record.referred IS NOT NULL), 0)::BIGINT AS met_referrals_counted,
    coalesce(sum(record.arrested), 0)::BIGINT AS arrested,
    coalesce(sum(record.met) FILTER (record.arrested IS NOT NULL), 0)::BIGINT AS met_arrests_counted,
    coalesce(sum(record.arrested_exploited), 0)::BIGINT AS arrested_exploited,
    coalesce(sum(record.arrested) FILTER (record.arrested_exploited IS NOT NULL), 0)::BIGINT AS arrested_asked
FROM stage.operation AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id)
GROUP BY ALL;

CREATE OR REPLACE VIEW core.operation_person AS
SELECT
    collection, concat_ws('|', source, period_start, area_code, operation_type, number) AS operation_person_key,
    year(period_start) AS reference_year, number, operation.* EXCLUDE (collection)
FROM core.operation AS operation, generate_series(1, met) AS people (number);

CREATE TABLE mart.operation_person AS
SELECT
    collection, operation_person_key, reference_year, period_start, area_code,
    operation_type::mart.code_operation_type AS operation_type, source
FROM core.operation_person;

-- Which of the people met were referred and which arrested is not known one by one, only how many. The numbers
-- are laid on the records in order; no table of the release crosses one with the other.
CREATE TABLE mart.operation_person_attribute AS
SELECT collection, operation_person_key, reference_year, unnest(core.attributes('operation_outcome', list_filter([
    CASE WHEN number <= referred THEN 'referred' WHEN number <= met_referrals_counted THEN 'not_referred' END,
    CASE WHEN number <= arrested THEN 'arrested' WHEN number <= met_arrests_counted THEN 'not_arrested' END,
    CASE WHEN number <= arrested_exploited THEN 'arrested_exploited'
        WHEN number <= arrested_asked THEN 'arrested_not_exploited' END,
    CASE WHEN met_referrals_counted = 0 AND met_arrests_counted = 0 THEN 'not_recorded' END
], lambda outcome: outcome IS NOT NULL)), recursive := true)
FROM core.operation_person;

INSERT INTO mart.figure BY NAME
SELECT
    'operations_held' AS measure, 'operations' AS unit, 'year' AS period_level,
    year(period_start)::VARCHAR AS period, geography, root.code AS area_code, operation_type,
    sum(operations)::DOUBLE AS value, '' AS marker
FROM core.operation
JOIN (SELECT collection, arg_min(geography, source_id) AS geography FROM stage.source GROUP BY collection)
    USING (collection)
LEFT JOIN (
    SELECT geography, min(code) AS code FROM mart.area WHERE level = 0 GROUP BY geography HAVING count(*) = 1
) AS root USING (geography)
GROUP BY ALL;
