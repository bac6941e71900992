// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/database.h"

namespace gateway::storage {

/// `cache.db`: the answers that are given again. A file of its own, since it can be done without: it is in no backup, and
/// one that is damaged is begun anew.
const Schema &cacheSchema();

} // namespace gateway::storage
