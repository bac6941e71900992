// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

/// Which stretches of a JSON body are texts: what of a request a model gets to see, and what of an answer a person does. All
/// that nobody knows counts as text; what is left alone is decided by its key, and body_texts.cpp says why.
namespace gateway::wire {

/// How much of a body is taken.
enum class Take : std::uint8_t {
    Texts, ///< without ids, names of models and tools, addresses, media, types and the like
    Data,  ///< as of an object of the caller's own data: every string, keys and long numbers too
    All    ///< every string, keys too
};

/// What a text of a request is to the model.
enum class TextRole : std::uint8_t {
    Said,        ///< of its turns: users, models, tools and what they bring; what tools say of themselves
    Instruction, ///< of the caller's own: system and developer prompts
    AboutTheCall ///< for no model: metadata, whose the call is
};

struct BodyText
{
    enum class Kind : std::uint8_t {
        Text,
        Key,   ///< of an object of the caller's own data
        Number ///< a long whole number in such an object
    };
    std::size_t from = 0, to = 0; ///< in the body: between the quotes; of a number all of it
    Kind kind = Kind::Text;
    bool isJson = false;          ///< the text is itself JSON: a tool's arguments
    std::string_view about {};    ///< the key of a value in the caller's own data, as written: it may say what the value is
    std::uint8_t rank = 0;        ///< in which order they count: 0 what every turn of a conversation has, 1 its turns, 2 what is said about the call
    TextRole role = TextRole::Said;
};

/// @return in the order of the body; nullopt: it is no JSON
[[nodiscard]] std::optional<std::vector<BodyText>> bodyTexts(std::string_view json, Take take);

/// Whether a text is a file's bytes in base64, alone or in a data: URL, and nothing to read.
[[nodiscard]] bool isMedia(std::string_view text);

} // namespace gateway::wire
