"""Makes vocabulary.txt.gz and tokens.safetensors: texts and the ids that open_clip gives them.

The vocabulary is a small one of CLIP's format, of the pairs that are most frequent in the texts, so
none of CLIP's own. The ids are those of open_clip 3.3.0's SimpleTokenizer with it, in rows of 24; the
texts are hard ones, without such that were decoded in a wrong code page, which ftfy repairs and
Assay does not.

    tokens.py TEXTS.json
"""
import gzip
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from open_clip.tokenizer import SimpleTokenizer, bytes_to_unicode
from safetensors.numpy import save_file

here, symbols = Path(__file__).parent, bytes_to_unicode()
extra = [
    "a photo of a cat.", "A  Photo\tof\nA CAT", "ΑΣ ΣΑΣ", "\u0345 x\u0345y", "'ſ", "&notit; &ampx &;",
    "&#128; &#0; &#xD800; &#x1F600;", "&EACUTE; &SZLIG; &COPY;", "<b> &eacute; &lt;", "\x1b[36;44mx",
    "ﾊﾟ ￥ ￣", "<start_of_text>x<end_of_text>", "İ K ẞ", "e\u0301 o\u0323\u0302", "\u2028\u3000\u00a0",
]
broken = ("â€", "Ã")
texts = extra + [t[:60] for t in json.loads(Path(sys.argv[1]).read_text())
                 if not any(b in t for b in broken)]

words = Counter()
for text in texts:
    for word in SimpleTokenizer().clean_fn(text).split():
        letters = [symbols[b] for b in word.encode()]
        words[tuple(letters[:-1]) + (letters[-1] + "</w>",)] += 1
merges = []
while len(merges) < 400:
    pairs = Counter()
    for word, count in words.items():
        for pair in zip(word, word[1:]):
            pairs[pair] += count
    best = max(pairs, key=lambda pair: (pairs[pair], pair))
    merges.append(" ".join(best))
    after = Counter()
    for word, count in words.items():
        out, i = [], 0
        while i < len(word):
            if word[i:i + 2] == best:
                out.append("".join(best))
                i += 2
            else:
                out.append(word[i])
                i += 1
        after[tuple(out)] += count
    words = after
# Without a last line break, which open_clip would take for one more token.
path = here / "vocabulary.txt.gz"
path.write_bytes(gzip.compress("\n".join(["pairs of texts", *merges]).encode(), mtime=0))
ids = SimpleTokenizer(bpe_path=str(path))(texts, context_length=24).numpy().astype(np.int32)
save_file({
    "scalars": np.array([ord(c) for t in texts for c in t], dtype=np.int32),
    "lengths": np.array([len(t) for t in texts], dtype=np.int32), "ids": ids,
}, here / "tokens.safetensors")
