// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::config {

/// Where `${NAME}`, `file:PATH` and `vault:NAME` of a configuration get their values. Used while reading, on that thread.
class Resolver
{
public:
    virtual ~Resolver() = default;
    /// nullopt: there is no such variable. An empty one is there.
    virtual std::optional<std::string> environment(std::string_view name) = 0;
    /// The file's content without line ends at its end; at most 64 KB.
    virtual Result<std::string> file(std::string_view path) = 0;
    virtual Result<std::string> vault(std::string_view name) = 0;
    /// false: `vault:NAME` in a field for secrets stays as it is, for the store to resolve (storage/config_store.h).
    [[nodiscard]] virtual bool hasVault() const { return true; }
};

/// The real ones: the process's environment, files (relative paths from the folder of the configuration file), and the
/// vault through the function given.
class LocalResolver final : public Resolver
{
public:
    using Vault = std::function<Result<std::string>(std::string_view name)>;
    explicit LocalResolver(std::filesystem::path folder, Vault vault = {});
    std::optional<std::string> environment(std::string_view name) override;
    Result<std::string> file(std::string_view path) override;
    Result<std::string> vault(std::string_view name) override;
    [[nodiscard]] bool hasVault() const override { return static_cast<bool>(m_vault); }

private:
    std::filesystem::path m_folder;
    Vault m_vault;
};

} // namespace gateway::config
