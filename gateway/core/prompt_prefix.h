// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Providers keep what a prompt begins with, and read it again for a tenth or a half of its price while the next prompt
/// begins the same: tools, then the system's text, then messages. What breaks that, found by two logged requests. Pure.
namespace gateway {

/// A tool or a message.
struct PromptPiece
{
    std::string name; ///< the tool's; the message's role
    std::string text; ///< all else that it says; marks for caches are left out
    bool operator==(const PromptPiece &) const = default;
};

/// What a prompt is made of, in whatever format.
struct PromptPieces
{
    std::optional<std::vector<PromptPiece>> tools; ///< nullopt: they may stand in what was cut off
    std::optional<std::string> system;             ///< the same
    std::vector<PromptPiece> messages;
    bool wholeMessages = true;                     ///< false: further ones were cut off
};

/// Reads a request of OpenAI's, Anthropic's, Gemini's, Bedrock's, Cohere's or Ollama's format.
/// @param cut     only its beginning is there
/// @param byName  its tools went out by their names
/// @return nullopt: it is none
[[nodiscard]] std::optional<PromptPieces> promptPieces(std::string_view body, bool cut = false, bool byName = false);

/// How two texts differ first.
struct TextBreak
{
    std::size_t character = 0;  ///< the first that is another, counted from 1
    std::string before, now;    ///< what stands around it in either, to be shown: a line at most, "…" where it goes on
    bool time = false;          ///< it looks like a date or a time of day
    bool operator==(const TextBreak &) const = default;
};
/// @return nullopt: they are the same
[[nodiscard]] std::optional<TextBreak> textBreak(std::string_view before, std::string_view now);

/// The first place where a prompt does not begin as the one before it.
struct PrefixBreak
{
    enum class Part { Tools, System, Message };
    enum class Change {
        Edited,
        Removed, ///< messages that were there are gone
        Added    ///< others stand before messages that were there
    };

    Part part = Part::Tools;
    // of tools
    std::vector<std::string> addedTools {}, removedTools {}, changedTools {};
    bool reordered = false;        ///< the same in another order
    // of the system's text, and of a message that was edited
    TextBreak text {};
    // of messages
    Change change = Change::Edited;
    std::size_t message = 0;       ///< counted from 1; of those removed, as they stood before
    std::size_t count = 1;         ///< messages that were removed or added
    std::string role {};           ///< of the first of them
};

/// @return nullopt: it begins as the one before, as far as can be seen; more at its end breaks nothing
[[nodiscard]] std::optional<PrefixBreak> prefixBreak(const PromptPieces &before, const PromptPieces &now);

} // namespace gateway
