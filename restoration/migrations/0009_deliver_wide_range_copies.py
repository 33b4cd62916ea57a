from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('restoration', '0008_keep_what_enhancement_added'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='extras',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name='deliveryitem',
            name='kind',
            field=models.CharField(choices=[('master', 'Master'), ('mezzanine', 'Mezzanine'), ('access', 'Viewing copy'), ('wide_range', 'Wide-range copy'), ('manifest', 'Manifest'), ('sheet', 'Restoration sheet')], max_length=12),
        ),
    ]
