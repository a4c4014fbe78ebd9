#!/bin/bash
# Runs once, when the database's volume is empty. The same two roles as in prtras/embedded.py: the owner migrates, the
# application serves. The application may connect and owns nothing; what it may do, `manage.py migrate` grants.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE prtras_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE prtras_app LOGIN PASSWORD :'app_password';
GRANT prtras_app TO prtras_owner;
CREATE DATABASE prtras OWNER prtras_owner;
REVOKE ALL ON DATABASE prtras FROM PUBLIC;
GRANT CONNECT ON DATABASE prtras TO prtras_app;
SQL
