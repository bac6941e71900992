// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <string>
#include <vector>

namespace gateway::config {

/// One entry that differs between two configurations.
struct Change
{
    enum class Kind : std::uint8_t { Added, Removed, Changed };
    Kind kind = Kind::Changed;
    std::string subject;             ///< the list's kind, "provider", or a section, "gateway"
    std::string name;                ///< the entry's before the change; empty: a section, of which there is one
    std::string entry;               ///< "provider openai", "route smart", "gateway"
    std::vector<std::string> fields; ///< Changed only, in words: "base_url: https://a -> https://b", "api_key of main changed"

    /// "route smart added", "provider openai: max_connections 512 -> 100"
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string fieldText() const; ///< "max_connections 512 -> 100"
};

/// What changed from `before` to `after`, entries matched by id, else by name. Secrets' values are never in it.
std::vector<Change> diff(const Config &before, const Config &after);

/// diff() as lines for a revision's note; empty: nothing changed.
std::string diffText(const Config &before, const Config &after);

} // namespace gateway::config
