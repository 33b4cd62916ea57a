"""The best values of each oracle on the tuning half: what it may use on the reporting half."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from benchmarks.quality.case import Case, Oracle
from benchmarks.quality.measuring import Json, Sample, goal, samples, timed
from benchmarks.quality.oracles import CannotRun, ask
from benchmarks.quality.truth import Clean

TUNED = Path(__file__).with_name("tuned.json")


def tuned(case: Case) -> Json:
    """{oracle: values} as they were found and committed; only values that are still among those to try."""
    kept = json.loads(TUNED.read_text()) if TUNED.exists() else {}
    tried = {oracle.name: oracle.tried for oracle in case.oracles}
    return {name: entry["values"] for name, entry in kept.get(case.name, {}).items()
            if entry["values"] in tried.get(name, ())}


def tune(case: Case, clips: Sequence[Clean], seeds: Sequence[int]) -> Json:
    """Try every value of every oracle on all clips of the tuning half and keep the best in tuned.json."""
    damaged = list(samples(case, clips, seeds))
    found = {oracle.name: best for oracle in case.oracles if (best := _best(case, oracle, damaged))}
    kept = json.loads(TUNED.read_text()) if TUNED.exists() else {}
    kept[case.name] = found
    TUNED.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    return found


def _best(case: Case, oracle: Oracle, damaged: Sequence[Sample]) -> Json | None:
    scored: list[tuple[float, Json]] = []
    for values in oracle.tried:
        try:
            reached = mean(_reached(case, oracle, values, sample) for sample in damaged)
        except CannotRun as error:
            print(f"{case.name}: {oracle.name} {values}: {error}")
            continue
        print(f"{case.name}: {oracle.name} {values} {reached:.2f} dB", flush=True)
        scored.append((reached, {"values": values, "reached": round(reached, 3)}))
    return max(scored, key=lambda each: each[0])[1] if scored else None


def _reached(case: Case, oracle: Oracle, values: dict[str, str], sample: Sample) -> float:
    made = ask(oracle, values, sample.aged.clip, sample.order).planes
    return goal(case, sample, timed(case, sample, made))
