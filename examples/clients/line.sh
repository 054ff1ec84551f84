#!/bin/sh
# line.sh SOCKET REQUEST: sends one request line and prints what comes back, with whichever of socat and nc there is.
# The end of the input half-closes the connection: the daemon answers what was asked and then closes.
set -eu
if command -v socat >/dev/null; then
    printf '%s\n' "$2" | socat -t 600 - "UNIX-CONNECT:$1"
else
    printf '%s\n' "$2" | nc -N -U "$1"
fi
