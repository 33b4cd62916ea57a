import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('restoration', '0027_withdraw_weights'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('error_text', models.CharField(blank=True, max_length=1000)),
                ('error_values', models.JSONField(blank=True, default=dict)),
                ('error_reference', models.CharField(blank=True, max_length=20)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('lost', 'Lost')], default='queued', max_length=12)),
                ('worker', models.CharField(blank=True, max_length=100)),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('queued_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('name', models.CharField(max_length=100)),
                ('licence', models.CharField(max_length=200)),
                ('origin', models.CharField(blank=True, max_length=500)),
                ('file_name', models.CharField(max_length=1000)),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('size_bytes', models.BigIntegerField()),
                ('incoming', models.CharField(max_length=100)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('weights', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='restoration.weights')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'finished'), _negated=True), ('weights__isnull', False), _connector='OR'), name='what_passed_its_inspection_is_registered'), models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('sha256',), name='one_inspection_at_a_time_of_the_same_bytes')],
            },
        ),
    ]
