#!/usr/bin/env python3
"""Teaches the model that tells the numbers of a text apart, and writes what it has learned.

The texts are assets/ai/learn/*.jsonl, one object a line: `text`, in which what counts is marked as `⟦role|words⟧`, shares and limits with
`#K` where they are of the Kth path or activity of the text; `recipe`, where
the text means one; `open`, where it contradicts itself, so that what is not marked says nothing; `links: false`, where nobody has said what limits are of. The roles are those of
src/ai/generator/roles, in its order. All of all-minilm-l6-v2 but its word vectors is taught; what has changed is then written as
low-rank updates of its matrices (the largest singular values of each change), which is what the binary carries.

    python3 -m venv /tmp/learn && /tmp/learn/bin/pip install torch transformers safetensors
    /tmp/learn/bin/python scripts/learn.py [--watch 12] [--epochs 12] [--rank 64] [--bf16]

--watch N keeps every Nth text back and says how right the model is on those; it writes nothing then, unless --out says where.
"""
import argparse, glob, json, math, os, pathlib, random, re, time

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn
from transformers import AutoModel, AutoTokenizer

HERE = pathlib.Path(__file__).resolve().parent.parent
ROLES = (
    "none host port method path act users passes hatch rate limit time think timeout step_time step_to bound share".split()
)
NO_NUMBERS = ("host", "port", "method", "path", "act")
MEASURES = "p50 p75 p90 p95 p99 p99.9 avg max min error_rate failures rps requests".split()
OPERATORS = "< <= > >= ==".split()
RECIPES = ["none"] + (
    "asset-heavy-page auth-basic auth-bearer banking-transfer breakpoint checkout file-upload graphql-mutation graphql-query load "
    "multi-page-site paginated-api ramp-up recovery rest-crud search single-page-app smoke soak social-feed spike stress "
    "sustained webhook-burst"
).split()
LONGEST, TOGETHER, NOTHING = 384, 16, -100
# Numbers by which a share or a limit looks for what it is of, and by which that is found.
LINK = 64
NUMBER = re.compile(r"\d[\d.,]*\d|\d")
# Numbers that may be any other: no percentile, no version, no part of an address.
FREE = re.compile(
    r"(?<![\w./:\-])\d{1,6}(?![\d.,:/%]|\s?%|\s?(?:st|nd|rd|th|percent|prozent|per cent)\b|\.\s?(?:perz|quant))", re.I
)


def read(line):
    """A text without its marks, and the marks as (from, to, role, rest)."""
    one = json.loads(line)
    text, marks, at = "", [], 0
    for mark in re.finditer(r"⟦([^|⟧]*)\|([^⟧]*)⟧", one["text"]):
        text += one["text"][at : mark.start()]
        role, *rest = mark[1].split()
        marks.append((len(text), len(text) + len(mark[2]), role, rest))
        text, at = text + mark[2], mark.end()
    text += one["text"][at:]
    recipe = one.get("recipe", "none")
    recipe = RECIPES.index(recipe) if recipe in RECIPES and not one.get("turn") else NOTHING
    return {"text": text, "marks": marks, "recipe": recipe, "open": one.get("open", False), "links": one.get("links", True)}


def varied(one):
    """The same text with other numbers, so that no number is learned by heart."""
    out = list(one["text"])
    for found in FREE.finditer(one["text"]):
        inside = any(a < found.end() and b > found.start() and role in NO_NUMBERS for a, b, role, _ in one["marks"])
        if inside or found[0] in "012" or random.random() < 0.5:
            continue
        other = lambda digit: "0" if digit == "0" and random.random() < 0.7 else random.choice("0123456789")
        out[found.start() : found.end()] = [random.choice("123456789"), *map(other, found[0][1:])]
    return {**one, "text": "".join(out)}


def encoded(tokenizer, one):
    """Ids, and for each piece its role, measure and operator."""
    coded = tokenizer(one["text"], return_offsets_mapping=True, truncation=True, max_length=LONGEST)
    rows = []
    for start, end in coded["offset_mapping"]:
        row = [0, NOTHING, NOTHING]
        marks = [mark for mark in one["marks"] if start < mark[1] and end > mark[0]]
        if start == end or one["open"] and not marks:
            row[0] = NOTHING
        for _, _, role, rest in marks:
            row[0] = NOTHING if role == "unknown" else ROLES.index(role)
            if role == "bound" and rest[0] in MEASURES:
                row[1:] = MEASURES.index(rest[0]), OPERATORS.index(rest[1])
        rows.append(row)
    return coded["input_ids"], rows, linked(one, coded["offset_mapping"]), coded["offset_mapping"]


