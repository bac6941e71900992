// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/storage/key_source.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// A restored signalbox.db made fit for the folder that it comes to: before it is moved in.
namespace gateway::storage {

struct RestoredConfig
{
    std::string path;            ///< signalbox.db from a backup, of any version that is known
    std::string present {};      ///< the signalbox.db that it replaces, whose vault may have what the backup left out; empty: none
    std::string installation {}; ///< the backup's mark
    std::optional<std::map<std::string, std::string>> secrets {}; ///< that came with the backup
    std::string words {};        ///< what is restored, for the audit log
};

struct FittedConfig
{
    std::vector<std::string> without; ///< secrets that are nowhere now
    std::size_t asleep = 0;           ///< virtual keys whose secrets cannot be known again
    std::size_t tokensAsleep = 0;     ///< admin tokens likewise
};

/// Brings it up to date and gives it a vault under the folder's master key: with the backup's secrets, or with those of the
/// present one of the same installation. What is nowhere is taken out of the entries, so that the gateway starts without it.
/// The audit log goes on: with what the present one has beyond the backup's where that is the same log, and with the restore
/// itself.
Result<FittedConfig> fitRestored(RestoredConfig config, KeySource &keys);

} // namespace gateway::storage
