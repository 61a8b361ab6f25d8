-- Grain: mart.person one person in one collection and reference year; mart.person_attribute one code of one
-- kind of one such person.
-- Why: the facts that the release counts. A missing value is the category "not_recorded", never NULL, because
-- the cell keys of a NULL group would be the same every time. Codes are ENUM (types made by etl.mart.code_lists from the
-- code lists): grouping by them is faster, and a code outside its list cannot get in.

CREATE TABLE mart.person AS
SELECT
    person.collection, person_key, reference_year, period_start,
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

CREATE TABLE mart.person_attribute (
    collection VARCHAR NOT NULL, person_key VARCHAR NOT NULL, reference_year BIGINT NOT NULL,
    kind mart.attribute_kind NOT NULL, code VARCHAR NOT NULL
);

-- Which agencies knew a person: an empty list says nothing, so there is no "not recorded" for it.
INSERT INTO mart.person_attribute
SELECT collection, person_key, reference_year, unnest(
    core.attributes('form', core.codes(form))
        || core.attributes('sector', core.codes(sector))
        || core.attributes('control_method', core.codes(control_method))
        || core.attributes('recruitment_method', core.codes(recruitment_method))
        || core.attributes('vulnerability', core.codes(vulnerability))
        || core.attributes('known_to_agency', known_to_agency)
        || core.attributes('source', source),
    recursive := true
)
FROM core.person;

-- Pairs of forms are those of the code list; a person with three forms has three pairs.
INSERT INTO mart.person_attribute
SELECT collection, person_key, reference_year, 'form_pair', pair.code
FROM core.person
JOIN (
    SELECT code, split_part(code, '__', 1) AS one, split_part(code, '__', 2) AS two
    FROM stage.code WHERE dimension = 'form_pair'
) AS pair ON list_contains(form, pair.one) AND list_contains(form, pair.two)
WHERE len(form) > 1;
