from django.db import migrations

FORWARDS = """
CREATE TRIGGER shot_verdicts_are_append_only BEFORE UPDATE OR DELETE ON restoration_shotverdict
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER shot_verdicts_are_not_truncated BEFORE TRUNCATE ON restoration_shotverdict
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION derive_from_a_master_of_the_same_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.derived_from_id IS DISTINCT FROM OLD.derived_from_id THEN
        RAISE EXCEPTION 'where a version comes from never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.derived_from_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM restoration_version v
         WHERE v.id = NEW.derived_from_id AND v.master_id IS NOT NULL AND v.number < NEW.number
           AND (v.asset_id, v.source_id, v.analysis_id) = (NEW.asset_id, NEW.source_id, NEW.analysis_id)
    ) THEN
        RAISE EXCEPTION 'a version is derived from one of the same source that has a master'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER versions_are_derived_from_their_like BEFORE INSERT OR UPDATE OF derived_from_id ON restoration_version
    FOR EACH ROW EXECUTE FUNCTION derive_from_a_master_of_the_same_source();
"""

BACKWARDS = """
DROP TRIGGER versions_are_derived_from_their_like ON restoration_version;
DROP FUNCTION derive_from_a_master_of_the_same_source();
DROP TRIGGER shot_verdicts_are_not_truncated ON restoration_shotverdict;
DROP TRIGGER shot_verdicts_are_append_only ON restoration_shotverdict;
"""


class Migration(migrations.Migration):
    dependencies = [("restoration", "0014_derive_versions_and_judge_shots")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
