// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// The file of a backup. After the first line, "SIGNALBOX BACKUP 1", come the header's length (32 bits, little-endian) and the
/// header, a JSON object; then frames, each with its length before it; then the length 0xffffffff and the BLAKE2b checksum (32
/// bytes) of all before it. A frame is a mark and its bytes: 1 begins a part (its name), 2 is data of it, 3 ends the whole.
/// With a passphrase each frame is sealed with libsodium's secretstream (XChaCha20-Poly1305) under an Argon2id key, the
/// header authenticated with it.
namespace gateway::storage {

/// What is told of a backup before it is opened.
struct BackupHeader
{
    std::string program {};      ///< the version of Signalbox that made it
    std::int64_t madeUs = 0;     ///< since 1970
    int configVersion = 0;       ///< of signalbox.db's schema
    int callsVersion = 0;        ///< of calls.db's
    bool calls = false;          ///< with the call log; spend is in it in any case
    std::string installation {}; ///< tells installations apart: a hash of the key for virtual keys' hashes
    bool sealed = false;         ///< under a passphrase, with the secrets in it
};

/// Writes one. The file has its name once it is whole and on the disk; before that, a hidden one beside it that goes with the
/// object. Not thread-safe.
class BackupWriter
{
public:
    /// Errors: Conflict where something else than a backup has that name; Io.
    /// @param passphrase  empty: not sealed
    static Result<std::unique_ptr<BackupWriter>> create(const std::string &path, BackupHeader header, const std::string &passphrase);
    ~BackupWriter();
    BackupWriter(const BackupWriter &) = delete;
    BackupWriter &operator=(const BackupWriter &) = delete;

    Result<> part(std::string_view name);
    Result<> data(std::string_view bytes);  ///< 1 MB at most
    Result<std::uint64_t> finish();         ///< the file's size

    static constexpr std::size_t largestData = std::size_t {1} << 20;

private:
    class Impl;
    explicit BackupWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Reads one. Takes nothing for granted: sizes are bounded, and read() is to follow verify(). Not thread-safe.
class BackupReader
{
public:
    /// Reads the header. Invalid: it is no backup, or a damaged one. NotSupported: of a newer format.
    static Result<std::unique_ptr<BackupReader>> open(const std::string &path);
    ~BackupReader();
    BackupReader(const BackupReader &) = delete;
    BackupReader &operator=(const BackupReader &) = delete;

    [[nodiscard]] const BackupHeader &header() const;
    [[nodiscard]] std::uint64_t size() const; ///< of the file

    /// Told of how far a walk over the file is; false ends it (Cancelled).
    using Go = std::function<bool(std::uint64_t bytes)>;
    /// Whether the file is whole: Invalid where it was cut or changed.
    Result<> verify(const Go &go);
    /// Gives each part and its bytes, in their order. NotPermitted: another passphrase sealed it, or none was given.
    Result<> read(const std::string &passphrase, const std::function<Result<>(std::string_view name)> &part, const std::function<Result<>(std::string_view bytes)> &data, const Go &go);

private:
    class Impl;
    explicit BackupReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::storage
