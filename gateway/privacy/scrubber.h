// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/key_hash.h"
#include "gateway/privacy/placeholder.h"
#include "gateway/privacy/scanner.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// How a piece of text is written where it stands.
enum class TextForm : std::uint8_t {
    Plain,
    JsonString ///< as between the quotes of a JSON string, escapes as written
};

/// A stretch of a text and what goes in its place, in the form of the text.
struct Edit
{
    std::size_t from = 0, to = 0;
    std::string text {};
    bool operator==(const Edit &) const = default;
};

/// The text with the edits made. @param edits  sorted, without overlaps
[[nodiscard]] std::string edited(std::string_view text, std::span<const Edit> edits);

/// The label of placeholders for texts of the caller that look like placeholders.
inline constexpr std::string_view literalLabel = "TEXT";

/// What replaces a value under a rule of that action. Not for Tokenize, whose placeholders a map numbers, nor for Block.
[[nodiscard]] std::string maskOf(std::string_view value);
[[nodiscard]] std::string hashOf(const KeyHasher &hasher, std::string_view label, std::string_view value);

/// Carries out a policy on the texts of one call, one by one in the order of the conversation. Where the policy tokenizes,
/// a text in the input that reads like one of its placeholders becomes a placeholder itself (`<TEXT_1>`), so that the
/// restored answer has it as it was. For a dry run the map and the edits are thrown away. Not thread-safe.
class Scrubber
{
public:
    /// @param hasher  with a key of this installation: hashes say that two values are the same, and nothing else
    /// @param map     outlives this
    Scrubber(std::shared_ptr<const Policy> policy, const KeyHasher &hasher, PlaceholderMap &map);

    /// @param external  of external detectors, in bytes of the plain text
    /// @param edits     gets what to change in `text`, sorted
    /// @param about     words that say what the text is, such as a field's name: they are looked at with it, and stay
    /// @return the rule that blocks the call: nothing was added then; nullptr: none does
    const Rule *scrub(std::string_view text, TextForm form, std::vector<Edit> &edits, std::span<const Hit> external = {}, std::string_view about = {});

    /// What was found in the last text, in bytes as it reads: blocked or not.
    [[nodiscard]] std::span<const Hit> found() const { return m_found; }
    /// How often each rule found something so far; of Policy::rules().
    [[nodiscard]] const std::vector<std::uint32_t> &counts() const { return m_counts; }
    [[nodiscard]] const std::shared_ptr<const Policy> &policy() const { return m_scanner.policy(); }

private:
    void findAll(std::string_view plain, std::span<const Hit> external);
    void findBehind(std::string_view about, std::string_view plain, std::span<const Hit> external);
    void addLiterals(std::string_view plain);
    [[nodiscard]] std::string replacement(const Hit &hit, std::string_view value);

    Scanner m_scanner;
    const KeyHasher &m_hasher;
    PlaceholderMap &m_map;
    std::vector<std::uint32_t> m_counts;
    std::vector<Hit> m_found;   ///< in the text at hand
    std::string m_rest;         ///< it without what was found
    std::string m_joined;       ///< it behind what it is about
    std::vector<Hit> m_changes; ///< what is to be replaced in the text at hand
};

} // namespace gateway::privacy
