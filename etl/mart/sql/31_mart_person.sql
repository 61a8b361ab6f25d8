-- Grain: mart.person one person in one collection and reference year; mart.person_attribute one code of one
-- kind of one such person.
-- Why: the facts that the release counts. A missing value is the category "not_recorded", never NULL, because
-- the cell keys of a NULL group would be the same every time. Codes are ENUM (types made by etl.mart.steps from the
-- code lists): grouping by them is faster, and a code outside its list cannot get in.

CREATE TABLE mart.person AS
SELECT
    person.collection, person_key, reference_year, period_start,
    coalesce(area_code, 'not_recorded') AS area_code,
    coalesce(gender, 'not_recorded')::mart.code_gender AS gender,
    coalesce(age_band, 'not_recorded')::mart.code_age_band AS age_band,
    -- The group of the band where one is known: then the two always agree.
    coalesce(nullif(band.code_group, 'not_recorded'), age_group, 'not_recorded')::mart.code_age_group AS age_group,
    coalesce(citizenship_group, 'not_recorded')::mart.code_citizenship_group AS citizenship_group,
    coalesce(status, 'not_recorded')::mart.code_status AS status,
    coalesce(identified_by, 'not_recorded')::mart.code_identified_by AS identified_by,
    load_id
FROM core.person
LEFT JOIN stage.code AS band ON band.dimension = 'age_band' AND band.code = person.age_band;

CREATE TABLE mart.person_attribute (
    collection VARCHAR NOT NULL, person_key VARCHAR NOT NULL, reference_year BIGINT NOT NULL,
    kind mart.attribute_kind NOT NULL, code VARCHAR NOT NULL
);

INSERT INTO mart.person_attribute
SELECT collection, person_key, reference_year, 'form', unnest(core.codes(form)) FROM core.person;

-- Pairs of forms are those of the code list; a person with three forms has three pairs.
INSERT INTO mart.person_attribute
SELECT collection, person_key, reference_year, 'form_pair', pair.code
FROM core.person
JOIN (
    SELECT code, split_part(code, '__', 1) AS one, split_part(code, '__', 2) AS two
    FROM stage.code WHERE dimension = 'form_pair'
) AS pair ON list_contains(form, pair.one) AND list_contains(form, pair.two)
WHERE len(form) > 1;

INSERT INTO mart.person_attribute
SELECT collection, person_key, reference_year, 'sector', unnest(core.codes(sector)) FROM core.person;

INSERT INTO mart.person_attribute
SELECT collection, person_key, reference_year, 'control_method', unnest(core.codes(control_method)) FROM core.person;

INSERT INTO mart.person_attribute
SELECT collection, person_key, reference_year, 'recruitment_method', unnest(core.codes(recruitment_method)) FROM core.person;

INSERT INTO mart.person_attribute
SELECT collection, person_key, reference_year, 'vulnerability', unnest(core.codes(vulnerability)) FROM core.person;

-- Which agencies knew a person: an empty list says nothing, so there is no "not recorded" here.
INSERT INTO mart.person_attribute
SELECT collection, person_key, reference_year, 'known_to_agency', unnest(known_to_agency) FROM core.person;

INSERT INTO mart.person_attribute
SELECT collection, person_key, reference_year, 'source', unnest(source) FROM core.person;
