#!/bin/sh
# parallel.sh FILE [MACHINE...]: solves a file of request lines on many machines with GNU parallel, each line once.
# Without machines everything runs here. Machines need ptrmd in their PATH and a login by key.
#
# --pipe -N 500 cuts the file into blocks of 500 lines; one ptrmd a machine uses all of its cores, hence -j1. A block that is
# not answered whole is tried elsewhere (--retries), and only whole ones are printed. A line that is answered with an error
# is answered: it is no machine's fault, and is found by its type. The numbers under "line" are those within a block: ids tell
# answers apart. Exit 0: every line has its answer or its error.
set -eu
file=$1
shift
login=$(IFS=,; echo "${*:-:}")
# Run by the shell of each machine, with a block as its input.
job='block=$(mktemp) answers=$(mktemp) && trap "rm -f $block $answers" EXIT && cat >"$block"
    '"${PTRMD:-ptrmd}"' <"$block" >"$answers"
    [ $? -le 1 ] && [ "$(grep -c "[^[:space:]]" "$block")" = "$(grep -Ec "^.\"type\":\"(answer|result|error)\"" "$answers")" ] &&
    cat "$answers"'
parallel --pipe -N 500 -j1 --retries 3 --sshlogin "$login" "sh -c $(printf '%s' "$job" | sed "s/'/'\\\\''/g; 1s/^/'/; \$s/\$/'/")" <"$file"
