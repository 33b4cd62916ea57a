"""The numbers as Markdown, with what misses its aim in bold and by how much."""

from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean

from benchmarks.quality import results
from benchmarks.quality.case import Case
from benchmarks.quality.cases import CASES
from benchmarks.quality.results import Json
from restoration.engine.defects import DEFECTS

BEGIN, END = "<!-- quality:begin -->", "<!-- quality:end -->"
LOCAL, GLOBAL = 1.0, 0.5  # dB over the best oracle.
AUC, OUTSIDE, FORCED, GUARDED = 0.98, 48.0, 45.0, 0.005
ANALYSED, MENDED = 30.0, 3.0  # Frames a second.
SET8 = {10: 36.44, 20: 33.43, 30: 31.68, 40: 30.46, 50: 29.53}
COMMAND = "python -m benchmarks.quality --write docs/quality.md"


def written(half: str) -> str:
    """Everything that was kept of a half, as sections of Markdown. No case and no defect is left out."""
    found = {case.name: kept for case in CASES if (kept := results.kept(half, case.name))}
    parts = [_head(half, found), _repairs(found), _harm(found), _detection(found), _orientation(found),
             _oracles(found), _cost(found), _speed(results.kept(half, "speed")),
             _reels(results.kept(half, "reels"))]
    return "\n\n".join(part for part in parts if part)


def place(path: Path, text: str) -> None:
    """Put the text between the marks in the file. Raises ValueError where these are missing."""
    old = path.read_text()
    if BEGIN not in old or END not in old:
        raise ValueError(f"{path} has no place for the table: it needs the lines {BEGIN} and {END}.")
    before, rest = old.split(BEGIN, 1)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END, 1)[1]}")


def aimed(value: float | None, aim: float, text: Callable[[float], str], *, is_most: bool = False) -> str:
    """The value; in bold, with the distance, where it misses the aim."""
    if value is None:
        return "—"
    short = value - aim if is_most else aim - value
    return f"**{text(value)} (misses by {text(short).lstrip('+')})**" if short > 1e-9 else text(value)


def best_oracle(found: Json) -> tuple[str, float] | None:
    """The oracle with the highest mean over all clips, and that mean."""
    means = {name: mean(clip["oracles"][name]["goal"] for clip in found["clips"])
             for name in found["clips"][0]["oracles"]
             if all("goal" in clip["oracles"][name] for clip in found["clips"])}
    return max(means.items(), key=lambda each: each[1]) if means else None


def _head(half: str, found: dict[str, Json]) -> str:
    made = [each["made"] for each in found.values()]
    source = {case.name: case.source for case in CASES}
    old = [name for name, each in found.items() if each["made"]["code"] != results.code_digest(source[name])]
    lines = [f"Made with `{COMMAND}` on {results.machine()}; {results.versions()}. Measured "
             f"{' to '.join(sorted({made[0]['at'], made[-1]['at']})) if made else 'never'}, {half} half."]
    if old:
        lines.append(f"Measured with an earlier state of the code: {', '.join(old)}.")
    return "\n\n".join(lines)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _tabled(head: Iterable[str], rows: Iterable[str]) -> str:
    names = list(head)
    return "\n".join([_row(*names), "|" + "---|" * len(names), *rows])


def _db(value: float) -> str:
    return f"{value:.2f}"


def _gain(value: float) -> str:
    return f"{value:+.2f}"


def _repairs(found: dict[str, Json]) -> str:
    rows = [_repair(case.title, found.get(case.name)) for case in CASES]
    covered = {DEFECTS[case.detects].repair for case in CASES if case.detects} | {case.name for case in CASES}
    rows += [_row(scale.title, "**no case yet**", *["—"] * 7) for scale in DEFECTS.values()
             if scale.repair and scale.repair not in covered]
    head = ("damage", "where", "before", "best oracle", "Patina", "over the best", "worst clip", "SSIM before",
            "SSIM after")
    return "### Nearness to the truth\n\n" + _tabled(head, rows)


