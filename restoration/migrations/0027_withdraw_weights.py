from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('restoration', '0026_engine_and_foreseen_work_of_a_run'),
    ]

    operations = [
        migrations.AddField(
            model_name='weights',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
