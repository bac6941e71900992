// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <sodium.h>
#include <string>
#include <string_view>

namespace gateway::storage {

/// The encryption of a backup's frames: Argon2id (version 1.3) of the passphrase, then libsodium's secretstream. Not thread-safe.
class BackupSeal
{
public:
    ~BackupSeal();
    BackupSeal(const BackupSeal &) = delete;
    BackupSeal &operator=(const BackupSeal &) = delete;
    BackupSeal() = default;

    /// A new one; `told` gets what a reader needs beside the passphrase.
    Result<> begin(const std::string &passphrase, nlohmann::ordered_json &told);
    /// The one that `told` is of. Invalid where that cannot be: its costs are bounded, since anyone may have written them.
    Result<> resume(const std::string &passphrase, const nlohmann::ordered_json &told);
    /// What each frame is sealed together with: the file's header.
    void bindTo(std::string_view header);

    [[nodiscard]] std::string seal(std::string_view frame, bool last);
    /// False: it is not what was sealed. @param last  whether it was the last one
    [[nodiscard]] bool open(std::string_view sealed, std::string &frame, bool &last);

private:
    Result<> derive(const std::string &passphrase, const unsigned char *salt, unsigned long long operations, std::size_t memory, unsigned char *key);

    crypto_secretstream_xchacha20poly1305_state m_state {};
    std::array<unsigned char, 32> m_bound {};
};

} // namespace gateway::storage
