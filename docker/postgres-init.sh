#!/bin/bash
# Runs once, when the database's volume is empty. The same roles as in prtras/embedded.py: the owner migrates, the
# application serves, the reader takes data cuts. These two may connect and own nothing; what they may do, `manage.py
# migrate` grants.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" \
    --set reader_password="$READER_PASSWORD" <<'SQL'
CREATE ROLE prtras_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE prtras_app LOGIN PASSWORD :'app_password';
CREATE ROLE prtras_reader LOGIN PASSWORD :'reader_password';
ALTER ROLE prtras_reader SET default_transaction_read_only = on;
GRANT prtras_app TO prtras_owner;
CREATE DATABASE prtras OWNER prtras_owner;
REVOKE ALL ON DATABASE prtras FROM PUBLIC;
GRANT CONNECT ON DATABASE prtras TO prtras_app, prtras_reader;
GRANT TEMPORARY ON DATABASE prtras TO prtras_reader;
SQL
