"""The two textbook models, a variational autoencoder and a GAN, on the smallest free set of handwritten digits."""
