#!/bin/sh
# Fails on calls that the project does without: check_banned.sh SOURCE-DIRECTORY
set -u
cd "${1:?usage: check_banned.sh SOURCE-DIRECTORY}" || exit 64

# Copies without a length, fixed buffers, numbers without error checks, hidden state, jumps.
banned='strcpy|strcat|strncpy|strncat|strtok|strtok_r|sprintf|vsprintf|gets|atoi|atol|atoll|atof|strtol|strtoul|strtoll|strtoull'
banned="$banned|alloca|setjmp|longjmp|mktemp|tmpnam|tempnam|localtime|gmtime|mktime|rand|srand|system"

# Comments and strings may name them: both are cut out before the search.
# shellcheck disable=SC2016 # the dollars are awk's
find compiler runtime grammar -type f \( -name '*.[chly]' \) | sort | xargs awk -v banned="$banned" '
  FNR == 1 { in_comment = 0 }
  {
    text = $0
    gsub(/\\\\/, "", text)
    gsub(/\\"/, "", text)
    gsub(/"[^"]*"/, "\"\"", text)
    if (in_comment) {
      if (text !~ /\*\//) next
      sub(/^.*\*\//, "", text)
      in_comment = 0
    }
    gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", text)
    if (text ~ /\/\*/) {
      sub(/\/\*.*$/, "", text)
      in_comment = 1
    }
    sub(/\/\/.*$/, "", text)
    if (match(text, "(^|[^A-Za-z0-9_])(" banned ")[ \t]*\\(")) {
      print FILENAME ":" FNR ": banned: " substr(text, RSTART, RLENGTH)
      bad = 1
    }
    files[FILENAME] = 1
  }
  END {
    for (f in files) n++
    if (n == 0) { print "no source found: is this the source directory?"; exit 1 }
    exit bad
  }'
