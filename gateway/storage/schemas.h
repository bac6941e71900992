// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/database.h"

namespace gateway::storage {

/// `calls.db`: migrations/calls_*.cpp
const Schema &callLogSchema();
/// `signalbox.db`: migrations/config_*.cpp
const Schema &configSchema();

} // namespace gateway::storage
