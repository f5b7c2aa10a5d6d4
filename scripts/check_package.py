#!/usr/bin/env python3
"""Checks an evidence package without any of Parley's code: a second implementation, from the README of the package.

    scripts/check_package.py PACKAGE [PUBLIC_KEY...]

It needs Python 3.9 and `cryptography`. It checks the manifest's hashes, the canonical form of the definition, DSSE
signatures over in-toto statements, the ledger's chain, commitments and Merkle roots (written from RFC 6962), the drawn
order of samples, and counts outcomes by cell. It computes no estimates. Exit code 0 where all of it holds.
"""

import base64
import collections
import hashlib
import json
import pathlib
import sys
import tarfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    """Canonical JSON of what packages hold: strings, whole numbers, lists, objects; no fractions outside of findings."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def files_of(path):
    if path.is_dir():
        return {file.name: file.read_bytes() for file in path.iterdir()}
    with tarfile.open(path) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive.getmembers()}


def root(leaves):
    """MTH of RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + root(leaves[:split]) + root(leaves[split:])).digest()


def signers(envelope, keys):
    """The parties whose signature over the envelope holds."""
    kind, body = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"], validate=True)
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)
    found = set()
    for signature in envelope["signatures"]:
        party, key = keys[signature["keyid"]]
        key.verify(base64.b64decode(signature["sig"], validate=True), message)
        found.add(party)
    return sorted(found), json.loads(body)


def read_key(value):
    raw = base64.b64decode(value["public_key"], validate=True)
    assert value["key_id"] == "sha256:" + sha256(raw), "a key id is the SHA-256 of the key"
    return value["key_id"], (value["party"], Ed25519PublicKey.from_public_bytes(raw))


LISTS = ["parties", "models", "configurations", "suites", "cells", "budgets", "primary", "comparability"]


def read_definition(content, digest):
    """The definition; of a round that a lab may leave, what its open leaves and the shared part say together."""
    value = json.loads(content)
    if value["format"] != "parley.open-definition/1":
        assert "sha256:" + sha256(content) == digest, "the definition's hash"
        return value
    leaves = value["leaves"]
    assert len(leaves) == 64 and leaves == sorted(set(leaves)), "64 leaves in their order"
    top = "sha256:" + root([bytes.fromhex(leaf[7:]) for leaf in leaves]).hex()
    signed = {"format": "parley.definition-tree/1", "leaves": {"count": 64, "root": top}, "shared": value["shared"]}
    assert "sha256:" + sha256(canonical(signed)) == digest, "the digest of the definition's tree"
    agreed, items = dict(value["shared"]), collections.defaultdict(list)
    for leaf in value["open"]:
        salt = base64.b64decode(leaf["salt"], validate=True)
        commitment = "sha256:" + sha256(b"parley.commitment/1\n" + salt + canonical(leaf["content"]))
        assert commitment == leaves[leaf["leaf"]], f"leaf {leaf['leaf']}"
    for part in [value["shared"]] + [leaf["content"] for leaf in value["open"]]:
        for name in LISTS:
            items[name] += part.get(name, [])
    for name in LISTS:
        agreed[name] = [item["value"] for item in sorted(items[name], key=lambda item: item["place"])]
    print(f"{len(value['open'])} of 64 leaves are open: {len(agreed['parties'])} parties")
    return agreed


def check_records(lines, stated):
    leaves, opened = [], 0
    for line in lines:
        record = json.loads(line)
        assert canonical(record) == line, "a line in canonical form"
        if "content" in record:
            salt = base64.b64decode(record["salt"], validate=True)
            commitment = "sha256:" + sha256(b"parley.commitment/1\n" + salt + canonical(record["content"]))
            opened += 1
        else:
            commitment = record["commitment"]
        leaves.append(canonical({"commitment": commitment, "position": record["position"]}))
    assert len(leaves) == stated["count"] and opened == stated["open"], "the number of records"
    assert "sha256:" + root(leaves).hex() == stated["root"], "the Merkle root"
    return opened


