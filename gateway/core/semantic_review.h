// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cached_answer.h"
#include "gateway/core/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What people say of answers that were given because their questions were alike: were they?
namespace gateway {

enum class Verdict : std::uint8_t { Open, Right, Wrong };
std::string_view toText(Verdict verdict);
/// The way back; nullopt: it is none.
std::optional<Verdict> verdictOf(std::string_view word);

/// An answer that was given to a question much like its own. Texts are as the provider saw them: placeholders, no values.
struct SemanticHit
{
    std::int64_t row = 0;    ///< in the list; higher ones came later
    WallTime at {};
    std::string callId;      ///< of who got it
    std::string answerFrom;  ///< of the call that it was made for
    std::string team, route;
    std::string embedder;
    double similarity = 0;
    double threshold = 0;    ///< that held
    std::string asked, kept; ///< the two questions
    Verdict verdict = Verdict::Open;
    bool operator==(const SemanticHit &) const = default;
};

/// Of the hits that were judged: how many would have been given at a threshold, and how many of them were wrong.
struct ThresholdRate
{
    double threshold = 0;
    std::uint64_t judged = 0, wrong = 0;
    bool operator==(const ThresholdRate &) const = default;
};

struct ReviewQuery
{
    std::optional<Verdict> verdict {};
    std::string route {};       ///< empty: all
    std::int64_t before = 0;    ///< rows below it; 0: from the newest on
    int limit = 100;
};

struct ReviewPage
{
    std::vector<SemanticHit> hits; ///< the newest first
    bool more = false;
    std::vector<ThresholdRate> rates; ///< over all that were judged, of that route
};

} // namespace gateway
