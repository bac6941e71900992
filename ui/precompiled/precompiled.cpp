// SPDX-License-Identifier: GPL-3.0-or-later
// A precompiled header belongs to a library, and a library to a source.
