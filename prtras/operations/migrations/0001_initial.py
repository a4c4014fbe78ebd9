
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='OperationRecord',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(help_text='backup or restore', max_length=10)),
                ('backup', models.CharField(blank=True, max_length=60)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ok', models.BooleanField(help_text='empty while it goes on', null=True)),
                ('size', models.BigIntegerField(help_text='bytes', null=True)),
                ('findings', models.JSONField(default=list, help_text='what is wrong, line by line')),
            ],
            options={
                'ordering': ['-began_at'],
            },
        ),
    ]
