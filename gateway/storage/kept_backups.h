// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// The data folder's backups/: what upgrades and restores put there by themselves.
namespace gateway::storage {

inline constexpr std::size_t keptBackups = 5; ///< of each kind

/// The time at the end of such a file's name: "20261129-125527123", UTC.
std::string backupStamp();

/// Removes all but the newest of those whose names begin with `prefix` and end in a stamp.
void keepNewest(const std::string &backupFolder, std::string_view prefix, std::size_t count = keptBackups);

/// Takes the values of providers' headers out of copies of signalbox.db from before its third version, which had them in plain
/// text: the vault has them now.
void forgetPlainHeaders(const std::string &backupFolder);

} // namespace gateway::storage
