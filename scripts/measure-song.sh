#!/usr/bin/env bash
# How long a real song takes, and how much memory: four minutes of music from a Debian package, mastered on one core.
# Needs apt-get, dpkg-deb, ffmpeg and taskset; fetches the package for the run and removes it afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

package=extremetuxracer-data
chmod 755 "$folder"
(cd "$folder" && apt-get download -qq "$package" >/dev/null && dpkg-deb -x "$package"_*.deb data)
# The largest of them.
song=$(find "$folder/data" -name '*.ogg' -printf '%s %p\n' | sort -rn | head -n 1 | cut -d' ' -f2-)
# Exactly four minutes, from the start again where the music is shorter.
ffmpeg -nostdin -v error -stream_loop -1 -i "$song" -t 240 -ar 44100 -ac 2 -c:a pcm_s16le "$folder/song.wav"
printf '%s\n' "$(basename "$song") ($package $(dpkg-deb -f "$folder/$package"_*.deb Version)), four minutes, 44.1 kHz, 16 bit, one core"

# The largest resident size that any process below this one ever had, in MB.
peak_megabytes() { # PID
  local peak=0 now
  while kill -0 "$1" 2>/dev/null; do
    now=$(cat /proc/"$1"/task/*/children 2>/dev/null | tr ' ' '\n' | grep -v '^$' | cat - <(echo "$1") |
      while read -r pid; do awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$pid/status" 2>/dev/null || true; done | sort -n | tail -n 1)
    [ "${now:-0}" -gt "$peak" ] && peak=$now
    sleep 0.1
  done
  echo "$peak"
}

measure() { # NAME TARGETS
  local started ended seconds
  mkdir "$folder/$1"
  started=$(date +%s.%N)
  taskset -c 0 node apps/cli/bin/lathe.mjs master "$folder/song.wav" --target "$2" --out "$folder/$1" --report "$folder/$1.json" >/dev/null &
  local pid=$! megabytes
  megabytes=$(peak_megabytes "$pid")
  wait "$pid"
  ended=$(date +%s.%N)
  seconds=$(awk "BEGIN { printf \"%.1f\", $ended - $started }")
  printf '%-12s %6s s   %5.1f x real time   peak %s MB\n' "$1" "$seconds" "$(awk "BEGIN { print 240 / $seconds }")" "$megabytes"
}

measure one-target spotify
measure six-targets spotify,apple-music,youtube-music,deezer,amazon-music,aes-td1008
