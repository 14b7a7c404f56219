
# ---- What follows is the same in every script that MAID writes with curl. ----

declare -i failures=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Escapes for the places that text goes to.
percent() { # percent TEXT KEPT: encodes every byte but letters, digits and those of the pattern KEPT
    local LC_ALL=C text=$1 kept=$2 out='' byte at
    for ((at = 0; at < ${#text}; at++)); do
        byte=${text:at:1}
        if [[ $byte == [a-zA-Z0-9] || $kept == *"$byte"* ]]; then
            out+=$byte
        else
            printf -v byte '%%%02X' "'$byte"
            # Bytes beyond ASCII may come out as negative numbers.
            out+=%${byte: -2}
        fi
    done
    printf '%s' "$out"
}
as_query() { percent "$1" '-._~'; }
as_form() { local out; out=$(as_query "$1"); printf '%s' "${out//%20/+}"; }
as_path() {
    local out='' rest=$1
    while [[ $rest == *%* ]]; do
        out+=$(percent "${rest%%\%*}" "$in_path")
        rest=${rest#*%}
        if [[ $rest == [0-9A-Fa-f][0-9A-Fa-f]* ]]; then out+=%; else out+=%25; fi
    done
    printf '%s' "$out$(percent "$rest" "$in_path")"
}
in_path="!\$&'()*+,-./:;=?@[]_~"
whole() { case $2 in /*) printf '%s' "$1$2" ;; *) printf '%s' "$2" ;; esac; } # a path is one of the host
as_header() { printf '%s' "$1" | LC_ALL=C tr -d '\000-\010\012-\037\177'; }
as_json_value() { jq -cn --arg text "$1" '$text' | tr -d '\n'; }
as_json() { local out; out=$(as_json_value "$1"); printf '%s' "${out:1:-1}"; }

uuid() {
    local hex
    hex=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s-%s-4%s-%x%s-%s' "${hex:0:8}" "${hex:8:4}" "${hex:13:3}" $((8 + 0x${hex:16:1} % 4)) "${hex:17:3}" "${hex:20}"
}
now() { date -u +%Y-%m-%dT%H:%M:%S.%3NZ; }
now_unix() { date +%s; }
now_unix_ms() { date +%s%3N; }
random_int() { # random_int LOW HIGH, both included
    local bits
    bits=$(od -An -N7 -tu8 /dev/urandom | tr -d ' \n')
    printf '%d' $(($1 + bits % ($2 - $1 + 1)))
}
choose() { local values=("$@"); printf '%s' "${values[RANDOM % $#]}"; }
choose_json() { choose "$@"; } # the same of values that are written as JSON

# Values that were taken from answers: each has its text, and the JSON of it in NAME_json.
keep() { # keep NAME JSON
    printf -v "$1_json" '%s' "$2"
    printf -v "$1" '%s' "$(jq -r 'if type == "string" then . else tojson end' <<<"$2")"
}
keep_text() { # keep_text NAME TEXT
    printf -v "$1_json" '%s' "$(as_json_value "$2")"
    printf -v "$1" '%s' "$2"
}
needs() { # needs NAME...: whether earlier answers gave them
    local name
    for name in "$@"; do
        [[ -v $name ]] || { fail "${name#v_} has no value yet: no earlier answer gave one"; return 1; }
    done
}

fail() {
    printf '  FAILED: %s\n' "$1" >&2
    failures+=1
    return 1
}

# Sends a request: request NAME ARGUMENTS-OF-CURL...
request() {
    local name=$1
    shift
    : >"$work/head"
    : >"$work/body"
    local told
    told=$(curl --silent --show-error --globoff --path-as-is --cookie "$jar" --cookie-jar "$jar" \
        --dump-header "$work/head" --output "$work/body" --write-out '%{http_code} %{time_total} %{size_download}' "$@")
    local code=$?
    read -r status seconds size <<<"$told"
    printf '%s: %s in %s s\n' "$name" "$status" "$seconds"
    ((code == 0)) || { fail "curl ended with $code"; return 1; }
}

# Checks, each of which names what it wants.
passes() { ((10#$status < 400)) || fail "status $status"; }
status_in() {
    local code
    for code in "$@"; do [[ $code == "$status" ]] && return 0; done
    fail "status $status, not $*"
}
contains() { [[ $(tr -d '\0' <"$work/body") == *"$1"* ]] || fail "the body does not contain: $1"; }
matches() { perl -0777 -ne "exit !(/$1/)" "$work/body" || fail "the body does not match: $1"; }
in_time() { jq -en "$seconds * 1000 $1 $2" >/dev/null || fail "it took $seconds s, not $1 $2 ms"; }
in_size() { jq -en "$size $1 $2" >/dev/null || fail "$size bytes came, not $1 $2"; }

# shellcheck disable=SC2016
comparison='
def num: if type == "number" then . elif type == "string" then (try tonumber catch null) else null end;
def same($w): . == $w or (($w | type) == "number" and num == $w);
def cmp($a; $op; $b):
  if $op == ">" then $a > $b elif $op == ">=" then $a >= $b elif $op == "<" then $a < $b else $a <= $b end;
def compare($op; $w):
  if $op == "exists" then true
  elif $op == "==" then same($w)
  elif $op == "!=" then same($w) | not
  elif $op == "contains" then
    if type == "string" then contains($w | if type == "string" then . else tojson end)
    elif type == "array" then any(.[]; same($w))
    elif type == "object" then has($w | tostring)
    else false end
  else num as $a | ($w | num) as $b
    | if $a != null and $b != null then cmp($a; $op; $b)
      elif type == "string" and ($w | type) == "string" then cmp(.; $op; $w)
      else false end
  end;
'
json_is() { # json_is STEPS OP JSON
    jq -Rse --arg op "$2" --argjson wanted "$3" \
        "$comparison [first((try fromjson catch empty)$1)] | if length == 0 then \$op == \"!=\" else .[0] | compare(\$op; \$wanted) end" \
        "$work/body" >/dev/null || fail "the JSON at $1 is not $2 $3"
}
header() { # header NAME: its value in the last answer
    local line name value='' found=1
    while IFS= read -r line; do
        line=${line%$'\r'}
        [[ $line == HTTP/* ]] && { found=1; continue; }
        name=${line%%:*}
        if [[ ${name,,} == "${1,,}" && $line == *:* ]]; then
            value=${line#*:}
            value=${value#"${value%%[! ]*}"}
            found=0
        fi
    done <"$work/head"
    ((found == 0)) && printf '%s' "$value"
}
header_is() { # header_is NAME OP JSON
    local value
    if value=$(header "$1"); then
        jq -en --arg found "$value" --arg op "$2" --argjson wanted "$3" \
            "$comparison \$found | compare(\$op; \$wanted)" >/dev/null || fail "the header $1 is not $2 $3"
    else
        [[ $2 == '!=' ]] || fail "there is no header $1"
    fi
}

# Extractions: take_... NAME WHERE [DEFAULT]. Without a default, the request fails where nothing is found.
otherwise() { # otherwise NAME [DEFAULT]
    if (($# == 2)); then keep_text "$1" "$2"; else unset "$1" "$1_json"; fail "nothing to extract for ${1#v_}"; fi
}
take_json() {
    local found
    found=$(jq -Rsc "first((try fromjson catch empty)$2)" "$work/body")
    if [[ -n $found ]]; then keep "$1" "$found"; else otherwise "$1" "${@:3}"; fi
}
take_regex() {
    local found
    if found=$(perl -0777 -ne "if (/$2/) { print defined \$1 ? \$1 : \$& } else { exit 1 }" "$work/body"); then
        keep_text "$1" "$found"
    else
        otherwise "$1" "${@:3}"
    fi
}
take_header() {
    local found
    if found=$(header "$2"); then keep_text "$1" "$found"; else otherwise "$1" "${@:3}"; fi
}
take_cookie() {
    local found
    found=$(grep -i '^set-cookie:' "$work/head" | sed 's/^[^:]*: *//' | grep -F -m1 -- "$2=" | cut -d= -f2- | cut -d';' -f1)
    if [[ -n $found ]]; then keep_text "$1" "${found%$'\r'}"; else otherwise "$1" "${@:3}"; fi
}
take_status() { keep "$1" "$((10#$status))"; }
