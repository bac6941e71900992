// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_filter_value.h"

#include "gateway/core/call_record.h"
#include "gateway/core/mark_colour.h"
#include "gateway/core/money.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

namespace gateway {

namespace {

using Field = CallFilter::Field;
using Node = CallFilter::Node;
using Op = CallFilter::Op;
using Term = std::expected<Node, FilterValueError>;

Term bad(std::string message, bool incomplete = false)
{
    return std::unexpected(FilterValueError {std::move(message), incomplete});
}

Node term(const Field &field, Op op, std::string value)
{
    return {.kind = CallFilter::Kind::Term, .field = &field, .op = op, .value = std::move(value)};
}

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc {} || end != text.data() + text.size() || number < 0)
        return std::nullopt;
    return number;
}

/// A letter, a digit, or a byte of a character beyond ASCII, which may be either.
bool isOfWord(char c)
{
    return (c >= '0' && c <= '9') || (asciiLower(c) >= 'a' && asciiLower(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

/// What a call can have been for, as words of the filter.
const std::array<std::string_view, endpointCount> &endpointWords()
{
    static const auto words = [] {
        std::array<std::string_view, endpointCount> all;
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = toText(static_cast<Endpoint>(i));
        return all;
    }();
    return words;
}

Term oneOf(const Field &field, std::string_view value, std::span<const std::string_view> words)
{
    bool beginning = false;
    for (const std::string_view word : words) {
        if (equalsIgnoringCase(word, value))
            return term(field, Op::Equal, std::string(word));
        beginning = beginning || (value.size() < word.size() && equalsIgnoringCase(word.substr(0, value.size()), value));
    }
    const std::string_view near = nearestName(value, words);
    return bad(fmt::format("\"{}\" is none of {} or {}{}.", value, fmt::join(words.first(words.size() - 1), ", "), words.back(), near.empty() ? std::string {} : fmt::format("; did you mean \"{}\"?", near)), beginning);
}

/// A colour's name whichever way it was written; of "none", as of every name, nothing.
Term colour(const Field &field, std::string_view value)
{
    static constexpr auto words = [] {
        std::array<std::string_view, markColours.size() + 1> all {};
        std::ranges::copy(markColours, all.begin());
        all.back() = "none";
        return all;
    }();
    if (value == "*" || value.empty()) {
        Node any = term(field, Op::Equal, {});
        any.prefix = !value.empty();
        return any;
    }
    if (const auto known = markColourOf(value))
        return term(field, Op::Equal, std::string(markColourName(*known)));
    return oneOf(field, value, words);
}

Term name(const Field &field, Op op, std::string value, bool quoted)
{
    if (op != Op::Equal)
        return bad(fmt::format("{} is a name: it can be compared with {}:name, not with < or >.", field.name, field.name));
    if (field.name == "state" && !quoted) {
        constexpr std::array words {std::string_view {"ok"}, std::string_view {"failed"}, std::string_view {"refused"}, std::string_view {"cut"}, std::string_view {"cancelled"}};
        return oneOf(field, value, words);
    }
    if (field.name == "endpoint" && !quoted)
        return oneOf(field, value, endpointWords());
    if (field.name == "cache" && !quoted)
        return oneOf(field, value, std::array {toText(CacheOutcome::Hit), toText(CacheOutcome::Semantic), toText(CacheOutcome::Miss), toText(CacheOutcome::Off)});
    if (field.name == "privacy" && !quoted)
        return oneOf(field, value, findingActions);
    if (field.name == "colour")
        return colour(field, value);
    Node node = term(field, op, {});
    node.prefix = !quoted && value.ends_with('*');
    if (node.prefix)
        value.pop_back();
    if (field.name == "text" && std::ranges::none_of(value, isOfWord))
        return bad(fmt::format("text: needs a word with a letter or a digit in it: {}.", field.hint), !quoted);
    node.value = std::move(value);
    return node;
}

Term status(const Field &field, Op op, std::string_view value)
{
    if (value.size() == 3 && asciiLower(value[1]) == 'x' && asciiLower(value[2]) == 'x' && value[0] >= '1' && value[0] <= '5') {
        if (op != Op::Equal)
            return bad("A class such as 5xx has no order. Write status:5xx or status:>=500.");
        Node both {.kind = CallFilter::Kind::And};
        both.children.push_back(term(field, Op::GreaterOrEqual, fmt::format("{}00", value[0])));
        both.children.push_back(term(field, Op::LessOrEqual, fmt::format("{}99", value[0])));
        return both;
    }
    const auto code = wholeNumber(value);
    if (code && *code >= 100 && *code <= 599)
        return term(field, op, fmt::format("{}", *code));
    const bool beginning = !value.empty() && value.size() < 3 && value[0] >= '1' && value[0] <= '5';
    return bad(fmt::format("\"{}\" is no HTTP status. Write {}. How a call ended is state:, as in state:failed.", value, field.hint), beginning);
}

Term duration(const Field &field, Op op, std::string_view value)
{
    constexpr std::pair<std::string_view, std::int64_t> units[] = {{"us", 1}, {"ms", 1'000}, {"s", 1'000'000}, {"m", 60'000'000}, {"h", 3'600'000'000}};
    const std::size_t digits = std::min(value.find_first_not_of("0123456789."), value.size());
    // Decimal text to micros through Money, whose nine places are exact: "1.5" is 1.5e9 nanos.
    const auto amount = Money::parse(value.substr(0, digits));
    const std::string_view unit = value.substr(digits);
    if (amount && unit.empty())
        return bad(fmt::format("{} needs a unit: {}ms or {}s.", field.name, value, value), true);
    for (const auto &[word, micros] : units) {
        if (!amount || !equalsIgnoringCase(word, unit))
            continue;
        constexpr std::int64_t longestMicros = 1'000'000'000'000'000; // 30 years: keeps the product in 64 bits
        if (amount->nanos() / 1'000'000'000 >= longestMicros / micros)
            return bad(fmt::format("\"{}\" is too long.", value));
        return term(field, op, fmt::format("{}", amount->perMillion(micros).nanos() / 1'000));
    }
    return bad(fmt::format("\"{}\" is no duration. Write {}.", value, field.hint));
}

Term money(const Field &field, Op op, std::string_view value)
{
    if (value.starts_with('$'))
        value.remove_prefix(1);
    const auto amount = Money::parse(value);
    if (!amount)
        return bad(fmt::format("\"{}\" is no amount in dollars. Write {}.", value, field.hint), value.empty() || value == ".");
    return term(field, op, fmt::format("{}", amount->nanos()));
}

Term number(const Field &field, Op op, std::string_view value)
{
    const auto count = wholeNumber(value);
    return count ? Term(term(field, op, fmt::format("{}", *count))) : bad(fmt::format("\"{}\" is no whole number. Write {}.", value, field.hint));
}

Term boolean(const Field &field, Op op, std::string_view value)
{
    if (op != Op::Equal)
        return bad(fmt::format("{} is true or false: it has no order.", field.name));
    for (const std::string_view yes : {"yes", "1"}) {
        if (equalsIgnoringCase(value, yes))
            return term(field, op, "true");
    }
    for (const std::string_view no : {"no", "0"}) {
        if (equalsIgnoringCase(value, no))
            return term(field, op, "false");
    }
    return oneOf(field, value, std::array {std::string_view {"true"}, std::string_view {"false"}});
}

} // namespace

std::expected<Node, FilterValueError> readFilterValue(const Field &field, Op op, std::string value, bool quoted)
{
    switch (field.type) {
    case Field::Type::Name: return name(field, op, std::move(value), quoted);
    case Field::Type::Number: return number(field, op, value);
    case Field::Type::Time: return duration(field, op, value);
    case Field::Type::Dollars: return money(field, op, value);
    case Field::Type::Bool: return boolean(field, op, value);
    case Field::Type::Status: return status(field, op, value);
    }
    return bad("This field cannot be searched.");
}

} // namespace gateway
