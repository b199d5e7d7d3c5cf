#!/bin/sh
# Installs Debian's packages of what Hullo is measured beside. It starts none of them, now or at the next boot: the bench
# runs each on a free port, from a folder of its own, and ends it by its process id. Needs root; takes about a minute.
set -eu

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo 'install-peers.sh: needs Debian (apt-get) and root' >&2
  exit 1
fi

# Debian starts a service as soon as it is installed, unless a policy says no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

services='ngircd inspircd ejabberd prosody nats-server'
for service in $services; do
  # A name that is masked is not started at boot either; who wants the service unmasks it.
  if [ ! -e "/lib/systemd/system/$service.service" ] && [ -d /etc/systemd/system ]; then
    ln -sf /dev/null "/etc/systemd/system/$service.service"
  fi
done

export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=120 update -qq
# shellcheck disable=SC2086 # a list of names
apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends \
  $services python3-flask python3-flask-sqlalchemy wrk strace >/dev/null

echo "installed: $services, Flask, wrk, strace"
