// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/document.h"
#include "gateway/config/imports/import.h"
#include "gateway/core/money.h"

#include <map>

namespace gateway::config::imports {

/// What becomes of each value of a foreign text, by its node. Values that nobody spoke of are told at the end, so that none is
/// ignored in silence. Nodes stay where they are meanwhile.
class Account
{
public:
    void taken(const Node &value, std::string words = {}) { note(value, ImportNote::Fate::Taken, std::move(words)); }
    void changed(const Node &value, std::string words) { note(value, ImportNote::Fate::Changed, std::move(words)); }
    void left(const Node &value, std::string words) { note(value, ImportNote::Fate::Left, std::move(words)); }
    [[nodiscard]] bool has(const Node &value) const { return m_notes.contains(&value); }

    /// A note for each key of the text: of a map or list that was spoken of as a whole one for all of it.
    [[nodiscard]] std::vector<ImportNote> notes(const Node &root) const;

    // Values of a form; what has another one is told, and not taken.
    std::optional<std::string> text(const Node &value);
    std::optional<std::int64_t> whole(const Node &value, std::int64_t least = 1); ///< to 10^12
    std::optional<double> number(const Node &value);                              ///< not below nothing
    std::optional<bool> truth(const Node &value);
    std::optional<Money> dollars(const Node &value);
    std::optional<Millis> seconds(const Node &value);                             ///< "1.5" or "30d"
    std::optional<std::vector<std::string>> texts(const Node &value);

private:
    struct Word
    {
        ImportNote::Fate fate;
        std::string words;
    };
    void note(const Node &value, ImportNote::Fate fate, std::string words);
    void walk(const Node &value, int line, int column, const std::string &key, std::vector<ImportNote> &notes) const;
    [[nodiscard]] bool speaksBelow(const Node &value) const;

    std::map<const Node *, Word> m_notes;
};

} // namespace gateway::config::imports
