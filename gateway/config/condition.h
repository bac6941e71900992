// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/boxed.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What `if` of a plan's `when` says (config.md, "Plan nodes"): Mongo-like, as plain values. Which fields there are:
/// condition_fields.h.
namespace gateway::config {

/// A value that a field is compared with. Numbers keep their text, so that a configuration is written as it was read.
struct ConditionValue
{
    enum class Kind : std::uint8_t { Null, Bool, Number, Text };
    Kind kind = Kind::Text;
    std::string text; ///< "true", "0.6", "free"; Null: empty
    bool operator==(const ConditionValue &) const = default;
};

enum class Operator : std::uint8_t { Equal, NotEqual, Greater, GreaterEqual, Less, LessEqual, In, NotIn, Regex, Exists };

/// "tokens.input: { $gt: 20000 }"
struct FieldTest
{
    std::string field;
    Operator comparison = Operator::Equal;
    std::vector<ConditionValue> values; ///< one; of In and NotIn any number
    bool operator==(const FieldTest &) const = default;
};

struct Condition;

/// `$and`, and every map of more than one test.
struct AllOf
{
    std::vector<Condition> conditions;
    bool operator==(const AllOf &) const;
};

/// `$or`
struct AnyOf
{
    std::vector<Condition> conditions;
    bool operator==(const AnyOf &) const;
};

/// `$not`: also true where the field is absent.
struct NotOf
{
    Boxed<Condition> condition;
    bool operator==(const NotOf &) const;
};

struct Condition
{
    std::variant<AllOf, AnyOf, NotOf, FieldTest> test; ///< a fresh one is AllOf nothing, which check() refuses
    bool operator==(const Condition &) const = default;
};

inline bool AllOf::operator==(const AllOf &other) const { return conditions == other.conditions; }
inline bool AnyOf::operator==(const AnyOf &other) const { return conditions == other.conditions; }
inline bool NotOf::operator==(const NotOf &other) const { return condition == other.condition; }

} // namespace gateway::config
