#!/usr/bin/env bash
# Compare roas with its peers, from nothing: environments, worlds, fits, table.
#
#   bash benchmarks/response/peers/run.sh [FOLDER [SHIFT]]
#
# FOLDER (a temporary one by default) keeps environments, worlds and results;
# what is there already is not made again. Needs Python 3.11 or later, 5 GB of
# disk, 3 GB of memory and, on two cores, about an hour. SHIFT is added to the
# seeds of the worlds. RUNS="roas pymc" names the runs to make, all by default.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
folder=${1:-$(mktemp -d)}
python=${PYTHON:-python3}
mkdir -p "$folder" && cd "$folder"
export OMP_NUM_THREADS=1 PIP_DISABLE_PIP_VERSION_CHECK=1

environment() { # NAME PACKAGE...
  local name=$1
  shift
  [ -f "$name/installed" ] && return
  "$python" -m venv "$name"
  "$name/bin/python" -m pip install --quiet "$@"
  touch "$name/installed"
}

fit() { # RESULTS ENVIRONMENT SCRIPT [OPTION]: every world, one process each
  local results=$1 name=$2 script=$3
  shift 3
  [ -f "$results.jsonl" ] && return
  case " ${RUNS:-$results} " in *" $results "*) ;; *) return ;; esac
  for world in worlds/*.csv; do
    echo "$results: $world" >&2
    "$name/bin/python" "$here/$script" "$world" "$@" 2>>"$results.log" | tail -n 1 >>"$results.part" ||
      echo "$results failed on $world; see $folder/$results.log" >&2
  done
  mv "$results.part" "$results.jsonl"
}

environment env-worlds "$root" pysimmmulator
environment env-roas "$root"
environment env-pymc pymc-marketing nutpie
environment env-meridian google-meridian

[ -d worlds ] || env-worlds/bin/python "$here/export.py" worlds "${2:-0}"
fit roas env-roas fit_roas.py
fit roas-claims env-roas fit_roas.py claims
fit pymc env-pymc fit_pymc.py
fit meridian env-meridian fit_meridian.py default
fit meridian-automatic env-meridian fit_meridian.py automatic
fit meridian-contribution env-meridian fit_meridian.py contribution

env-worlds/bin/python "$here/compare.py" .
