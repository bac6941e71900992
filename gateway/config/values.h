// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

/// Small values that all parts of the configuration are made of.
namespace gateway::config {

using Millis = std::chrono::milliseconds;

/// A secret value while it is in memory. Never printed, never compared except by the vault; export leaves it out.
struct Secret
{
    std::string value;
    [[nodiscard]] bool empty() const { return value.empty(); }
    bool operator==(const Secret &) const = default;
};

/// Where an entry comes from: the database (window, admin API) or the file given by --config, which locks it.
enum class Origin : std::uint8_t { Database, File };

/// A JSON object kept as its text, key order and numbers untouched ("override", "defaults").
struct JsonText
{
    std::string text;
    [[nodiscard]] bool empty() const { return text.empty(); }
    bool operator==(const JsonText &) const = default;
};

} // namespace gateway::config
