

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('restoration', '0013_keep_remarks_where_they_were_made'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='runshot',
            name='held_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='restoration.version'),
        ),
        migrations.AddField(
            model_name='version',
            name='derived_from',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='derived', to='restoration.version'),
        ),
        migrations.CreateModel(
            name='ShotVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shot', models.PositiveIntegerField()),
                ('start', models.PositiveBigIntegerField()),
                ('end', models.PositiveBigIntegerField()),
                ('verdict', models.CharField(choices=[('good', 'Good'), ('bad_case', 'Bad case')], max_length=10)),
                ('category', models.CharField(blank=True, choices=[('plastic_faces', 'Plastic faces'), ('lost_grain', 'Lost grain'), ('ghosting', 'Ghosting'), ('flicker_left', 'Flicker left'), ('colour_shift', 'Colour shift'), ('invented_detail', 'Invented detail'), ('missed_damage', 'Missed damage'), ('sound', 'Sound'), ('other', 'Other')], max_length=20)),
                ('words', models.TextField(blank=True)),
                ('frame', models.PositiveBigIntegerField(null=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('carried_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='restoration.shotverdict')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shot_verdicts', to='restoration.version')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['version', 'shot', '-id'], name='verdicts_of_a_shot')],
                'constraints': [models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='a_judged_shot_has_frames'), models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'bad_case'), _negated=True), models.Q(('category', ''), _negated=True), _connector='OR'), name='a_bad_case_has_a_category')],
            },
        ),
    ]
