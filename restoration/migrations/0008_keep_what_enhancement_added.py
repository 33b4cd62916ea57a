from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('restoration', '0007_keep_what_each_shot_changed'),
    ]

    operations = [
        migrations.AddField(
            model_name='runshot',
            name='faithfulness',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
