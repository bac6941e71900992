// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/usage.h"

#include <algorithm>
#include <array>

namespace gateway {

namespace {

constexpr std::array<std::string_view, 5> fieldNames {"team", "key", "route", "provider", "model"};
constexpr std::array<std::string_view, 4> bucketNames {"", "hour", "day", "month"};

template <typename T, std::size_t size>
std::optional<T> named(const std::array<std::string_view, size> &names, std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    return found == names.end() || name.empty() ? std::nullopt : std::optional(static_cast<T>(found - names.begin()));
}

} // namespace

std::string_view toText(UsageField field)
{
    return fieldNames[static_cast<std::size_t>(field)];
}

std::optional<UsageField> usageFieldNamed(std::string_view name)
{
    return named<UsageField>(fieldNames, name);
}

std::optional<UsageBucket> usageBucketNamed(std::string_view name)
{
    return named<UsageBucket>(bucketNames, name);
}

} // namespace gateway
