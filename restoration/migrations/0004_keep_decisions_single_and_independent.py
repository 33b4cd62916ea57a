from django.db import migrations, models

FORWARDS = """
CREATE FUNCTION refuse_own_judgement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM restoration_version v WHERE v.id = NEW.version_id AND v.by_id = NEW.reviewer_id) THEN
        RAISE EXCEPTION 'nobody judges a version of their own' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_are_by_somebody_else BEFORE INSERT ON restoration_review
    FOR EACH ROW EXECUTE FUNCTION refuse_own_judgement();
"""

BACKWARDS = """
DROP TRIGGER reviews_are_by_somebody_else ON restoration_review;
DROP FUNCTION refuse_own_judgement();
"""


class Migration(migrations.Migration):
    dependencies = [("restoration", "0003_keep_errors_translatable_and_count_attempts")]
    operations = [
        migrations.AddConstraint("review", models.UniqueConstraint(fields=["version"], name="one_decision_per_version")),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
