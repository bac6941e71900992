// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <array>
#include <chrono>
#include <string>

namespace gateway::storage {

/// The vault's master key while it is in memory: wiped when it goes.
class MasterKey
{
public:
    static constexpr std::size_t size = 32;

    MasterKey() = default;
    ~MasterKey();
    MasterKey(const MasterKey &) = default;
    MasterKey &operator=(const MasterKey &) = default;

    [[nodiscard]] unsigned char *data() { return m_bytes.data(); }
    [[nodiscard]] const unsigned char *data() const { return m_bytes.data(); }

    static MasterKey random();
    [[nodiscard]] std::string toHex() const;
    static Result<MasterKey> fromHex(std::string_view text, const std::string &where);

private:
    std::array<unsigned char, size> m_bytes {};
};

/// Where the master key is kept.
class KeySource
{
public:
    virtual ~KeySource() = default;
    /// NotFound: there is none yet. Any other error: it is there, or may be, and cannot be had.
    virtual Result<MasterKey> load() = 0;
    /// Keeps a new one. Never replaces one that is there: Conflict.
    virtual Result<> store(const MasterKey &key) = 0;
    /// For messages: "/home/me/.local/share/signalbox/vault.key", "the desktop's keyring".
    [[nodiscard]] virtual std::string place() const = 0;
};

/// A file of 64 hexadecimal digits, mode 0600. One that others may read is refused with words that say what to do.
class FileKeySource final : public KeySource
{
public:
    explicit FileKeySource(std::string path) : m_path(std::move(path)) {}
    Result<MasterKey> load() override;
    Result<> store(const MasterKey &key) override;
    [[nodiscard]] std::string place() const override { return m_path; }

private:
    std::string m_path;
};

/// The desktop's keyring (Secret Service, KWallet) through QtKeychain. Needs a QCoreApplication. It is asynchronous:
/// load() and store() run an event loop of their own, so never on the window's thread, and give up after `patience`
/// with words that name the file as the way out.
class KeyringKeySource final : public KeySource
{
public:
    /// @param installation  tells data folders apart: the folder's path
    explicit KeyringKeySource(std::string installation, std::chrono::milliseconds patience = std::chrono::seconds {20});
    Result<MasterKey> load() override;
    Result<> store(const MasterKey &key) override;
    [[nodiscard]] std::string place() const override;

private:
    std::string m_installation;
    std::chrono::milliseconds m_patience;
};

} // namespace gateway::storage
