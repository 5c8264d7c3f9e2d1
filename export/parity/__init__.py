"""The verdict on a conversion, from the figures of the proof: tolerances, recommendation, reports for both readers."""
