import django.db.models.deletion
import secrets
from django.conf import settings
from django.db import migrations, models


FORWARDS = """
CREATE FUNCTION refuse_a_late_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM restoration_blindtrial t WHERE t.id = NEW.trial_id AND t.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a closed trial takes no votes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER votes_come_before_the_end BEFORE INSERT ON restoration_blindvote
    FOR EACH ROW EXECUTE FUNCTION refuse_a_late_vote();
CREATE TRIGGER votes_are_append_only BEFORE UPDATE OR DELETE ON restoration_blindvote
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER votes_are_not_truncated BEFORE TRUNCATE ON restoration_blindvote
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BACKWARDS = """
DROP TRIGGER votes_are_not_truncated ON restoration_blindvote;
DROP TRIGGER votes_are_append_only ON restoration_blindvote;
DROP TRIGGER votes_come_before_the_end ON restoration_blindvote;
DROP FUNCTION refuse_a_late_vote();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('restoration', '0022_ask_for_reviews_and_mail_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BlindTrial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=300)),
                ('frames', models.JSONField()),
                ('seed', models.CharField(default=secrets.token_hex, editable=False, max_length=64)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='restoration.version')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='restoration.version')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='BlindVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('preference', models.CharField(choices=[('left', 'The left one'), ('right', 'The right one'), ('neither', 'No difference')], max_length=10)),
                ('words', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('left', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='restoration.version')),
                ('preferred', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='restoration.version')),
                ('trial', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='restoration.blindtrial')),
                ('voter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='blindtrial',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first', models.F('second')), _negated=True), models.Q(('frames', []), _negated=True)), name='a_trial_has_two_versions_and_frames'),
        ),
        migrations.AddConstraint(
            model_name='blindvote',
            constraint=models.UniqueConstraint(fields=('trial', 'voter'), name='a_person_votes_once_in_a_trial'),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
