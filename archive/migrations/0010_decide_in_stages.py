from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0009_notes_are_brought_in'),
    ]

    operations = [
        migrations.AlterField(
            model_name='provenanceevent',
            name='type',
            field=models.CharField(choices=[('catalogued', 'Catalogued'), ('described', 'Description changed'), ('ingested', 'Ingested'), ('digest_computed', 'Digest computed'), ('probed', 'Technical facts read'), ('previewed', 'Previews made'), ('fixity_checked', 'Fixity checked'), ('rights_stated', 'Rights stated'), ('analysed', 'Analysed'), ('version_proposed', 'Version proposed'), ('run_queued', 'Run queued'), ('run_cancelled', 'Run cancelled'), ('run_failed', 'Run failed'), ('restored', 'Restored'), ('pair_reel_made', 'Pair reel made'), ('decided', 'Decided'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('policy_set', 'Rules of approval set'), ('packaged', 'Packaged for delivery'), ('released', 'Released'), ('revoked', 'Release revoked'), ('terms_accepted', 'Terms accepted'), ('downloaded', 'Downloaded'), ('weights_registered', 'Weights registered'), ('annotations_taken', 'Notes brought in')], max_length=30, verbose_name='event'),
        ),
    ]
