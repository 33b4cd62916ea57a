
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('restoration', '0015_keep_verdicts_and_where_versions_come_from'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('error_text', models.CharField(blank=True, max_length=1000)),
                ('error_values', models.JSONField(blank=True, default=dict)),
                ('error_reference', models.CharField(blank=True, max_length=20)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('shot', models.PositiveIntegerField()),
                ('start', models.PositiveBigIntegerField()),
                ('end', models.PositiveBigIntegerField()),
                ('frames', models.JSONField()),
                ('trials', models.JSONField()),
                ('pictures', models.JSONField(blank=True, default=list)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('lost', 'Lost')], default='queued', max_length=12)),
                ('worker', models.CharField(blank=True, max_length=100)),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('queued_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='restoration.version')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['version', 'shot', '-id'], name='looks_at_a_shot')],
                'constraints': [models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='a_look_at_a_shot_with_frames'), models.CheckConstraint(condition=models.Q(models.Q(('frames', []), _negated=True), models.Q(('trials', []), _negated=True)), name='a_look_has_frames_and_trials')],
            },
        ),
        migrations.CreateModel(
            name='Preset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
                ('description', models.CharField(blank=True, max_length=500)),
                ('settings', models.JSONField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('learnt_on', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presets', to='restoration.version')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name__regex', '\\S')), name='a_preset_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='ShotOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shot', models.PositiveIntegerField()),
                ('start', models.PositiveBigIntegerField()),
                ('end', models.PositiveBigIntegerField()),
                ('changes', models.JSONField(default=dict)),
                ('retouch', models.JSONField(default=list)),
                ('at', models.DateTimeField(auto_now=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('derived_as', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='restoration.version')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shot_overrides', to='restoration.version')),
            ],
            options={
                'ordering': ['shot'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('derived_as', None)), fields=('version', 'shot'), name='one_open_override_per_shot'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='an_overridden_shot_has_frames')],
            },
        ),
    ]