def _repair(title: str, found: Json | None) -> str:
    if found is None:
        return _row(title, "**not measured yet**", *["—"] * 7)
    clips, best = found["clips"], best_oracle(found)
    where = "in the mask" if found["is_local"] else "frame"
    before, oracle = _db(mean(clip["before"]["goal"] for clip in clips)), f"{best[0]} {best[1]:.2f}" if best else "—"
    made = [clip["patina"] or clip["before"] for clip in clips]  # What is recommended nothing for stays as it is.
    ours = mean(each["goal"] for each in made)
    base = [clip["oracles"][best[0]]["goal"] if best else clip["before"]["goal"] for clip in clips]
    gain = ours - mean(base)
    worst = min(each["goal"] - other for each, other in zip(made, base, strict=True))
    seen = [[each["inside"]["ssim"] for each in some if each["inside"]]
            for some in ([clip["before"] for clip in clips], made)]
    untouched = sum(clip["patina"] is None for clip in clips)
    left = f" ({untouched} of {len(clips)} clips left as they are)" if untouched else ""
    aim = LOCAL if found["is_local"] else GLOBAL
    return _row(title, where, before, oracle, _db(ours) + left, aimed(gain, aim, _gain), _gain(worst),
                *(f"{mean(values):.4f}" if values else "—" for values in seen))


def _harm(found: dict[str, Json]) -> str:
    rows = [_harmed(case.title, kept) for case in CASES if (kept := found.get(case.name)) and any(kept["harm"])]
    head = ("damage", "outside the mask, dB", "clean clip, forced on, dB", "its frames identical",
            "worst guard clip changes", "damaged clips change", "frames backed off")
    return "### Do no harm\n\n" + _tabled(head, rows) if rows else ""


def _harmed(title: str, kept: Json) -> str:
    harms, guards = [harm for harm in kept["harm"] if harm], kept["guards"]
    outside = [harm["outside"] for harm in harms if harm["outside"] is not None]
    changed = [clip["patina"]["changed"] for clip in kept["clips"] if clip["patina"]]
    worst = max(guards, key=lambda name: guards[name]) if guards else None
    forced = min((harm["forced"] for harm in harms if harm["forced"] is not None), default=None)
    return _row(title, aimed(min(outside), OUTSIDE, _db) if outside else "—", aimed(forced, FORCED, _db),
                "—" if forced is None else f"{mean(harm['identical'] for harm in harms):.0%}",
                f"{aimed(guards[worst], GUARDED, _share, is_most=True)} {worst}" if worst else "—",
                "whole picture" if None in changed else _share(mean(changed)),
                str(sum(clip["patina"]["backed_off"] for clip in kept["clips"] if clip["patina"])))


def _share(value: float) -> str:
    return f"{100 * value:.2f} %"


def _detection(found: dict[str, Json]) -> str:
    rows = []
    for case in CASES:
        kept = found.get(case.name)
        if kept is None or case.detects is None:
            continue
        told, mask = kept["detection"], kept["mask"] or {}
        fits = [f"{mask[name]:.3f}" if mask.get(name) is not None else "—" for name in ("precision", "recall", "f1")]
        counted = [str(len(told["damaged"])), str(len(told["clean"]))] if told else ["—", "—"]
        auc = aimed(told["auc"], AUC, lambda value: f"{value:.3f}") if told else "**no detector yet**"
        rows.append(_row(case.title, DEFECTS[case.detects].title, auc, *counted, *fits))
    head = ("damage", "finding", "AUC", "damaged", "clean and guards", "precision", "recall", "F1")
    return "### Detection\n\n" + _tabled(head, rows) if rows else ""


def _orientation(found: dict[str, Json]) -> str:
    sigmas = [sigma for sigma in SET8 if f"noise-{sigma}" in found]
    if not sigmas:
        return ""
    kept = [found[f"noise-{sigma}"] for sigma in sigmas]
    rows = [_row("noisy", *(_rgb(each, "before") for each in kept))]
    rows += [_row(name, *(_rgb(each, name) for each in kept)) for name in kept[0]["clips"][0]["oracles"]]
    rows += [_row("Patina", *(_rgb(each, "patina") for each in kept)),
             _row("FastDVDnet on Set8, as published", *(_db(SET8[sigma]) for sigma in sigmas))]
    return ("### White noise in R'G'B'\n\nPSNR of R'G'B' in dB. FastDVDnet's row is of other clips and stands here for "
            "orientation only.\n\n" + _tabled(("σ (of 255)", *map(str, sigmas)), rows))


