"""The music and the hall: chords, bass, drums and a crowd, synthesised."""

import numpy as np
from numpy.typing import NDArray

RATE = 48000
_CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))  # Am F C G, as MIDI numbers
_TUNE = (76, 74, 72, 69, 72, 74, 76, 79, 77, 76, 74, 72, 71, 74, 76, 72)


def concert(seconds: float, seed: int) -> NDArray[np.int16]:
    """Stereo sound [2, samples], 48 kHz, 16 bit, peaking 3 dB below full scale."""
    dice = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    voices = _pads(time) + 0.5 * _bass(time) + 0.30 * _tune(time)
    drums = _kick(time) + dice.standard_normal(time.size) * (0.25 * _hits(time, 1.0, 0.5, 18)
                                                             + 0.07 * _hits(time, 0.25, 0.0, 60))
    hall = _hall(voices + 0.5 * drums, dice)
    crowd = _crowd(time, dice)
    both = np.stack([voices + drums + side + noise for side, noise in zip(hall, crowd, strict=True)])
    fade = np.clip(np.minimum(time, seconds - time) / 0.05, 0, 1)
    both = np.tanh(both * 0.8) * fade
    return (both / np.abs(both).max() * 0.707 * 32767).astype(np.int16)


def _pitch(note: NDArray[np.int64] | int) -> NDArray[np.float64]:
    return np.asarray(440 * 2 ** ((np.asarray(note) - 69) / 12))


def _steady(frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """The phase of a tone whose frequency changes, without clicks."""
    return np.asarray(2 * np.pi * np.cumsum(frequency) / RATE)


def _chord(time: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.asarray((time / 2).astype(int) % len(_CHORDS))


def _pads(time: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.zeros_like(time)
    for voice in range(3):
        notes = np.array([chord[voice] for chord in _CHORDS])[_chord(time)]
        for detune in (-0.08, 0.07):
            phase = _steady(_pitch(notes) * 2 ** (detune / 12))
            total += sum(np.sin(order * phase) / order**1.6 for order in range(1, 7)) * 0.06
    return np.asarray(total * (0.7 + 0.3 * (time * 2 % 1)))


def _bass(time: NDArray[np.float64]) -> NDArray[np.float64]:
    phase = _steady(_pitch(np.array([chord[0] - 24 for chord in _CHORDS])[_chord(time)]))
    return np.asarray((np.sin(phase) + 0.4 * np.sin(2 * phase)) * np.exp(-3 * (time * 4 % 1)))


def _tune(time: NDArray[np.float64]) -> NDArray[np.float64]:
    beats = time * 4
    notes = np.array(_TUNE)[beats.astype(int) % len(_TUNE)]
    phase = _steady(_pitch(notes) * (1 + 0.006 * np.sin(2 * np.pi * 5.5 * time)))
    vowel = sum(np.sin(order * phase) * weight for order, weight in ((1, 1), (2, 0.7), (3, 0.35), (5, 0.2)))
    return np.asarray(vowel * np.sin(np.pi * np.clip(beats % 1, 0, 1)) ** 0.4)


def _hits(time: NDArray[np.float64], every: float, first: float, fall: float) -> NDArray[np.float64]:
    return np.asarray(np.exp(-fall * ((time - first) % every)))


def _kick(time: NDArray[np.float64]) -> NDArray[np.float64]:
    since = time % 0.5
    return np.asarray(0.9 * np.sin(2 * np.pi * (48 * since + 6 * (1 - np.exp(-30 * since)))) * np.exp(-9 * since))


def _hall(dry: NDArray[np.float64], dice: np.random.Generator) -> list[NDArray[np.float64]]:
    """Two decorrelated tails of 1.2 s."""
    length = int(1.2 * RATE)
    size = 1 << (dry.size + length).bit_length()
    spectrum = np.fft.rfft(dry, size)
    tails = [dice.standard_normal(length) * np.exp(-np.arange(length) / RATE * 4.5) * 0.006 for _ in range(2)]
    return [np.fft.irfft(spectrum * np.fft.rfft(tail, size), size)[:dry.size] for tail in tails]


def _crowd(time: NDArray[np.float64], dice: np.random.Generator) -> list[NDArray[np.float64]]:
    """Applause and voices: noise between 400 Hz and 5 kHz that swells."""
    swell = 0.10 + 0.08 * np.sin(2 * np.pi * 0.23 * time + 1) ** 2
    noises = []
    for _ in range(2):
        spectrum = np.fft.rfft(dice.standard_normal(time.size))
        frequency = np.fft.rfftfreq(time.size, 1 / RATE)
        shape = np.exp(-(np.log(np.maximum(frequency, 1) / 1400) / 0.8) ** 2)
        noise = np.fft.irfft(spectrum * shape, time.size)
        noises.append(noise / max(noise.std(), 1e-9) * swell)
    return noises
