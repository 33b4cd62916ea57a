import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0010_decide_in_stages'),
        ('restoration', '0017_keep_when_brought_notes_were_written'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ApprovalPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='PolicyStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('name', models.CharField(blank=True, max_length=60)),
                ('role', models.CharField(choices=[('archivist', 'Archivist'), ('restorer', 'Restorer'), ('reviewer', 'Reviewer'), ('administrator', 'Administrator')], max_length=20)),
                ('quorum', models.PositiveSmallIntegerField(default=1)),
                ('veto', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='ReviewChain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('length', models.PositiveBigIntegerField(default=0)),
                ('head', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='review',
            name='one_decision_per_version',
        ),
        migrations.AddField(
            model_name='review',
            name='hash',
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='review',
            name='number',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='review',
            name='prev_hash',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='review',
            name='stage',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='review',
            name='stages',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='review',
            name='watched',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name='review',
            name='decided_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name='review',
            name='decision',
            field=models.CharField(choices=[('approved', 'Approved'), ('approved_with_notes', 'Approved with notes'), ('rejected', 'Rejected'), ('abstained', 'Abstained')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('version', 'reviewer', 'master_sha256', 'pair_reel_sha256'), name='one_decision_per_person_and_bytes'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', 'approved_with_notes'), _negated=True), ('reason__regex', '\\S'), _connector='OR'), name='an_approval_with_notes_has_notes'),
        ),
        migrations.AddField(
            model_name='approvalpolicy',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approvalpolicy',
            name='collection',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='approval_policy', to='archive.collection'),
        ),
        migrations.AddField(
            model_name='policystage',
            name='policy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='restoration.approvalpolicy'),
        ),
        migrations.AddConstraint(
            model_name='reviewchain',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='there_is_one_chain_of_decisions'),
        ),
        migrations.AddConstraint(
            model_name='policystage',
            constraint=models.UniqueConstraint(fields=('policy', 'order'), name='stages_come_one_after_the_other'),
        ),
        migrations.AddConstraint(
            model_name='policystage',
            constraint=models.CheckConstraint(condition=models.Q(('order__gte', 1), ('quorum__gte', 1), ('role__in', ('archivist', 'restorer', 'reviewer', 'administrator'))), name='a_stage_is_decided_by_people'),
        ),
    ]
