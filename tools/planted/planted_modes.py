#!/usr/bin/env python3
"""Makes suites/data/planted-modes: image and prompt features with known numbers of modes.

An image is its prompt's centre plus the offset of one of its modes plus noise, of unit length; modes
do not depend on the prompt. Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

ROWS, WIDTH, NOISE = 600, 32, 0.02


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def main():
    rng = np.random.default_rng(2024)
    centres, offsets = unit(rng.standard_normal((5, WIDTH))), unit(rng.standard_normal((6, WIDTH)))
    place = manifest.folder(__file__)
    cases, ranked = [], []

    def pairs(modes, prompts):
        prompt = np.arange(ROWS) % prompts
        mode = rng.integers(0, modes, ROWS)
        noise = NOISE * rng.standard_normal((ROWS, WIDTH))
        return centres[prompt], unit(centres[prompt] + offsets[mode] + noise), prompt, mode

    def add(name, setting, text, image, modes, prompts):
        arrays = {
            "text": manifest.save(place, f"{name}_text", text.astype(np.float16)),
            "image": manifest.save(place, f"{name}_image", image.astype(np.float16)),
        }
        truth = {"modes": modes, "prompts": prompts}
        case = {"name": name, "setting": setting, "query": arrays, "truth": truth}
        cases.append(case)
        return case

    for modes, prompts in [(1, 5), (2, 5), (3, 5), (4, 5), (6, 5), (3, 1), (3, 2)]:
        text, image, prompt, mode = pairs(modes, prompts)
        name = f"modes-{modes}-prompts-{prompts}"
        case = add(name, {"modes": modes, "prompts": prompts}, text, image, modes, prompts)
        if prompts == 5:
            ranked.append((f"ranked-{modes}", case))
        if (modes, prompts) == (3, 5):
            case["query"] |= {"new.text": case["query"]["text"]}
            case["query"] |= {"new.image": case["query"]["image"]}
            case["truth"] |= {
                "new.prompt": manifest.save(place, "prompt", prompt.astype(np.int16)),
                "new.mode": manifest.save(place, "mode", mode.astype(np.int16)),
            }
    for name, case in ranked:
        query = {key: case["query"][key] for key in ("text", "image")}
        truth = {key: case["truth"][key] for key in ("modes", "prompts")}
        cases.append(
            {"name": name, "setting": {"sets": "by modes"}, "query": query, "truth": truth}
        )
    text = unit(rng.standard_normal((ROWS, WIDTH)))
    # A rotation, so that images have unit length and stay linear in the text when normalised.
    rotation = np.linalg.qr(rng.standard_normal((WIDTH, WIDTH)))[0]
    add("linear", {"relation": "linear"}, text, text @ rotation, 1, ROWS)
    image = unit(rng.standard_normal((ROWS, WIDTH)))
    add("independent", {"relation": "independent"}, text, image, 1, ROWS)
    manifest.write(
        place,
        __file__,
        "Image and prompt features with known numbers of modes",
        "600 pairs in each case. 'linear': images are a linear function of their text; "
        "'independent': they have nothing to do with it.",
        cases=cases,
    )


if __name__ == "__main__":
    main()
