// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/reasoning_effort.h"

#include <array>

namespace gateway::wire {
namespace {

struct Row
{
    Reasoning::Effort effort;
    std::string_view word;
    std::int64_t budget;
};

constexpr std::array rows {
    Row {Reasoning::Effort::None, "none", 0},       Row {Reasoning::Effort::Minimal, "minimal", 1024}, Row {Reasoning::Effort::Low, "low", 2048},
    Row {Reasoning::Effort::Medium, "medium", 8192}, Row {Reasoning::Effort::High, "high", 16384},      Row {Reasoning::Effort::XHigh, "xhigh", 32768},
    Row {Reasoning::Effort::Max, "max", 32768},
};

const Row &rowOf(Reasoning::Effort effort)
{
    return rows[static_cast<std::size_t>(effort)];
}

} // namespace

std::optional<Reasoning::Effort> reasoningEffort(std::string_view word)
{
    for (const Row &row : rows)
        if (row.word == word)
            return row.effort;
    return std::nullopt;
}

std::string_view toText(Reasoning::Effort effort)
{
    return rowOf(effort).word;
}

std::int64_t budgetOf(Reasoning::Effort effort)
{
    return rowOf(effort).budget;
}

Reasoning::Effort effortOf(std::int64_t budgetTokens)
{
    if (budgetTokens <= 0)
        return Reasoning::Effort::None;
    if (budgetTokens <= rowOf(Reasoning::Effort::Low).budget) // what "low" became is "low" again
        return Reasoning::Effort::Low;
    return budgetTokens < rowOf(Reasoning::Effort::High).budget ? Reasoning::Effort::Medium : Reasoning::Effort::High;
}

} // namespace gateway::wire
