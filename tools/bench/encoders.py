"""CLIP's encoders beside open_clip: values, then the time of a forward pass, one thread each.

With random weights: embeddings of ViT-B/32, ViT-B/16 and a model with QuickGELU to 1e-5 of the
largest number, gradients of a small model to 1e-4, token ids of 1,000 hard texts exactly. open_clip
and PyTorch are large and not among the requirements of the other benches: without them there is
nothing to compare. Both sides time the image tower of ViT-B/32; rounds alternate, the least
processor time counts.

    encoders.py ENCODERSBENCH [ROUNDS]
"""
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import one_thread  # noqa: F401
from tally import bound, ratio

try:
    import ftfy
    import open_clip
    import torch
    from open_clip import tokenizer as tokens
    from safetensors.torch import load_file, save_file
except ImportError:
    print("open_clip and PyTorch are not installed, so the encoders are not compared")
    sys.exit()

BENCH, ROUNDS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
BATCH, REPEATS = 16, 2
FOLDER = Path(tempfile.mkdtemp())
torch.set_num_threads(1)


def assay(*arguments):
    run = subprocess.run([BENCH, *map(str, arguments)], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"encoders.py: {run.stdout}{run.stderr}")
    return json.loads(run.stdout) if run.stdout else None


def error(found, wanted):
    return ((found - wanted).abs().max() / wanted.abs().max()).item()


def build(name, **changes):
    """A model with random weights, its norms and biases too, and its checkpoint."""
    torch.manual_seed(5)
    if changes:
        model = open_clip.CLIP(**changes)
    else:
        model = open_clip.create_model(name)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 1:
                parameter.add_(0.1 * torch.randn_like(parameter))
    model.eval()
    path = FOLDER / f"{name}.safetensors"
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, path)
    return model, path


def batch(model, count):
    side, length = model.visual.image_size[0], model.context_length
    words = model.vocab_size
    ids = torch.zeros(count, length, dtype=torch.int32)
    for row in range(count):
        end = random.randrange(2, length)
        ids[row, :end] = torch.randint(1, words - 2, (end,))
        ids[row, end] = words - 1
    return torch.randn(count, 3, side, side), ids


def features():
    worst = 0
    for name in ("ViT-B-32", "ViT-B-16", "ViT-B-32-quickgelu"):
        model, path = build(name)
        images, ids = batch(model, 3)
        save_file({"images": images, "ids": ids}, FOLDER / "in")
        assay("features", path, "quickGELU" if "quick" in name else "gelu", FOLDER / "in",
              FOLDER / "out")
        found = load_file(FOLDER / "out")
        with torch.no_grad():
            here = error(found["image"], model.encode_image(images))
            there = error(found["text"], model.encode_text(ids.long()))
        print(f"{name}: images {here:.1e}, texts {there:.1e}")
        worst = max(worst, here, there)
        path.unlink()
    bound("embeddings beside open_clip, largest error", "3 models", 1e6 * worst, "1e-6", 10)


def gradients():
    vision = dict(layers=2, width=32, head_width=16, patch_size=8, image_size=32)
    text = dict(context_length=16, vocab_size=64, width=32, heads=2, layers=2)
    model, path = build("small", embed_dim=24, vision_cfg=vision, text_cfg=text)
    images, ids = batch(model, 8)
    save_file({"images": images, "ids": ids}, FOLDER / "in")
    assay("gradients", path, "gelu", FOLDER / "in", FOLDER / "out")
    image, words, scale = model(images, ids.long())[:3]
    scores, same = scale * image @ words.T, torch.arange(8)
    cross = torch.nn.functional.cross_entropy
    ((cross(scores, same) + cross(scores.T, same)) / 2).backward()
    found = load_file(FOLDER / "out")
    worst = max(error(found[k], p.grad) for k, p in model.named_parameters())
    bound("gradients beside open_clip, largest error", "small CLIP", 1e4 * worst, "1e-4", 1)


