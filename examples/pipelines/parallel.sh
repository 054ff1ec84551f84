#!/bin/sh
# parallel.sh FILE [MACHINE...]: solves a file of request lines on many machines with GNU parallel, each line once.
# Without machines everything runs here. Machines need ptrmd in their PATH and a login by key.
#
# --pipe -L 500 cuts the file into blocks of whole lines; one ptrmd a machine uses all of its cores, hence -j1. A block
# whose machine fails is tried elsewhere (--retries). The numbers under "line" are those within a block: ids tell
# answers apart.
set -eu
file=$1
shift
login=$(IFS=,; echo "${*:-:}")
parallel --pipe -L 500 -j1 --retries 3 --sshlogin "$login" "${PTRMD:-ptrmd}" <"$file"
