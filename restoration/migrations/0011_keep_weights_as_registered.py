from django.db import migrations

FORWARDS = """
CREATE FUNCTION keep_weights_as_registered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'registered weights are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.sha256, NEW.size_bytes, NEW.file_name, NEW.architecture, NEW.purpose, NEW.scale, NEW.by_id)
       IS DISTINCT FROM
       (OLD.sha256, OLD.size_bytes, OLD.file_name, OLD.architecture, OLD.purpose, OLD.scale, OLD.by_id) THEN
        RAISE EXCEPTION 'registered weights never become others' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER weights_stay_as_registered BEFORE UPDATE OR DELETE ON restoration_weights
    FOR EACH ROW EXECUTE FUNCTION keep_weights_as_registered();
"""

BACKWARDS = """
DROP TRIGGER weights_stay_as_registered ON restoration_weights;
DROP FUNCTION keep_weights_as_registered();
"""


class Migration(migrations.Migration):
    dependencies = [("restoration", "0010_keep_the_weights_people_bring")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