def texts():
    """Texts that are hard to split, but none that ftfy takes for one of a wrong code page."""
    random.seed(11)
    parts = [
        "naïve", "CAFÉ", "e\u0301", "don't", "I'LL", "we've", "'s's", "x'S", "’tis", "“q”", "…",
        "&amp;", "&amp;amp;", "&eacute", "&EACUTE;", "&#8217;", "&#x1F600;", "&notit;", "&lt;b&gt;",
        "&ampx", "&;", "&", "&#0;", "&#128;", "&#xD800;", "&CounterClockwiseContourIntegral;",
        "<br>", "ﬁne", "ＡＢＣ１２", "ｶﾀｶﾅ", "ﾊﾟ", "ǅ", "ŒUVRE", "ΑΣ", "ΣΑΣ ΟΔΟΣ", "İstanbul", "ſ",
        "'ſ", "1,000,000", "3.14", "½", "①", "Ⅷ", "x²", "C++", ".NET", "#tag", "@user", "a_b",
        "http://x.y/z?q=1&r=2", "🇫🇷", "👩\u200d👧", "❤\ufe0f", "한국어", "日本語テキスト", "عربى",
        "हिन्दी", "ไทย", "\u200b", "\ufeff", "\u00ad", "\x00", "\x1b[31m", "\x7f", "\t", "\n", "\r\n",
        "\u2028", "\u00a0", "\u3000", "\u2003", "!!!???", "----", "a.b.c", "supercalifragilistic",
        "<start_of_text>", "<end_of_text>", "<|endoftext|>", "K", "Å", "ẞ", "straße", "\U0001d54f",
        "\ud7a3", "ᄒ\u1161\u11ab", "o\u0323\u0302", "\u0345", "Ω", "™", "®", "€5", "£", "¥", "﷼", "﹁",
    ]
    result = list(parts)
    while len(result) < 900:
        count = random.randrange(1, 12)
        result.append("".join(random.choice(parts) + random.choice(["", " ", "  "])
                              for _ in range(count)))
    ranges = [(32, 127)] * 4 + [(0xa1, 0x250), (0x370, 0x530), (0x5d0, 0x700), (0x900, 0xe80),
                               (0x1100, 0x1200), (0x1e00, 0x2000), (0x2010, 0x2c00),
                               (0x3040, 0x3100), (0x4e00, 0x9fff), (0xac00, 0xd7a4), (0xff01, 0xffee)]
    while len(result) < 1000:
        low, high = random.choice(ranges)
        text = "".join(chr(random.randrange(low, high)) for _ in range(random.randrange(1, 60)))
        if ftfy.fix_text(text) == ftfy.fix_text(text, fix_encoding=False):
            result.append(text)
    return result


def ids():
    reference, hard = tokens.SimpleTokenizer(), texts()
    save_file({
        "scalars": torch.tensor([ord(c) for text in hard for c in text], dtype=torch.int32),
        "lengths": torch.tensor([len(text) for text in hard], dtype=torch.int32),
    }, FOLDER / "texts")
    vocabulary = tokens.default_bpe()
    took = assay("ids", vocabulary, "open_clip", FOLDER / "texts", 77, FOLDER / "out")
    found, wanted = load_file(FOLDER / "out")["ids"], reference(hard)
    others = [i for i in range(len(hard)) if not torch.equal(found[i].long(), wanted[i].long())]
    for index in others[:20]:
        print("ids differ:", ascii(hard[index]), [reference.decode([t]) if t < 49406 else "|"
              for t in wanted[index].tolist() if t][:12])
    bound("texts with other ids than open_clip", f"{len(hard)} texts", len(others), "texts", 0)
    start = time.process_time()
    tokens.SimpleTokenizer()(hard)
    theirs = time.process_time() - start
    print(f"tokenizing {len(hard)} texts: {took['seconds']:.3f} s, open_clip {theirs:.3f} s")


def forward():
    model, path = build("ViT-B-32")
    images = torch.randn(BATCH, 3, 224, 224)

    def theirs():
        start = time.process_time()
        with torch.inference_mode():
            model.encode_image(images)
        return time.process_time() - start

    theirs()
    best, mine = float("inf"), {"seconds": float("inf")}
    for _ in range(ROUNDS):
        mine = min(mine, assay("forward", path, BATCH, REPEATS), key=lambda row: row["seconds"])
        best = min([best] + [theirs() for _ in range(REPEATS)])
    size = f"batch {BATCH}, {BATCH / mine['seconds']:.1f} images a second"
    ratio("image features, ViT-B/32", size, f"open_clip {open_clip.__version__}", best,
          mine["seconds"], 1.0)
    bound("share of it outside BLAS", size, 100 * (1 - mine["share"]), "%", 20)
    bound("memory for activations", size, mine["bytes"] / 1e6, "MB", None)


ids()
gradients()
features()
forward()
