#!/usr/bin/env bash
# How long the first limits over REST take after a start: five starts of a host with one pod, three limits each, seconds as curl measures them.
#   tests/Benchmarks/first-limit.sh [Ballast.Host.dll]
# Needs mosquitto and curl. Nothing asks the host before the first limit; its own word that it leads is read from its log.
set -euo pipefail
host=${1:-$(dirname "$0")/../../hostagent/bin/Debug/net10.0/Ballast.Host.dll}
folder=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
broker= run=
trap 'kill $run $broker 2>/dev/null || true; rm -rf "$folder"' EXIT
printf 'listener %s 127.0.0.1\nallow_anonymous true\n' "$port" > "$folder/mosquitto.conf"
PATH=$PATH:/usr/sbin mosquitto -c "$folder/mosquitto.conf" > "$folder/broker.log" 2>&1 &
broker=$!
for start in ${STARTS:-1 2 3 4 5}; do
  cat > "$folder/host.json" <<JSON
{ "site": "demo", "stateDir": "$folder/state$start", "mqtt": { "port": $port }, "http": { "urls": "http://127.0.0.1:$((port + start))" }, "meter": { "configured": false },
  "pods": [ { "id": "p1", "key": "$(printf '11%.0s' {1..32})", "boards": [ { "id": "b1", "nameplateW": 25, "key": "$(printf '22%.0s' {1..32})" } ] } ] }
JSON
  dotnet "$host" --config "$folder/host.json" > "$folder/log" 2>&1 &
  run=$!
  until grep -q "is leading" "$folder/log" && grep -q "listening on" "$folder/log"; do kill -0 $run 2>/dev/null || { cat "$folder/log"; exit 1; }; sleep 0.1; done
  sleep "${WAIT:-2}"
  line="start $start:"
  for limit in 1 2 3; do
    line+=" $(curl -sS -o "$folder/answer" -w '%{http_code} %{time_total}' --json "{\"id\":\"l$limit\",\"class\":\"economic\",\"limitW\":50}" "http://127.0.0.1:$((port + start))/api/limits");"
  done
  echo "$line"
  kill $run
  wait $run || true
done
