-- Grain: mart.person one person in one collection and reference year; mart.person_code one code of one kind of
-- one such person, whom it names by number; mart.person_attribute the same by the names that releases use.
-- Why: the facts that the release counts. A missing value is the category "not_recorded", never NULL, because
-- the cell keys of a NULL group would be the same every time. Codes are ENUM (types made by etl.mart.code_lists from the
-- code lists): grouping by them is faster, and a code outside its list cannot get in.

CREATE TABLE mart.person AS
SELECT
    person.collection, person_key, reference_year, person_id, period_start,
    coalesce(area_code, 'not_recorded') AS area_code,
    core.code_gender(gender) AS gender,
    core.code_age_band(age_band) AS age_band,
    -- The group of the band where one is known: then the two always agree.
    core.code_age_group(coalesce(nullif(band.code_group, 'not_recorded'), age_group)) AS age_group,
    core.code_citizenship_group(citizenship_group) AS citizenship_group,
    core.code_status(status) AS status,
    core.code_identified_by(identified_by) AS identified_by,
    load_id
FROM core.person
LEFT JOIN stage.code AS band ON band.dimension = 'age_band' AND band.code = person.age_band;

-- Each list is read by itself, with numbers in place of texts of 32 letters: taking all lists of a row apart at
-- once, with texts, took three times as long. Each kind is cast, or all would be kept as text. "Which agencies knew
-- a person" has no "not recorded": an empty list says nothing.
CREATE TABLE mart.person_code AS
SELECT person_id, 'form'::mart.attribute_kind AS kind, unnest(core.codes(form)) AS code FROM core.person
UNION ALL
SELECT person_id, 'sector'::mart.attribute_kind, unnest(core.codes(sector)) FROM core.person
UNION ALL
SELECT person_id, 'control_method'::mart.attribute_kind, unnest(core.codes(control_method)) FROM core.person
UNION ALL
SELECT person_id, 'recruitment_method'::mart.attribute_kind, unnest(core.codes(recruitment_method)) FROM core.person
UNION ALL
SELECT person_id, 'vulnerability'::mart.attribute_kind, unnest(core.codes(vulnerability)) FROM core.person
UNION ALL
SELECT person_id, 'known_to_agency'::mart.attribute_kind, unnest(known_to_agency) FROM core.person
UNION ALL
SELECT person_id, 'source'::mart.attribute_kind, unnest(source) FROM core.person
UNION ALL
-- Whole months from the month of the person to that of entry; one entered before is a slip of the pen.
SELECT person_id, 'entered_after'::mart.attribute_kind, datediff('month', period_start, entered)::VARCHAR
FROM core.person WHERE entered >= period_start;

-- Pairs of forms are those of the code list; a person with three forms has three pairs.
INSERT INTO mart.person_code
SELECT person_id, 'form_pair'::mart.attribute_kind, pair.code
FROM core.person
JOIN (
    SELECT code, split_part(code, '__', 1) AS one, split_part(code, '__', 2) AS two
    FROM stage.code WHERE dimension = 'form_pair'
) AS pair ON list_contains(form, pair.one) AND list_contains(form, pair.two)
WHERE len(form) > 1;

CREATE VIEW mart.person_attribute AS
SELECT collection, person_key, reference_year, kind, code
FROM mart.person_code JOIN mart.person USING (person_id);
