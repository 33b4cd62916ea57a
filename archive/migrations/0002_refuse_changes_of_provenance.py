from django.db import migrations

FORWARDS = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER provenance_is_append_only BEFORE UPDATE OR DELETE ON archive_provenanceevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER provenance_is_not_truncated BEFORE TRUNCATE ON archive_provenanceevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fixity_checks_are_append_only BEFORE UPDATE OR DELETE ON archive_fixitycheck
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

BACKWARDS = """
DROP TRIGGER fixity_checks_are_append_only ON archive_fixitycheck;
DROP TRIGGER provenance_is_not_truncated ON archive_provenanceevent;
DROP TRIGGER provenance_is_append_only ON archive_provenanceevent;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
