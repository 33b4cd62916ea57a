from django.db import migrations, models

FAILING = ("analysis", "run", "delivery")


class Migration(migrations.Migration):
    dependencies = [("restoration", "0002_keep_promises")]
    operations = [
        *(migrations.RenameField(name, "error", "error_text") for name in FAILING),
        *(migrations.AddField(name, "error_values", models.JSONField(blank=True, default=dict)) for name in FAILING),
        *(migrations.AddField(name, "attempts", models.PositiveSmallIntegerField(default=0)) for name in FAILING),
        migrations.AddField("delivery", "worker", models.CharField(blank=True, max_length=100)),
        migrations.AddField("delivery", "heartbeat_at", models.DateTimeField(null=True)),
    ]
