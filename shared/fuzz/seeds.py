#!/usr/bin/env python3
"""Writes what a fuzz target begins with: seeds made of the project's samples, and a dictionary of their words.

    seeds.py TARGET FOLDER     writes FOLDER/seeds/* and FOLDER/dictionary
"""
import base64
import hashlib
import hmac
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BODIES = ["events/shopify-*.json", "shared/shopify/tests/samples/*.json", "shared/mapping/tests/samples/*.json"]
SHIPBOB_BODIES = ["events/shipbob-*.json", "shared/shipbob/tests/samples/*.json"]
# As the target shipbob_verifier has it.
SHIPBOB_SECRET = b"a secret of the project's"
FILES = ["shared/mapping/src/default.toml", "shared/mapping/tests/samples/*.toml"]


def found(patterns):
    paths = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    return [path for path in paths if not path.name.endswith(".expected.json")]


def delivered(patterns):
    """Bodies as they are delivered: without the samples' indentation."""
    for path in found(patterns):
        body = json.loads(path.read_text())
        yield path.stem, json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def bodies():
    return delivered(BODIES)


def shipbob_bodies():
    return delivered(SHIPBOB_BODIES)


def request(headers, body):
    lines = "".join(f"{key}: {value}\n" for key, value in headers.items())
    return lines.encode() + b"\n" + body


def requests():
    for name, body in bodies():
        signature = base64.b64encode(hmac.new(b"hush", body, hashlib.sha256).digest()).decode()
        headers = {
            "X-Shopify-Topic": "orders/create",
            "X-Shopify-Hmac-Sha256": signature,
            "X-Shopify-Shop-Domain": "demo.myshopify.com",
            "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
            "X-Shopify-Event-Id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
            "X-Shopify-Triggered-At": "2026-11-13T12:15:44.123456789Z",
            "X-Shopify-API-Version": "2026-10",
        }
        yield name, request(headers, body)


def shipbob_requests():
    for name, body in shipbob_bodies():
        delivery, sent = "msg_2p0kD1w0rZxgGn0fS9bJvQe1dXx", "1795000000"
        digest = hmac.new(SHIPBOB_SECRET, f"{delivery}.{sent}.".encode() + body, hashlib.sha256).digest()
        signature = base64.b64encode(digest).decode()
        headers = {
            "x-webhook-topic": "order.shipped",
            "webhook-id": delivery,
            "webhook-timestamp": sent,
            "webhook-signature": f"v1a,AAAA v1,{signature}",
        }
        yield name, request(headers, body)
        legacy = {"shipbob-topic": "order_shipped", "shipbob-subscription-id": "4711"}
        yield f"{name}-legacy", request(legacy, body)


def mapping_files():
    for path in found(FILES):
        text = path.read_text()
        yield path.stem, text.encode()
        # Without its sentences a file is small, and most changes to it are changes to its keys.
        lines = [line.split("  #")[0].rstrip() for line in text.splitlines()]
        bare = [line for line in lines if line and not line.startswith("#")]
        yield f"{path.stem}-bare", "\n".join(bare).encode() + b"\n"
        # The default file shows most of its keys in comments.
        shown = [re.sub(r"^# ?(?=\[|[a-z_0-9]+ = )", "", line) for line in lines]
        yield f"{path.stem}-shown", "\n".join(shown).encode() + b"\n"


SEEDS = {
    "verifier": requests,
    "order": bodies,
    "customer": bodies,
    "shipbob_verifier": shipbob_requests,
    "shipbob": shipbob_bodies,
    "mapping": mapping_files,
}


def words(seeds):
    """Keys and short texts in quotes, and plain words that stand before a colon or an equals sign."""
    texts = [seed.decode() for _, seed in seeds]
    quoted = {word for text in texts for word in re.findall(r'"[A-Za-z0-9_/:.+-]{1,40}"', text)}
    plain = {word for text in texts for word in re.findall(r"^[\[A-Za-z0-9_.\]-]{2,40}(?=:| =|$)", text, re.M)}
    return sorted(quoted | plain)


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    seeds = list(SEEDS[target]())
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    for name, seed in seeds:
        (folder / "seeds" / name).write_bytes(seed)
    escaped = [word.replace("\\", "\\\\").replace('"', '\\"') for word in words(seeds)]
    (folder / "dictionary").write_text("".join(f'"{word}"\n' for word in escaped))
    print(f"fuzz: {len(seeds)} seeds and {len(escaped)} words for {target}")


main()
