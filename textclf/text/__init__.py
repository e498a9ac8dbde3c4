"""From strings to integer ids: one encoder for training and for predicting."""