def linked(one, places):
    """Pieces of shares and limits, pieces of what they may be of, and which of those each is of: none is the last one."""
    within = lambda mark: [at for at, (a, b) in enumerate(places) if a < min(mark[1], b) and b > mark[0]]
    items = [within(mark) for mark in one["marks"] if mark[2] in ("path", "act")]
    asks = []
    for mark in one["marks"]:
        of = [int(part[1:]) - 1 for part in mark[3] if part.startswith("#")]
        if mark[2] in ("share", "bound") and within(mark) and (of or mark[2] == "bound" and one["links"]):
            asks.append((within(mark), of[0] if of else len(items)))
    return (asks, items) if len(items) > 1 and all(items) else ([], [])


class Model(nn.Module):
    def __init__(self, base):
        super().__init__()
        self.bert = AutoModel.from_pretrained(base, attn_implementation="eager", add_pooling_layer=False)
        self.bert.embeddings.requires_grad_(False)
        self.drop = nn.Dropout(0.1)
        # The last number is how much a share or a limit is of nothing in particular.
        self.pieces = nn.Linear(384, len(ROLES) + len(MEASURES) + len(OPERATORS) + 2 * LINK + 1)
        self.whole = nn.Linear(384, len(RECIPES))

    def forward(self, ids, mask):
        states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        sizes = [len(ROLES), len(MEASURES), len(OPERATORS), 2 * LINK + 1]
        return *self.pieces(self.drop(states)).split(sizes, dim=-1), self.whole(self.drop(mean))


def likely(links, asks, items):
    """For each of `asks`, how likely it is of each of `items`, and of none."""
    looks, found, none = links.split([LINK, LINK, 1], dim=-1)
    keys = torch.stack([found[pieces].mean(0) for pieces in items])
    rows = [torch.cat([keys @ looks[pieces].mean(0) / math.sqrt(LINK), none[pieces].mean(0)]) for pieces, _ in asks]
    return torch.stack(rows)


def batches(items):
    order = random.sample(range(len(items)), len(items))
    chunks = [sorted(order[at : at + 20 * TOGETHER], key=lambda k: len(items[k][0])) for at in range(0, len(order), 20 * TOGETHER)]
    order = [k for chunk in chunks for k in chunk]
    groups = [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]
    for group in random.sample(groups, len(groups)):
        longest = max(len(items[k][0]) for k in group)
        ids = torch.zeros(len(group), longest, dtype=torch.long)
        mask, rows = ids.float(), torch.full((len(group), longest, 3), NOTHING)
        for at, k in enumerate(group):
            length = len(items[k][0])
            ids[at, :length], mask[at, :length] = torch.tensor(items[k][0]), 1
            rows[at, :length] = torch.tensor(items[k][1])
        yield group, ids, mask, rows


def teach(model, tokenizer, texts, epochs, rate=2e-4, half=False):
    learned = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=rate, weight_decay=0.01)
    steps = epochs * math.ceil(len(texts) / TOGETHER)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps + 1, pct_start=0.1)

    def loss_of(scores, wanted, smoothing=0.0):
        scores, wanted = scores.flatten(0, -2), wanted.flatten()
        if not (wanted >= 0).any():
            return 0.0
        return F.cross_entropy(scores, wanted, ignore_index=NOTHING, label_smoothing=smoothing)

    for epoch in range(epochs):
        model.train()
        began, sum_of_losses = time.time(), 0.0
        items = [encoded(tokenizer, varied(one)) for one in texts]
        for group, ids, mask, rows in batches(items):
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
                scores = model(ids, mask)
            roles, measures, operators, links, whole = (one.float() for one in scores)
            recipes = torch.tensor([texts[k]["recipe"] for k in group])
            loss = loss_of(roles, rows[..., 0], 0.02) + 0.5 * loss_of(measures, rows[..., 1])
            loss = loss + 0.5 * loss_of(operators, rows[..., 2]) + 0.3 * loss_of(whole, recipes, 0.02)
            scores = [
                F.cross_entropy(likely(links[at], *items[k][2]), torch.tensor([of for _, of in items[k][2][0]]), reduction="sum")
                for at, k in enumerate(group)
                if items[k][2][0]
            ]
            loss = loss + 0.1 * sum(scores) / len(group)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            schedule.step()
            sum_of_losses += loss.item() * len(group)
        print(f"epoch {epoch + 1} of {epochs}: loss {sum_of_losses / len(texts):.3f}, {time.time() - began:.0f} s", flush=True)


