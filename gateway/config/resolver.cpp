// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/resolver.h"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>

namespace gateway::config {

LocalResolver::LocalResolver(std::filesystem::path folder, Vault vault) : m_folder(std::move(folder)), m_vault(std::move(vault)) {}

std::optional<std::string> LocalResolver::environment(std::string_view name)
{
    const char *value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<std::string> LocalResolver::file(std::string_view path)
{
    constexpr std::size_t most = 64 * 1024;
    const std::filesystem::path whole = m_folder / std::filesystem::path(path);
    std::error_code ignored;
    if (std::filesystem::is_directory(whole, ignored))
        return fail(ErrorCode::Io, fmt::format("file {} is a folder", whole.string()));
    std::ifstream in(whole, std::ios::binary);
    if (!in)
        return fail(ErrorCode::Io, fmt::format("file {} cannot be read; check that it is there and that this user may read it", whole.string()));
    std::string content(most + 1, '\0');
    in.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(in.gcount()));
    if (content.size() > most)
        return fail(ErrorCode::Io, fmt::format("file {} is over 64 KB; a value cannot be that long", whole.string()));
    while (content.ends_with('\n') || content.ends_with('\r'))
        content.pop_back();
    return content;
}

Result<std::string> LocalResolver::vault(std::string_view name)
{
    if (!m_vault)
        return fail(ErrorCode::NotSupported, fmt::format("vault entry \"{}\" cannot stand here: only fields for secrets take one", name));
    return m_vault(name);
}

} // namespace gateway::config
