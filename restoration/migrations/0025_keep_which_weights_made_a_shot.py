from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('restoration', '0024_keep_before_after_clips'),
    ]

    operations = [
        migrations.AddField(
            model_name='runshot',
            name='weights',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
