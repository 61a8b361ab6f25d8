-- Grain: mart.organisation one organisation; mart.receiver one that can be asked for help.
-- Why: kinds of organisation for the network, funding and referrals. The latest load of a code holds. The key
-- joins it to records, which know an organisation only by its key.

CREATE TABLE mart.organisation AS
SELECT
    organisation, organisation_key, name,
    core.code_organisation_type(organisation_type) AS organisation_type,
    area_code, active_from, active_to
FROM stage.organisation
QUALIFY row_number() OVER (PARTITION BY organisation ORDER BY load_id DESC, line DESC) = 1
ORDER BY organisation;

-- Organisations by their public code; the codes that referrals may hold, and no others.
CREATE TABLE mart.receiver AS
SELECT organisation AS code, name AS label, organisation_type FROM mart.organisation
UNION ALL SELECT 'unlisted', 'An organisation that is not on the list', 'not_recorded'
UNION ALL SELECT 'not_recorded', 'Not recorded', 'not_recorded';
