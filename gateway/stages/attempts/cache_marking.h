// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::providers {
struct EncodedRequest;
}

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

class AttemptBook;
struct AnswerForm;

/// What the record says before what was done for the provider's cache of prompts.
inline constexpr std::string_view cacheMarkingNote = "prompt cache: ";

/// Sets marks for the provider's own cache of prompts in what goes out, where the route wants them (`prompt_cache`), the
/// provider has such marks, the caller set none, and they pay: writing to the cache costs a quarter more than the tokens
/// themselves, for an hour as much again, and reading a tenth.
/// - Tools and system text are marked from the second call on that has the same within the cache's life.
/// - The end of a conversation is marked where a call with its beginning came within that life, or where its caller named a
///   session whose calls begin alike: the next turn reads it.
/// - Nothing is marked that is shorter than what the model's cache keeps.
/// Tools that came in another order than the same ones before go out by their names from then on.
/// Never waits. @return what was done, in few words; empty: nothing, and the bytes are as they were
std::string markForCache(const pipeline::Exchange &x, const AttemptBook &book, const AnswerForm &form, providers::EncodedRequest &encoded);

} // namespace gateway::stages
