// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/request_scan.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::routing {

/// How demanding a request is, judged from features of its text, on the spot: no model is asked. The same request has the
/// same complexity everywhere. What it is good for is to tell short talk from long, technical or many-sided work, by a
/// threshold that each route sets for itself.
struct Complexity
{
    struct Part
    {
        std::string_view name; ///< "code"
        double weight = 0;     ///< what the part adds at the most
        double feature = 0;    ///< 0 to 1
    };
    static constexpr std::size_t partCount = 7;

    double score = 0;          ///< 0 to 1: the sum of weight times feature, 1 at the most
    std::array<Part, partCount> parts {}; ///< length, code, math, questions, tools, schema, turns

    /// "0.71: code 0.25, length 0.21": the parts that add something, the greatest first.
    [[nodiscard]] std::string toText() const;
};

/// Looks at the estimate, the tools, the turns, and at most 16 KB of what the user said last. Pure, no allocation; a few
/// microseconds for a usual request, tens for the longest.
[[nodiscard]] Complexity complexityOf(const wire::RequestScan &scan);

/// What the words of a text tell. The parts of complexityOf(), for tests.
struct TextSigns
{
    std::size_t bytes = 0;
    std::size_t codeMarks = 0;  ///< braces, semicolons, operators
    std::size_t codeWords = 0;  ///< "function", "select", "traceback"
    std::size_t fences = 0;     ///< ``` and its like
    std::size_t mathMarks = 0;  ///< LaTeX commands, signs of U+2200 to U+22FF, "=" between numbers
    std::size_t mathWords = 0;  ///< "integral", "prove"
    std::size_t questions = 0;  ///< question marks
    std::size_t depthWords = 0; ///< "why", "compare", "step"
    std::size_t listItems = 0;  ///< lines that begin with a number or a dash

    void add(std::string_view jsonText); ///< as it stands in JSON, between the quotes
};

} // namespace gateway::routing
