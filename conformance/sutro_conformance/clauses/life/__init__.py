"""LIFE: what needs several answers to judge."""
