from django.db import migrations

FORWARDS = """
CREATE FUNCTION keep_version_as_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'versions are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.asset_id, NEW.number, NEW.source_id, NEW.analysis_id, NEW.settings, NEW.settings_digest, NEW.by_id)
       IS DISTINCT FROM
       (OLD.asset_id, OLD.number, OLD.source_id, OLD.analysis_id, OLD.settings, OLD.settings_digest, OLD.by_id) THEN
        RAISE EXCEPTION 'source and settings of a version never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.master_id IS NOT NULL AND NEW.master_id IS DISTINCT FROM OLD.master_id THEN
        RAISE EXCEPTION 'the master of a version is set once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER versions_stay_as_promised BEFORE UPDATE OR DELETE ON restoration_version
    FOR EACH ROW EXECUTE FUNCTION keep_version_as_promised();

CREATE FUNCTION bind_review_to_master() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM restoration_version v JOIN archive_mediafile m ON m.id = v.master_id
        WHERE v.id = NEW.version_id AND m.sha256 = NEW.master_sha256
    ) THEN
        RAISE EXCEPTION 'a review names the SHA-256 of the master it judged' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_bind_to_the_master BEFORE INSERT ON restoration_review
    FOR EACH ROW EXECUTE FUNCTION bind_review_to_master();
CREATE TRIGGER reviews_are_append_only BEFORE UPDATE OR DELETE ON restoration_review
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reviews_are_not_truncated BEFORE TRUNCATE ON restoration_review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER acceptances_are_append_only BEFORE UPDATE OR DELETE ON restoration_termsacceptance
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION deliver_only_what_was_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE verdict text;
BEGIN
    IF NEW.state IN ('revoked') THEN
        RETURN NEW;
    END IF;
    SELECT r.decision INTO verdict
      FROM restoration_review r
      JOIN restoration_version v ON v.id = r.version_id
      JOIN archive_mediafile m ON m.id = v.master_id AND m.sha256 = r.master_sha256
     WHERE r.version_id = NEW.version_id
     ORDER BY r.decided_at DESC, r.id DESC LIMIT 1;
    IF verdict IS DISTINCT FROM 'approved' THEN
        RAISE EXCEPTION 'only an approved version can be delivered' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deliveries_need_an_approval BEFORE INSERT OR UPDATE OF version_id, state ON restoration_delivery
    FOR EACH ROW EXECUTE FUNCTION deliver_only_what_was_approved();
"""

BACKWARDS = """
DROP TRIGGER deliveries_need_an_approval ON restoration_delivery;
DROP FUNCTION deliver_only_what_was_approved();
DROP TRIGGER acceptances_are_append_only ON restoration_termsacceptance;
DROP TRIGGER reviews_are_not_truncated ON restoration_review;
DROP TRIGGER reviews_are_append_only ON restoration_review;
DROP TRIGGER reviews_bind_to_the_master ON restoration_review;
DROP FUNCTION bind_review_to_master();
DROP TRIGGER versions_stay_as_promised ON restoration_version;
DROP FUNCTION keep_version_as_promised();
"""


class Migration(migrations.Migration):
    dependencies = [("restoration", "0001_initial"), ("archive", "0002_refuse_changes_of_provenance")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
