from django.db import migrations

FORWARDS = """
CREATE FUNCTION keep_annotation_where_it_was_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'annotations are withdrawn, never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.key, NEW.version_id, NEW.start, NEW."end", NEW.side, NEW.drawing, NEW.author_id, NEW.told_by, NEW.created_at)
       IS DISTINCT FROM
       (OLD.key, OLD.version_id, OLD.start, OLD."end", OLD.side, OLD.drawing, OLD.author_id, OLD.told_by, OLD.created_at) THEN
        RAISE EXCEPTION 'an annotation stays where it was made' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'a withdrawn annotation never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER annotations_stay_where_they_were_made BEFORE UPDATE OR DELETE ON restoration_annotation
    FOR EACH ROW EXECUTE FUNCTION keep_annotation_where_it_was_made();
CREATE TRIGGER replies_are_append_only BEFORE UPDATE OR DELETE ON restoration_annotationreply
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE restoration_annotation ADD CONSTRAINT a_drawing_is_a_bounded_list
    CHECK (jsonb_typeof(drawing) = 'array' AND jsonb_array_length(drawing) <= 100
           AND octet_length(drawing::text) <= 200000);
"""

BACKWARDS = """
ALTER TABLE restoration_annotation DROP CONSTRAINT a_drawing_is_a_bounded_list;
DROP TRIGGER replies_are_append_only ON restoration_annotationreply;
DROP TRIGGER annotations_stay_where_they_were_made ON restoration_annotation;
DROP FUNCTION keep_annotation_where_it_was_made();
"""


class Migration(migrations.Migration):
    dependencies = [("restoration", "0012_keep_remarks_and_notices"),
                    ("archive", "0002_refuse_changes_of_provenance")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
