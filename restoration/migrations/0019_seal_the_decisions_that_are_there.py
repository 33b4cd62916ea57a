import hashlib
import json
from datetime import UTC

from django.db import migrations

# The order in which they were made becomes their place in the chain; what they say stays as it is.
ALONE = "ALTER TABLE restoration_review DISABLE TRIGGER reviews_are_append_only"
GUARDED = "ALTER TABLE restoration_review ENABLE TRIGGER reviews_are_append_only"


def seal(apps, schema_editor):
    head, length = "", 0
    for review in apps.get_model("restoration", "Review").objects.order_by("pk").iterator():
        length += 1
        review.number, review.prev_hash = length, head
        review.hash = head = _hash_of(review)
        review.save(update_fields=["number", "prev_hash", "hash"])
    apps.get_model("restoration", "ReviewChain").objects.update_or_create(
        pk=1, defaults={"length": length, "head": head})


def forget(apps, schema_editor):
    apps.get_model("restoration", "ReviewChain").objects.all().delete()


def _hash_of(review):
    content = {
        "number": review.number, "prev_hash": review.prev_hash, "version": review.version_id,
        "reviewer": review.reviewer_id, "decision": review.decision, "reason": review.reason, "stage": review.stage,
        "stages": review.stages, "watched": review.watched, "master_sha256": review.master_sha256,
        "pair_reel_sha256": review.pair_reel_sha256,
        "decided_at": review.decided_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [("restoration", "0018_decide_in_stages")]
    operations = [
        migrations.RunSQL(ALONE, GUARDED),
        migrations.RunPython(seal, forget),
        migrations.RunSQL(GUARDED, ALONE),
    ]
