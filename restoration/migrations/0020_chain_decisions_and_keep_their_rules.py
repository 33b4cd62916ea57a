from django.db import migrations, models

FORWARDS = """
DROP TRIGGER reviews_bind_to_the_master ON restoration_review;
DROP FUNCTION bind_review_to_master();

CREATE FUNCTION bind_review_to_its_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE standing text;
BEGIN
    SELECT v.state INTO standing
      FROM restoration_version v JOIN archive_mediafile m ON m.id = v.master_id
     WHERE v.id = NEW.version_id AND m.sha256 = NEW.master_sha256 AND v.pair_reel_sha256 = NEW.pair_reel_sha256;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a review names the SHA-256 of the master and the pair reel it judged'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF standing <> 'to_review' THEN
        RAISE EXCEPTION 'only a version that waits for its review is judged'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_bind_to_their_bytes BEFORE INSERT ON restoration_review
    FOR EACH ROW EXECUTE FUNCTION bind_review_to_its_bytes();

CREATE FUNCTION move_the_end_of_the_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE restoration_reviewchain SET length = length + 1, head = NEW.hash
     WHERE id = 1 AND length + 1 = NEW.number AND head = NEW.prev_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a decision follows the last one of the chain' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_move_the_end_of_the_chain AFTER INSERT ON restoration_review
    FOR EACH ROW EXECUTE FUNCTION move_the_end_of_the_chain();
CREATE TRIGGER the_chain_ends_where_decisions_end BEFORE UPDATE OR DELETE ON restoration_reviewchain
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change();

CREATE FUNCTION void_decisions_about_other_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.pair_reel_sha256 IS DISTINCT FROM OLD.pair_reel_sha256 AND NEW.state IN ('approved', 'rejected') THEN
        NEW.state := 'to_review';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER new_bytes_void_old_decisions BEFORE UPDATE OF pair_reel_sha256 ON restoration_version
    FOR EACH ROW EXECUTE FUNCTION void_decisions_about_other_bytes();

-- The rules are those that stand in the first decision about the bytes; one reviewer where none stand there.
CREATE FUNCTION is_approved_by_its_rules(wanted bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH decisions AS (
        SELECT r.*, v.by_id, r.decision IN ('approved', 'approved_with_notes') AS approves
          FROM restoration_review r
          JOIN restoration_version v ON v.id = r.version_id AND v.pair_reel_sha256 = r.pair_reel_sha256
          JOIN archive_mediafile m ON m.id = v.master_id AND m.sha256 = r.master_sha256
         WHERE v.id = wanted AND v.state = 'approved'
    ), rules AS (
        SELECT rule FROM (SELECT stages FROM decisions ORDER BY number LIMIT 1) of_the_first,
               jsonb_array_elements(CASE WHEN stages = '[]' THEN '[{"order": 1, "quorum": 1, "veto": true}]'
                                         ELSE stages END) AS rule
    )
    SELECT EXISTS (
        SELECT 1 FROM decisions d WHERE approves AND reviewer_id <> by_id AND NOT EXISTS (
            SELECT 1 FROM restoration_run n WHERE n.version_id = d.version_id AND n.by_id = d.reviewer_id)
    ) AND NOT EXISTS (
        SELECT 1 FROM rules
         WHERE (SELECT count(*) FROM decisions WHERE approves AND stage = (rule->>'order')::int)
               < (rule->>'quorum')::int
            OR (SELECT count(*) FROM decisions WHERE decision = 'rejected' AND stage = (rule->>'order')::int)
               >= CASE WHEN (rule->>'veto')::boolean THEN 1 ELSE (rule->>'quorum')::int END
    )
$$;

CREATE OR REPLACE FUNCTION deliver_only_what_was_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state NOT IN ('revoked') AND NOT is_approved_by_its_rules(NEW.version_id) THEN
        RAISE EXCEPTION 'only an approved version can be delivered' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

BACKWARDS = """
CREATE OR REPLACE FUNCTION deliver_only_what_was_approved() RETURNS trigger LANGUAGE plpgsql AS $$
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
DROP FUNCTION is_approved_by_its_rules(bigint);
DROP TRIGGER new_bytes_void_old_decisions ON restoration_version;
DROP FUNCTION void_decisions_about_other_bytes();
DROP TRIGGER the_chain_ends_where_decisions_end ON restoration_reviewchain;
DROP TRIGGER reviews_move_the_end_of_the_chain ON restoration_review;
DROP FUNCTION move_the_end_of_the_chain();
DROP TRIGGER reviews_bind_to_their_bytes ON restoration_review;
DROP FUNCTION bind_review_to_its_bytes();

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
"""


class Migration(migrations.Migration):
    dependencies = [("restoration", "0019_seal_the_decisions_that_are_there")]
    operations = [
        migrations.AlterField("review", "number", models.PositiveBigIntegerField(unique=True)),
        migrations.AlterField("review", "hash", models.CharField(max_length=64, unique=True)),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
