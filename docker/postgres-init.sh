#!/bin/bash
# Runs once, when the database's volume is empty. The same roles as in prtras/embedded.py: the owner migrates, the
# application serves, the reader takes data cuts. These two may connect and own nothing; what they may do, `manage.py
# migrate` grants. A fourth one copies the whole server for backups and can read no table.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" \
    --set reader_password="$READER_PASSWORD" --set backup_password="$BACKUP_PASSWORD" <<'SQL'
CREATE ROLE prtras_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE prtras_app LOGIN PASSWORD :'app_password';
CREATE ROLE prtras_reader LOGIN PASSWORD :'reader_password';
ALTER ROLE prtras_reader SET default_transaction_read_only = on;
CREATE ROLE prtras_backup LOGIN REPLICATION PASSWORD :'backup_password';
GRANT prtras_app TO prtras_owner;
CREATE DATABASE prtras OWNER prtras_owner;
REVOKE ALL ON DATABASE prtras FROM PUBLIC;
GRANT CONNECT ON DATABASE prtras TO prtras_app, prtras_reader;
GRANT TEMPORARY ON DATABASE prtras TO prtras_reader;
SQL
echo 'host replication prtras_backup all scram-sha-256' >>"$PGDATA/pg_hba.conf"
