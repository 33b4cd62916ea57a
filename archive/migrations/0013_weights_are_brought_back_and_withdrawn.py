from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0012_before_after_clips_are_made'),
    ]

    operations = [
        migrations.AlterField(
            model_name='provenanceevent',
            name='type',
            field=models.CharField(choices=[('catalogued', 'Catalogued'), ('described', 'Description changed'), ('ingested', 'Ingested'), ('digest_computed', 'Digest computed'), ('probed', 'Technical facts read'), ('previewed', 'Previews made'), ('fixity_checked', 'Fixity checked'), ('rights_stated', 'Rights stated'), ('analysed', 'Analysed'), ('version_proposed', 'Version proposed'), ('run_queued', 'Run queued'), ('run_cancelled', 'Run cancelled'), ('run_failed', 'Run failed'), ('restored', 'Restored'), ('pair_reel_made', 'Pair reel made'), ('decided', 'Decided'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('policy_set', 'Rules of approval set'), ('packaged', 'Packaged for delivery'), ('released', 'Released'), ('revoked', 'Release revoked'), ('terms_accepted', 'Terms accepted'), ('downloaded', 'Downloaded'), ('weights_registered', 'Weights registered'), ('weights_brought_back', 'Weights brought back'), ('weights_withdrawn', 'Weights withdrawn'), ('weights_offered_again', 'Weights offered again'), ('annotations_taken', 'Notes brought in'), ('clip_made', 'Before/after clip made'), ('network_adapted', 'Network adapted')], max_length=30, verbose_name='event'),
        ),
    ]
