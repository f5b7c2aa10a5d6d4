#!/bin/sh
# An external solver in the shell: one call with curl where there is one, and jq to read and write JSON.
set -eu
read -r task
field() { printf '%s' "$task" | jq -r "$1"; }

body=$(field '{model: .endpoint.model, messages: [.sample.input[] | {role, content}]} | tojson')
# The token goes in by standard input: arguments can be seen by every user of the machine.
reply=$(printf 'header = "Authorization: Bearer %s"\n' "$(field .endpoint.token)" |
    curl -sS --fail --config - -H 'Content-Type: application/json' --data "$body" \
        "$(field .endpoint.openai_base_url)/chat/completions")
answer=$(printf '%s' "$reply" | jq -r '.choices[0].message.content')

jq -cn --arg text "asked once" '{type: "log", text: $text}'
jq -cn --arg text "$answer" '{type: "answer", answer: $text}'
