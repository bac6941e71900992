// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/storage/backup.h"
#include "gateway/storage/key_source.h"

#include <string>
#include <vector>

/// Restoring a backup into a data folder that no process uses. All is made ready beside the databases first: taken apart,
/// checked, brought up to date, secrets sealed under the folder's own master key. Then one file appears that says so, and
/// from then on the new ones hold: whoever opens the folder next moves them in (finishRestore), however the process ended.
namespace gateway::storage {

struct RestoreOrder
{
    std::string file;
    std::string dataFolder;     ///< exists, and is locked by the caller; may be empty
    std::string passphrase {};  ///< of a sealed backup
};

struct RestoreSummary
{
    BackupHeader backup;
    std::string former {};            ///< where the databases that were there are now; empty: there were none
    std::vector<std::string> without; ///< secrets that are missing now, in words: "provider openai, api_key of main"
    std::size_t asleep = 0;           ///< virtual keys that must be rotated, since their hashes' key was not in the backup
    std::size_t tokensAsleep = 0;     ///< admin tokens that must be given new secrets, likewise
};

/// Errors change nothing: a damaged file or one of a newer version, another passphrase (NotPermitted), no room, a master key
/// that cannot be had.
/// @param keys  of the folder: its master key is kept, or one is made
Result<RestoreSummary> restoreBackup(const RestoreOrder &order, KeySource &keys, const BackupGo &go);

/// Ends a restore that was decided and not yet done; does nothing where there is none. To be called with the folder locked,
/// before its databases are opened.
Result<> finishRestore(const std::string &dataFolder);

} // namespace gateway::storage
