#!/bin/sh
# From puzzles with their solutions (request lines, or what `ptrmd convert` reads) to a profile with measured figures:
#
#     train_task.sh TASK PUZZLES [PROFILES] [HOURS] [OUT]
#
# PROFILES declares the task where the program does not know it; VERIFIER in the environment is a command that judges candidates, for
# rules that a declaration cannot state, run from the folder where this was started. The last twentieth of the puzzles, 1,000 at most, is held out. OUT,
# a folder, gets the token files, the checkpoint, the model, profiles.yaml and what `ptrmd eval` says of it.
set -eu
task=$1 puzzles=$2 profiles=${3:-} hours=${4:-1} out=${5:-$1-model}
here=$(cd "$(dirname "$0")" && pwd)
ptrmd=${PTRMD:-ptrmd}
mkdir -p "$out"
declared=
[ -z "$profiles" ] || declared="--profiles $profiles"

began=$(date +%s)
say() { echo "$(($(date +%s) - began)) s: $*" >&2; }

# shellcheck disable=SC2086
"$ptrmd" convert $declared --task "$task" "$puzzles" > "$out/puzzles.ndjson"
count=$(wc -l < "$out/puzzles.ndjson")
held=$((count / 20)); [ "$held" -le 1000 ] || held=1000
[ "$held" -ge 1 ] || { echo "$puzzles: too few puzzles ($count)" >&2; exit 2; }
head -n $((count - held)) "$out/puzzles.ndjson" > "$out/train.puzzles.ndjson"
tail -n "$held" "$out/puzzles.ndjson" > "$out/held-out.puzzles.ndjson"
say "$count puzzles, $held held out"
# shellcheck disable=SC2086
"$ptrmd" tokens $declared --views "${VIEWS:-0}" "$out/train.puzzles.ndjson" > "$out/train.ndjson"
# shellcheck disable=SC2086
"$ptrmd" tokens $declared "$out/held-out.puzzles.ndjson" > "$out/held-out.ndjson"
say "tokens written"
# shellcheck disable=SC2086
"${PYTHON:-python3}" "$here/train.py" "$out/train.ndjson" --held-out "$out/held-out.ndjson" --out "$out/$task.pt" \
    --hours "$hours" ${TRAIN_OPTIONS:-} >&2
"${PYTHON:-python3}" "$here/export.py" "$out/$task.pt" "$out/$task.safetensors" >&2
say "trained"
verifier=
if [ -n "${VERIFIER:-}" ]; then
    verifier=", verifier: {command: [sh, -c, '$(printf 'cd "%s" && exec %s' "$PWD" "$VERIFIER" | sed "s/'/''/g")']}"
fi
{
    echo "# Written by train_task.sh."
    echo "version: 1"
    # The task as the file declares it: what `profiles show` writes before its profiles.
    if [ -n "$profiles" ]; then "$ptrmd" profiles show --profiles "$profiles" | sed -n '/^tasks:/,/^profiles:/p' | sed '$d'; fi
    echo "profiles:"
    echo "  $task: {task: $task, model: ./$task.safetensors, K: 16, D: 16, sigma: 0.3, noise: z_H, views: all, q_threshold: 0,"
    echo "    ramp: {start: 1, factor: 2, every: 4}, limits: {max_steps: 2000}$verifier}"
} > "$out/profiles.yaml"
"$ptrmd" eval "$out/held-out.puzzles.ndjson" --profiles "$out/profiles.yaml" --task "$task" --K 1,8 --D 16 > "$out/figures.txt"
say "measured: $out/profiles.yaml, $out/figures.txt"
cat "$out/figures.txt"
