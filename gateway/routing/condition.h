// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/condition.h"
#include "gateway/core/error.h"
#include "gateway/routing/facts.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace gateway::routing {

/// A condition of the configuration in a flat form: each test says which one comes next where it holds and where it does
/// not, so that asking is a walk without recursion or allocation. Immutable; any thread.
///
/// As in MongoDB: $ne, $nin and $not hold where the field is absent, all else does not; a comparison with null holds for
/// absent ones too; of a list a test holds where it holds for one of its elements; numbers and texts are never equal, but
/// in headers, which know only text. $regex finds anywhere in the text (RE2, linear time).
class Condition
{
public:
    /// Invalid, `where` being the field, for an unknown field or a regular expression that RE2 does not take.
    static Result<std::shared_ptr<const Condition>> compile(const config::Condition &condition, FieldTable &fields);

    struct Test
    {
        std::shared_ptr<const Field> field;
        config::Operator comparison = config::Operator::Equal;
        std::uint32_t firstOperand = 0, operandCount = 0; ///< into operands
        std::uint32_t yes = 0, no = 0;                    ///< the next test
    };
    struct Operand
    {
        config::ConditionValue::Kind kind = config::ConditionValue::Kind::Null;
        bool truth = false;
        double number = 0;
        std::string text {};
        std::shared_ptr<const re2::RE2> pattern {};
    };

    /// Hears of each test that was asked, in order: for traces.
    class Witness
    {
    public:
        virtual ~Witness() = default;
        virtual void tested(const Condition &condition, const Test &test, const FieldValue &saw, bool held) = 0;
    };

    [[nodiscard]] bool holds(Facts &facts, Witness *witness = nullptr) const;
    [[nodiscard]] std::size_t size() const { return m_tests.size(); }
    [[nodiscard]] std::span<const Test> tests() const { return m_tests; }
    /// ">= 0.6", "is one of a, b", "exists": for people, follows the field's name.
    [[nodiscard]] std::string wordsOf(const Test &test) const;

private:
    static constexpr std::uint32_t accept = UINT32_MAX;
    static constexpr std::uint32_t reject = UINT32_MAX - 1;

    Result<std::uint32_t> add(const config::Condition &condition, std::uint32_t yes, std::uint32_t no, FieldTable &fields);
    Result<std::uint32_t> addTest(const config::FieldTest &test, std::uint32_t yes, std::uint32_t no, FieldTable &fields);
    [[nodiscard]] bool holds(const Test &test, const FieldValue &value, Facts &facts) const;
    [[nodiscard]] bool anyHolds(const Test &test, const FieldValue &value, Facts &facts) const;
    [[nodiscard]] bool oneHolds(const Test &test, const FieldValue &value, Facts &facts) const;

    std::vector<Test> m_tests;
    std::vector<Operand> m_operands;
    std::uint32_t m_first = accept;
};

/// What a field held, for people: "0.71", "free", "absent", at most 60 bytes of it.
[[nodiscard]] std::string wordsOf(const FieldValue &value);

} // namespace gateway::routing
