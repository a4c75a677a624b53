"""A tenth of a second of a tone of 440 Hz, amplitude 0.5, in every form that is read: audio/.

    pip install soundfile numpy
    python make_audio_golden.py
"""

import numpy as np
import soundfile


def tone(rate):
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate // 10) / rate)


for subtype in ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"]:
    soundfile.write(f"audio/{subtype.lower()}.wav", tone(16000), 16000, subtype=subtype)
soundfile.write("audio/pcm_16.flac", tone(16000), 16000)
soundfile.write("audio/extensible_24.wav", tone(16000), 16000, subtype="PCM_24", format="WAVEX")
for rate, name in [(44100, "stereo_44100"), (48000, "stereo_48000"), (8000, "stereo_8000")]:
    both = np.column_stack([1.5 * tone(rate), 0.5 * tone(rate)])
    soundfile.write(f"audio/{name}.wav", both, rate, subtype="PCM_16")
soundfile.write("audio/stereo_44100.flac", np.column_stack([1.5 * tone(44100), 0.5 * tone(44100)]), 44100)
soundfile.write("audio/tone.sph", tone(16000), 16000, format="NIST", subtype="PCM_16")