def _rgb(found: Json, who: str) -> str:
    scored = [clip[who] if who in clip else clip["oracles"][who] for clip in found["clips"]]
    if any(each is None or "inside" not in each for each in scored):
        return "—"
    return _db(mean(each["inside"]["rgb"] for each in scored))


def _oracles(found: dict[str, Json]) -> str:
    rows = [row for case in CASES if case.name in found for row in _answers(case, found[case.name])]
    head = ("damage", "filter", "dB", "outside the mask", "values from the tuning half", "works in", "CPU ms a frame")
    return "### Every oracle\n\n" + _tabled(head, rows) if rows else ""


def _answers(case: Case, found: Json) -> Iterable[str]:
    for name in (oracle.name for oracle in case.oracles):
        answers = [clip["oracles"].get(name, {"cannot": "not asked"}) for clip in found["clips"]]
        failed = next((answer["cannot"] for answer in answers if "cannot" in answer), None)
        if failed:
            yield _row(case.title, name, f"**{failed}**", *["—"] * 4)
            continue
        values = " ".join(f"{key}={value}" for key, value in answers[0]["values"].items()) or "as it is"
        cost = 1000 * sum(answer["cpu"] for answer in answers) / sum(clip["frames"] for clip in found["clips"])
        yield _row(case.title, name, _goal(answers), _outside(answers), values, answers[0]["works_in"], f"{cost:.0f}")
    ours = [clip["patina"] for clip in found["clips"]]
    if found["is_local"] and all(ours):
        yield _row(case.title, "Patina", _goal(ours), _outside(ours), *["—"] * 3)


def _goal(answers: list[Json]) -> str:
    return _db(mean(answer["goal"] for answer in answers))


def _outside(answers: list[Json]) -> str:
    """Against the truth: what a filter that is good in the mask does to the rest of the picture."""
    values = [answer["outside"]["planes"] for answer in answers if answer["outside"]]
    return _db(mean(values)) if values else "—"


def _cost(found: dict[str, Json]) -> str:
    rows = []
    for case in CASES:
        mended = [clip["patina"] for clip in found.get(case.name, {}).get("clips", ()) if clip["patina"]]
        if mended:
            cost = sum(each["cpu"] for each in mended) / sum(each["pixels"] for each in mended)
            rows.append(_row(case.title, f"{1e9 * cost:.0f}"))
    head = ("repair of", "CPU ms per megapixel of the source")
    return "### Cost\n\n" + _tabled(head, rows) if rows else ""


def _speed(found: Json | None) -> str:
    if found is None:
        return "### Speed\n\n**not measured yet**"
    made, seen = found["mended"], found["analysed"]
    missing = f" **Not in it yet: {', '.join(found['missing'])}.**" if found["missing"] else ""
    load = (f"measured at a load of {found['made']['load']}; a worker of one thread for each core mends, one process "
            "analyses")
    rows = [_row(f"default repairs of a tape ({', '.join(found['repairs'])}), output frames a second",
                 aimed(made["frames"] / made["wall"], MENDED, _db), f"{1000 * made['cpu'] / made['frames']:.0f}"),
            _row("analysis of 720x480 from its file, source frames a second",
                 aimed(seen["frames"] / seen["wall"], ANALYSED, lambda value: f"{value:.1f}"),
                 f"{1000 * seen['cpu'] / seen['frames']:.0f}")]
    head = ("what", "frames a second", "CPU ms a frame")
    return f"### Speed\n\nWall time, {load}.{missing}\n\n" + _tabled(head, rows)


def _reels(found: Json | None) -> str:
    if found is None:
        return "### Whole files\n\n**not measured yet**"
    rows = []
    for reel in found["reels"]:
        said = f"{reel['scan']}{', ' + reel['order'] if reel['order'] else ''}"
        asked = ", ".join(reel["recommended"]) or "nothing"
        rows.append(_row(reel["name"], said if reel["is_right"] else f"**{said} (wrong)**",
                         f"**{asked} (should be nothing)**" if reel["is_clean"] and reel["recommended"] else asked,
                         "yes" if reel["is_clean"] else "no"))
    return ("### Whole files\n\nWhat the analysis finds and recommends on files as they are.\n\n"
            + _tabled(("file", "fields", "recommended repairs", "clean HD"), rows))
