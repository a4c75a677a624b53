"""Features as librosa and python_speech_features compute them: of a made recording and, every tenth frame, of AN4's.

    pip install librosa python_speech_features soundfile
    python make_features_golden.py AN4
"""

import json
import sys

import librosa
import numpy as np
import python_speech_features as psf
import soundfile
from scipy.fft import dct

RATE, WINDOW, HOP, FFT = 16000, 400, 160, 512
PAD = (FFT - WINDOW) // 2


def recording():
    """Half a second: a chirp, a tone that fades in, noise of a linear congruential generator, silence."""
    t = np.arange(RATE // 2) / RATE
    state, noise = 2015, []
    for _ in t:
        state = (1103515245 * state + 12345) % 2**31
        noise.append(state / 2**30 - 1)
    y = 0.3 * np.sin(2 * np.pi * (200 * t + 2500 * t**2)) + 0.2 * t * np.sin(2 * np.pi * 3100 * t)
    y = y + 0.02 * np.array(noise)
    y[7000:7600] = 0
    return y.astype(np.float32)


def features(y):
    emphasised = np.append(0.03 * y[0], y[1:] - 0.97 * y[:-1].astype(np.float64))
    # librosa puts a window that is shorter than the transform into its middle.
    mel = librosa.feature.melspectrogram(
        y=np.pad(emphasised, PAD), sr=RATE, n_fft=FFT, hop_length=HOP, win_length=WINDOW, window="hamming",
        center=False, power=2.0, n_mels=40, fmin=0, fmax=RATE / 2, htk=True, norm=None,
    )
    log_mel = np.log(np.maximum(mel, 1e-10)).T
    rms = librosa.feature.rms(y=y, frame_length=WINDOW, hop_length=HOP, center=False)[0]
    energy = np.log(np.maximum(WINDOW * rms**2, 1e-10))
    mfcc = librosa.feature.mfcc(S=log_mel.T, n_mfcc=13, dct_type=2, norm="ortho").T
    first = psf.delta(np.column_stack([log_mel, energy]), 2)
    return log_mel, energy[:, None], mfcc, first, psf.delta(first, 2)


def rows(x, step=1):
    return [[round(float(v), 5) for v in row] for row in x[::step]]


NAMES = ["logMel", "energy", "mfcc", "deltas", "secondDeltas"]
made = recording()
result = {
    "samples": [round(float(v), 8) for v in made],
    "made": dict(zip(NAMES, map(rows, features(made)))),
    "an4": {},
}
for name in ["an4test_clstk/fvap/cen1-fvap-b", "an4_clstk/fash/an251-fash-b"]:
    y, rate = soundfile.read(f"{sys.argv[1]}/wav/{name}.wav", dtype="float32")
    assert rate == RATE
    values = features(y)
    result["an4"][name] = {"frames": len(values[0])} | dict(zip(NAMES, (rows(x, 10) for x in values)))
with open("features.json", "w") as file:
    json.dump(result, file, separators=(",", ":"))
