// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/billing/bill_parts.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace gateway::billing {

namespace {

using Days = std::chrono::sys_days;

constexpr int nanoPlaces = 9;
constexpr int farthestExponent = 20;
constexpr std::int64_t mostCounted = 1'000'000'000'000; ///< of one row: sums of all rows that an export can have do not overflow

struct Decimal
{
    std::string digits; ///< without leading zeros
    int places = 0;     ///< of these behind the point
    bool negative = false;
};

/// Takes an exponent's number off the end: "e-05".
std::optional<int> readExponent(std::string_view text)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    int exponent = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (read.ec != std::errc {} || read.ptr != text.data() + text.size() || std::abs(exponent) > farthestExponent)
        return std::nullopt;
    return exponent;
}

std::optional<Decimal> readDecimal(std::string_view text)
{
    Decimal read;
    if (text.starts_with('-') || text.starts_with('+')) {
        read.negative = text.front() == '-';
        text.remove_prefix(1);
    }
    if (text.starts_with('$'))
        text.remove_prefix(1);
    bool point = false, any = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == 'e' || c == 'E') {
            const auto exponent = readExponent(text.substr(i + 1));
            if (!exponent || !any)
                return std::nullopt;
            read.places -= *exponent;
            return read;
        }
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            any = true;
            read.places += point ? 1 : 0;
            if (c != '0' || !read.digits.empty())
                read.digits += c;
        } else if (c != ',' || point) {
            return std::nullopt;
        }
    }
    return any ? std::optional(read) : std::nullopt;
}

/// Where the digits behind `kept` round up: half-even.
bool roundsUp(std::string_view digits, std::size_t kept)
{
    const char first = digits[kept];
    if (first != '5')
        return first > '5';
    if (digits.find_first_not_of('0', kept + 1) != std::string_view::npos)
        return true;
    return kept > 0 && (digits[kept - 1] - '0') % 2 == 1;
}

} // namespace

std::optional<Money> readAmount(std::string_view text)
{
    auto decimal = readDecimal(trimmed(text));
    if (!decimal)
        return std::nullopt;
    bool up = false;
    if (decimal->places > nanoPlaces) {
        const auto beyond = static_cast<std::size_t>(decimal->places - nanoPlaces);
        if (beyond > decimal->digits.size())
            return Money {};
        const std::size_t kept = decimal->digits.size() - beyond;
        up = roundsUp(decimal->digits, kept);
        decimal->digits.resize(kept);
    } else {
        decimal->digits.append(static_cast<std::size_t>(nanoPlaces - decimal->places), '0');
    }
    std::int64_t nanos = 0;
    if (!decimal->digits.empty()) {
        const char *end = decimal->digits.data() + decimal->digits.size();
        const auto read = std::from_chars(decimal->digits.data(), end, nanos);
        if (read.ec != std::errc {} || read.ptr != end || nanos == std::numeric_limits<std::int64_t>::max())
            return std::nullopt;
    }
    nanos += up ? 1 : 0;
    return Money::fromNanos(decimal->negative ? -nanos : nanos);
}

std::optional<Days> readDay(std::string_view text)
{
    text = trimmed(text);
    const auto number = [text](std::size_t from, std::size_t length) -> int {
        int value = -1;
        const char *begin = text.data() + from;
        const auto read = std::from_chars(begin, begin + length, value);
        return read.ec == std::errc {} && read.ptr == begin + length ? value : -1;
    };
    if (text.size() < 10 || text[4] != '-' || text[7] != '-' || (text.size() > 10 && text[10] != 'T' && text[10] != ' '))
        return std::nullopt;
    const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
    if (year < 2015 || year > 2200 || month < 1 || day < 1)
        return std::nullopt;
    const std::chrono::year_month_day date {std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)), std::chrono::day(static_cast<unsigned>(day))};
    return date.ok() ? std::optional(Days(date)) : std::nullopt;
}

Days dayOf(std::int64_t secondsSince1970)
{
    return std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(secondsSince1970)));
}

std::optional<std::int64_t> countOf(const Json &object, std::string_view name)
{
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_integer())
        return std::nullopt;
    const auto count = found->get<std::int64_t>();
    return count >= 0 && count <= mostCounted ? std::optional(count) : std::nullopt;
}

std::optional<Money> amountOf(const Json &value)
{
    if (value.is_string())
        return readAmount(value.get_ref<const std::string &>());
    return value.is_number() ? readAmount(value.dump()) : std::nullopt;
}

bool hasColumn(Columns columns, std::string_view name)
{
    return std::ranges::find(columns, name) != columns.end();
}

// --- CsvRow

bool CsvRow::has(std::string_view column) const
{
    return hasColumn(m_columns, column);
}

std::string_view CsvRow::text(std::string_view column) const
{
    const auto index = static_cast<std::size_t>(std::ranges::find(m_columns, column) - m_columns.begin());
    return index < m_fields.size() ? trimmed(m_fields[index]) : std::string_view();
}

std::optional<std::int64_t> CsvRow::count(std::string_view column)
{
    std::string value(text(column));
    std::erase(value, ',');
    if (value.empty())
        return std::nullopt;
    if (const std::size_t point = value.find('.'); point != std::string::npos && value.find_first_not_of('0', point + 1) == std::string::npos)
        value.resize(point); // spreadsheets write 12 as 12.0
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc {} && end == value.data() + value.size() && number >= 0 && number <= mostCounted)
        return number;
    complain(column, fmt::format("{} is no whole number that can be a count", jsonQuoted(truncatedUtf8(value, 40))));
    return std::nullopt;
}

std::optional<Money> CsvRow::money(std::string_view column)
{
    const std::string_view value = text(column);
    if (value.empty())
        return std::nullopt;
    const auto amount = readAmount(value);
    if (!amount)
        complain(column, fmt::format("{} is no amount", jsonQuoted(truncatedUtf8(value, 40))));
    return amount;
}

std::optional<Days> CsvRow::day(std::string_view column)
{
    const auto day = readDay(text(column));
    if (!day)
        complain(column, fmt::format("{} is no date, such as 2026-11-30", jsonQuoted(truncatedUtf8(text(column), 40))));
    return day;
}

void CsvRow::complain(std::string_view column, std::string_view what)
{
    if (!m_error)
        m_error = Error {ErrorCode::Invalid, fmt::format("Line {}, column {}: {}.", m_line, column, what), fmt::format("line {}, column {}", m_line, column)};
}

// --- BillBuilder

Result<> BillBuilder::add(Days day, std::string_view model, const Figures &figures)
{
    if (figures.empty())
        return {};
    const auto [line, fresh] = m_lines.try_emplace({day, std::string(truncatedUtf8(trimmed(model), 200))});
    if (fresh && m_lines.size() > mostBillLines)
        return fail(ErrorCode::Invalid, fmt::format("The bill has more than {} days and models. Export fewer days at once.", mostBillLines));
    line->second.add(figures);
    m_bill.tokens = m_bill.tokens || figures.input || figures.output;
    m_bill.costs = m_bill.costs || figures.cost;
    return {};
}

void BillBuilder::note(std::string words)
{
    if (m_notes.insert(words).second)
        m_bill.notes.push_back(std::move(words));
}

Bill BillBuilder::finish() &&
{
    m_bill.lines.reserve(m_lines.size());
    for (auto &[of, figures] : m_lines)
        m_bill.lines.push_back({of.first, of.second, figures});
    return std::move(m_bill);
}

} // namespace gateway::billing
