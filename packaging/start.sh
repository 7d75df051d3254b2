#!/bin/sh
# The command inside the container: everything it keeps, its configuration too, is on the volume.
set -eu
home=/var/lib/diembao
[ -e "$home/config.toml" ] || cp /opt/diembao/config.toml "$home/config.toml"
exec /opt/diembao/.venv/bin/diembao --config "$home/config.toml" --home "$home" "$@"