def shortened(model, base, rank):
    """The changes of the matrices, cut to `rank`; the model has what is left of them afterwards."""
    before, out = AutoModel.from_pretrained(base).state_dict(), {}
    for name, parameter in model.bert.named_parameters():
        change = parameter.detach() - before[name]
        if name.startswith("embeddings."):
            continue
        if parameter.dim() == 2:
            u, s, v = torch.linalg.svd(change, full_matrices=False)
            out[f"{name}.b"] = (u[:, :rank] * s[:rank].sqrt()).half().contiguous()
            out[f"{name}.a"] = (v[:rank] * s[:rank].sqrt().unsqueeze(1)).half().contiguous()
            change = out[f"{name}.b"].float() @ out[f"{name}.a"].float()
        else:
            out[f"{name}.d"] = change.half()
            change = out[f"{name}.d"].float()
        parameter.data = before[name] + change
    for layer in ("pieces", "whole"):
        out |= {f"{layer}.{name}": value.half() for name, value in getattr(model, layer).state_dict().items()}
    return out


def judged(model, tokenizer, texts):
    """How many numbers have the right role, and in how many texts all of them."""
    model.eval()
    right, numbers, whole, per, well_linked, all_links = 0, 0, 0, {}, 0, 0
    for one in texts:
        ids, _, links, places = encoded(tokenizer, one)
        with torch.no_grad():
            roles, _, _, vectors, _ = model(torch.tensor([ids]), torch.ones(1, len(ids)))
            roles = roles[0].log_softmax(-1)
            if links[0]:
                well_linked += sum(int(row.argmax()) == of for row, (_, of) in zip(likely(vectors[0], *links), links[0]))
                all_links += len(links[0])
        roles[:, [ROLES.index(role) for role in NO_NUMBERS]] = -99
        wanted = [(a, b, role) for a, b, role, _ in one["marks"] if role not in (*NO_NUMBERS, "unknown")]
        if not one["open"]:
            apart = lambda n: not any(a < n.end() and b > n.start() for a, b, *_ in one["marks"])
            wanted += [(*n.span(), "none") for n in NUMBER.finditer(one["text"]) if apart(n)]
        good = True
        for start, end, role in wanted:
            at = [k for k, (a, b) in enumerate(places) if a < min(end, b) and b > start]
            if not at:
                continue
            found = ROLES[int(roles[at].mean(0).argmax())] == role
            seen = per.setdefault(role, [0, 0])
            seen[0], seen[1] = seen[0] + found, seen[1] + 1
            right, numbers, good = right + found, numbers + 1, good and found
        whole += good
    print(f"numbers {right / numbers:.1%} of {numbers}, whole texts {whole / len(texts):.1%} of {len(texts)}")
    print(f"what shares and limits are of: {well_linked} of {all_links}")
    print("  " + ", ".join(f"{role} {a} of {b}" for role, (a, b) in sorted(per.items())), flush=True)


def main():
    standard = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "maid/models"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default=str(standard / "all-minilm-l6-v2"))
    parser.add_argument("--out")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--rank", type=int, default=64)
    parser.add_argument("--watch", type=int)
    parser.add_argument("--bf16", action="store_true", help="multiply in bfloat16: 2.7 times as fast where the CPU has AVX512-BF16")
    asked = parser.parse_args()
    torch.manual_seed(1)
    random.seed(1)
    files = sorted(glob.glob(str(HERE / "assets/ai/learn/*.jsonl")))
    texts = [read(line) for file in files for line in open(file, encoding="utf-8")]
    back = [one for at, one in enumerate(texts) if asked.watch and at % asked.watch == 0]
    texts = [one for at, one in enumerate(texts) if not (asked.watch and at % asked.watch == 0)]
    print(f"{len(texts)} texts to learn from, {len(back)} kept back", flush=True)
    tokenizer, model = AutoTokenizer.from_pretrained(asked.base), Model(asked.base)
    teach(model, tokenizer, texts, asked.epochs, half=asked.bf16)
    if back:
        judged(model, tokenizer, back)
    changes = shortened(model, asked.base, asked.rank)
    if back:
        print(f"cut to rank {asked.rank}:")
        judged(model, tokenizer, back)
    out = asked.out or (None if back else str(HERE / "assets/ai/roles.safetensors"))
    if out:
        save_file(changes, out)
        print(f"{out}: {os.path.getsize(out)} bytes")


if __name__ == "__main__":
    main()
