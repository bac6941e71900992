// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Vectors between the two forms of OpenAI's embeddings.
namespace gateway::wire::embeddings {

/// Appends an array of JSON numbers as base64 of little-endian float32s, with quotes around it.
void appendBase64(std::string_view array, std::string &out);

/// Appends such base64 (without its quotes) as an array of numbers, each in the fewest digits that give the float again.
/// What is no base64 of whole floats ends it; a float that is no number is written as null, for which JSON has no other word.
void appendFloats(std::string_view base64, std::string &out);

} // namespace gateway::wire::embeddings
