// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/condition.h"

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// What conditions and `hash_on` may look at, and the words of their operators. For reading, checks, compiling and the
/// window's completion. Pure; thread-safe.
namespace gateway::config {

/// What a field holds.
enum class FieldKind : std::uint8_t {
    Any,    ///< whatever the caller wrote: JSON
    Text,
    Number,
    Bool,
    List    ///< of texts: a test holds where it holds for one of them
};

struct ConditionField
{
    std::string_view name;  ///< "tokens.input"; ends in a dot where the caller names the rest: "metadata."
    FieldKind kind = FieldKind::Any;
    std::string_view says;  ///< for people: what it is, its unit
    double least = std::numeric_limits<double>::lowest(); ///< Number: what it can be
    double most = std::numeric_limits<double>::max();
};

/// All of them, in the order in which they are offered. "budget.<scope>.used" stands there for each scope.
std::span<const ConditionField> conditionFields();

/// The field of that name, or nullptr. "body.tools.0.type": the rest is a path into the JSON, indexes count from 0.
const ConditionField *findConditionField(std::string_view name);

/// Why `name` is no field, with the nearest one; nullopt: it is one.
std::optional<std::string> conditionFieldProblem(std::string_view name);

/// "$gte"
std::string_view toText(Operator comparison);
/// nullopt: no such operator.
std::optional<Operator> operatorOf(std::string_view word);
std::span<const std::string_view> operatorWords();

/// Weekdays as time.weekday has them: 1 for "mon" or "monday" to 7; nullopt: no such day. Case does not count.
std::optional<int> weekdayOf(std::string_view word);

} // namespace gateway::config
