#!/usr/bin/env bash
# Real peers for the tests, on loopback only: Redis (AOF, noeviction) and an S3 server (OpenStack Swift's s3api).
#
#   scripts/peers.sh install     Debian packages (root); their own services are not started
#   scripts/peers.sh up DIR      starts what is not running; prints REDIS_URL=… and S3_…=… lines for the tests
#   scripts/peers.sh down DIR    stops exactly what `up DIR` started
#
#   export $(scripts/peers.sh up /tmp/peers) && npm test; scripts/peers.sh down /tmp/peers
#
# `up` needs root: Swift reads /etc/swift/swift.conf wherever its other settings lie.
set -euo pipefail

packages=(redis-server swift swift-account swift-container swift-object swift-proxy memcached python3 curl)

usage() { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }

install() {
  dpkg -s "${packages[@]}" >/dev/null 2>&1 && return
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then # 101 = "do not start services"
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod +x $policy
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >&2
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
}

# A process is known by its id and the moment it began, so that a reused id is never taken for ours.
began_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
is_running() { [ -n "$1" ] && [ "$(began_at "$1")" = "$2" ]; }

start() { # name command…
  local name=$1
  shift
  setsid "$@" >"$dir/log/$name.log" 2>&1 </dev/null &
  echo "$! $(began_at $!)" >>"$dir/pids"
}

all_running() {
  [ -s "$dir/pids" ] && [ -s "$dir/env" ] || return 1
  while read -r pid began; do is_running "$pid" "$began" || return 1; done <"$dir/pids"
}

down() {
  [ -f "$dir/pids" ] || return 0
  while read -r pid began; do is_running "$pid" "$began" && kill -- "-$pid" 2>/dev/null || true; done <"$dir/pids"
  while read -r pid began; do
    for _ in $(seq 50); do is_running "$pid" "$began" || break; sleep 0.1; done
    is_running "$pid" "$began" && kill -9 -- "-$pid" 2>/dev/null || true
  done <"$dir/pids"
  rm -f "$dir/pids" "$dir/env"
}

free_ports() { # count
  python3 -c '
import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in held))' "$1"
}

wait_for() { # what command…
  local what=$1
  shift
  for _ in $(seq 300); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done
  echo "peers: $what did not come up; the logs are in $dir/log" >&2
  tail -n 5 "$dir"/log/*.log >&2
  down
  exit 1
}

redis_up() { # port
  mkdir -p "$dir/redis"
  start redis redis-server --bind 127.0.0.1 --port "$1" --dir "$dir/redis" --appendonly yes --save '' \
    --maxmemory-policy noeviction --daemonize no
  wait_for Redis redis-cli -h 127.0.0.1 -p "$1" ping
}

swift_ring() { # name port
  cat >"$dir/etc/$1.conf" <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $2
workers = 1
user = $(id -un)
swift_dir = $dir/etc
devices = $dir/srv
mount_check = false
disable_fallocate = true
log_udp_host = 127.0.0.1
[pipeline:main]
pipeline = $1-server
[app:$1-server]
use = egg:swift#$1
CONF
  local builder="$dir/etc/$1.builder"
  swift-ring-builder "$builder" create 4 1 1 >/dev/null
  swift-ring-builder "$builder" add "r1z1-127.0.0.1:$2/d1" 1 >/dev/null
  swift-ring-builder "$builder" rebalance >/dev/null
}

swift_proxy() { # port memcached-port
  local middleware=(catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth bulk slo dlo symlink versioned_writes)
  cat >"$dir/etc/proxy.conf" <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $1
workers = 2
user = $(id -un)
swift_dir = $dir/etc
log_udp_host = 127.0.0.1
[pipeline:main]
pipeline = ${middleware[*]} proxy-server
[app:proxy-server]
use = egg:swift#proxy
# Pages of any origin may use the signed addresses, as the CORS rules of a bucket would allow.
cors_allow_origin = *
account_autocreate = true
allow_account_management = true
CONF
  local name
  for name in "${middleware[@]}"; do
    printf '[filter:%s]\nuse = egg:swift#%s\n' "$name" "${name/#cache/memcache}"
    case $name in
    cache) echo "memcache_servers = 127.0.0.1:$2" ;;
    s3api) printf 's3_acl = false\ncors_preflight_allow_origin = *\nlocation = us-east-1\n' ;;
    tempauth) echo 'user_test_tester = testing .admin' ;;
    versioned_writes) echo 'allow_object_versioning = true' ;;
    esac
  done >>"$dir/etc/proxy.conf"
}

swift_up() { # proxy account container object memcached
  rm -rf "$dir/etc"
  mkdir -p "$dir/etc" "$dir/srv/d1"
  printf '[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n[storage-policy:0]\nname = gold\ndefault = yes\n' >"$dir/etc/swift.conf"
  if [ ! -e /etc/swift/swift.conf ]; then
    mkdir -p /etc/swift
    cp "$dir/etc/swift.conf" /etc/swift/swift.conf
  fi
  swift_ring account "$2"
  swift_ring container "$3"
  swift_ring object "$4"
  swift_proxy "$1" "$5"
  start memcached memcached -l 127.0.0.1 -p "$5" -U 0 -u "$(id -un)"
  local name
  for name in account container object proxy; do start $name "swift-$name-server" "$dir/etc/$name.conf"; done
  wait_for Swift curl -sf "http://127.0.0.1:$1/healthcheck"
}

up() {
  if ! all_running; then
    down
    mkdir -p "$dir/log"
    : >"$dir/pids"
    local ports
    read -ra ports < <(free_ports 6)
    redis_up "${ports[0]}"
    swift_up "${ports[@]:1}"
    cat >"$dir/env" <<ENV
REDIS_URL=redis://127.0.0.1:${ports[0]}
S3_ENDPOINT=http://127.0.0.1:${ports[1]}
S3_REGION=us-east-1
S3_ACCESS_KEY_ID=test:tester
S3_SECRET_ACCESS_KEY=testing
S3_FORCE_PATH_STYLE=true
ENV
  fi
  cat "$dir/env"
}

case "${1:-} $#" in
'install 1') install ;;
'up 2' | 'down 2')
  dir=$(realpath -m "$2")
  "$1"
  ;;
*) usage ;;
esac
