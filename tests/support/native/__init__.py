# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers that speak their native formats, each as strict as the real one; native_provider.py serves them."""
