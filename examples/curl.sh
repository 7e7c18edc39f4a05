#!/usr/bin/env bash
# From a mix to finished masters with curl and jq.
#
#   LATHE_URL=http://127.0.0.1:4800 LATHE_API_KEY=lathe_live_… examples/curl.sh mix.wav [spotify apple-music …]
set -euo pipefail
file=$1
shift
targets=$(jq -nc '$ARGS.positional' --args "${@:-spotify}")

lathe() { # METHOD PATH [JSON]
  curl -sS --fail-with-body -X "$1" "$LATHE_URL/v1$2" -H "Authorization: Bearer $LATHE_API_KEY" \
    -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" ${3:+-H 'Content-Type: application/json' -d "$3"}
}

# 1. Announce the file; get a signed address for each part (the first hundred at once).
upload=$(lathe POST /uploads "$(jq -nc --arg name "$(basename "$file")" --argjson size "$(stat -c %s "$file")" \
  '{filename: $name, sizeBytes: $size}')")
id=$(jq -r .id <<<"$upload")
part_bytes=$(jq -r .partSizeBytes <<<"$upload")

# 2. PUT the parts straight to storage and keep each ETag.
parts='[]'
for number in $(seq "$(jq -r .partCount <<<"$upload")"); do
  part=$(jq -c --argjson n "$number" '.parts[] | select(.partNumber == $n)' <<<"$upload")
  [ -n "$part" ] || part=$(lathe POST "/uploads/$id/parts" "{\"partNumbers\":[$number]}" | jq -c '.parts[0]')
  mapfile -t headers < <(jq -r '.headers | to_entries[] | "-H\n\(.key): \(.value)"' <<<"$part")
  etag=$(dd if="$file" bs="$part_bytes" skip=$((number - 1)) count=1 status=none |
    curl -sS --fail-with-body -X PUT "$(jq -r .url <<<"$part")" "${headers[@]}" --data-binary @- -D - -o /dev/null |
    tr -d '\r' | awk -F': ' 'tolower($1) == "etag" { print $2 }')
  parts=$(jq -c --argjson n "$number" --arg etag "$etag" '. + [{partNumber: $n, etag: $etag}]' <<<"$parts")
done

# 3. Complete it: now it is a mix. Wait until it has been heard.
mix=$(lathe POST "/uploads/$id/complete" "$(jq -c '{parts: .}' <<<"$parts")")
mix_id=$(jq -r .id <<<"$mix")
while [ "$(jq -r .state <<<"$mix")" = probing ]; do mix=$(lathe GET "/mixes/$mix_id?wait=30"); done

# 4. Order the masters and wait for them.
master=$(lathe POST /masters "$(jq -nc --arg mix "$mix_id" --argjson targets "$targets" '{mixId: $mix, targets: $targets}')")
master_id=$(jq -r .id <<<"$master")
until [[ $(jq -r .state <<<"$master") =~ ^(ready|failed|cancelled)$ ]]; do
  master=$(lathe GET "/masters/$master_id?wait=30")
done
[ "$(jq -r .state <<<"$master")" = ready ] || { jq .error <<<"$master" >&2; exit 1; }

# 5. Fetch each file; say what was measured on its bytes.
jq -r '.renditions[] | [.id, .filename] | @tsv' <<<"$master" | while IFS=$'\t' read -r rendition filename; do
  curl -sS --fail-with-body -L -o "$filename" -H "Authorization: Bearer $LATHE_API_KEY" \
    "$LATHE_URL/v1/masters/$master_id/renditions/$rendition/download"
done
jq '.renditions[] | {filename, verdict, integratedLufs: .measured.integratedLufs, truePeakDbtp: .measured.truePeakDbtp}' <<<"$master"
