"""Verifier: does a server keep the contract of the Sutro jobs API?"""