def check_order(definition, definition_hash, ledger, lines):
    """How many suites of open samples are numbered in the order that was drawn; None where their seed is sealed."""
    commitment = definition["order"].get("seed")
    seed = definition_hash
    if commitment:
        opened = [entry["subject"][5:] for entry in ledger if entry["what"] == "audit"]
        seed = next((text for text in opened if commitment == "sha256:" + sha256(
            b"parley.seed/1\n" + base64.b64decode(text, validate=True))), None)
    suites = collections.defaultdict(list)
    for line in lines:
        record = json.loads(line)
        if "content" in record:
            suites[record["position"]["suite"]].append(record["content"]["number"])
    for suite, numbers in suites.items() if seed else []:
        key = lambda number: (sha256(f"parley.order/1\n{seed}\n{suite}\n{number}".encode())[:16], number)
        assert numbers == sorted(range(len(numbers)), key=key), f"the order of suite {suite}"
    return len(suites) if seed else None


def main(arguments):
    files = files_of(pathlib.Path(arguments[0]))
    manifest = json.loads(files["manifest.json"])
    for entry in manifest["files"]:
        assert sha256(files[entry["path"]]) == entry["sha256"], entry["path"]
    extra = set(files) - {entry["path"] for entry in manifest["files"]} - {"manifest.json", "manifest.dsse.json"}
    assert not extra, extra
    print(f"files: {len(manifest['files'])} hashes hold")

    agreed = read_definition(files["definition.json"], manifest["definition_hash"])
    print(f"definition: {manifest['definition_hash']}")

    keys = dict(read_key(key) for key in json.loads(files.get("keys.json", b'{"keys":[]}'))["keys"])
    trusted = dict(read_key(json.loads(pathlib.Path(path).read_bytes())) for path in arguments[1:])
    keys = trusted or keys
    if "definition.dsse.json" in files:
        parties, statement = signers(json.loads(files["definition.dsse.json"]), keys)
        assert statement["subject"][0]["digest"]["sha256"] == manifest["definition_hash"][7:]
        policy = statement["predicate"]["policy"]
        names = [party["name"] for party in agreed["parties"] if party["role"] != "observer"]
        names, needed = (names, len(names)) if policy == {"all": True} else (policy["parties"], policy["threshold"])
        assert len(set(parties) & set(names)) >= needed
        print(f"agreement: signed by {', '.join(parties)}, {needed} needed")
    if "manifest.dsse.json" in files:
        parties, statement = signers(json.loads(files["manifest.dsse.json"]), keys)
        assert statement["subject"][0]["digest"]["sha256"] == sha256(files["manifest.json"])
        print(f"package: signed by {', '.join(parties)}")

    previous = sha256(b"parley.ledger/1\n" + manifest["round"].encode() + b"\n")
    heads = ["sha256:" + previous]
    for number, line in enumerate(files["ledger.jsonl"].splitlines(), 1):
        entry = json.loads(line)
        assert entry["sequence"] == number and entry["previous"] == heads[-1], f"ledger, line {number}"
        heads.append("sha256:" + sha256(line))
    assert heads[-1] == manifest["ledger"]["head"]
    print(f"ledger: {len(heads) - 1} lines, head {heads[-1]}")
    for line in files.get("witnesses.jsonl", b"").splitlines():
        parties, statement = signers(json.loads(line), keys)
        assert "sha256:" + statement["subject"][0]["digest"]["sha256"] == heads[statement["predicate"]["sequence"]]
        print(f"witness: {', '.join(parties)} up to line {statement['predicate']['sequence']}")

    lines = files["outcomes.jsonl"].splitlines()
    opened = check_records(lines, manifest["outcomes"])
    print(f"outcomes: {len(lines)}, {opened} open, root {manifest['outcomes']['root']}")
    samples = files["samples.jsonl"].splitlines()
    check_records(samples, manifest["samples"])
    print(f"samples: {manifest['samples']['count']}, root {manifest['samples']['root']}")
    if "order" in agreed:
        ledger = [json.loads(line) for line in files["ledger.jsonl"].splitlines()]
        ordered = check_order(agreed, manifest["definition_hash"], ledger, samples)
        print("order: its seed is sealed" if ordered is None else f"order: {ordered} suites of open samples as drawn")

    counts = collections.Counter()
    for line in lines:
        record = json.loads(line)
        if "content" in record:
            counts[record["position"]["cell"], record["content"]["kind"]] += 1
    findings = json.loads(files["findings.json"])
    for number, cell in zip(manifest["open_cells"], findings["cells"]):
        for kind, count in cell["kinds"].items():
            assert counts[number, kind] == count, f"cell {number}, {kind}"
    print(f"findings: the counts of {len(findings['cells'])} cells are those of the outcomes")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        main(sys.argv[1:])
    except (AssertionError, InvalidSignature, KeyError, ValueError) as error:
        sys.exit(f"FAILED: {type(error).__name__} {error}")
