// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The call log's filter language (ui.md, Call log): `field:op value`, AND, OR, NOT, parentheses, free text.
///   team:search status:>=500 (model:gpt-4o OR model:gpt-5) NOT stream:true latency:>2s cost:>0.01 "some words"
/// Terms side by side are ANDed. A value may end in `*`. Free text matches ids, models and error messages.
class CallFilter
{
public:
    enum class Op : std::uint8_t { Equal, Less, LessOrEqual, Greater, GreaterOrEqual };
    enum class Kind : std::uint8_t { All, Term, Text, And, Or, Not };

    struct Field
    {
        enum class Type : std::uint8_t { Name, Number, Time, Dollars, Bool, Status };
        std::string_view name;   ///< "team"
        Type type;
        std::string_view hint;   ///< for completion: "team's name"
    };

    struct Node
    {
        Kind kind = Kind::All;
        const Field *field = nullptr; ///< Term only
        Op op = Op::Equal;
        std::string value;            ///< Term and Text; of a duration: microseconds; of money: nano-dollars
        bool prefix = false;          ///< value ended in '*'
        std::vector<Node> children;   ///< And, Or: two or more; Not: one
    };

    /// A parse failure: what, and the byte range of the text it is about. `incomplete`: more typing may mend it.
    struct ParseError
    {
        std::string message;
        std::size_t from = 0, to = 0;
        bool incomplete = false;
    };

    CallFilter() = default;
    static std::expected<CallFilter, ParseError> parse(std::string_view text);
    static const std::vector<Field> &fields();
    /// Of what this finds, those whose field is exactly that. `text()` tells so, but is not to be parsed again.
    /// @param field  one of fields() that is a name
    [[nodiscard]] CallFilter within(std::string_view field, std::string_view value) const;

    [[nodiscard]] bool empty() const { return m_root.kind == Kind::All; }
    [[nodiscard]] const Node &root() const { return m_root; }
    [[nodiscard]] const std::string &text() const { return m_text; } ///< as parsed
    bool operator==(const CallFilter &other) const { return m_text == other.m_text; }

private:
    Node m_root;
    std::string m_text;
};

} // namespace gateway
