// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"
#include "gateway/storage/backup_file.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

/// Backups: both databases of a data folder in one file, made while they are in use.
namespace gateway::storage {

/// A folder for what a backup is made from, in the data folder's own; gone with the object. What a killed process left of
/// former ones goes first. One at a time for a data folder.
class BackupWorkplace
{
public:
    static Result<BackupWorkplace> make(const std::string &dataFolder);
    ~BackupWorkplace();
    BackupWorkplace(BackupWorkplace &&other) noexcept : m_path(std::exchange(other.m_path, {})) {}
    BackupWorkplace &operator=(BackupWorkplace &&) = delete;
    [[nodiscard]] std::string file(std::string_view name) const { return m_path + "/" + std::string(name); }

private:
    explicit BackupWorkplace(std::string path) : m_path(std::move(path)) {}
    std::string m_path;
};

/// Tells installations apart, and nothing of the key.
std::string installationMark(const KeyHasher::Key &key);

struct BackupOrder
{
    std::string path;
    std::string passphrase {};  ///< empty: without secrets
    bool calls = true;          ///< false: spend without the call log
};

struct BackupSummary
{
    std::string path;
    std::uint64_t bytes = 0;
    bool sealed = false; ///< with the secrets, under the passphrase
    bool calls = true;
};

/// Told of how far it is; false ends it (Cancelled), and then there is no file.
using BackupGo = std::function<bool(std::uint64_t done, std::uint64_t all)>;

/// What was taken of the configuration at one moment, on its own thread: a copy of signalbox.db in the workplace, and with a
/// passphrase the vault's entries.
struct ConfigSnapshot
{
    std::string copy;           ///< path
    std::map<std::string, std::string> secrets {};
    std::string installation;
    WallTime at {};
};

/// Makes the file of that and of calls.db. Blocking; any thread but those of the gateway.
Result<BackupSummary> writeBackup(const BackupOrder &order, ConfigSnapshot config, const std::string &callsPath, const BackupWorkplace &workplace, const BackupGo &go);

} // namespace gateway::storage
