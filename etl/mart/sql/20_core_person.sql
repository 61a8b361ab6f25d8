-- Grain: core.person one person in one collection and reference year.
-- Why: several files and contributors may name the same person; a person is counted once a year. The first
-- record says when, where and how old; of everything else the latest recorded value holds, so that "presumed"
-- gives way to "confirmed". Codes of all records are kept together, each once. Views: only the mart is stored.

CREATE OR REPLACE VIEW core.person_record AS
SELECT
    origin.collection, year(record.period_start) AS reference_year,
    -- Month, load and line in one number: the order of records, the same in every run.
    ((year(record.period_start) * 12 + month(record.period_start))::BIGINT << 48)
        + (record.load_id::BIGINT << 32) + record.line AS sequence,
    record.*
FROM stage.person AS record
JOIN stage.load USING (load_id)
JOIN stage.source AS origin USING (source_id);

-- Few persons have more than one record in a year; only they need merging, once for all that reads core.person.
-- They are looked for by a hash of eight bytes in place of texts of 32 letters, and what has the hash of another
-- record is then compared by its names: two persons of one hash stay two.
CREATE OR REPLACE TABLE core.repeated_record AS
WITH alike AS MATERIALIZED (
    SELECT collection, person_key, reference_year, core.row_number_of(load_id, line) AS person_id
    FROM core.person_record
    SEMI JOIN (
        SELECT hash(collection, person_key, reference_year) AS mark
        FROM core.person_record GROUP BY mark HAVING count(*) > 1
    ) AS marked ON marked.mark = hash(collection, person_key, reference_year)
)
SELECT person_id FROM alike
SEMI JOIN (
    SELECT collection, person_key, reference_year FROM alike GROUP BY ALL HAVING count(*) > 1
) USING (collection, person_key, reference_year);

CREATE OR REPLACE TABLE core.repeated AS
SELECT
    collection, person_key, reference_year,
    arg_min(core.row_number_of(load_id, line), sequence) AS person_id, min(period_start) AS period_start,
    min(entered) AS entered,
    arg_min(area_code, sequence) AS area_code, arg_max(gender, sequence) AS gender,
    arg_min(age_band, sequence) AS age_band, arg_min(age_group, sequence) AS age_group,
    arg_max(citizenship_group, sequence) AS citizenship_group, arg_max(status, sequence) AS status,
    arg_min(identified_by, sequence) AS identified_by, arg_min(load_id, sequence) AS load_id,
    list_sort(list_distinct(list(source))) AS source,
    list_sort(list_distinct(flatten(list(form)))) AS form,
    list_sort(list_distinct(flatten(list(sector)))) AS sector,
    list_sort(list_distinct(flatten(list(control_method)))) AS control_method,
    list_sort(list_distinct(flatten(list(recruitment_method)))) AS recruitment_method,
    list_sort(list_distinct(flatten(list(vulnerability)))) AS vulnerability,
    list_sort(list_distinct(flatten(list(known_to_agency)))) AS known_to_agency
FROM core.person_record
SEMI JOIN core.repeated_record ON repeated_record.person_id = core.row_number_of(load_id, line)
GROUP BY collection, person_key, reference_year;

CREATE OR REPLACE VIEW core.person AS
SELECT
    collection, person_key, reference_year, core.row_number_of(load_id, line) AS person_id, period_start,
    entered, area_code, gender, age_band, age_group, citizenship_group, status, identified_by, load_id,
    [source] AS source, form, sector, control_method, recruitment_method, vulnerability, known_to_agency
FROM core.person_record
ANTI JOIN core.repeated_record ON repeated_record.person_id = core.row_number_of(load_id, line)
UNION ALL BY NAME
FROM core.repeated;
