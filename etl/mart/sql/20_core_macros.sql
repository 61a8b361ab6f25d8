-- Grain: none, no table.
-- Why: what several files below need is written once. The macros that follow from code lists, core.code_<dimension>
-- and core.band_<dimension>, are made by etl.mart.code_lists.

-- Codes of a list as they are counted: an empty or missing list is the category "not_recorded".
CREATE OR REPLACE MACRO core.codes(listed) AS coalesce(nullif(listed, []), ['not_recorded']);

-- Rows of a bridge table, one a code: unnest(core.attributes(…), recursive := true) gives the columns kind and code.
-- A missing list has none, or it would take the lists that it is joined to with it.
CREATE OR REPLACE MACRO core.attributes(kind, codes) AS coalesce(
    list_transform(codes, lambda code: {'kind': kind::mart.attribute_kind, 'code': code}), []
);

-- One number for a row of the stage: of all loads no two rows have the same.
CREATE OR REPLACE MACRO core.row_number_of(load_id, line) AS (load_id::BIGINT << 40) + line;

CREATE OR REPLACE MACRO core.area_kind(is_rural) AS core.code_area_kind(
    CASE WHEN is_rural THEN 'rural' WHEN NOT is_rural THEN 'urban' END
);
